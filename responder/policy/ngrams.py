"""N-grams: the numbers under which the learned model knows a word, its pieces and its neighbours."""

from typing import Any, TypeVar
from zlib import crc32

#: Letters in a piece of a word, its two ends counted as a letter each.
SHORTEST, LONGEST = 2, 6
#: A hash, or an array of them.
Hash = TypeVar("Hash", int, Any)

#: How much a whole word and a pair of neighbours count, beside 1 for a piece of a word.
WORD, PAIR = 3.0, 2.0
#: Longer words are strangers' noise: only so much of one is looked at.
_LONGEST_WORD = 40


def pieces(word: str) -> list[bytes]:
    """Return a lower-case word itself, then its pieces of 2 to 6 letters, as bytes to be hashed."""
    word = word[:_LONGEST_WORD]
    edged = f" {word} "
    found = [f"={word}"]
    for length in range(SHORTEST, min(LONGEST, len(edged)) + 1):
        found += [edged[start : start + length] for start in range(len(edged) - length + 1)]
    return [piece.encode("utf-8", "surrogatepass") for piece in found]


def seed(language: str) -> int:
    """Return what makes the hashes of one language differ from those of another."""
    return crc32(language.encode())


def word_hash(word: str, seeded: int) -> int:
    """Return the hash of a word for `pair_hash`."""
    return crc32(word[:_LONGEST_WORD].encode("utf-8", "surrogatepass"), seeded)


def pair_hash(first: Hash, second: Hash) -> Hash:
    """Return the hash of two neighbours by their own hashes, in this order; of arrays of them too."""
    return first * 31 ^ second


def mass(parts: int) -> float:
    """Return what the pieces of one word, it among them, add to the square of a post's length."""
    return parts - 1 + WORD * WORD
