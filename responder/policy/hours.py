"""Hours: by when a reply may promise our next word, from the hours somebody is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.model.calendar import Week

#: A draft waits for approval, and an answer needs somebody at the desk: so much time must be left.
_SLACK = timedelta(hours=1)
#: From so many hours on a promise counts in days.
_A_DAY = 24
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The promise of our next word, told from the moment the reply is read; one of the three is set.

    Never a clock time of today: a draft may wait, and would go stale.
    """

    #: 1 to 23.
    hours: int = 0
    #: From 2.
    days: int = 0
    #: On the next working day by this minute from midnight.
    by: int = 0


def promise_of(now: datetime, business_hours: Week, update_within: int) -> When:
    """Return the promise that an update within `update_within` hours allows at `now`, in the week's zone.

    Within those hours, when they end while somebody is there, an hour to spare; else by an hour after opening
    on the next working day. From a day on it counts in days, over the days nobody is there. A week without
    any hours means that nobody told them, and somebody is always there.
    """
    always = not any(business_hours)
    if update_within < _A_DAY:
        if always or _open_through(now + timedelta(hours=update_within), business_hours):
            return When(hours=update_within)
        return When(by=_opening(now + _DAY, business_hours) + 60)
    due = now + timedelta(hours=update_within)
    while not (always or business_hours[due.weekday()]):
        due += _DAY
    return When(days=max(2, -((now - due) // _DAY)))


def _open_through(due: datetime, week: Week) -> bool:
    """Whether somebody is there at `due` and for the slack after it."""
    return all(_open(moment, week) for moment in (due, due + _SLACK))


def _open(moment: datetime, week: Week) -> bool:
    """Whether somebody is there at `moment`; the end of the hours is still there."""
    minute = moment.hour * 60 + moment.minute
    if minute == 0 and any(end == 1440 for _, end in week[moment.weekday() - 1]):
        return True
    return any(start <= minute <= end for start, end in week[moment.weekday()])


def _opening(day: datetime, week: Week) -> int:
    """Return when it opens on the first day from `day` on that has hours, in minutes; an hour is left."""
    for after in range(7):
        if hours := week[(day + after * _DAY).weekday()]:
            return min(1380, *(start for start, _ in hours))
    return 0
