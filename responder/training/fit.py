"""Fitting: from labelled posts to the model's file; on one Python the same posts give the same bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from responder.policy.features import TOPIC
from responder.policy.learned import FORMAT, LEVELS, STANDARD, signed
from responder.policy.senses import seen
from responder.policy.topics import Topics
from responder.policy.vocabulary import Cues
from responder.training.data import Complaint, Sounding
from responder.training.matrix import Bits, Floats, Grams, columns, grams, names_in, rarity

#: How strongly the fits may follow the data, and how large a feature is beside the n-grams.
SOUND_STRENGTH, LEVEL_STRENGTH, _FEATURE = 5.0, 10.0, 0.3
_UNTAUGHT_STRENGTH = 3.0
#: A feature that occurs more seldom is left out.
_LEAST = 8
#: What a post to nobody counts beside one to a company, which is all that a responder sees.
_NOT_CUSTOMER = 0.4
#: The topics' words were written with many of these very posts at hand: there they name 70 % of the
#: complaints, on unread ones 54 %. So of every four named, one is withheld here.
_WITHHELD = 4
_FOLDS = 5

Ints = NDArray[np.int64]
Labelled = TypeVar("Labelled", Complaint, Sounding)


@dataclass(frozen=True, slots=True)
class Seen:
    """Posts as the model sees them."""

    features: list[dict[str, float]]
    grams: Grams
    languages: list[str]

    def __len__(self) -> int:
        return len(self.languages)


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear score: its weights for a matrix of n-grams and for named features."""

    grams: Floats
    weights: dict[str, float]
    bias: float

    def scores(self, rows: "Rows") -> Floats:
        """Return the score of each row."""
        names = list(self.weights)
        features = columns(rows.found, names) @ np.array([self.weights[name] for name in names])
        scores: Floats = rows.matrix @ self.grams + features + self.bias
        return scores


def look(posts: Sequence[Labelled], cues: Cues, topics: Topics, bits: Bits | None = None) -> Seen:
    """Look at posts as the model does; of the topics named, some are withheld (see _WITHHELD)."""
    found, words = [], []
    for post in posts:
        heard, features = seen(post.text, post.language, cues, topics)
        if TOPIC in features and crc32(post.text.encode()) % _WITHHELD == 0:
            del features[TOPIC]
        found.append(features)
        words.append(heard.tokens.words)
    languages = [post.language for post in posts]
    return Seen(found, grams(words, languages, bits or Bits()), languages)


# --- one fit


@dataclass(frozen=True, slots=True)
class Rows:
    """What a fit sees: n-grams and features of posts, and how much each counts (None: alike)."""

    matrix: sparse.csr_matrix
    found: Sequence[Mapping[str, float]]
    counts: Floats | None = None

    def of(self, at: Ints) -> "Rows":
        """Return some of them."""
        counts = None if self.counts is None else self.counts[at]
        return Rows(self.matrix[at], [self.found[row] for row in at], counts)


def fit(rows: Rows, truth: Ints, strength: float) -> Linear:
    """Fit one score to a yes or no for each row; the greater the strength, the closer to the data."""
    rare = rarity(rows.matrix)
    names = names_in(rows.found, _LEAST)
    both = sparse.hstack([rows.matrix @ sparse.diags(rare), columns(rows.found, names) * _FEATURE]).tocsr()
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0, max_iter=400)
    model.fit(both, truth, sample_weight=rows.counts)
    weights = model.coef_[0]
    size = rows.matrix.shape[1]
    of_grams, of_features = weights[:size] * rare, weights[size:] * _FEATURE
    return Linear(of_grams, dict(zip(names, of_features.tolist(), strict=True)), float(model.intercept_[0]))


def both_tables(seen: Grams) -> sparse.csr_matrix:
    """Return the shared and the language's own n-grams side by side."""
    return sparse.hstack([seen.shared, seen.own]).tocsr()


def folds(truth: Ints, number: int) -> list[tuple[Ints, Ints]]:
    """Return the rows to fit and the rows to try for each fold, with the same shares of the truth."""
    return list(StratifiedKFold(number, shuffle=True, random_state=0).split(truth, truth))


def held_out(rows: Rows, truth: Ints, strength: float, parts: Sequence[tuple[Ints, Ints]]) -> Floats:
    """Return each row's score by a fit that did not see it."""
    scores = np.zeros(len(truth))
    for fitted, tried in parts:
        scores[tried] = fit(rows.of(fitted), truth[fitted], strength).scores(rows.of(tried))
    return scores


# --- how it sounds


@dataclass(frozen=True, slots=True)
class SoundModel:
    """How posts sound: the score, and its scale by language."""

    linear: Linear
    scales: dict[str, dict[str, float]]

    def standard(self, seen: Seen) -> Floats:
        """Return how negative posts sound, in standard deviations of their language."""
        scores = self.linear.scores(Rows(both_tables(seen.grams), seen.features))
        of = [self.scales.get(language) or self.scales[STANDARD] for language in seen.languages]
        scaled: Floats = (scores - np.array([one["mean"] for one in of])) / np.array(
            [one["deviation"] for one in of]
        )
        return scaled


def fit_sound(seen: Seen, posts: Sequence[Sounding]) -> SoundModel:
    """Fit how posts sound, one model for all languages, and calibrate it in each on posts it did not see."""
    truth = np.array([int(post.negative) for post in posts])
    rows = Rows(both_tables(seen.grams), seen.features)
    linear = fit(rows, truth, SOUND_STRENGTH)
    strata = np.array([crc32(f"{post.language} {post.source} {post.negative}".encode()) for post in posts])
    held = held_out(rows, truth, SOUND_STRENGTH, folds(strata, 3))
    languages = np.array([post.language for post in posts])
    scales = {STANDARD: _scale(held, truth)}
    for language in sorted(set(languages.tolist())):
        here = languages == language
        scales[language] = _scale(held[here], truth[here])
    return SoundModel(linear, scales)


def _scale(scores: Floats, truth: Ints) -> dict[str, float]:
    slope, offset = platt(scores, truth)
    return {
        "mean": float(scores.mean()),
        "deviation": float(scores.std()) or 1.0,
        "slope": slope,
        "offset": offset,
    }


def platt(scores: Floats, truth: Ints, counts: Floats | None = None) -> tuple[float, float]:
    """Return slope and offset that make a score the log-odds of the truth (Platt)."""
    model = LogisticRegression(C=1e6, solver="lbfgs").fit(scores.reshape(-1, 1), truth, sample_weight=counts)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


# --- the four levels


def with_sound(seen: Seen, sound: SoundModel) -> list[dict[str, float]]:
    """Return the features of posts with how they sound among them."""
    standard = sound.standard(seen).tolist()
    return [{**found, **signed(one)} for found, one in zip(seen.features, standard, strict=True)]


def counts_of(posts: Sequence[Complaint]) -> Floats:
    """Return how much each post counts in a fit."""
    return np.array([1.0 if post.customer else _NOT_CUSTOMER for post in posts])


@dataclass(frozen=True, slots=True)
class Levels:
    """The heads of the four levels, each with its calibration."""

    heads: tuple[Linear, ...]
    slope: list[float]
    offset: list[float]


def fit_levels(rows: Rows, posts: Sequence[Complaint], strength: float) -> Levels:
    """Fit the four levels, calibrated on customers' posts that the fit did not see."""
    severity = np.array([post.severity for post in posts])
    customer = np.array([post.customer for post in posts])
    heads, slope, offset = [], [], []
    for level in range(1, LEVELS + 1):
        truth = (severity >= level).astype(np.int64)
        heads.append(fit(rows, truth, strength))
        held = held_out(rows, truth, strength, folds(severity, _FOLDS))
        here = customer if customer.any() else np.ones(len(posts), bool)
        one, other = platt(held[here], truth[here])
        slope.append(one)
        offset.append(other)
    return Levels(tuple(heads), slope, offset)


# --- the file


def fitted(
    complaints: Sequence[Complaint],
    soundings: Sequence[Sounding],
    cues: Cues,
    topics: Topics,
    bits: Bits | None = None,
) -> bytes:
    """Fit everything and return the bytes of the model's file."""
    bits = bits or Bits()
    heard = look(soundings, cues, topics, bits)
    sound = fit_sound(heard, soundings)
    seen = look(complaints, cues, topics, bits)
    found = with_sound(seen, sound)
    counts = counts_of(complaints)
    taught = fit_levels(Rows(seen.grams.levels, found, counts), complaints, LEVEL_STRENGTH)
    nothing = sparse.csr_matrix((len(complaints), 1))
    everywhere = [{name: value for name, value in one.items() if name not in _TAUGHT_ONLY} for one in found]
    untaught = fit_levels(Rows(nothing, everywhere, counts), complaints, _UNTAUGHT_STRENGTH)
    untaught = replace(untaught, heads=tuple(replace(head, grams=np.zeros(1)) for head in untaught.heads))
    return _written(sound, taught, untaught, bits)


#: What TextBlob's lexicon hears, which is English.
_TAUGHT_ONLY = frozenset({"pleased", "displeased", "opinion"})


def _written(sound: SoundModel, taught: Levels, untaught: Levels, bits: Bits) -> bytes:
    """Return a model as its file: the n-grams' weights in a byte each, everything else in the first line."""
    shared, own = np.split(sound.linear.grams, [1 << bits.shared])
    tables = [shared, own, *(head.grams for head in taught.heads)]
    scales = [_step(table) for table in tables]
    small = [
        np.clip(np.rint(table / scale), -127, 127).astype(np.int8).tobytes()
        for table, scale in zip(tables, scales, strict=True)
    ]
    header = {
        "format": FORMAT,
        "sizes": [len(table) for table in small],
        "scales": {"shared": scales[0], "own": scales[1], "levels": scales[2:]},
        "sound": {"bias": _short(sound.linear.bias), "weights": _shortened(sound.linear.weights)},
        "sounds": {language: _shortened(scale) for language, scale in sound.scales.items()},
        "heads": {"taught": _heads(taught), "untaught": _heads(untaught)},
    }
    return json.dumps(header, sort_keys=True, ensure_ascii=False).encode() + b"\n" + b"".join(small)


def _step(table: Floats) -> float:
    """Return what one step of a byte is worth; the few largest weights are cut to the largest byte."""
    used = np.abs(table[table != 0])
    return float(np.quantile(used, 0.9995)) / 127 if used.size else 1.0


def _heads(levels: Levels) -> dict[str, Any]:
    names = sorted({name for head in levels.heads for name in head.weights})
    return {
        "bias": [_short(head.bias) for head in levels.heads],
        "slope": [_short(one) for one in levels.slope],
        "offset": [_short(one) for one in levels.offset],
        "weights": {name: [_short(head.weights.get(name, 0.0)) for head in levels.heads] for name in names},
    }


def _shortened(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: _short(weight) for name, weight in weights.items()}


def _short(value: float) -> float:
    """Return a number in as many digits as matter, so that a last bit that differs changes no file."""
    return float(f"{value:.5g}")
