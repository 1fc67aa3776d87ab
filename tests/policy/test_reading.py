"""Folding a text for matching never loses the way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.policy.reading import Cover, Reading

TRICKY = st.lists(
    st.sampled_from(
        [*"aS ;&.,!\n\t’“–…İßéж😔\u0301\u200b\ufe0f\u00a0\u2029", "&amp;", "&#39;", "&nbsp;", ".."]
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sorry, IF", "sorry, if"),
        ("I’m “sorry” — really", 'i\'m "sorry" - really'),
        ("cafe\u0301", "café"),
        ("you&#39;re &amp; me &nbsp; here", "you're & me here"),
        ("sor\u00adry i\u200bf", "sorry if"),
        ("wait ... what", "wait … what"),
        ("one\ntwo\n\nthree \n \n four", "one two\nthree\nfour"),
        ("two  spaces\tand a\u00a0hard one", "two spaces and a hard one"),
        ("❤️ 👩\u200d🚒", "❤ 👩🚒"),
        ("&nothing; &", "&nothing; &"),
    ],
)
def test_a_text_folds_to_what_a_reader_sees(text: str, folded: str) -> None:
    assert Reading(text).folded == folded


@given(st.text() | TRICKY)
def test_every_folded_span_has_its_place_in_the_original(text: str) -> None:
    reading = Reading(text)
    before = 0
    for at in range(len(reading.folded)):
        start, end = reading.place(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert start >= before
        before = start


@given(TRICKY)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    once = Reading(text).folded
    if "&" not in once:  # an entity may spell another
        assert Reading(once.replace("\n", "\n\n")).folded == once


@given(st.text(alphabet="ab c.d!\n’é", max_size=60))
def test_a_plain_text_folds_the_same_way_whether_quick_or_with_care(text: str) -> None:
    quick = Reading(text).folded
    careful = Reading(text + "\u200b").folded
    assert careful == quick


def test_a_sentence_ends_at_its_stop_and_not_at_an_abbreviation() -> None:
    reading = Reading("Mr. Doe, e.g. waited 2.5 hours! Then he left. No word.")
    first = reading.folded.index("doe")
    assert reading.folded[slice(*reading.sentence(first))].strip() == "mr. doe, e.g. waited 2.5 hours!"
    assert reading.folded[slice(*reading.sentence(reading.folded.index("word")))] == "no word."


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5))), st.integers(0, 30), st.integers(1, 5))
def test_a_cover_is_touched_where_one_of_its_spans_is(
    spans: list[tuple[int, int]], start: int, length: int
) -> None:
    laid = [(begin, begin + size) for begin, size in spans]
    expected = any(begin < start + length and start < end for begin, end in laid)
    assert Cover(laid).touches(start, start + length) == expected


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("We are s\u043erry", "we are sorry"),
        ("\u0438звинете, н\u006f", "\u0438звинете, н\u043e"),
        ("Acme и Петър", "acme и петър"),
        ("\u0430\u0441\u0435", "\u0430\u0441\u0435"),
    ],
)
def test_a_letter_of_another_script_hides_no_word(text: str, folded: str) -> None:
    assert Reading(text).folded == folded
