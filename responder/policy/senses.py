"""Senses: what triage hears, reads and judges with, and everything it takes in from one post."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from responder.model.mention import Mention
from responder.policy.features import features
from responder.policy.hearing import Heard, listen
from responder.policy.language import OURS, Known, identify
from responder.policy.learned import Learned, Opinion
from responder.policy.sentiment import ENGLISH, Analyzer, Sound, analyzer, sound_of
from responder.policy.tokens import Tokens
from responder.policy.topics import Topics
from responder.policy.vocabulary import Cues

#: The thresholds of the config's [triage] table; the card of the model says what each buys.
SET_ASIDE_BELOW = 0.2


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in from one post."""

    heard: Heard
    language: Known
    topic: str
    features: Mapping[str, float]
    opinion: Opinion
    #: As TextBlob tells it: by its lexicon in English, by the model elsewhere.
    sound: Sound


@dataclass(frozen=True)
class Senses:
    """The cues, the topics and the model, and what only this company knows."""

    cues: Cues
    topics: Topics
    learned: Learned
    #: The language of the company, and of accounts that have another; it decides what is too close to call.
    home: str = ENGLISH
    homes: Mapping[str, str] = field(default_factory=dict)
    #: A post that reads like no complaint is set aside below this probability.
    set_aside_below: float = SET_ASIDE_BELOW
    #: Handles of our own, and of people who asked us not to answer: lower case, without the @.
    ourselves: frozenset[str] = frozenset()
    opted_out: frozenset[str] = frozenset()
    #: The language of ours that a person says these posts are in; "" where it is to be found out.
    spoken: str = ""

    def take_in(self, mention: Mention) -> Taken:
        """Take in one post: its language first, then what it says in it."""
        tokens = Tokens(mention.text)
        home = self.homes.get(mention.account, self.home)
        return self._take_in(tokens, self._language(tokens, mention, home))

    def hear(self, mention: Mention, home: str | None) -> Heard:
        """Hear an earlier post of somebody whose language is likely the one of their latest."""
        tokens = Tokens(mention.text)
        language = self._language(tokens, mention, home or self.home)
        return listen(tokens, self.cues.vocabulary(*language.codes))

    @cached_property
    def analyzers(self) -> Mapping[str, Analyzer]:
        """What TextBlob takes as `TextBlob(text, analyzer=...)`, for each of our languages."""
        return {code: analyzer(None if code == ENGLISH else self._judge(code)) for code in OURS}

    def _language(self, tokens: Tokens, mention: Mention, home: str) -> Known:
        """Return the language of a post: as a person says, else as it is found out."""
        return Known(self.spoken) if self.spoken else identify(tokens.words, mention.language, home)

    def _judge(self, language: str) -> Callable[[str], float]:
        """Return what tells how a text in a known language sounds."""
        return lambda text: self._take_in(Tokens(text), Known(language)).sound.polarity

    def _take_in(self, tokens: Tokens, language: Known) -> Taken:
        heard = listen(tokens, self.cues.vocabulary(*language.codes))
        topic = self.topics.name_in(tokens, language.code)
        english = sound_of(tokens.words) if language.code == ENGLISH else Sound(0.0)
        found = features(tokens.text, heard, topic, english)
        opinion = self.learned.opinion(found, tokens.words, language.code or "")
        sound = english if language.code == ENGLISH else Sound(round(1 - 2 * opinion.negative, 4))
        return Taken(heard, language, topic, found, opinion, sound)


def seen(text: str, language: str, cues: Cues, topics: Topics) -> tuple[Heard, dict[str, float]]:
    """Return what is heard in a post in a known language and its features, as `take_in` does: to train."""
    tokens = Tokens(text)
    heard = listen(tokens, cues.vocabulary(language))
    english = sound_of(tokens.words) if language == ENGLISH else Sound(0.0)
    return heard, features(text, heard, topics.name_in(tokens, language), english)
