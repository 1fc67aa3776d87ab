"""Sentiment: how a text sounds, by TextBlob's English lexicon; the one home of TextBlob."""

import re
import warnings
from collections.abc import Callable
from functools import cache
from typing import cast

from responder.policy.tokens import LONGEST

#: English words that none of our other languages writes the same way: where one stands, TextBlob can judge.
_ENGLISH = re.compile(
    r"\b(?:the|and|my|your?|is|it|it's|of|to|for|with|not|this|that|are|have|been|what|why|how|can|can't"
    r"|they|just|be|by|from|don't|i'm|our|their|there|has|was|were|will|would|when|who|which)\b",
    re.IGNORECASE,
)
#: Texts of so few words may hold none of them: "Terrible service!"
_FEW_WORDS = 4


def polarity(text: str, language: str | None = None) -> float:
    """Return how `text` sounds, from -1 (furious) to 1 (delighted), by its first 2,000 characters.

    The value is that of TextBlob(text).sentiment.polarity. 0.0 is also "knows no word": TextBlob knows
    English ones only, so a text told to be in another language, or that looks like one, is not judged.
    """
    heard = text[:LONGEST]
    if language is None and not _looks_english(heard):
        return 0.0
    if language is not None and not language.lower().startswith("en"):
        return 0.0
    return _lexicon()(heard)[0]


def _looks_english(text: str) -> bool:
    """Whether a text whose language nobody told may be judged by English words."""
    return bool(_ENGLISH.search(text)) or (text.isascii() and text.count(" ") < _FEW_WORDS)


@cache
def _lexicon() -> Callable[[str], tuple[float, float]]:
    """Import TextBlob's English lexicon: a third of a second, so only when something is to be judged.

    `textblob.en.sentiment` gives what `TextBlob(text).sentiment` gives, at half the cost.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from textblob import en
    return cast("Callable[[str], tuple[float, float]]", en.sentiment)
