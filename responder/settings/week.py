"""Week: opening hours as people write them, "Mon-Fri 09:00-17:00, Sat 10:00-13:00"."""

import re
from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(
    r"(?P<first>[a-z]{3})(?:[a-z]{0,6})(?: ?- ?(?P<last>[a-z]{3})[a-z]{0,6})? +"
    r"(?P<start>\d{1,2}[:.]\d\d) ?- ?(?P<end>\d{1,2}[:.]\d\d)"
)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When somebody is there."""

    #: As it was written.
    written: str
    #: Monday to Sunday: (start, end) in minutes from midnight; empty altogether when nobody told.
    days: tuple[tuple[tuple[int, int], ...], ...] = ()

    def __str__(self) -> str:
        return self.written


def opening_hours(text: str) -> OpeningHours:
    """Return the hours that `text` tells; raises ValueError, saying what is wrong with it."""
    days: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for part in filter(None, (part.strip() for part in text.lower().split(","))):
        span = _SPAN.fullmatch(part)
        if not span:
            raise ValueError(f'"{part[:24]}" is not days and hours; write them like "Mon-Fri 09:00-17:00"')
        first, last = (_day(span[name] or span["first"]) for name in ("first", "last"))
        start, end = (_minute(span[name]) for name in ("start", "end"))
        if end <= start:
            raise ValueError(f'"{part[:24]}" ends before it begins; write a night as two days')
        for after in range((last - first) % 7 + 1):
            days[(first + after) % 7].append((start, end))
    if not text.strip():
        return OpeningHours("")
    return OpeningHours(text, tuple(tuple(sorted(day)) for day in days))


def _day(name: str) -> int:
    if name not in DAYS:
        raise ValueError(f'"{name}" is not a day; they are Mon, Tue, Wed, Thu, Fri, Sat, Sun')
    return DAYS.index(name)


def _minute(clock: str) -> int:
    hour, minute = map(int, re.split("[:.]", clock))
    if minute > 59 or hour * 60 + minute > 1440:
        raise ValueError(f'"{clock}" is not a time of day; the last is 24:00')
    return hour * 60 + minute
