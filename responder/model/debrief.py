"""Debrief: what a grave or repeated case taught us, and what was to be changed, with nobody to blame."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

#: The questions, by the key of their answer, in the order in which they are put.
QUESTIONS: Mapping[str, str] = {
    "happened": "What happened, seen from the customer's side? Facts, no culprits.",
    "caught": "Where could we have caught it earlier?",
    "support": "How is the colleague who stood in it supported now?",
    "change": "What changes, so that it does not come back? Put who and by when into [[actions]] below.",
    "stop_offering": "What do we stop offering, or offer differently?",
    "selling": "How do we present and sell it, so that nobody expects what it is not?",
    "words": "Did what we did match what we said? What did our words promise too much or too little of?",
}
#: Without these it is not written yet.
NEEDED = ("happened", "caught", "change")


class DebriefState(StrEnum):
    """How far it is."""

    DUE = "DUE"
    WRITTEN = "WRITTEN"


class DebriefWhy(StrEnum):
    """Why a case is talked over."""

    TIER = "grave"  # it was urgent enough
    AUTHOR = "same customer again"  # ... with the same cause
    TOPIC = "same cause again"  # as one that was talked over before
    PERSON = "somebody asked for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that is to change."""

    number: int
    what: str
    owner: str
    due: date | None
    done_at: datetime | None = None
    done_by: str = ""

    def overdue(self, today: date) -> bool:
        """Whether its day passed and it is not done."""
        return self.done_at is None and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Debrief:
    """The form of one case."""

    case_id: int
    account: str
    state: DebriefState
    why: DebriefWhy
    #: The worst tier the case had, and what it was about.
    tier: int
    topic: str
    made_at: datetime
    written_at: datetime | None = None
    written_by: str = ""
    #: By the keys of QUESTIONS; "" or missing where nothing was written.
    answers: Mapping[str, str] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()

    @property
    def open(self) -> tuple[Action, ...]:
        """What was to be changed and is not yet."""
        return tuple(one for one in self.actions if one.done_at is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What debriefs of some days were about."""

    topic: str
    #: How many of them, and how many there were about it before.
    n: int
    before: int
    #: What was to be changed because of it, and how much of that is not.
    actions: int
    open: int

    @property
    def again(self) -> bool:
        """Whether it came back."""
        return self.n + self.before > 1


def themes(some: Iterable[Debrief], since: datetime, until: datetime) -> tuple[Theme, ...]:
    """Return what the debriefs from `since` on and before `until` were about, the most frequent first."""
    by_topic: dict[str, list[Debrief]] = defaultdict(list)
    for one in some:
        if one.made_at < until:
            by_topic[one.topic].append(one)
    found = []
    for topic, all_ in by_topic.items():
        now = [one for one in all_ if one.made_at >= since]
        if now:
            actions = [action for one in all_ for action in one.actions]
            found.append(
                Theme(
                    topic=topic,
                    n=len(now),
                    before=len(all_) - len(now),
                    actions=len(actions),
                    open=sum(action.done_at is None for action in actions),
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.n, -one.before, one.topic)))
