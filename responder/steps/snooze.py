"""Snooze: put a case off until a time or until the customer answers, and take it up again."""

from datetime import datetime, timedelta

from responder.model.case import Case
from responder.model.span import span
from responder.store.errors import Conflict
from responder.store.store import Store

#: The longest that a case is put off where nobody says another time.
LONGEST = timedelta(days=14)
#: What else ends the sleep of a case, in the journal's words.
_ANSWER = "when they answer"


class NotThen(Exception):
    """No case can be put off until then; the message says why. Nothing was changed."""


def snooze(
    store: Store,
    case: Case,
    until: datetime | None,
    by: str,
    now: datetime,
    *,
    longest: timedelta = LONGEST,
) -> datetime:
    """Show `case` to nobody before `until` (None: until the customer answers); return when it comes back.

    Whatever is said, it comes back when the customer writes or edits, and `longest` from now at the latest.
    Raises NotThen for a time that is past or later than that, and Conflict when the case is not as it was
    seen or is answered or approved.
    """
    end = now + longest if until is None else until
    if end <= now:
        raise NotThen("that time is past")
    if end > now + longest:
        raise NotThen(f"a case is put off for {span(longest)} at the most, so that none is forgotten")
    store.tending.snooze(case, end, by, now, wakes="" if until else _ANSWER)
    return end


def same_again(case: Case, now: datetime) -> datetime:
    """Return until when a case was put off before the customer wrote; NotThen where there is nothing left."""
    if case.woken_from is None:
        raise NotThen(f"{case.name} was not put off when the customer wrote")
    if case.woken_from <= now:
        raise NotThen("the time until which it was put off is over")
    return case.woken_from


def wake(store: Store, case: Case, by: str, now: datetime) -> None:
    """Show a case again before its time; Conflict when it does not sleep or is not as it was seen."""
    if not case.sleeps(now):
        raise Conflict(f"{case.name} does not sleep")
    store.tending.wake(case, by, now)
