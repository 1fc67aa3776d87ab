"""Digest: what is open, what is late and what happened, as figures and as the cases behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from responder.model.blind import Blind
from responder.model.budget import Budget
from responder.model.case import Case
from responder.model.chain import Head
from responder.model.debrief import Debrief
from responder.model.delivery import Delivery
from responder.model.follow_up import FollowUp
from responder.model.incident import Incident
from responder.model.notice import Failed
from responder.model.pause import Pause
from responder.model.promise import Promise
from responder.model.remedy import Grant
from responder.model.statistics import Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHealth:
    """How one of our accounts is doing."""

    name: str
    network: str
    #: The last poll that worked; None: not one yet.
    heard_at: datetime | None
    #: The last poll that was tried.
    polled_at: datetime | None
    #: What is wrong now, in words for a person; "" when nothing is.
    problem: str
    #: Nothing is sent until a person mends it.
    stopped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The counts of a digest, from the roll-up: they cost the same at ten cases and at a million."""

    #: Cases by stage.
    by_stage: Mapping[str, int]
    #: Open cases by tier.
    open_by_tier: Mapping[int, int]
    #: Open cases whose first answer is late; counted up to `OVERDUE_CAP`.
    overdue: int
    #: What happened since, by the journal's words.
    happened: Mapping[str, int]
    #: The middle of the times from post to answer, over the latest answers; None when there were none.
    median_answer: timedelta | None


class Asleep(NamedTuple):
    """How many cases that would wait for a person sleep; counted up to `OVERDUE_CAP`."""

    n: int = 0
    #: Those of them whose first answer is late: they are told as overdue all the same.
    late: int = 0


class Day(NamedTuple):
    """What one day brought, by the time zone of the digest."""

    day: date
    #: Complaints that came.
    heard: int
    #: Replies that became public, by whomever.
    answered: int


class Theme(NamedTuple):
    """What complaints of the last seven days are about."""

    topic: str
    n: int
    #: In the seven days before them.
    before: int


#: Beyond this many overdue cases a digest says "1,000+": counting further would not help anybody.
OVERDUE_CAP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One day's look at the desk."""

    at: datetime
    since: datetime
    figures: Figures
    #: The most urgent overdue cases.
    overdue: tuple[Case, ...]
    #: The most urgent of the others that wait.
    waiting: tuple[Case, ...]
    #: Replies that a person must look for, or that a network refused.
    unsettled: tuple[Delivery, ...]
    #: Sent replies that are not as they should be: doubled, hidden, cut, gone.
    alarmed: tuple[Delivery, ...]
    health: tuple[AccountHealth, ...]
    paused: bool
    #: Who or what stops all sending, where it is paused.
    pause: Pause = field(default_factory=Pause)
    #: What is put off and not listed as waiting.
    asleep: Asleep = field(default_factory=Asleep)
    #: Incidents under way, the newest first.
    incidents: tuple[Incident, ...] = ()
    #: Promises not kept, and those due within a day, the soonest first.
    promises: tuple[Promise, ...] = ()
    #: What is to be said or done after an answer, by then, the soonest first.
    follow_ups: tuple[FollowUp, ...] = ()
    #: Remedies that wait for the yes of a second person, oldest first.
    grants: tuple[Grant, ...] = ()
    #: Cases to be talked over with the team, and what was to be changed by then.
    debriefs: tuple[Debrief, ...] = ()
    #: Approved replies that a person has to send themselves.
    by_hand: tuple[Delivery, ...] = ()
    #: How the money of each account stands that has a budget, by name.
    money: Mapping[str, Budget] = field(default_factory=dict)
    #: From a customer's first post to our first reply, in seconds, over the latest answers.
    first: Spread | None = None
    #: Of the cases answered since: the customer wrote again after our reply.
    reopened: int = 0
    #: Replies that went out in private since.
    private: int = 0
    #: Letters to our own people that did not go out lately.
    unsent: tuple[Failed, ...] = ()
    #: The last seven days, today as the last of them.
    week: tuple[Day, ...] = ()
    #: The most frequent first.
    themes: tuple[Theme, ...] = ()
    #: What its two lists of cases are limited to, as a search; "" is nothing.
    search: str = ""
    #: Accounts that hear nothing, the longest first: what is told before all else.
    blind: tuple[Blind, ...] = ()
    #: The end of the journal: a letter keeps it where nobody who changes the database can reach.
    head: Head | None = None

    @property
    def open(self) -> int:
        """How many complaints wait for us."""
        return sum(self.figures.open_by_tier.values())
