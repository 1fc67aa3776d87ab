"""Complaint or not, and how severe: the published protocol, ten folds, beside TextBlob, VADER and TF-IDF."""

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from responder.policy.learned import LEVELS
from responder.training.data import Complaint
from responder.training.fit import LEVEL_STRENGTH as STRENGTH
from responder.training.fit import (
    Linear,
    Rows,
    SoundModel,
    counts_of,
    fit,
    folds,
    held_out,
    look,
    platt,
    with_sound,
)
from tests.bench.scores import Floats, Ints, area, macro_f1, severity, threshold
from tests.policy.sensed import senses

_CUT = re.compile(r"\s*\S*….*$", re.DOTALL)


class Seen:
    """Posts with everything a fit needs, looked at once."""

    def __init__(self, posts: Sequence[Complaint], sound: SoundModel) -> None:
        self.posts = posts
        looked = look(posts, senses().cues, senses().topics)
        self.rows = Rows(looked.grams.levels, with_sound(looked, sound), counts_of(posts))
        self.levels = np.array([post.severity for post in posts])
        self.truth: Ints = (self.levels > 0).astype(np.int64)

    def fitted(self, at: Ints, truth: Ints) -> Linear:
        """Fit one head to some rows."""
        return fit(self.rows.of(at), truth[at], STRENGTH)


def cut(posts: Sequence[Complaint]) -> list[Complaint]:
    """Return the posts without a last word that was cut off: it gives away who was not a customer."""
    return [replace(post, text=_CUT.sub("", post.text) or post.text) for post in posts]


def detection(seen: Seen, number: int) -> dict[str, float]:
    """Return macro F1 (threshold from the fitted folds) and AUC over the folds."""
    said, scores = np.zeros_like(seen.truth), np.zeros(len(seen.posts))
    for fitted, tried in folds(seen.truth, number):
        chosen = _chosen(seen, fitted)
        scores[tried] = seen.fitted(fitted, seen.truth).scores(seen.rows.of(tried))
        said[tried] = scores[tried] > chosen
    return {"macro F1": round(macro_f1(said, seen.truth), 3), "AUC": round(area(scores, seen.truth), 3)}


def _chosen(seen: Seen, rows: Ints) -> float:
    """Return the best threshold on posts that inner fits did not see."""
    scores = np.zeros(len(rows))
    for fitted, tried in folds(seen.truth[rows], 3):
        scores[tried] = seen.fitted(rows[fitted], seen.truth).scores(seen.rows.of(rows[tried]))
    return threshold(scores, seen.truth[rows])


def other_domains(seen: Seen) -> dict[str, float]:
    """Return the same with each domain judged by a fit on the others."""
    domains = np.array([post.domain for post in seen.posts])
    said, scores = np.zeros_like(seen.truth), np.zeros(len(seen.posts))
    for domain in sorted(set(domains.tolist())):
        fitted, tried = np.flatnonzero(domains != domain), np.flatnonzero(domains == domain)
        scores[tried] = seen.fitted(fitted, seen.truth).scores(seen.rows.of(tried))
        said[tried] = scores[tried] > _chosen(seen, fitted)
    return {"macro F1": round(macro_f1(said, seen.truth), 3), "AUC": round(area(scores, seen.truth), 3)}


def ranking(seen: Seen, number: int) -> dict[str, dict[str, float]]:
    """Return how well tone ranks by severity over the folds, and the cues alone, which nobody trained."""
    tone = np.zeros(len(seen.posts))
    for fitted, tried in folds(seen.levels, number):
        for level in range(1, LEVELS + 1):
            head = seen.fitted(fitted, (seen.levels >= level).astype(np.int64))
            tone[tried] += 1 / (1 + np.exp(-head.scores(seen.rows.of(tried))))
    points = np.array([found.get("points", 0.0) - found.get("relief", 0.0) for found in seen.rows.found])
    return {"tone, learned": severity(tone, seen.levels), "cues alone": severity(points, seen.levels)}


def thresholds(seen: Seen, number: int) -> dict[str, dict[str, float]]:
    """Return the precision and recall of customers' posts kept at some probabilities, on held-out posts."""
    held = held_out(seen.rows, seen.truth, STRENGTH, folds(seen.truth, number))
    slope, offset = platt(held, seen.truth)
    chance = 1 / (1 + np.exp(-(held * slope + offset)))
    figures = {}
    for least in (0.05, 0.1, 0.2, 0.3, 0.5):
        kept = chance >= least
        figures[f"{least:.2f}"] = {
            "precision": round(float(seen.truth[kept].mean()), 3),
            "recall": round(float(kept[seen.truth == 1].mean()), 3),
            "set aside": round(float(1 - kept.mean()), 3),
        }
    return figures


# --- what we are compared with


def others(posts: Sequence[Complaint], number: int) -> dict[str, dict[str, float]]:
    """Return the figures of TextBlob and VADER with tuned thresholds, and of TF-IDF with LR."""
    texts = np.array([post.text for post in posts], dtype=object)
    levels = np.array([post.severity for post in posts])
    truth = (levels > 0).astype(np.int64)
    figures = {}
    for name, judge in (("TextBlob", textblob()), ("VADER", vader())):
        scores = -np.array([judge(text) for text in texts])
        said = np.zeros_like(truth)
        for fitted, tried in folds(truth, number):
            said[tried] = scores[tried] > threshold(scores[fitted], truth[fitted])
        figures[name] = _told(said, scores, truth, levels)
    scores, said = np.zeros(len(texts)), np.zeros_like(truth)
    for fitted, tried in folds(truth, number):
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            LogisticRegression(C=5, solver="liblinear"),
        )
        model.fit(texts[fitted], truth[fitted])
        scores[tried] = model.decision_function(texts[tried])
        said[tried] = scores[tried] > 0
    figures["TF-IDF, words and pairs, LR"] = _told(said, scores, truth, levels)
    return figures


def _told(said: Ints, scores: Floats, truth: Ints, levels: Ints) -> dict[str, float]:
    return {
        "macro F1": round(macro_f1(said, truth), 3),
        "AUC": round(area(scores, truth), 3),
        "severity, Spearman": severity(scores, levels)["Spearman"],
    }


@cache
def textblob() -> Callable[[str], float]:
    """Return TextBlob's own polarity, as its users get it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from textblob import TextBlob
    return lambda text: float(TextBlob(text).sentiment.polarity)


@cache
def vader() -> Callable[[str], float]:
    """Return VADER's compound score."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    return lambda text: float(judge.polarity_scores(text)["compound"])
