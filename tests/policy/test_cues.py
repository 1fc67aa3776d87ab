"""Cues are found in one pass: words, stems, phrases with gaps, and a "not" that reaches three words far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.policy.amounts import amounts
from responder.policy.cues import Cue, Grammar, Kind, Said, base_language, phrases
from responder.policy.tokens import LONGEST, Tokens
from responder.policy.vocabulary import Cues, Vocabulary

GRAMMAR = Grammar(
    negators=frozenset({"not", "never", "didn't"}),
    breakers=frozenset({"but", "believe"}),
    numbers={"two": 2.0, "half": 0.5},
    units={"days": 24.0, "day": 24.0, "hours": 1.0},
    times=frozenset({"times", "emails"}),
)


def cue(
    words: str, *, name: str = "a", points: int = 5, kind: Kind = Kind.BREACH, language: str = "en"
) -> Said:
    spelt = (phrase for word in words.split("|") for phrase in phrases(word, language))
    one = Cue(id=name, language=language, tier=0, points=points, kind=kind, says="a cue")
    return Said(one, tuple(spelt))


def found(words: str, text: str, language: str = "en") -> list[str]:
    """Return the words of `text` at which the cue is found and not denied."""
    tokens = Tokens(text)
    vocabulary = Vocabulary([cue(words, language=language)], {language: GRAMMAR})
    spans = [tokens.span(hit.first, hit.after) for hit in vocabulary.hits(tokens) if not hit.denied]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("words", "text", "quotes"),
    [
        ("late", "Late, later, LATE!", ["Late", "LATE"]),
        ("refund*", "refund refunded refunds re fund", ["refund", "refunded", "refunds"]),
        ("no answer", "no answer. no, answer", ["no answer"]),
        ("charg* twice", "you charged twice", ["charged twice"]),
        ("charg* ... twice", "charged me for it twice", ["charged me for it twice"]),
        ("charg* ... twice", "charged me for it all twice", []),
        ("charg* ... twice", "charged me. twice", []),
        ("charg* ... twice", "charged twice", ["charged twice"]),
        (
            "down for # hours",
            "down for 3 hours, down for two hours",
            ["down for 3 hours", "down for two hours"],
        ),
        ("# stars", "only 1 stars", ["1 stars"]),
        (
            "can't log in",
            "can't log in / can’t log in / cant log in",
            ["can't log in", "can’t log in", "cant log in"],
        ),
        ("double charged", "double-charged", ["double-charged"]),
        ("😡", "so 😡😡", ["😡", "😡"]),
        (":(", "oh :( and :((", [":("]),
        ("a ... b ... c", "a x b y z c", ["a x b y z c"]),
    ],
)
def test_words_stems_gaps_and_numbers_are_found_where_they_stand(
    words: str, text: str, quotes: list[str]
) -> None:
    assert found(words, text) == quotes


@pytest.mark.parametrize(
    ("language", "words", "text"),
    [
        ("sl", "še vedno čakam", "se vedno cakam"),
        ("fr", "jamais reçu", "jamais recu"),
        ("de", "zurück", "zurueck"),
        ("de", "doppelt abgebucht", "Doppelt Abgebucht"),
        ("sv", "försenad", "forsenad"),
        ("hr", "riđ* brod", "ridi brod"),
        ("fr", "l'appli plante", "l’appli plante"),
        ("bg", "не работи", "НЕ РАБОТИ"),
    ],
)
def test_people_leave_out_accents(language: str, words: str, text: str) -> None:
    assert len(found(words, text, language)) == 1


@pytest.mark.parametrize(
    ("language", "words", "text"),
    [("es", "sí", "si"), ("de", "schön", "schon"), ("fr", "dû", "du")],
)
def test_a_word_that_is_another_one_without_its_accents_keeps_them(
    language: str, words: str, text: str
) -> None:
    assert found(words, text, language) == []


class TestANot:
    @pytest.mark.parametrize("text", ["not late", "not very late", "not at all late", "it didn't come late"])
    def test_reaches_three_words_far(self, text: str) -> None:
        assert found("late", text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "not one of them was late",
            "no, not. late",
            "not late but late",
            "not, late",
            "I do not believe how late",
            "late, not early",
        ],
    )
    def test_does_not_reach_across_a_stop_a_but_or_four_words(self, text: str) -> None:
        assert found("late", text)[-1:] == ["late"]

    def test_inside_a_cue_denies_nothing(self) -> None:
        assert found("not late", "not late") == ["not late"]

    def test_denies_cues_of_its_own_language_only(self) -> None:
        swedish = Vocabulary([cue("sen", language="sv")], {"sv": Grammar(negators=frozenset({"inte"}))})
        slovene = Vocabulary([cue("pozno", language="sl")], {"sl": Grammar(negators=frozenset({"ni"}))})
        pooled = Cues({"sv": swedish, "sl": slovene}).vocabulary(None)
        assert [hit.denied for hit in pooled.hits(Tokens("ni sen. ni pozno. inte sen"))] == [
            False,
            True,
            True,
        ]

    def test_does_not_deny_a_need(self) -> None:
        vocabulary = Vocabulary([cue("insulin", kind=Kind.NEED)], {"en": GRAMMAR})
        assert [hit.denied for hit in vocabulary.hits(Tokens("not insulin"))] == [False]


class TestALongerCue:
    def names(self, text: str, *cues: Said) -> list[str]:
        return [hit.cue.id for hit in Vocabulary(cues, {"en": GRAMMAR}).hits(Tokens(text))]

    def test_outdoes_what_pulls_the_other_way(self) -> None:
        thanks = cue("thanks", name="thanks", points=-4, kind=Kind.PRAISE)
        sarcasm = cue("thanks for nothing", name="sarcasm")
        assert self.names("thanks for nothing", thanks, sarcasm) == ["sarcasm"]
        assert self.names("thanks. thanks for nothing", thanks, sarcasm) == ["thanks", "sarcasm"]

    def test_leaves_what_pulls_the_same_way(self) -> None:
        assert self.names("no answer", cue("answer", name="b"), cue("no answer")) == ["a", "b"]

    def test_outdoes_a_denied_one(self) -> None:
        happy = cue("happier", name="b", points=-8, kind=Kind.PRAISE)
        happiest = cue("never been happier", points=-8, kind=Kind.PRAISE)
        assert self.names("never been happier", happy, happiest) == ["a"]


def test_an_unknown_language_has_all_cues_and_a_region_is_its_language() -> None:
    cues = Cues({code: Vocabulary([cue("late", language=code)], {code: GRAMMAR}) for code in ("en", "de")})
    assert len(cues.vocabulary("de-AT").cues) == 1
    assert len(cues.vocabulary("pt").cues) == len(cues.vocabulary(None).cues) == 2
    assert cues.vocabulary(None) is cues.vocabulary("pt"), "built once"
    assert [base_language(code) for code in ("pt_BR", "EN", None)] == ["pt", "en", ""]


@pytest.mark.parametrize(
    ("text", "hours", "times"),
    [
        ("3 days", 72, None),
        ("3days", 72, None),
        ("two long days", 48, None),
        ("2.5 days", 60, None),
        ("half a day", 12, None),
        ("5 hours, then 2 days", 48, None),
        ("4 times and 12 emails", None, 12),
        ("1 times", None, None),
        ("3. days", None, None),
        ("12345678 days", None, None),
        ("1,000 days", None, None),
        ("1,200 emails", None, None),
        ("2017 hours", 2017, None),
        ("٣ days", None, None),
        ("² days", None, None),
        ("3 very very long days", None, None),
    ],
)
def test_how_long_and_how_often_is_read_from_figures_and_words(
    text: str, hours: float | None, times: float | None
) -> None:
    wait, count = amounts(Tokens(text).words, GRAMMAR)
    assert (wait and wait.value, count and count.value) == (hours, times)


@given(st.text(max_size=300))
def test_every_word_stands_where_its_span_says(text: str) -> None:
    tokens = Tokens(text)
    last = 0
    for number, word in enumerate(tokens.words):
        start, end = tokens.span(number, number + 1)
        assert last <= start < end <= len(text)
        if text[start:end].isascii() and word.isascii() and "&" not in text[start:end]:
            assert text[start:end].lower() == word
        last = start


@given(st.lists(st.sampled_from(["late", "not", "very", "twice", "charged", ".", ","]), max_size=40))
def test_what_was_looked_up_before_changes_nothing(words: list[str]) -> None:
    cues = [cue("charg* ... twice"), cue("late", name="b")]
    tokens = Tokens(" ".join(words))
    used = Vocabulary(cues, {"en": GRAMMAR})
    used.hits(Tokens("charged me twice, not late"))
    assert used.hits(tokens) == Vocabulary(cues, {"en": GRAMMAR}).hits(tokens)


def test_only_the_first_two_thousand_characters_have_tokens() -> None:
    assert len(Tokens("ab " * 5_000).words) == -(-LONGEST // 3)


def test_an_end_is_heard_at_the_end_of_a_word_only() -> None:
    assert found("*rad", "Mein Fahrrad, mein Rad, gerade, Radweg", "de") == ["Fahrrad", "Rad"]
    with pytest.raises(ValueError, match="needs 3 to 40 letters"):
        phrases("*ra", "de")
