"""Sentiment: how a text sounds, by TextBlob's lexicon and behind TextBlob's interface; its one home."""

import re
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from responder.policy.tokens import LONGEST, Tokens

#: The language TextBlob has a lexicon for.
ENGLISH = "en"
_CONTRACTED = re.compile(r"(?<=[a-z])n't$|'(?:s|m|re|ve|ll|d)$")


class Sound(NamedTuple):
    """How a text sounds, in TextBlob's terms."""

    #: -1 (furious) to 1 (delighted); 0 also where no word is known.
    polarity: float
    #: 0 (factual) to 1 (opinion).
    subjectivity: float = 0.0


class Analyzer(Protocol):
    """What TextBlob takes as `TextBlob(text, analyzer=...)`."""

    def analyze(self, text: str) -> Sound:
        """Return how the first 2,000 characters of `text` sound."""
        ...


class Assessing(Protocol):
    """The part of TextBlob's lexicon that reads words."""

    def assessments(self, words: object) -> list[tuple[list[str], float, float, str | None]]:
        """Return (words, polarity, subjectivity, label) for each known word with what modifies it."""
        ...


def sound_of(words: Sequence[str]) -> Sound:
    """Return how English words sound, by TextBlob's own lexicon and arithmetic.

    The same as `TextBlob(text).sentiment` wherever its tokeniser and ours read the same words; that is for
    all but a few texts in a thousand, at a quarter of the cost.
    """
    lexicon, known = _lexicon()
    if known.isdisjoint(words):
        return Sound(0.0)
    heard = lexicon.assessments((part, None) for word in words for part in _parts(word))
    if not heard:
        return Sound(0.0)
    return Sound(sum(one[1] for one in heard) / len(heard), sum(one[2] for one in heard) / len(heard))


def analyzer(judge: Callable[[str], float] | None = None) -> Analyzer:
    """Return an analyzer for TextBlob: English by its lexicon, another language by `judge` (-1 to 1)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from textblob.base import CONTINUOUS, BaseSentimentAnalyzer

    class Ours(BaseSentimentAnalyzer):  # type: ignore[misc]
        """Our sentiment behind TextBlob's interface."""

        kind = CONTINUOUS

        def analyze(self, text: str) -> Sound:
            heard = text[:LONGEST]
            return Sound(judge(heard)) if judge else sound_of(Tokens(heard).words)

    made: Analyzer = Ours()
    return made


def _parts(word: str) -> tuple[str, ...]:
    """Return a word as TextBlob's tokeniser cuts it: isn't, is + n't; a row of marks one by one."""
    if "'" in word:
        begin = _CONTRACTED.sub("", word)
        return (begin, word[len(begin) :]) if begin != word else (word,)
    return tuple(word) if word[0] in "!?" else (word,)


@cache
def _lexicon() -> tuple[Assessing, frozenset[str]]:
    """Import TextBlob's English lexicon: a third of a second, so only when something is to be judged.

    Its entries are put into a plain dict (TextBlob's asks on every look-up whether it was loaded), which
    TextBlob's own code then reads. With it come the words and marks of which a text must hold at least one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from textblob.en import sentiment

    sentiment.load()
    words: dict[str, Any] = {}
    words.update(dict.items(sentiment))

    class Plain(dict[str, Any]):
        """The entries of the lexicon with what its arithmetic needs."""

        labeler = sentiment.labeler
        negations = sentiment.negations
        modifiers = sentiment.modifiers
        modifier = staticmethod(sentiment.modifier)
        assessments = type(sentiment).assessments

    lexicon: Assessing = Plain(words)
    return lexicon, frozenset(words) | _smileys()


def _smileys() -> frozenset[str]:
    from textblob._text import EMOTICONS

    return frozenset(smiley for (_, _), smileys in EMOTICONS.items() for smiley in smileys)
