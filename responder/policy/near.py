"""Near: whether things that mean something only together stand in one sentence."""

from collections.abc import Iterator, Sequence

from responder.policy.tokens import is_stop

#: Where something stands: its words are [first, after).
Place = tuple[int, int]

#: How many words may lie between two of them.
_WIDTH = 12
_WITHIN = frozenset(",;–—")


def meetings(sides: Sequence[Sequence[Place]], words: Sequence[str]) -> Iterator[tuple[Place, int]]:
    """Give the span of all sides together, and where the last side begins, for every place of the last side.

    Every other side takes part with its nearest place in the same sentence, in any order and within
    twelve words.
    """
    *others, last = sides
    for first, after in last:
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
    best, gap = None, _WIDTH + 1
    for place in places:
        (_, end), (begin, _) = sorted((place, to))
        between = words[end:begin]
        if end <= begin and len(between) < gap and not any(map(_ends_sentence, between)):
            best, gap = place, len(between)
    return best


def _ends_sentence(word: str) -> bool:
    return is_stop(word) and not set(word) <= _WITHIN
