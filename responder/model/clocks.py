"""Clocks: by when a customer is owed an answer, a matter is to be settled, and a regulator wants an end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from responder.model.calendar import ALWAYS, Calendar
from responder.model.case import OPEN, Case, Stage
from responder.model.triage import GRAVE

#: Nobody is warned sooner before a deadline than this, where the time set for it is that long.
_LEAST_WARNING = timedelta(minutes=10)
_DAY = timedelta(days=1)
#: Days after which counting a rule's working days ends: somebody may never come.
_FARTHEST = 400


class Clock(StrEnum):
    """What runs out."""

    ANSWER = "answer"  # our first answer, or the next after the customer wrote again
    MATTER = "matter"  # the whole matter, to be settled
    RULE = "rule"  # what a regulator's rule sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """How long each may take, by tier."""

    first: Mapping[int, timedelta]
    #: A tier that is not named has the time of a first answer.
    next: Mapping[int, timedelta] = field(default_factory=dict)
    #: A tier that is not named has no such clock.
    settle: Mapping[int, timedelta] = field(default_factory=dict)

    def answer(self, tier: int, *, replied: bool) -> timedelta:
        """Return the time to our first answer, or to the next where there was one."""
        return self.next.get(tier, self.first[tier]) if replied else self.first[tier]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A deadline that a regulator sets for complaints, and where it says so."""

    id: str
    #: What must be done by then, in a few words.
    says: str
    #: Days of the calendar, or (`working`) days on which somebody is there.
    days: int
    working: bool = False
    source: str = ""
    #: Its address, and the day of the text that was read.
    url: str = ""
    as_of: date | None = None

    def by(self, received: datetime, calendar: Calendar) -> datetime:
        """Return the end of the last day, where the day it was received on is not counted (by the zone)."""
        day, left = received.astimezone(calendar.zone).date(), self.days
        for _ in range(_FARTHEST):
            day += _DAY
            left -= not (self.working and calendar.closed(day))
            if left <= 0:
                break
        midnight = datetime.combine(day + _DAY, time(), tzinfo=calendar.zone)
        return midnight.astimezone(UTC) - timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The clocks of a case, as columns."""

    #: Since when the customer has waited for our next word; None: nothing is owed.
    owed_since: datetime | None
    due_at: datetime
    #: When the first answer was due, however many there were since.
    first_by: datetime | None
    settle_by: datetime | None
    rule_by: datetime | None
    #: When the next of them has something to tell; None: no more.
    strikes_at: datetime | None = None

    def values(self) -> dict[str, Any]:
        """Return them by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def of_case(self) -> dict[str, Any]:
        """Return those that a case carries, by name."""
        return {name: value for name, value in self.values().items() if name != "strikes_at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """What is counted, from when, and in whose hours."""

    targets: Targets
    #: Other targets, by account.
    by_account: Mapping[str, Targets] = field(default_factory=dict)
    calendar: Calendar = ALWAYS
    #: From this tier on every hour counts, day and night; the others count the hours of the calendar.
    always_from: int = GRAVE
    #: Somebody is warned when this share of the time is over.
    warn_at: float = 0.75
    rule: Rule | None = None

    def start(self, case: Case, tier: int, now: datetime) -> Running:
        """Return the clocks of a complaint as it is weighed.

        What is owed already is never due later because the customer wrote again; after an answer of ours the
        next one is owed from when they wrote, and the time they took to write does not count for the matter.
        A post from the future, by somebody's wrong clock, counts from now.
        """
        wrote = min(case.target.created_at, now)
        due = self._hours(tier).due(wrote, self._answer(case, tier))
        owed = case.owed_since
        if owed is not None and case.due_at is not None:
            due = min(due, case.due_at)
        running = Running(
            owed_since=wrote if owed is None else min(owed, wrote),
            due_at=due,
            first_by=case.first_by if case.replies else due,
            settle_by=self._settle_by(case, tier, wrote),
            rule_by=case.rule_by or self._rule_by(wrote),
        )
        return self._wound(case, running, tier, now)

    def weigh(self, case: Case, tier: int, now: datetime) -> Running:
        """Return the clocks of a case whose tier a person corrected: counted anew from the same moments."""
        since = min(case.owed_since or case.target.created_at, now)
        due = self._hours(tier).due(since, self._answer(case, tier))
        settle = self._targets(case).settle.get(tier)
        running = Running(
            owed_since=case.owed_since,
            due_at=due,
            first_by=case.first_by if case.replies else due,
            settle_by=self._hours(tier).due(case.opened_at, settle) if settle else None,
            rule_by=case.rule_by,
        )
        return self._wound(case, running, tier, now)

    def struck(self, case: Case, now: datetime) -> tuple[dict[Clock, bool], datetime | None]:
        """Return which clocks of a case have something to tell, and when the next has.

        True: its time is over; False: most of it is. Of the others nothing is told.
        """
        hours, told, later = self._hours(case.tier), dict[Clock, bool](), []
        for clock, since, end in _ends(case):
            warning = self._warning(hours, since, end)
            if warning <= now:
                told[clock] = end <= now
            later += [at for at in (warning, end) if at > now]
        return told, min(later, default=None)

    def _wound(self, case: Case, running: Running, tier: int, now: datetime) -> Running:
        """Return it with the moment at which it strikes next; what must be told now strikes now."""
        told, later = self.struck(replace(case, tier=tier, **running.of_case()), now)
        return replace(running, strikes_at=now if told or tier >= GRAVE else later)

    def _warning(self, hours: Calendar, since: datetime, end: datetime) -> datetime:
        """Return when most of the time from `since` to `end` is over, with minutes left to do something."""
        share = hours.due(since, hours.spent(since, end) * self.warn_at)
        return max(since, min(share, end - _LEAST_WARNING))

    def _settle_by(self, case: Case, tier: int, wrote: datetime) -> datetime | None:
        settle, hours = self._targets(case).settle.get(tier), self._hours(tier)
        fresh = hours.due(wrote, settle) if settle else None
        by = case.settle_by
        if by is None or (case.owed_since is None and case.answered_at is None):
            return fresh
        if case.owed_since is None and case.answered_at is not None and case.answered_at < by:
            by = max(by, hours.due(wrote, hours.spent(case.answered_at, by)))
        return min(by, fresh) if fresh and case.owed_since else by

    def _rule_by(self, wrote: datetime) -> datetime | None:
        return self.rule.by(wrote, self.calendar) if self.rule else None

    def _answer(self, case: Case, tier: int) -> timedelta:
        return self._targets(case).answer(tier, replied=case.replies > 0)

    def _targets(self, case: Case) -> Targets:
        return self.by_account.get(case.account, self.targets)

    def _hours(self, tier: int) -> Calendar:
        return ALWAYS if tier >= self.always_from else self.calendar


def _ends(case: Case) -> Iterator[tuple[Clock, datetime, datetime]]:
    """Yield what runs for a case: from when, and until when.

    While we wait for the customer no answer is owed, and the matter's clock stands; a rule's runs on until
    the case is closed.
    """
    if case.stage in OPEN:
        if case.due_at:
            yield Clock.ANSWER, min(case.owed_since or case.opened_at, case.due_at), case.due_at
        if case.settle_by:
            yield Clock.MATTER, min(case.opened_at, case.settle_by), case.settle_by
    if case.rule_by and case.stage not in {Stage.CLOSED, Stage.SET_ASIDE}:
        yield Clock.RULE, min(case.opened_at, case.rule_by), case.rule_by
