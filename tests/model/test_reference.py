"""The code of a case: hard to guess, easy to say, forgiving to hear, and a slip shows."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.reference import CONSONANTS, RUDE, SYLLABLES, VOWELS, drawn, heard, mark, spelt
from tests.chance import chance

#: How the proof weighs, told anew: it must not change, or no code that was given out is heard any more.
WEIGHTS = ((1, 2), (4, 5))


def code(seed: int) -> str:
    return drawn(chance(seed))


@pytest.mark.slow
def test_a_code_has_forty_bits_that_are_not_rude() -> None:
    ways: Counter[tuple[str, int]] = Counter({("", 0): 1})
    for at in range(SYLLABLES):
        longer: Counter[tuple[str, int]] = Counter()
        for (tail, proof), n in ways.items():
            for c, consonant in enumerate(CONSONANTS):
                for v, vowel in enumerate(VOWELS):
                    said = tail + consonant + vowel
                    if not any(one in said for one in RUDE):
                        weighed = proof + WEIGHTS[0][at % 2] * c + WEIGHTS[1][at % 2] * v
                        longer[said[-3:], weighed % len(CONSONANTS)] += n
        ways = longer
    whole = sum(n for (tail, at), n in ways.items() if not any(one in tail + CONSONANTS[at] for one in RUDE))
    assert math.log2(whole) > 40


@given(st.integers())
def test_a_code_is_heard_however_it_is_typed(seed: int) -> None:
    said = code(seed)
    assert not any(one in said for one in RUDE)
    for typed in (said, spelt(said), spelt(said).upper(), spelt(said).replace("-", " "), f" {said}. "):
        assert heard(typed) == said


@given(st.integers(), st.data())
def test_one_wrong_letter_always_shows(seed: int, data: st.DataObject) -> None:
    said = code(seed)
    at = data.draw(st.integers(0, len(said) - 1))
    letters = VOWELS if at % 2 else CONSONANTS
    other = data.draw(st.sampled_from([one for one in letters if one != said[at]]))
    assert heard(said[:at] + other + said[at + 1 :]) == ""
    assert heard(said[:at] + said[at + 1 :]) == ""


@given(st.integers(), st.integers(0, 2 * SYLLABLES - 3))
def test_neighbours_that_changed_places_always_show(seed: int, at: int) -> None:
    said = list(code(seed))
    if said[at] != said[at + 2]:
        said[at], said[at + 2] = said[at + 2], said[at]
        assert heard("".join(said)) == ""


@pytest.mark.parametrize(
    ("shown", "typed"),
    [("b", "P"), ("b", "v"), ("k", "c"), ("t", "d"), ("s", "š"), ("i", "é"), ("o", "0"), ("l", "Л")],
)
def test_a_letter_of_the_same_family_is_heard_as_the_one_that_is_meant(shown: str, typed: str) -> None:
    said = next(one for one in map(code, range(100)) if shown in one)
    assert heard(said.replace(shown, typed)) == said


def test_what_is_no_code_is_none() -> None:
    for typed in ("", "c-1", "bobo", "lomi" * 40, "🙂" * 300, "'; drop table reference", "\x00"):
        assert heard(typed) == ""


def test_the_hash_tells_codes_apart_and_shows_none() -> None:
    one, other = code(1), code(2)
    assert mark(one) != mark(other)
    assert one not in mark(one)
