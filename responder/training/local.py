"""The local part of the model: a small change to the complaint's score, fitted to what people said.

Needs numpy alone. What is fitted (a bias, features and plain words) is pulled towards no change, and the same
lessons give the same numbers.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from responder.model.mention import Mention
from responder.policy.senses import Taken

Floats = NDArray[np.float64]

#: How strongly each kind of weight is pulled towards 0, in posts' worth of evidence.
_PULL = {"bias": 1.0, "feature": 3.0, "word": 2.0}
#: A feature in fewer posts is left out; of the words, those of most people are looked at.
_SELDOM, _MOST_WORDS = 3, 300
#: A weight below this changes no probability by a hundredth.
_NOTHING = 0.02
_ROUNDS, _HALVINGS, _SETTLED = 50, 30, 1e-8
#: A weight that is fitted: ("bias", "", ""), ("feature", "", name) or ("word", language, word).
_Name = tuple[str, str, str]
_BIAS: _Name = ("bias", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A post and what a person said, or showed by approving a reply, about it."""

    post: Mention
    #: The language of ours that its case is in; "" where none is known.
    language: str
    complaint: bool
    #: A person corrected triage; False: a reply to it was approved, which no refit may unlearn.
    corrected: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A lesson as the model sees it."""

    lesson: Lesson
    taken: Taken
    #: The log-odds of a complaint by the model without a local part, and by the one in use.
    base: float
    used: float
    #: Its words that may be learned, each with its language.
    words: frozenset[tuple[str, str]]

    @property
    def author(self) -> str:
        """Who wrote it, as none of another account is called."""
        return f"{self.lesson.post.account} {self.lesson.post.author.id}"


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted change of the complaint's log-odds."""

    weights: dict[_Name, float]

    def scores(self, seen: Sequence[Seen]) -> Floats:
        """Return the log-odds of each post with the change."""
        names = list(self.weights)
        scores: Floats = _bases(seen) + _columns(seen, names) @ np.array([self.weights[one] for one in names])
        return scores

    @property
    def local(self) -> dict[str, Any]:
        """The change as the model's file holds it."""
        words: dict[str, dict[str, float]] = {}
        for (kind, language, name), weight in self.weights.items():
            if kind == "word":
                words.setdefault(language, {})[name] = weight
        features = {name: weight for (kind, _, name), weight in self.weights.items() if kind == "feature"}
        return {"bias": self.weights.get(_BIAS, 0.0), "features": features, "words": words}


def fit(seen: Sequence[Seen]) -> Fit:
    """Fit the change by logistic regression, pulled towards none (Newton's steps, halved where too long)."""
    names = _names(seen)
    x, base = _columns(seen, names), _bases(seen)
    truth = np.array([float(one.lesson.complaint) for one in seen])
    pull = np.array([_PULL[kind] for kind, _, _ in names])
    weights = np.zeros(len(names))

    def loss(at: Floats) -> float:
        scores = base + x @ at
        return float(np.logaddexp(0, scores).sum() - truth @ scores + (pull * at * at).sum() / 2)

    for _ in range(_ROUNDS):
        chances = 1 / (1 + np.exp(-(base + x @ weights)))
        slope = x.T @ (chances - truth) + pull * weights
        bend = (x * (chances * (1 - chances))[:, None]).T @ x + np.diag(pull)
        step = np.linalg.solve(bend, slope)
        for _ in range(_HALVINGS):
            if loss(weights - step) <= loss(weights):
                break
            step /= 2
        weights -= step
        if np.abs(step).max() < _SETTLED:
            break
    # so few digits that a last bit that differs changes no file
    short = {name: float(f"{weight:.3g}") for name, weight in zip(names, weights.tolist(), strict=True)}
    return Fit({name: weight for name, weight in short.items() if abs(weight) >= _NOTHING})


def _names(seen: Sequence[Seen]) -> list[_Name]:
    """Return what is fitted: a bias, the features that are not rare, and words of at least two people."""
    features = Counter(name for one in seen for name in one.taken.features)
    people: dict[tuple[str, str], set[str]] = {}
    for one in seen:
        if one.lesson.corrected:
            for word in one.words:
                people.setdefault(word, set()).add(one.author)
    of_several = sorted(
        (word for word in people if len(people[word]) > 1), key=lambda word: (-len(people[word]), word)
    )
    return [
        _BIAS,
        *(("feature", "", name) for name in sorted(features) if features[name] >= _SELDOM),
        *(("word", *word) for word in sorted(of_several[:_MOST_WORDS])),
    ]


def _columns(seen: Sequence[Seen], names: Sequence[_Name]) -> Floats:
    """Return the posts as rows and `names` as columns."""
    place = {name: at for at, name in enumerate(names)}
    columns = np.zeros((len(seen), len(names)))
    for row, one in enumerate(seen):
        told = [(_BIAS, 1.0), *((("feature", "", name), of) for name, of in one.taken.features.items())]
        told += [(("word", *word), 1.0) for word in one.words]
        for name, value in told:
            if name in place:
                columns[row, place[name]] = value
    return columns


def _bases(seen: Sequence[Seen]) -> Floats:
    return np.array([one.base for one in seen])
