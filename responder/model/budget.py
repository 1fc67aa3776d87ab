"""Budget: what a month's money allows today, what the month will come to, and how often to look.

All of it is arithmetic. Amounts are whole millionths ("micros") of the account's currency; days and
months are those of UTC, by which networks bill.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

#: Micros in one unit of a currency.
UNIT = 1_000_000
#: Reading leaves this part of a month's budget to replies: 1/10.
_FOR_REPLIES = 10
#: The pace is that of so many days, today among them.
_WINDOW = 7
#: Nothing is read less often than this for want of money, in seconds: somebody may be in danger.
_LONGEST = 1800.0
#: What a network says lasts no longer; a later time was noted by a clock that was ahead.
_LONGEST_REST = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What an account's calls may cost."""

    #: In a calendar month; 0: any amount.
    month: int = 0
    #: The code of the currency that its network is paid in.
    currency: str = "USD"

    def shown(self, micros: int) -> str:
        """Return an amount for people: "USD 1.61", "USD 0.0035"; the smaller, the more exactly."""
        if micros >= UNIT // 10:
            return self.rounded(micros)
        told = f"{micros / UNIT:.{4 if micros >= UNIT // 1000 else 6}f}".rstrip("0")
        return f"{self.currency} {told}{'0' * (2 - len(told.partition('.')[2]))}"

    def rounded(self, micros: int) -> str:
        """Return an amount in hundredths: "USD 27.40"."""
        return f"{self.currency} {micros / UNIT:,.2f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What is written down about an account's money."""

    #: What its calls cost, by day: at least this month's days and the last week's.
    days: Mapping[date, int] = field(default_factory=dict)
    #: The day of the first charge ever.
    since: date | None = None
    #: Until when its network gives no more, as it said.
    rests_until: datetime | None = None
    #: ... in words.
    rests_why: str = ""
    #: Something of tier 4 or 5 is open on it.
    urgent: bool = False


class Halt(NamedTuple):
    """Why a call that costs is not made, and until when."""

    why: str
    until: datetime


class Interval(NamedTuple):
    """Seconds between two polls, and why so many."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How an account's money stands at a moment."""

    allowance: Allowance
    ledger: Ledger
    now: datetime

    @property
    def day(self) -> date:
        """Today, as networks bill."""
        return self.now.astimezone(UTC).date()

    @property
    def today(self) -> int:
        """What was spent today."""
        return self.ledger.days.get(self.day, 0)

    @property
    def this_month(self) -> int:
        """What was spent this month, today included."""
        first = self.day.replace(day=1)
        return sum(micros for day, micros in self.ledger.days.items() if first <= day <= self.day)

    @property
    def for_reading(self) -> int:
        """What of the month's budget reading may use: all but the tenth that is kept for replies."""
        return self.allowance.month - self.allowance.month // _FOR_REPLIES

    @property
    def day_limit(self) -> int:
        """What may be spent today before reading stops.

        Twice an even share of what is left, so that a busy day has room; but every day to come keeps half
        of a plain day's share, so that no day of the month goes unheard.
        """
        left = max(0, self.for_reading - (self.this_month - self.today))
        days = self._days_of_month - self.day.day + 1
        floor = self.for_reading // (2 * self._days_of_month)
        return max(left // days, min(2 * left // days, left - (days - 1) * floor))

    @property
    def pace(self) -> int:
        """What a day costs, by the last seven (fewer, where the account is younger; one at the least)."""
        earliest = self.day - timedelta(days=_WINDOW - 1)
        began = max(earliest, self.ledger.since or self.day)
        spent = sum(micros for day, micros in self.ledger.days.items() if earliest <= day <= self.day)
        return int(spent / max(1.0, (self.day - began).days + self._elapsed))

    @property
    def forecast(self) -> int:
        """What the month will have cost at its end, at this pace."""
        return self.this_month + int(self.pace * self._days_left)

    @property
    def short(self) -> bool:
        """Whether the month would cost more than it may, at this pace."""
        return bool(self.allowance.month) and self.forecast > self.allowance.month

    def interval(self, every: float) -> Interval:
        """Return how long to wait between two polls where `every` seconds are wished for."""
        if not self.allowance.month:
            return Interval(every, "no budget is set")
        if self.ledger.urgent:
            return Interval(every, "something urgent is open")
        left = self.for_reading - self.this_month
        needed = self.pace * self._days_left
        if needed <= left:
            return Interval(every, "the budget will do")
        why = f"at this pace the month would cost {self.allowance.rounded(self.forecast)}"
        longest = max(every, _LONGEST)
        return Interval(min(longest, every * needed / left) if left > 0 else longest, why)

    def halt(self, *, reading: bool) -> Halt | None:
        """Return why no call that costs is made now, None when one may be; `reading`: for new posts."""
        until = self.ledger.rests_until
        if until is not None and self.now < until <= self.now + _LONGEST_REST:
            return Halt(self.ledger.rests_why, until)
        if not self.allowance.month:
            return None
        if self.this_month >= self.allowance.month:
            budget = self.allowance.rounded(self.allowance.month)
            return Halt(f"the month's budget of {budget} is used up", self._next_month)
        if reading and self.this_month >= self.for_reading:
            kept = self.allowance.rounded(self.allowance.month - self.for_reading)
            return Halt(f"only the {kept} kept for replies is left of the budget", self._next_month)
        if reading and self.today >= self.day_limit:
            share = self.allowance.shown(self.day_limit)
            return Halt(f"today's share of the budget, {share}, is used up", self._next_day)
        return None

    @property
    def month_end(self) -> date:
        """The last day of the month."""
        return self.day.replace(day=self._days_of_month)

    @property
    def _days_of_month(self) -> int:
        return monthrange(self.day.year, self.day.month)[1]

    @property
    def _elapsed(self) -> float:
        """How much of today is over, 0 to 1."""
        return (self.now - datetime.combine(self.day, time(), UTC)) / timedelta(days=1)

    @property
    def _days_left(self) -> float:
        """How many days of the month are left, in fractions."""
        return self._days_of_month - self.day.day + 1 - self._elapsed

    @property
    def _next_day(self) -> datetime:
        return datetime.combine(self.day + timedelta(days=1), time(), UTC)

    @property
    def _next_month(self) -> datetime:
        return datetime.combine(self.month_end + timedelta(days=1), time(), UTC)
