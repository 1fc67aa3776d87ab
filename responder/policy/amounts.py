"""Amounts: how long somebody has waited and how often they have asked, in figures and in words."""

from typing import NamedTuple

from responder.policy.cues import Grammar
from responder.policy.tokens import is_stop

#: A unit may stand this many words after its number: "3 long weeks", "the 3rd time".
_REACH = 2
#: Figures above these are no wait and no count, but an order number or a year.
_LONGEST_WAIT = 2 * 365 * 24.0
_MOST_TIMES = 200.0


class Amount(NamedTuple):
    """A number with what it counts: the words [first, after) of a text."""

    #: Hours, or how often.
    value: float
    first: int
    after: int


def amounts(words: list[str], grammar: Grammar) -> tuple[Amount | None, Amount | None]:
    """Return the longest time (in hours) and the highest count that `words` tell of; None for neither."""
    waits: list[Amount] = []
    counts: list[Amount] = []
    for place, word in enumerate(words):
        number = _number(word, grammar)
        if number is None:
            continue
        for at in range(place + 1, min(place + 1 + _REACH, len(words))):
            unit = words[at]
            if is_stop(unit):
                break
            if 0 < number * grammar.units.get(unit, 0) <= _LONGEST_WAIT:
                waits.append(Amount(number * grammar.units[unit], place, at + 1))
            elif unit in grammar.times and 1 < number <= _MOST_TIMES:
                counts.append(Amount(number, place, at + 1))
    return max(waits, default=None), max(counts, default=None)


def _number(word: str, grammar: Grammar) -> float | None:
    """Return the number a token is: "3", "2.5", "1,000" or "three"; None for every other."""
    if not word[0].isdigit():
        return grammar.numbers.get(word)
    whole, _, part = word.replace(",", ".").replace(":", ".").partition(".")
    if len(whole) > 4 or not word.isascii():
        return None
    if len(part) == 3:
        whole += part
    return float(f"{whole}.{part}") if len(part) in {1, 2} and part.isdigit() else float(whole)
