"""Alert: something that somebody must know now, and when they are told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from responder.model.clocks import Clock
from responder.model.recipient import Recipient

#: Two messages to one recipient are so far apart; where harm threatens that they do not know of, less.
APART, APART_HARM = timedelta(minutes=10), timedelta(minutes=5)
#: What nobody has seen is told again after this, then after twice as long each time, at most after that.
AGAIN, LONGEST = timedelta(minutes=30), timedelta(hours=8)
#: So many messages within an hour are the most that anybody gets.
MOST_AN_HOUR = 12
#: Safety or health.
HARM = 5


class Kind(StrEnum):
    """What it is about; the words are the journal's."""

    GRAVE = "grave"  # a case of tier 4 or 5
    NEAR = "near"  # an answer is due soon
    LATE = "late"  # ... or was
    SETTLE_NEAR = "settle near"  # the same of the whole matter
    SETTLE_LATE = "settle late"
    RULE_NEAR = "rule near"  # ... and of a regulator's deadline
    RULE_LATE = "rule late"
    REFUSED = "refused"  # the network did not take a reply
    UNSURE = "unsure"  # a reply may be public
    ALARM = "alarm"  # a reply is not as it was approved
    PAUSED = "paused"  # nothing is sent
    ILL = "ill"  # an account hears or sends nothing
    BLIND = "blind"  # ... and what is said meanwhile is not heard
    PROMISE_NEAR = "promise near"  # a promise is due soon
    PROMISE_LATE = "promise late"  # ... or was not kept
    FOLLOW_UP = "follow up late"  # what was to be said or done after an answer was not
    NEWS = "news due"  # an incident's next update is due


#: What a clock of a case says while its time is nearly over, and when it is.
OF_CLOCK = {
    (Clock.ANSWER, False): Kind.NEAR,
    (Clock.ANSWER, True): Kind.LATE,
    (Clock.MATTER, False): Kind.SETTLE_NEAR,
    (Clock.MATTER, True): Kind.SETTLE_LATE,
    (Clock.RULE, False): Kind.RULE_NEAR,
    (Clock.RULE, True): Kind.RULE_LATE,
}
#: Those that the clocks of a case tell.
OF_CASES = frozenset({Kind.GRAVE, *OF_CLOCK.values()})
#: Those that are urgent whatever the tier of their case.
_URGENT = frozenset(
    {Kind.GRAVE, Kind.UNSURE, Kind.ALARM, Kind.PAUSED, Kind.ILL, Kind.BLIND, Kind.PROMISE_LATE, Kind.NEWS}
)
_URGENT_TIER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is so, told or not."""

    kind: Kind
    #: What it is about, unique within its kind: "c-12", "d-3", an account's name; "" is everything.
    subject: str
    case_id: int | None = None
    account: str = ""
    tier: int = 0
    #: Who did it, or what is wrong, in words.
    detail: str = ""

    @property
    def urgent(self) -> bool:
        """Whether those who want to hear of urgent things alone hear of it."""
        return self.kind in _URGENT or self.tier >= _URGENT_TIER


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What was found, and what became of it."""

    id: int
    found: Found
    since: datetime
    told_at: datetime | None = None
    seen_at: datetime | None = None
    seen_by: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one recipient was told so far."""

    #: The message that was begun last, counted from 1, and the last one that is over.
    begun: int = 0
    over: int = 0
    told_at: datetime | None = None
    #: The number of the latest alert that was told.
    upto: int = 0
    #: How often since there was news.
    repeats: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What stands, and nobody has seen."""

    #: The gravest, at most a page of them.
    alerts: tuple[Alert, ...]
    #: All of them, counted up to a thousand.
    n: int
    #: The number of the latest.
    latest: int
    #: Whether there is one that was not told, and whether one of those tells of harm.
    news: bool
    harm_news: bool

    @property
    def harm(self) -> bool:
        """Whether somebody may come to harm."""
        return any(one.found.tier >= HARM for one in self.alerts)


def reachable(to: Recipient, waits: Waits, now: datetime) -> bool:
    """Whether somebody may be written to at this hour: in their own, or of harm where they want that."""
    return to.hours.is_open(now) or (to.at_night and waits.harm)


def is_due(to: Recipient, told: Round, waits: Waits, now: datetime) -> bool:
    """Whether to write to somebody now.

    News at once, at some distance from the last message; what nobody saw again and again, ever less often.
    """
    if not waits.n or not reachable(to, waits, now):
        return False
    if told.told_at is None or told.told_at > now:  # a clock that was ahead
        return True
    if waits.news:
        apart = APART_HARM if waits.harm_news else APART
    else:
        apart = min(AGAIN * 2 ** min(told.repeats, 10), LONGEST)
    return now - told.told_at >= apart
