"""Prefilter: which of thousands of patterns may match a text at all, in time that follows the text."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from responder.policy.patterns import Pattern

#: As many letters of a needle are looked up at once.
_GRAM = 3


class Prefilter:
    """An index of patterns by words of which any match of theirs holds one."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        always: set[Pattern] = set()
        needles: dict[str, set[Pattern]] = defaultdict(set)
        for pattern in patterns:
            if not pattern.telling:
                always.add(pattern)
            for needle in pattern.telling:
                needles[needle].add(pattern)
        common = Counter(gram for needle in needles for gram in _grams(needle))
        grams: dict[str, list[tuple[str, frozenset[Pattern]]]] = defaultdict(list)
        for needle, found in needles.items():
            rarest = min(_grams(needle), key=lambda gram: (common[gram], gram))
            grams[rarest].append((needle, frozenset(found)))
        self._always = frozenset(always)
        self._grams = {gram: tuple(found) for gram, found in grams.items()}
        #: Needles shorter than a gram are their own key.
        self._sizes = tuple(sorted({len(gram) for gram in self._grams}))

    def candidates(self, text: str) -> set[Pattern]:
        """Return the patterns that may match folded `text`; no other does."""
        found: set[Pattern] = set(self._always)
        index = self._grams
        for size in self._sizes:
            here = {text[at : at + size] for at in range(len(text) - size + 1)}
            for gram in here & index.keys():
                for needle, patterns in index[gram]:
                    if needle in text:
                        found |= patterns
        return found


def _grams(needle: str) -> Iterator[str]:
    """Yield the parts of a needle that can be looked up; itself where it is short."""
    size = min(_GRAM, len(needle))
    return (needle[at : at + size] for at in range(len(needle) - size + 1))
