"""The learned model: small, repeatable, and honest about what it cannot read."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responder.policy import learned
from responder.policy.learned import Learned, empty, read_model
from responder.policy.rulebook import MODEL
from responder.policy.tokens import Tokens
from tests.policy.sensed import HOME, senses

RAW = (HOME / MODEL).read_bytes()
WORDS = ["charged", "twice", "thanks", "lovely", "broken", "parcel", "сайт", "polica", "!", "😡"]


def test_its_weights_are_no_more_than_a_megabyte() -> None:
    assert len(RAW) <= 1_000_000


def test_its_card_tells_data_terms_protocol_figures_and_limits() -> None:
    card = (HOME / "learned" / "MODEL_CARD.md").read_text(encoding="utf-8")
    for heading in ("## Data and terms", "## Protocol", "## Figures", "## Limits"):
        assert heading in card


@settings(max_examples=20)  # each reads the file anew
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["en", "bg", "sl", "xx"]))
def test_what_was_judged_before_changes_nothing(words: list[str], language: str) -> None:
    used = senses().learned
    assert used.opinion({}, words, language) == read_model(RAW).opinion({}, words, language)


@pytest.mark.slow
def test_more_words_than_it_remembers_change_nothing() -> None:
    small = read_model(RAW)
    before = small.opinion({}, ["charged", "twice"], "en")
    for start in range(0, 110_000, 1_000):
        small.opinion({}, [f"w{number}" for number in range(start, start + 1_000)], "en")
    assert small.opinion({}, ["charged", "twice"], "en") == before


@given(st.text(max_size=200), st.sampled_from(["en", "de", "und"]))
def test_any_text_has_probabilities(text: str, language: str) -> None:
    said = senses().learned.opinion({}, Tokens(text).words, language)
    for value in (said.complaint, said.tone, said.negative):
        assert 0 <= value <= 1


def test_it_tells_a_complaint_from_a_question_and_says_by_which_words() -> None:
    def judged(text: str) -> learned.Opinion:
        return senses().learned.opinion({}, Tokens(text).words, "en")

    wrong, fine = (
        judged("worst service ever, still broken and nobody cares"),
        judged("do you sell blue ones?"),
    )
    assert wrong.complaint > fine.complaint
    assert {name for name, _ in wrong.because} & {"worst", "still", "broken", "nobody", "cares", "service"}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "no model"),
        (b"{}\nabc", "no model"),
        (b"[1]\n", "no model"),
        (b'{"format": "responder.learned/0", "sizes": []}\n', "another version"),
        (RAW[:-10], "cut short"),
    ],
)
def test_a_file_that_is_no_model_is_refused_with_the_reason(raw: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_model(raw)


def test_an_empty_model_has_no_opinion() -> None:
    said = empty().opinion({"points": 1.0}, ["charged"], "en")
    assert (said.complaint, said.negative, said.because) == (0.5, 0.5, (("charged", 0.0),))
    assert isinstance(empty(), Learned)


POSTS = Path(__file__).parents[3] / "shared" / "data" / "triage" / "complaints.csv"


@pytest.mark.slow
@pytest.mark.skipif(not POSTS.exists(), reason="the posts for measuring are not beside this checkout")
def test_of_real_complaints_few_are_set_aside() -> None:
    from tests.policy.sensed import weigh

    with POSTS.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["domain"].startswith("random")]
    kept = [weigh(row["text"]).complaint for row in rows]
    right = [row["complaint"] == "1" for row in rows]
    assert sum(said and true for said, true in zip(kept, right, strict=True)) / sum(right) >= 0.98
    assert sum(said and true for said, true in zip(kept, right, strict=True)) / sum(kept) >= 0.7
