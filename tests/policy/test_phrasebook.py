"""The phrasebook finds what reading every phrase at every word finds, whatever was looked up before."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.policy.cues import GAP, NUMBER
from responder.policy.phrasebook import GAP_WIDTH, Phrasebook
from responder.policy.tokens import is_stop

WORDS = st.sampled_from(["ask", "asked", "brake", "brakes", "three", "7", "lane", "planes", ",", "."])
ELEMENTS = st.sampled_from(["ask", "brake", "lane", "bra*", "ask*", "*lan*", "*rak*", "*nes", "*ask", NUMBER])
#: With a gap between any two.
PHRASES = (
    st.lists(st.tuples(ELEMENTS, st.booleans()), min_size=1, max_size=4)
    .map(lambda pieces: tuple(part for piece, gap in pieces for part in ((GAP, piece) if gap else (piece,))))
    .map(lambda phrase: phrase[1:] if phrase[0] == GAP else phrase)
)


def number(word: str) -> bool:
    return word[0].isdigit() or word == "three"


def book_of(phrases: Sequence[tuple[str, ...]]) -> Phrasebook[tuple[str, ...]]:
    return Phrasebook({phrase: place for place, phrase in enumerate(phrases)}, phrases, number)


def stands(word: str, element: str) -> bool:
    if element == NUMBER:
        return number(word)
    if element.startswith("*"):
        return element.strip("*") in word if element.endswith("*") else word.endswith(element[1:])
    return word.startswith(element[:-1]) if element.endswith("*") else word == element


def end(phrase: tuple[str, ...], words: Sequence[str], place: int) -> int:
    """Return where a phrase that begins at `place` ends; 0 where it does not stand."""
    if not phrase:
        return place
    if phrase[0] == GAP:
        for start in range(place, min(place + GAP_WIDTH + 1, len(words))):
            if any(is_stop(word) for word in words[place:start]):
                return 0
            if after := end(phrase[1:], words, start):
                return after
        return 0
    return end(phrase[1:], words, place + 1) if place < len(words) and stands(words[place], phrase[0]) else 0


@given(st.lists(PHRASES, unique=True, max_size=8), st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=6))
def test_every_phrase_is_found_where_it_stands_and_nowhere_else(
    phrases: list[tuple[str, ...]], words: list[str], before: list[str]
) -> None:
    book = book_of(phrases)
    book.find(before)
    expected = {
        (phrase, place, after)
        for place in range(len(words))
        for phrase in phrases
        if (after := end(phrase, words, place))
    }
    found = book.find(words)
    assert set(found) == expected
    assert len(found) == len(expected), "each once"
    assert [one.first for one in found] == sorted(one.first for one in found)
    book.forget()
    assert book.find(words) == found


@pytest.mark.slow
def test_many_strange_words_do_not_fill_the_memory() -> None:
    book = book_of([("late", GAP, "again"), ("late", "again")])
    for turn in range(3):
        book.find([word for at in range(30_000) for word in ("late", f"x{turn}y{at}")])
    assert len(book._memo) <= 20_000
    assert book._pairs <= 50_000
    assert [one.after for one in book.find(["late", "again"])] == [2, 2]
