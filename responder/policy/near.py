"""Near: whether things that mean something only together stand in one sentence."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from responder.policy.tokens import is_stop

#: Where something stands: its words are [first, after).
Place = tuple[int, int]

#: How many words may lie between two of them.
_WIDTH = 12
#: So many places of a side are tried: a text that says one thing a hundred times says it once.
_MOST = 8
_WITHIN = frozenset(",;–—")


def meetings(sides: Sequence[Sequence[Place]], words: Sequence[str]) -> Iterator[tuple[Place, int]]:
    """Give the span of all sides together, and where the last side begins, for the places of the last side.

    Every side's places are in the order of the text. Each side takes part with a place next to the last
    one's, before or after it, in the same sentence and within twelve words.
    """
    *others, last = sides
    for first, after in last[:_MOST]:
        begin, end = first, after
        for places in others:
            near = _nearest(places, (first, after), words)
            if near is None:
                break
            begin, end = min(begin, near[0]), max(end, near[1])
        else:
            yield (begin, end), first


def _nearest(places: Sequence[Place], to: Place, words: Sequence[str]) -> Place | None:
    """Return the one of `places` that is nearest to another in its sentence."""
    middle = bisect_left(places, to)
    best, gap = None, _WIDTH + 1
    for place in places[max(0, middle - 2) : middle + 2]:
        (_, end), (begin, _) = sorted((place, to))
        if end <= begin < end + gap and not any(map(_ends_sentence, words[end:begin])):
            best, gap = place, begin - end
    return best


def _ends_sentence(word: str) -> bool:
    return is_stop(word) and not set(word) <= _WITHIN
