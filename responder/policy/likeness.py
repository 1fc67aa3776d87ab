"""Likeness: how much two posts say in the same words, whatever the spelling, the endings and the language.

A word is known by its pieces of four letters, hashed, so that "crashes", "crashed" and "chrashes" meet; a
piece that many posts have says little, one that few have says much.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log, sqrt
from zlib import crc32

from responder.policy.tokens import Tokens

#: So many words of a post are looked at: the complaint stands near its beginning.
_WORDS = 60
_LONGEST_WORD = 16
_PIECE = 4
#: Shorter words are mostly grammar.
_LEAST = 3
#: A piece is taken to stand in so many more posts than were read: what was met once may be chance.
_UNREAD = 2.0

Pieces = frozenset[int]


@lru_cache(maxsize=2048)
def pieces(text: str) -> Pieces:
    """Return the hashed pieces of what a post says; numbers, addresses and @names say nothing."""
    found: set[int] = set()
    for word in said(text):
        edged = f" {word} "
        for at in range(max(1, len(edged) - _PIECE + 1)):
            found.add(crc32(edged[at : at + _PIECE].encode("utf-8", "surrogatepass")))
    return frozenset(found)


def said(text: str) -> list[str]:
    """Return the words of a post as they are compared: small, without accents, no letter three times."""
    words = []
    for token in Tokens(text).words[:_WORDS]:
        word = _plain(token)
        if len(word) >= _LEAST and word.isalpha():
            words.append(word[:_LONGEST_WORD])
    return words


def _plain(word: str) -> str:
    bare = "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))
    return "".join(letter for at, letter in enumerate(bare) if bare[max(0, at - 2) : at] != letter * 2)


@dataclass(frozen=True)
class Likeness:
    """Compares posts, knowing which words are usual here."""

    #: In how many of the posts that were read each piece stands.
    counts: Mapping[int, int] = field(default_factory=dict)
    read: int = 0

    @classmethod
    def of(cls, usual: Iterable[str]) -> "Likeness":
        """Return one that knows these earlier posts."""
        counts: Counter[int] = Counter()
        read = 0
        for text in usual:
            counts.update(pieces(text))
            read += 1
        return cls(counts, read)

    def weight(self, piece: int) -> float:
        """Return how much it tells that two posts share a piece."""
        return log((self.read + _UNREAD) / (self.counts.get(piece, 0) + 1)) ** 2 if self.read else 1.0

    def length(self, post: Pieces) -> float:
        """Return the length of a post, by which its likeness to others is measured."""
        return sqrt(sum(map(self.weight, post))) or 1.0

    def between(self, one: Pieces, other: Pieces) -> float:
        """Return how alike two posts are: 0 nothing in common, 1 the same words."""
        shared = sum(map(self.weight, one & other))
        return shared / (self.length(one) * self.length(other))
