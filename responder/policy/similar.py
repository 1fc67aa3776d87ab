"""Similar: how much two replies are alike, names and figures aside."""

import re
from functools import lru_cache

#: From this likeness on, a reply is a copy of the other.
SAME = 0.8
#: Words in a row that count as one shingle.
_ROW = 3
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_GREETING = re.compile(r"^\s*(?:[^\W\d_]{1,20} ){0,2}@?[^\W_][\w-]{1,30}[,:]\s")
_SIGNATURE = re.compile(r"(?:\^|[-–—] ?)[^\W\d_][\w .]{0,30}$")


def similar(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1: Jaccard over rows of three words, names and figures masked."""
    first, second = _shingles(one), _shingles(other)
    together = len(first | second)
    return len(first & second) / together if together else 0.0


@lru_cache(maxsize=1024)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return the rows of words of `text` without greeting and signature; figures are all the same."""
    kept = _SIGNATURE.sub("", _GREETING.sub("", text[:10_000]).rstrip())
    words = ["#" if word[0].isdecimal() else word for word in _WORD.findall(kept.casefold())]
    if len(words) < _ROW:
        return frozenset([tuple(words)] if words else [])
    return frozenset(zip(*(words[at:] for at in range(_ROW)), strict=False))
