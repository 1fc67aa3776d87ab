"""Days off: the public holidays of a country, and the company's own days."""

import re
from collections.abc import Callable, Collection
from datetime import date

#: A country, or a part of it: "SI", "DE-BY".
_PLACE = re.compile("([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")


class UnknownPlace(ValueError):
    """No holidays are known for a place; the message says why."""


def days_off(place: str, own: Collection[str]) -> Callable[[date], bool]:
    """Return what tells whether nobody comes on a day: a holiday in `place` ("" has none), or one of `own`.

    Own days are "2026-12-24", or "12-24" for every year. Raises UnknownPlace.
    """
    holidays = _holidays(place) if place else ()
    once = frozenset(own)

    def off(day: date) -> bool:
        return day in holidays or f"{day:%m-%d}" in once or day.isoformat() in once

    return off


def check(place: str) -> None:
    """Raise UnknownPlace where no holidays are known for a place."""
    _holidays(place)


def _holidays(place: str) -> Collection[date]:
    # half a thousand calendars: only who names one waits for them
    from holidays import country_holidays

    parts = _PLACE.fullmatch(place)
    if parts is None:
        raise UnknownPlace("it is the code of a country, or of a part of it")
    try:
        return country_holidays(parts[1], subdiv=parts[2])
    except NotImplementedError as error:
        raise UnknownPlace(str(error).replace("`", "")) from None
