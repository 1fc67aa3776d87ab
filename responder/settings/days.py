"""Days: the days on which nobody is there, as people write them."""

import re
from datetime import date
from typing import Annotated

from responder.policy.days_off import UnknownPlace, check
from responder.settings.kinds import Kind, Wrong, quoted, text_of

_DAY = re.compile("([0-9]{4}-)?[0-9]{2}-[0-9]{2}")
#: A year with a 29 February, to try days of no year with.
_LEAP = "2028-"


def _read_place(value: object) -> str:
    text = text_of(value, "SI").strip()
    try:
        if text:
            check(text)
    except UnknownPlace as error:
        raise Wrong(
            f'{quoted(text)} has no holidays that we know: {error}; write one like "SI" or "DE-BY"'
        ) from None
    return text


def read_day(value: object) -> str:
    """Return a day that TOML holds, with its year or without, or raise Wrong."""
    if isinstance(value, date):
        return value.isoformat()
    text = text_of(value, "12-24")
    try:
        if _DAY.fullmatch(text):
            date.fromisoformat(text if len(text) > 5 else _LEAP + text)
            return text
    except ValueError:
        pass
    raise Wrong(f'{quoted(text)} is not a day; write one like "2026-12-24", or "12-24" for every year')


_PLACE = {"type": "string", "pattern": "^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$", "examples": ["SI", "DE-BY"]}
_DAYS = {"type": "string", "pattern": "^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$", "examples": ["12-24"]}

#: "SI", "DE-BY"; "" is nowhere.
Place = Annotated[str, Kind(_read_place, _PLACE)]
#: "2026-12-24", or "12-24" for every year.
DayOff = Annotated[str, Kind(read_day, _DAYS)]
