"""Period: whole days in one time zone, from the first one's beginning to before the day after the last."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property

#: Nothing here is older, and nobody asks for more days at once.
_EARLIEST, _LONGEST = date(2000, 1, 1), 3660
_MICROSECOND, _EPOCH = timedelta(microseconds=1), datetime(1970, 1, 1, tzinfo=UTC)
_NAMED = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)|(?P<month>\d{4}-\d\d)|(?P<year>\d{4})|(?P<back>[1-9]\d{0,3})d|"
    r"(?P<which>this|last)[ -](?P<unit>week|month|year)|(?P<near>today|yesterday)",
    re.ASCII,
)


class PeriodError(ValueError):
    """These words name no days; the message says what is wrong with them."""


@dataclass(frozen=True)
class Period:
    """Days of a calendar, both ends among them."""

    first: date
    last: date
    zone: tzinfo

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The first moment that belongs to it, in UTC."""
        return _begins(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return _begins(self.last + timedelta(days=1), self.zone)

    @property
    def before(self) -> "Period":
        """As many days, those right before."""
        one = timedelta(days=1)
        return Period(self.first - timedelta(days=self.days), self.first - one, self.zone)

    @cached_property
    def _begins(self) -> list[int]:
        """When each day begins, in microseconds since 1970."""
        return [
            (_begins(self.first + timedelta(days=one), self.zone) - _EPOCH) // _MICROSECOND
            for one in range(self.days)
        ]

    def day_of(self, micros: int) -> int:
        """Return on which day, from 0, a moment in microseconds since 1970 falls; it must be inside."""
        return bisect_right(self._begins, micros) - 1


def _begins(day: date, zone: tzinfo) -> datetime:
    """Return the first moment of a day; where the clocks skip midnight, that of the jump."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def period(begins: str, ends: str, now: datetime) -> Period:
    """Return the days that are asked for, in the time zone of `now`; "" leaves it to us.

    Each of the two is a day (2026-10-05), a month (2026-10), a year, 30d (so many days until today), today,
    yesterday, or this or last week, month or year: it begins where the one begins and ends where the other
    does. A day alone goes on until today, everything else alone is meant whole, nothing at all is the last
    full month. Raises PeriodError.
    """
    today, zone = now.date(), now.tzinfo or UTC
    if ends and not begins:
        raise PeriodError("it is not told where the days begin")
    first, last = _named(begins or "last month", today)
    if ends:
        last = _named(ends, today)[1]
    elif first == last and re.fullmatch(r"\d{4}-\d\d-\d\d", begins.strip(), re.ASCII):
        last = today
    if first > today:
        raise PeriodError(f"{first} has not come yet")
    if last < first:
        raise PeriodError(f"{last} comes before {first}")
    if first < _EARLIEST:
        raise PeriodError(f"nothing is older than {_EARLIEST}")
    if (last - first).days >= _LONGEST:
        raise PeriodError("more than ten years are asked for")
    return Period(first, last, zone)


def _named(words: str, today: date) -> tuple[date, date]:
    match = _NAMED.fullmatch(" ".join(words.lower().split()))
    if match is None:
        raise PeriodError(f"{words!r} is no day and no span of days")
    try:
        return _meant(match, today)
    except (ValueError, OverflowError):
        raise PeriodError(f"there is no {words}") from None


def _meant(match: "re.Match[str]", today: date) -> tuple[date, date]:
    one = timedelta(days=1)
    if match["day"]:
        day = date.fromisoformat(match["day"])
        return day, day
    if match["month"]:
        return _month(date.fromisoformat(f"{match['month']}-01"))
    if match["year"]:
        return _year(int(match["year"]))
    if match["back"]:
        return today - (int(match["back"]) - 1) * one, today
    if match["near"]:
        day = today if match["near"] == "today" else today - one
        return day, day
    last = match["which"] == "last"
    if match["unit"] == "week":
        monday = today - today.weekday() * one - 7 * last * one
        return monday, monday + 6 * one
    if match["unit"] == "month":
        return _month(today.replace(day=1) - one if last else today)
    return _year(today.year - last)


def _month(inside: date) -> tuple[date, date]:
    first = inside.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
