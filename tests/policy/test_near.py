"""Things that mean something only together: in one sentence, near each other, in any order."""

from hypothesis import given
from hypothesis import strategies as st

from responder.policy.cues import Cue, Grammar, Kind, Said, phrases
from responder.policy.near import meetings
from responder.policy.tokens import Tokens
from responder.policy.vocabulary import Vocabulary


def side(words: str) -> tuple[tuple[str, ...], ...]:
    return tuple(phrase for word in words.split("|") for phrase in phrases(word.strip(), "en"))


CUE = Cue(id="brakes", language="en", tier=5, points=50, kind=Kind.HARM, says="brakes")
NEAR = ((side("brake*|pedal|*coaster*"), side("fail*|to the floor|gave way")),)
WORDS = Vocabulary([Said(CUE, (), NEAR)], {"en": Grammar(negators=frozenset({"not", "never"}))})


def heard(text: str) -> list[tuple[str, bool]]:
    tokens = Tokens(text)
    spans = [(tokens.span(hit.first, hit.after), hit.denied) for hit in WORDS.hits(tokens)]
    return [(text[start:end], denied) for (start, end), denied in spans]


def test_the_sides_may_stand_in_any_order_with_words_and_commas_between() -> None:
    assert heard("the pedal now goes to the floor") == [("pedal now goes to the floor", False)]
    assert heard("gave way, did the brakes") == [("gave way, did the brakes", False)]


def test_one_side_alone_or_in_another_sentence_says_nothing() -> None:
    assert heard("the brakes are fine") == []
    assert heard("I love the brakes. Tests fail.") == []
    assert heard("brakes " + "and so on " * 5 + "fail") == [], "too far"


def test_a_not_before_what_happened_denies_it() -> None:
    assert heard("my brakes did not fail") == [("brakes did not fail", True)]
    assert heard("not my brakes, the light, failed") == [("brakes, the light, failed", False)]


def test_a_part_is_heard_anywhere_in_a_word() -> None:
    assert heard("the rollercoasters failed") == [("rollercoasters failed", False)]


PLACES = st.lists(st.integers(0, 60).map(lambda at: (at, at + 1)), unique=True, max_size=12).map(sorted)


@given(PLACES, PLACES)
def test_what_meets_holds_a_place_of_each_side(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    for (first, after), happened in meetings([one, other], ["word"] * 61):
        assert happened in {at for at, _ in other}
        assert any(first <= at < after for at, _ in one)
        assert after - first <= 14
