"""Frames: what replies are made of in each language, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from responder.policy.hours import When
from responder.policy.topics import UNCLEAR, Telling

#: Every part a reply may have. The order in which a reply's table names them is the order of its words.
PARTS = (
    "greet",
    "acknowledge",
    "own",
    "apologise",
    "empathise",
    "thanks",
    "explain",
    "prevent",
    "step",
    "invite",
    "ask",
)
#: What goes first when there is no room, in this order. The signature closes every reply and is in no table.
SACRIFICE = ("greet", "thanks", "explain", "prevent", "sign")
#: Parts that a reply cannot do without: they hold no fact that may be unknown.
NEEDED_PARTS = ("own", "apologise", "step", "ask")
#: The smallest limit of any network we know (X, in weighted characters); every reply fits without SACRIFICE.
SMALLEST_LIMIT = 280
#: Slots filled from a topic's telling, from the phrases, and from what is known of the case.
TOPIC_SLOTS = ("own", "cost", "step", "reason", "ask")
OUR_SLOTS = ("name", "when", "reach", "company")
#: With the field of planner.Facts that each is.
FACT_SLOTS = {
    "since": "since",
    "promised": "promised",
    "solution": "solution",
    "prevention": "prevention",
    "caller": "owner",
    "number": "number",
    "window": "window",
}
#: What only the offline kit knows: a script's line with one of them stands nowhere else.
KIT_SLOTS = ("goal", "news", "promises", "code", "warn")
#: Spans of time that phrases must know: hours to a day, days to two weeks.
HOURS, DAYS = range(2, 24), range(2, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One frame of a reply: its parts in the order they are read, with {slots} and {formal|informal}."""

    id: str
    language: str
    playbook: str
    #: For a broken promise: which kind, of planner.BROKEN.
    about: str = ""
    parts: tuple[tuple[str, str], ...]
    #: Where it is written: path:line.
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A text to speak or to send from elsewhere; a line whose slot is not known is left out."""

    id: str
    language: str
    playbook: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Little phrases that fill slots."""

    #: By how many hours and days: "within 4 hours of this reply".
    hours: Mapping[int, str] = field(default_factory=dict)
    days: Mapping[int, str] = field(default_factory=dict)
    #: The same for scripts, which are no reply: "within 4 hours from now".
    spoken_hours: Mapping[int, str] = field(default_factory=dict)
    spoken_days: Mapping[int, str] = field(default_factory=dict)
    #: With {time}.
    next_day: str = ""
    #: How to reach us in private: here, or elsewhere with {contact}.
    private: str = ""
    elsewhere: str = ""
    #: That a {code} finds the case.
    reference: str = ""

    def of(self, when: When, *, spoken: bool = False) -> str:
        """Return the promise of our next word as a phrase for a reply, or for a script."""
        if when.hours:
            return (self.spoken_hours if spoken else self.hours).get(when.hours, "")
        if when.days:
            return (self.spoken_days if spoken else self.days).get(min(when.days, DAYS[-1]), "")
        hour, minute = divmod(when.by, 60)
        return self.next_day.replace("{time}", f"{hour}:{minute:02}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Everything one language has for replies."""

    language: str
    #: First words of display names that are no names, in lower case: "the", "team".
    not_names: frozenset[str] = frozenset()
    phrases: Phrases = field(default_factory=Phrases)
    #: By playbook, in the order of the files.
    replies: Mapping[str, tuple[Reply, ...]] = field(default_factory=dict)
    scripts: Mapping[str, Script] = field(default_factory=dict)
    #: By topic.
    tellings: Mapping[str, Telling] = field(default_factory=dict)

    def frames(self, playbook: str, about: str = "") -> tuple[Reply, ...]:
        """Return the frames for a playbook, those about `about` where there are some."""
        frames = self.replies.get(playbook, ())
        return tuple(one for one in frames if one.about == about) or frames

    def telling(self, topic: str) -> Telling:
        """Return how a reply speaks of a topic; of one this language does not tell, as of an unclear one."""
        return self.tellings.get(topic) or self.tellings[UNCLEAR]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordBook:
    """The words of every language."""

    languages: Mapping[str, Words] = field(default_factory=dict)
