"""Windows: when we call, within the hours in which somebody is there."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from responder.model.calendar import Calendar

Window = tuple[datetime, datetime]

#: How long a window is, and how long before it whoever calls has to prepare.
LENGTH, AHEAD = timedelta(hours=1), timedelta(hours=1)
#: Where nobody told any hours, people are called within these, on days that are no weekend.
_OFFICE = (((9 * 60, 17 * 60),),) * 5 + ((), ())
#: So many hours are looked through.
_LOOKED_THROUGH = 24 * 21


def windows(now: datetime, calendar: Calendar) -> tuple[Window, ...]:
    """Return the next window, and the first of another day, in the calendar's zone; none where nobody comes.

    Each begins at a full hour, and somebody is there for all of it.
    """
    if not any(calendar.week):
        calendar = replace(calendar, week=_OFFICE, _known={})
    first = _next(now + AHEAD, calendar)
    if first is None:
        return ()
    tomorrow = datetime.combine(first[0].date() + timedelta(days=1), time(), calendar.zone)
    second = _next(tomorrow, calendar)
    return (first, second) if second else (first,)


def _next(after: datetime, calendar: Calendar) -> Window | None:
    local = after.astimezone(calendar.zone)
    start = local.replace(minute=0, second=0, microsecond=0)
    at = start.astimezone(UTC)
    if at < after:
        at += timedelta(hours=1)
    for _ in range(_LOOKED_THROUGH):
        if calendar.spent(at, at + LENGTH) == LENGTH:
            return at.astimezone(calendar.zone), (at + LENGTH).astimezone(calendar.zone)
        at += timedelta(hours=1)
    return None
