"""When: a time in the future as people say it: 1h, tomorrow, 14:00, 2026-03-02 14:00."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, cast, get_args

from responder.cli import failures
from responder.settings.kinds import Duration, Kind, Wrong

if TYPE_CHECKING:
    from responder.settings import Settings

#: Reads "24h" as the config does.
_DURATION: Kind = get_args(Duration)[1]
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)?[ T]?(\d?\d:\d\d)?", re.ASCII)


def until(told: str, settings: "Settings", now: datetime) -> datetime:
    """Return the time that `told` names, in the time zone where people work; Trouble where it names none.

    A length of time counts from now; a time of day is the next one; a day and "tomorrow" are its morning,
    as [review] tomorrow has it.
    """
    told, zone = told.strip(), settings.company.timezone
    if re.fullmatch("[1-9][0-9]*[smhd]", told, re.ASCII):
        return now + length(told)
    today = now.astimezone(zone).date()
    if told == "tomorrow":
        return datetime.combine(today + timedelta(days=1), settings.review.tomorrow, zone).astimezone(UTC)
    match = _TIME.fullmatch(told)
    try:
        day = date.fromisoformat(match[1]) if match and match[1] else None
        clock = time.fromisoformat(match[2].zfill(5)) if match and match[2] else None
        if day:
            return datetime.combine(day, clock or settings.review.tomorrow, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        clock = None
    if clock is None:
        todo = "Write one like 1h, tomorrow, 14:00 or '2026-03-02 14:00'."
        raise failures.Trouble(failures.USAGE, f"{told!r} is no time.", todo=todo)
    passed = datetime.combine(today, clock, zone) <= now
    return datetime.combine(today + timedelta(days=passed), clock, zone).astimezone(UTC)


def length(told: str) -> timedelta:
    """Return the length of time in "1h"; Trouble where there is none."""
    try:
        return cast("timedelta", _DURATION.read(told.strip()))
    except Wrong as error:
        raise failures.Trouble(failures.USAGE, f"{error}.") from None
