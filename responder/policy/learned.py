"""The learned model: is it a complaint, how sharp is its tone, does it sound negative.

Its file is made by `responder triage train`: a line of JSON, then tables of one byte a weight. Its card,
policies/learned/MODEL_CARD.md, tells what it was trained on and how well it does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite, sqrt
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from responder.policy.ngrams import PAIR, WORD, mass, pair_hash, pieces, seed, word_hash

Bytes = NDArray[np.int8]

FORMAT = "responder.learned/1"
#: The entry of the header with what a refit to corrections changes: bias, features, words by language.
LOCAL = "local"
#: The heads that share features: is it a complaint (1), and does the reproach reach level 2, 3, 4 of
#: Jin and Aletras (disapproval, accusation, blame).
LEVELS = 4
#: The language with labelled complaints. Others are judged by the features, which are the same everywhere.
TAUGHT = "en"
#: Words remembered by language; strangers choose them, so the memory has an end.
_MEMO_SIZE = 50_000
#: The scale of how a post sounds, for languages without labelled posts.
STANDARD = "standard"


class Opinion(NamedTuple):
    """What the model makes of one post."""

    #: The probability that it is a complaint, 0 to 1.
    complaint: float
    #: How sharp the reproach is: 0 none, 1 blame; the mean of the probabilities of the four levels.
    tone: float
    #: The probability that it sounds negative, 0 to 1.
    negative: float
    #: What spoke most for and against a complaint: words and features with their weight, the strongest first.
    because: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """The weights of n-grams, by hash: whole numbers of one byte, to be multiplied with a scale."""

    #: For how it sounds: shared by the languages, and each language's own (its seed is in the hash).
    shared: Bytes
    own: Bytes
    #: For the four levels, taught in English; one table a level.
    levels: tuple[Bytes, ...]


class _Grams(NamedTuple):
    """What the n-grams of a post add up to."""

    negative: float
    levels: Sequence[float]
    #: Each word with its part in the first level.
    told: list[tuple[str, float]]


class Learned:
    """The model, ready to judge; a memo of words makes it fast and changes nothing."""

    def __init__(self, header: Mapping[str, object], tables: Tables) -> None:
        self.header = dict(header)
        self._sounds: Mapping[str, Mapping[str, float]] = header["sounds"]  # type: ignore[assignment]
        self._sound_weights: Mapping[str, float] = header["sound"]["weights"]  # type: ignore[index]
        self._sound_bias: float = header["sound"]["bias"]  # type: ignore[index]
        heads: Mapping[str, Mapping[str, object]] = header["heads"]  # type: ignore[assignment]
        self._taught, self._untaught = _Heads(heads["taught"]), _Heads(heads["untaught"])
        scales: Mapping[str, Any] = header["scales"]  # type: ignore[assignment]
        self._shared = tables.shared * np.float32(scales["shared"])
        self._own_once = tables.own * np.float32(scales["own"])
        self._levels_once = np.stack(tables.levels, axis=1) * np.array(scales["levels"], np.float32)
        #: The same tables for pairs of words, which count more.
        self._own, self._levels = self._own_once * np.float32(PAIR), self._levels_once * np.float32(PAIR)
        self._shared_mask, self._own_mask = len(tables.shared) - 1, len(tables.own) - 1
        self._levels_mask = len(tables.levels[0]) - 1
        #: A row a word: what it adds to the square of a post's length, how it sounds, and the four levels.
        self._known = np.zeros((_MEMO_SIZE, 2 + LEVELS), np.float32)
        self._hashes = np.zeros(_MEMO_SIZE, np.int64)
        #: The row of each word, by language; row 0 is never used, so that a row's number is true.
        self._memos: dict[str, dict[str, int]] = {}
        self._used = 0
        #: What a refit to a company's own corrections changes; None in a model without one.
        self._local = _Local(header[LOCAL]) if LOCAL in header else None

    def opinion(self, found: Mapping[str, float], words: Sequence[str], language: str) -> Opinion:
        """Judge a post by its features and words; `language` is one of ours, or any other for a guess."""
        sounds, levels, told = self._ngrams(words, language)
        weights = self._sound_weights
        sounds += self._sound_bias + sum(
            [value * weights[name] for name, value in found.items() if name in weights]
        )
        sound = self._sounds.get(language) or self._sounds[STANDARD]
        standard = (sounds - sound["mean"]) / sound["deviation"]
        heads = self._taught if language == TAUGHT else self._untaught
        scores, weighed = heads.scores({**found, **signed(standard)}, levels)
        chances = [_sigmoid(score) for score in scores]
        complaint = chances[0]
        told += weighed
        told.sort(key=_strength)
        because = told[:4]
        if self._local:
            part = self._local.score(found, words, language)
            complaint = _sigmoid(scores[0] + part)
            because.append(("people's corrections", part))
        return Opinion(
            complaint=complaint,
            tone=sum(chances) / LEVELS,
            negative=_sigmoid(sounds * sound["slope"] + sound["offset"]),
            because=tuple(because),
        )

    def _ngrams(self, words: Sequence[str], language: str) -> _Grams:
        """Return how the words sound, their part in each level, and each word's part in the first."""
        memo = self._memos.setdefault(language, {})
        if self._used + len(words) >= _MEMO_SIZE:  # before the post, so that none of its rows is written anew
            for known in self._memos.values():
                known.clear()
            self._used = 0
        if not words:
            return _Grams(0.0, (0.0,) * LEVELS, [])
        rows = np.array([memo.get(word) or self._learn(word, language, memo) for word in words])
        found = self._known.take(rows, 0)
        hashes = self._hashes.take(rows)
        pairs = pair_hash(hashes[:-1], hashes[1:])
        length, negative, *levels = found.sum(0).tolist()
        norm = 1 / sqrt(length + (len(rows) - 1) * PAIR * PAIR)
        negative += float(self._own.take(pairs & self._own_mask).sum())
        told: list[tuple[str, float]] = []
        if language == TAUGHT:
            of_pairs = self._levels.take(pairs & self._levels_mask, 0).sum(0).tolist()
            levels = [one + other for one, other in zip(levels, of_pairs, strict=True)]
            told = [(word, part * norm) for word, part in zip(words, found[:, 2].tolist(), strict=True)]
        return _Grams(negative * norm, [level * norm for level in levels], told)

    def _learn(self, word: str, language: str, memo: dict[str, int]) -> int:
        """Sum up a word's pieces, and remember them in a row of their own."""
        self._used += 1
        seeded = seed(language)
        parts = pieces(word)
        hashed = np.array([crc32(part, seeded) for part in parts])
        plain = np.array([crc32(part) for part in parts])
        counts = np.ones(len(parts))
        counts[0] = WORD  # the word itself comes first
        row = self._known[self._used]
        row[0] = mass(len(parts))
        row[1] = counts @ self._shared[plain & self._shared_mask]
        row[1] += counts @ self._own_once[hashed & self._own_mask]
        row[2:] = counts @ self._levels_once[hashed & self._levels_mask] if language == TAUGHT else 0.0
        self._hashes[self._used] = word_hash(word, seeded) or 1
        memo[word] = self._used
        return self._used


class _Heads:
    """The weights of the features for the four levels, each with its calibration."""

    def __init__(self, told: Mapping[str, object]) -> None:
        weights: Mapping[str, Sequence[float]] = told["weights"]  # type: ignore[assignment]
        self._weights = {name: tuple(of) for name, of in weights.items()}
        self._bias: Sequence[float] = told["bias"]  # type: ignore[assignment]
        self._slope: Sequence[float] = told["slope"]  # type: ignore[assignment]
        self._offset: Sequence[float] = told["offset"]  # type: ignore[assignment]

    def scores(
        self, found: Mapping[str, float], ngrams: Sequence[float]
    ) -> tuple[list[float], list[tuple[str, float]]]:
        """Return the calibrated score of each level (log-odds), and each feature's part in the first."""
        one, two, three, four = (bias + part for bias, part in zip(self._bias, ngrams, strict=True))
        told = []
        weights = self._weights
        for name, value in found.items():
            of = weights.get(name)
            if of:
                part = of[0] * value
                told.append((name, part))
                one += part
                two += of[1] * value
                three += of[2] * value
                four += of[3] * value
        raw = (one, two, three, four)
        return [
            score * slope + offset
            for score, slope, offset in zip(raw, self._slope, self._offset, strict=True)
        ], told


class _Local:
    """What a refit to a company's corrections adds to the complaint's log-odds, and to nothing else."""

    def __init__(self, told: object) -> None:
        try:
            self._bias = _weight(told["bias"])  # type: ignore[index]
            self._features = {str(name): _weight(of) for name, of in told["features"].items()}  # type: ignore[index]
            self._words = {
                str(language): {str(word): _weight(of) for word, of in words.items()}
                for language, words in told["words"].items()  # type: ignore[index]
            }
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ValueError("its local part cannot be read; make it anew: responder triage train") from None

    def score(self, found: Mapping[str, float], words: Sequence[str], language: str) -> float:
        """Return what it adds for a post; a word counts once."""
        known = self._words.get(language, {})
        score = self._bias + sum(
            self._features[name] * of for name, of in found.items() if name in self._features
        )
        return score + sum(known[word] for word in dict.fromkeys(words) if word in known)


def _weight(value: object) -> float:
    """Return a weight as a number; raise ValueError for what is none."""
    number = float(value)  # type: ignore[arg-type]
    if not isfinite(number):
        raise ValueError("a weight must be finite")
    return number


def localised(raw: bytes, local: Mapping[str, object] | None) -> bytes:
    """Return the file of a model with `local` as its local part, or (None) without one."""
    head, _, body = raw.partition(b"\n")
    header = {name: of for name, of in json.loads(head).items() if name != LOCAL}
    if local is not None:
        header[LOCAL] = local
    return json.dumps(header, sort_keys=True, ensure_ascii=False).encode() + b"\n" + body


def read_model(raw: bytes) -> Learned:
    """Return the model that a file holds; raise ValueError with what is wrong when it is not one of ours."""
    head, _, body = raw.partition(b"\n")
    try:
        header = json.loads(head)
        sizes = header["sizes"]
    except (ValueError, TypeError, KeyError):
        raise ValueError("this is no model of responder") from None
    if header.get("format") != FORMAT:
        raise ValueError("a model of another version; make it anew: responder triage train")
    if len(body) != sum(sizes):
        raise ValueError(f"cut short: {len(body):,} bytes of weights instead of {sum(sizes):,}")
    tables = []
    start = 0
    for size in sizes:
        tables.append(np.frombuffer(body, np.int8, size, start))
        start += size
    shared, own, *levels = tables
    return Learned(header, Tables(shared, own, tuple(levels)))


def empty() -> Learned:
    """Return a model that knows nothing: for folders of policies without one."""
    nothing = {"weights": {}, "bias": [0.0] * LEVELS, "slope": [1.0] * LEVELS, "offset": [0.0] * LEVELS}
    scale = {"mean": 0.0, "deviation": 1.0, "slope": 1.0, "offset": 0.0}
    header = {
        "format": FORMAT,
        "scales": {"shared": 0.0, "own": 0.0, "levels": [0.0] * LEVELS},
        "sound": {"weights": {}, "bias": 0.0},
        "sounds": {STANDARD: scale},
        "heads": {"taught": nothing, "untaught": nothing},
    }
    table = np.zeros(1, np.int8)
    return Learned(header, Tables(table, table, (table,) * LEVELS))


def signed(standard: float) -> dict[str, float]:
    """Return how negative a post sounds, in standard deviations of its language, as features."""
    bounded = max(-3.0, min(3.0, standard)) / 2
    return {"sour" if bounded > 0 else "sweet": abs(bounded)} if bounded else {}


def _sigmoid(score: float) -> float:
    return 1 / (1 + exp(-max(-35.0, min(35.0, score))))


def _strength(part: tuple[str, float]) -> float:
    return -abs(part[1])
