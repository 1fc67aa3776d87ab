"""Matrices: the n-grams and features of many posts, exactly as the model will see them one by one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from responder.policy.learned import TAUGHT
from responder.policy.ngrams import PAIR, WORD, mass, pair_hash, pieces, seed, word_hash

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bits:
    """The sizes of the tables: 2 to the power of this many weights."""

    shared: int = 17
    own: int = 18
    levels: int = 16


class _Hashed(NamedTuple):
    """A word's own hash for pairs, and the hashes of its pieces without and with the language."""

    whole: int
    plain: list[int]
    seeded: list[int]


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of posts, a row each, over the square root of how much there is."""

    shared: sparse.csr_matrix
    own: sparse.csr_matrix
    levels: sparse.csr_matrix


def grams(posts: Sequence[Sequence[str]], languages: Sequence[str], bits: Bits) -> Grams:
    """Return the n-grams of posts by their words; the levels of one not in the taught language are empty."""
    memo: dict[tuple[str, str], _Hashed] = {}
    rows: tuple[list[dict[int, float]], ...] = ([], [], [])
    for words, language in zip(posts, languages, strict=True):
        shared: dict[int, float] = {}
        own: dict[int, float] = {}
        length, before = 0.0, 0
        for word in words:
            known = memo.get((language, word)) or memo.setdefault((language, word), _hashed(word, language))
            for counts, hashes in ((shared, known.plain), (own, known.seeded)):
                counts[hashes[0]] = counts.get(hashes[0], 0.0) + WORD - 1
                for one in hashes:
                    counts[one] = counts.get(one, 0.0) + 1
            length += mass(len(known.plain))
            if before:
                pair = pair_hash(before, known.whole)
                own[pair] = own.get(pair, 0.0) + PAIR
                length += PAIR * PAIR
            before = known.whole
        norm = 1 / np.sqrt(length) if length else 0.0
        for row, found in zip(rows, (shared, own, own if language == TAUGHT else {}), strict=True):
            row.append({at: value * norm for at, value in found.items()})
    return Grams(
        *(_matrix(row, size) for row, size in zip(rows, (bits.shared, bits.own, bits.levels), strict=True))
    )


def _hashed(word: str, language: str) -> _Hashed:
    seeded, parts = seed(language), pieces(word)
    return _Hashed(
        word_hash(word, seeded) or 1, [crc32(part) for part in parts], [crc32(part, seeded) for part in parts]
    )


def _matrix(rows: Sequence[Mapping[int, float]], bits: int) -> sparse.csr_matrix:
    """Return rows of hash -> value as a matrix; hashes that meet in one column add up."""
    mask = (1 << bits) - 1
    pointers = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.fromiter((one & mask for row in rows for one in row), np.int64, pointers[-1])
    values = np.fromiter((value for row in rows for value in row.values()), np.float64, pointers[-1])
    matrix = sparse.csr_matrix((values, columns, pointers), shape=(len(rows), 1 << bits))
    matrix.sum_duplicates()
    return matrix


def rarity(matrix: sparse.csr_matrix) -> Floats:
    """Return how rare each column is (1 on the average of those that occur): rare n-grams tell more."""
    often = np.bincount(matrix.indices, minlength=matrix.shape[1])
    rare: Floats = np.log((1 + matrix.shape[0]) / (1 + often)) + 1
    return rare / rare[often > 0].mean() if often.any() else rare


def columns(found: Sequence[Mapping[str, float]], names: Sequence[str]) -> sparse.csr_matrix:
    """Return features as a matrix with a column for each of `names`, in this order."""
    place = {name: at for at, name in enumerate(names)}
    rows = [{place[name]: value for name, value in one.items() if name in place} for one in found]
    pointers = np.cumsum([0, *(len(row) for row in rows)])
    indices = [at for row in rows for at in row]
    values = [value for row in rows for value in row.values()]
    return sparse.csr_matrix((values, indices, pointers), shape=(len(rows), len(names)), dtype=np.float64)


def names_in(found: Sequence[Mapping[str, float]], least: int) -> list[str]:
    """Return the names of features that occur at least so often, in order."""
    often = Counter(name for one in found for name in one)
    return sorted(name for name, times in often.items() if times >= least)
