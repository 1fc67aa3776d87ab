"""Moments: the times that a sentence tells, as people tell them, and when each is over."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from responder.model.calendar import Week

#: The minute from midnight at which each part of a day is over.
PARTS = {"noon": 720, "midnight": 1440, "morning": 720, "afternoon": 1080, "evening": 1320, "tonight": 1439}
_GLUED = ("morning", "afternoon", "evening", "noon")
_LONG = frozenset({"morning", "afternoon", "evening", "tonight"})
#: Days from today on which each word ends.
DAYS = {"today": 0, "tonight": 0, "tomorrow": 1, "after_tomorrow": 2}
#: What a length of time is counted in, as minutes; working days are counted by the week.
UNITS = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10_080}
#: Words that a language tells times with, each a pattern; those of LISTS are lists of so many.
WORDS = (
    *PARTS, *DAYS, *UNITS, "working_days", "next_working_day", "half_hour", "day_end", "week_end",
    "month_end", "next_week", "within", "to", "and", "at", "oclock", "pm", "am", "yours", "ours",
)  # fmt: skip
LISTS = {"weekdays": 7, "months": 12, "numbers": 12}
#: Letters between two tellings that still tell one time: "on Friday, at the latest by 17:00".
_BETWEEN = 28
_END_OF_DAY = 1439
#: What follows an amount, and no hour.
_MONEY = (
    "(?:eur|usd|gbp|chf|sek|kr|bgn|kn|hrk|euros?|eura|evr[aoe]v?|kron[oe]r|dollars?|pounds?|percent"
    "|лв|лева|евро)"
)
#: What ends on a day that is counted.
_ENDS = ("day_end", "week_end", "month_end", "next_week", "next_working_day")
#: Where nobody told the hours, the working days of most.
_USUAL: Week = (((540, 1020),),) * 5 + ((), ())
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Zones:
    """Whose clocks a time may be told by: ours, and the customer's where it is known."""

    firm: tzinfo
    customer: tzinfo | None = None
    #: When somebody is there with us, by day of the week.
    week: Week = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A time as a sentence tells it, at folded[start:end]; what is None was not told."""

    start: int
    end: int
    #: From now on, in minutes, or in working days.
    minutes: int | None = None
    working: int | None = None
    #: The day: so many from today, a weekday (0 is Monday), a date without its year, or an end.
    days: int | None = None
    weekday: int | None = None
    month_day: tuple[int, int] | None = None
    ends: str = ""
    #: Minutes from midnight, and whether it is but the end of a part of the day.
    clock: int | None = None
    part: bool = False
    #: Told by the customer's clock ("yours"), or expressly by ours.
    by: str = ""

    @property
    def has_day(self) -> bool:
        """Whether it tells a day."""
        named = self.days, self.weekday, self.working
        return any(one is not None for one in named) or bool(self.month_day or self.ends)


class Telling:
    """How one language tells times."""

    def __init__(
        self, words: Mapping[str, Sequence[str]], lists: Mapping[str, Sequence[Sequence[str]]]
    ) -> None:
        def one(name: str) -> str:
            return "|".join(words.get(name, ())) or r"(?!)"

        def listed(name: str) -> str:
            return "|".join(f"(?P<{name}_{at}>{'|'.join(ways)})" for at, ways in enumerate(lists[name]))

        units = "|".join(f"(?P<{name}>{one(name)})" for name in ("working_days", *UNITS))
        number = rf"(?:(?P<figure>\d{{1,3}})|{listed('numbers')})"
        self._length = re.compile(
            rf"(?<!\w)(?:{one('within')}) (?:(?P<half>{one('half_hour')})"
            rf"|(?:(?:\d{{1,3}} ?(?:-|{one('to')}) ?)?{number} ?-?)?(?:{units}))(?!\w)"
        )
        self._numbers = {f"numbers_{at}": at + 1 for at in range(LISTS["numbers"])}
        named = "|".join(
            f"(?P<{name}>{one(name)})" for name in (*PARTS, "today", "tomorrow", "after_tomorrow")
        )
        ends = "|".join(f"(?P<{name}>{one(name)})" for name in _ENDS)
        # what is longer is looked for first: "the day after tomorrow" holds "tomorrow"
        self._named = re.compile(rf"(?<!\w)(?:{ends}|(?P<after>{one('after_tomorrow')})|{named})(?!\w)")
        # "Montagvormittag" is one word
        parts = "|".join(f"(?P<{name}>{one(name)})" for name in _GLUED)
        self._weekday = re.compile(rf"(?<!\w)(?:{listed('weekdays')})(?:{parts})?(?!\w)")
        months = listed("months")
        self._date = re.compile(
            rf"(?<![\w.:/])(?:(?P<d1>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?(?: de| of)? ?(?:{months})(?!\w)"
            rf"|(?P<d2>\d{{1,2}})(?:\. ?|/)(?P<m2>\d{{1,2}})(?:\.(?=[ ,;!?]|$)|(?![\d.:/])))"
        )
        self._month_first = re.compile(rf"(?<!\w)(?:{months}) (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])")
        suffix = rf"(?: ?(?:(?P<pm>{one('pm')})|(?P<am>{one('am')})|(?P<oclock>{one('oclock')}))(?!\w)"
        first = rf"(?:\d{{1,2}}(?:[:.h]\d\d)?(?: ?(?:{one('oclock')}|h))?(?: ?- ?| (?:{one('to')}) ))?"
        self._clock = re.compile(
            rf"(?<![\w.:/€$£-])(?P<at>(?:{one('at')}) ?)?{first}(?P<hour>[01]?\d|2[0-4])"
            rf"(?:(?P<sep>[:.h])(?P<minute>[0-5]\d)(?!\d))?"
            rf"{suffix}|(?![\w:/%€$£]|[.,]\d| ?(?:[%€$£]|{_MONEY}\b)))"
        )
        self._whose = re.compile(rf"(?<!\w)(?:(?P<yours>{one('yours')})|(?P<ours>{one('ours')}))(?!\w)")
        self._parts = re.compile(rf"[.!?;:]|(?<!\w)(?:{one('and')})(?!\w)")
        self._ranges = re.compile(rf" ?- ?| (?:{one('to')}) ")

    def times(self, folded: str) -> list[Told]:
        """Return the times that a folded sentence tells, left to right; parts of one time are joined."""
        found = sorted(self._atoms(folded), key=lambda one: (one.start, -one.end))
        joined: list[Told] = []
        for one in found:
            if joined and one.start < joined[-1].end:
                continue
            if joined and (both := self._together(joined[-1], one, folded)):
                joined[-1] = both
            else:
                joined.append(one)
        return [self._of(one, folded) for one in joined]

    def _atoms(self, folded: str) -> Iterator[Told]:
        yield from (_length(match, self._numbers) for match in self._length.finditer(folded))
        yield from (_named(match) for match in self._named.finditer(folded))
        for match in self._weekday.finditer(folded):
            part = next((PARTS[name] for name in _GLUED if match[name]), None)
            yield Told(*match.span(), weekday=_which(match, "weekdays"), clock=part, part=part is not None)
        dates = (match for one in (self._date, self._month_first) for match in one.finditer(folded))
        yield from (Told(*match.span(), month_day=day) for match in dates if (day := _month_day(match)))
        clocks = ((match, _clock(match)) for match in self._clock.finditer(folded))
        yield from (Told(*match.span(), clock=clock) for match, clock in clocks if clock is not None)

    def _together(self, first: Told, second: Told, folded: str) -> Told | None:
        """Return two tellings as one time; None where they are two."""
        between = folded[first.end : second.start]
        if len(between) > _BETWEEN or first.minutes or second.minutes or self._parts.search(between):
            return None
        day = second if second.has_day else first
        if first.has_day and second.has_day and not (first.weekday is not None and second.month_day):
            return None  # "Friday, 12 May" is one day; two others are two
        clock = _later(first, second, ranged=bool(self._ranges.fullmatch(between)))
        if clock is None and None not in (first.clock, second.clock):
            return None
        part = all(one.part for one in (first, second) if one.clock is not None)
        return replace(day, start=first.start, end=second.end, clock=clock, part=part)

    def _of(self, one: Told, folded: str) -> Told:
        """Return a time with whose clock it is told by."""
        whose = self._whose.search(folded, one.end, one.end + 24) or self._whose.search(
            folded, max(0, one.start - 16), one.start
        )
        return replace(one, by=whose.lastgroup or "") if whose else one


def over_at(told: Told, said: datetime, zones: Zones) -> datetime:
    """Return when a time is over that was told at `said`, in UTC.

    Where the customer's clock is known, and nothing says by whose it is told, the earlier of the two
    holds: then it is kept by either.
    """
    readings = [zones.firm] if told.by == "ours" or zones.customer is None else [zones.customer]
    if not told.by and zones.customer is not None:
        readings = [zones.firm, zones.customer]
    return min(_over_in(told, said.astimezone(zone), zones.week).astimezone(said.tzinfo) for zone in readings)


def _over_in(told: Told, said: datetime, week: Week) -> datetime:
    if told.minutes is not None:
        return (said.astimezone(UTC) + timedelta(minutes=told.minutes)).astimezone(said.tzinfo)
    if told.working is not None:
        day = _working_day(said.date(), told.working, week)
        return _at(day, _END_OF_DAY if told.clock is None else told.clock, said.tzinfo)
    day = _day(told, said, week)
    if told.clock is None:
        return _at(day, _END_OF_DAY, said.tzinfo)
    due = _at(day, told.clock, said.tzinfo)
    # "by 9" said in the evening is tomorrow's
    return due if told.has_day or due > said else _at(day + _A_DAY, told.clock, said.tzinfo)


def _day(told: Told, said: datetime, week: Week) -> date:
    today = said.date()
    if told.days is not None:
        return today + told.days * _A_DAY
    if told.weekday is not None:
        return today + ((told.weekday - today.weekday() - 1) % 7 + 1) * _A_DAY
    if told.month_day:
        return _next_date(*told.month_day, today)
    last = max((day for day in range(7) if week and week[day]), default=4)
    if told.ends == "week_end":
        return today + ((last - today.weekday()) % 7) * _A_DAY
    if told.ends == "next_week":
        return today + (7 - today.weekday() + last) * _A_DAY
    if told.ends == "month_end":
        return (today.replace(day=28) + 4 * _A_DAY).replace(day=1) - _A_DAY
    return today


def _working_day(today: date, count: int, week: Week) -> date:
    """Return the working day so many after today."""
    week = week if any(week) else _USUAL
    while count:
        today += _A_DAY
        count -= bool(week[today.weekday()])
    return today


def _next_date(month: int, day: int, today: date) -> date:
    """Return the next such date; a day that no month has is its last."""
    for year in (today.year, today.year + 1):
        for last in (day, 30, 29, 28):
            try:
                found = date(year, month, min(day, last))
            except ValueError:
                continue
            if found >= today:
                return found
            break
    return today


def _at(day: date, minute: int, zone: tzinfo | None) -> datetime:
    """Return a minute of a local day; one that the clocks leave out is as late as it would have been."""
    day, minute = (day + _A_DAY, 0) if minute >= 1440 else (day, minute)
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)


def _later(first: Told, second: Told, *, ranged: bool) -> int | None:
    """Return the minute that two tellings of one time mean; None where they mean two, or none."""
    told = [one for one in (first, second) if one.clock is not None]
    exact = [one for one in told if not one.part]
    if len(told) < 2 or len(exact) == 1:  # "in the afternoon, by 3"
        return (exact or told)[0].clock if told else None
    return max(first.clock or 0, second.clock or 0) if ranged else None


def _which(match: re.Match[str], name: str) -> int:
    """Return which word of a list was found, from 0."""
    return next(
        int(group.rpartition("_")[2])
        for group, text in match.groupdict().items()
        if text is not None and group.startswith(f"{name}_")
    )


def _length(match: re.Match[str], numbers: Mapping[str, int]) -> Told:
    found = match.groupdict()
    if found["half"]:
        return Told(*match.span(), minutes=30)
    count = int(found["figure"]) if found["figure"] else 1
    count = next((n for name, n in numbers.items() if found[name]), count)
    if found["working_days"]:
        return Told(*match.span(), working=count)
    unit = next(minutes for name, minutes in UNITS.items() if found[name])
    return Told(*match.span(), minutes=count * unit)


def _named(match: re.Match[str]) -> Told:
    name = match.lastgroup or ""
    name = "after_tomorrow" if name == "after" else name
    if name == "next_working_day":
        return Told(*match.span(), working=1)
    if name in {"week_end", "month_end", "next_week"}:
        return Told(*match.span(), ends=name)
    if name == "day_end":
        return Told(*match.span(), days=0)
    return Told(*match.span(), days=DAYS.get(name), clock=PARTS.get(name), part=name in _LONG)


def _month_day(match: re.Match[str]) -> tuple[int, int] | None:
    found = match.groupdict()
    if found.get("d2"):
        day, month = int(found["d2"]), int(found["m2"])
    else:
        day, month = int(found["d1"]), _which(match, "months") + 1
    return (month, day) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _clock(match: re.Match[str]) -> int | None:
    """Return minutes from midnight; None for a bare number that nothing shows to be a time."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if not (match["minute"] or match["pm"] or match["am"] or match["oclock"] or match["at"]):
        return None
    if match["pm"] and hour < 12:
        hour += 12
    if match["am"] and hour == 12:
        hour = 0
    bare = not (match["minute"] or match["pm"] or match["am"] or match["oclock"])
    if bare and 1 <= hour <= 7:  # nobody means the night: "call you at 5"
        hour += 12
    return hour * 60 + minute if hour * 60 + minute <= 1440 else None
