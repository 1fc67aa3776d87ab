"""How each kind of value is written in the settings: read, checked, and written back."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, time, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from responder.model.visible import one_line, visible
from responder.settings.week import OpeningHours, opening_hours

#: The highest count.
_MOST = 100_000
#: What the journal keeps of a person's name, in characters.
LONGEST_NAME = 100
#: The largest amount of money.
_RICHEST = 1_000_000
#: A longer text may be a key or a password pasted into the wrong place: no error shows it.
LONGEST_QUOTE = 24
#: Nothing here is sensibly waited for longer.
LONGEST_DURATION = timedelta(days=3650)
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = "[1-9][0-9]{0,8}[smhd]"
_LOOSE_DURATION = re.compile(
    r"\s*0*([1-9][0-9]{0,8})\s*(s|sec|second|m|min|minute|h|hr|hour|d|day)s?\s*", re.IGNORECASE
)
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
_LOOSE_TIME = re.compile(r"\s*([01]?[0-9]|2[0-3])[:.h]([0-5][0-9])\s*")
_HIDDEN = re.compile(r"<U\+[0-9A-F]{4,6}>")
_DATABASE = "postgresql://responder@localhost/responder"


class Wrong(ValueError):
    """A value that cannot be taken; the message says what is wrong and what is expected."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value, in the form pydantic asks for."""

    #: Takes what TOML holds; raises Wrong, saying what is wrong and what is expected.
    read: Callable[[object], object]
    #: The same as a JSON schema, for editors.
    told: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> Any:
        """Let `read` alone decide."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: object, _handler: object) -> dict[str, Any]:
        """Return the JSON schema."""
        return dict(self.told)


def told(says: str) -> dict[str, str]:
    """Return a key's sentence for people, which the schema and config/responder.toml show."""
    return {"description": says}


def quoted(value: object) -> str:
    """Return `value` as an error may show it: never a long one, whatever it is."""
    match value:
        case bool():
            return str(value).lower()
        case str() if len(value) <= LONGEST_QUOTE:
            return f'"{one_line(value)}"'
        case int() | float() if len(str(value)) <= LONGEST_QUOTE:
            return str(value)
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "this"


def written(value: object) -> object:
    """Return `value` as TOML and JSON hold it: durations, times of day, zones and folders as text."""
    match value:
        case timedelta():
            seconds = round(value.total_seconds())
            return next(f"{seconds // size}{unit}" for unit, size in _UNITS.items() if seconds % size == 0)
        case time():
            return f"{value:%H:%M}"
        case tzinfo() | Path() | OpeningHours():
            return str(value)
        case None:
            return ""
        case dict():
            # all else is what a connector is told, and TOML writes it itself
            return {
                name: written(item) if isinstance(item, timedelta | dict) else item
                for name, item in value.items()
            }
        case tuple():
            return [written(item) for item in value]
        case _:
            return value


def text_of(value: object, example: str) -> str:
    """Return a value that is a text, or raise Wrong."""
    if not isinstance(value, str):
        right = f'"{value}"' if isinstance(value, int | float) and len(str(value)) < 10 else f'"{example}"'
        raise Wrong(f"{quoted(value)} is not a text; write it in quotes, like {right}")
    return value


def read_duration(value: object) -> timedelta:
    """Return the length of time that TOML holds as text, or raise Wrong."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise Wrong(f'{quoted(value)} has no unit; write a length of time like "90s", "5m", "2h" or "1d"')
    if not isinstance(value, str) or not re.fullmatch(_DURATION, value):
        loose = _LOOSE_DURATION.fullmatch(value) if isinstance(value, str) else None
        right = (
            f'"{loose[1]}{loose[2][0].lower()}"'
            if loose
            else 'one above zero, like "90s", "5m", "2h" or "1d"'
        )
        raise Wrong(f"{quoted(value)} is not a length of time; write {right}")
    seconds = int(value[:-1]) * _UNITS[value[-1]]
    if seconds > LONGEST_DURATION.total_seconds():
        raise Wrong(f"{quoted(value)} is longer than ten years; write a shorter time")
    return timedelta(seconds=seconds)


def _read_wait(value: object) -> timedelta:
    return timedelta(0) if value == "0s" else read_duration(value)


def read_time(value: object) -> time:
    """Return the time of day that TOML holds as text, or raise Wrong."""
    if isinstance(value, str) and re.fullmatch(_TIME, value):
        return time(int(value[:2]), int(value[3:]))
    right = 'write one from "00:00" to "23:59"'
    if isinstance(value, time):
        right = f'write it in quotes, "{value:%H:%M}"'
    elif isinstance(value, str) and (loose := _LOOSE_TIME.fullmatch(value)):
        right = f'write "{int(loose[1]):02}:{loose[2]}"'
    raise Wrong(f"{quoted(value)} is not a time of day; {right}")


def _read_zone(value: object) -> tzinfo:
    name = text_of(value, "Europe/Ljubljana")
    if name == "UTC":
        return UTC  # needs no time zone database
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known; not a name at all; a folder of the database
        known = available_timezones()
    if not known:
        raise Wrong('this machine has no time zone database; install the package tzdata, or write "UTC"')
    # "CEST" is close to other abbreviations, but means none of them
    close = _near_zones(name[:60], known) if len(name) > 5 or "/" in name else []
    near = " or ".join(f'"{zone}"' for zone in close)
    hint = f"did you mean {near}?" if near else 'write one like "Europe/Ljubljana"'
    raise Wrong(f"{quoted(value)} is not a time zone; {hint}")


def _near_zones(name: str, known: set[str]) -> list[str]:
    """Return up to three zones whose whole name or city is close to `name`."""
    from difflib import get_close_matches

    wanted = name.lower().replace(" ", "_")
    whole = {zone.lower(): zone for zone in sorted(known)}
    city = {zone.lower().rpartition("/")[2]: zone for zone in sorted(known) if "/" in zone}
    found = [whole[match] for match in get_close_matches(wanted, whole, 3, 0.75)]
    found += [city[match] for match in get_close_matches(wanted.rpartition("/")[2], city, 2, 0.75)]
    return list(dict.fromkeys(found))[:3]


def _read_line(value: object, longest: int = 200) -> str:
    text = unicodedata.normalize("NFC", text_of(value, "Acme"))
    if len(text) > longest:
        raise Wrong(f"this text is too long; it can have {longest} characters")
    if "\n" in text or "\r" in text:
        raise Wrong("this text has a line break; write it on one line")
    if (seen := visible(text)) != text:
        hidden = _HIDDEN.search(seen)
        what = hidden[0] if hidden else "a pile of accents"
        raise Wrong(f"this text holds something that cannot be read, {what}; type it anew")
    return text


def _read_entry(value: object) -> str:
    if not (text := _read_line(value).strip()):
        raise Wrong("an empty text stands in the list; take it out")
    return text


def _read_name(value: object) -> str:
    name = " ".join(_read_line(value, LONGEST_NAME).split())
    if not name:
        raise Wrong('nobody is named; write a name, like "Ana"')
    return name


def _read_tier(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 5:
        return value
    raise Wrong(f"{quoted(value)} is not a tier; write a whole number from 0 to 5")


def spelt(pattern: str, expected: str, example: str) -> Kind:
    """Return the kind of short names spelt by `pattern`."""

    def read(value: object) -> str:
        text = text_of(value, example)
        if not re.fullmatch(pattern, text):
            raise Wrong(f'{quoted(text)} is not {expected}; write one like "{example}"')
        return text

    return Kind(read, {"type": "string", "pattern": f"^{pattern}$", "examples": [example]})


def _read_folder(value: object) -> Path:
    text = text_of(value, "digests")
    if not text.strip():
        raise Wrong('no folder is named; write one, like "digests"')
    if "\0" in text:
        raise Wrong("this is not the name of a folder; type it anew")
    if not text.startswith("~/"):
        return Path(text)
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise Wrong('this user has no home folder for "~"; write the whole path') from None


def _read_folder_or_none(value: object) -> Path | None:
    return None if value == "" else _read_folder(value)


def _read_file_or_none(value: object) -> Path | None:
    try:
        return _read_folder_or_none(value)
    except Wrong as error:
        raise Wrong(str(error).replace("folder", "file").replace("digests", "responder.pause")) from None


def _read_zone_or_none(value: object) -> tzinfo | None:
    return None if value == "" else _read_zone(value)


def _read_share(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise Wrong(f"{quoted(value)} is not a share; write a number from 0 to 1, like 0.2")


def _read_count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST:
        return value
    raise Wrong(f"{quoted(value)} is not a count; write a whole number from 0 to {_MOST}")


def read_amount(value: object) -> float:
    """Return an amount of money, or raise Wrong."""
    if isinstance(value, int | float) and not isinstance(value, bool):  # noqa: SIM102 (mypy would lose the type)
        if value == 0 or 0.01 <= value <= _RICHEST:
            return float(value)
    raise Wrong(
        f"{quoted(value)} is not an amount of money; write 0, or a number from 0.01 to {_RICHEST}, like 25.0"
    )


def _read_week(value: object) -> OpeningHours:
    try:
        return opening_hours(text_of(value, "Mon-Fri 09:00-17:00"))
    except Wrong:
        raise
    except ValueError as error:
        raise Wrong(str(error)) from None


def _read_database(value: object) -> str:
    """Return the address as the store takes it; no error shows the value, which may hold a password."""
    text = text_of(value, "sqlite:///responder.db")
    scheme, _, rest = text.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return _read_postgresql(f"postgresql+psycopg://{rest}")
    if scheme != "sqlite":
        raise Wrong('an address begins with "sqlite:///" or "postgresql://"')
    if rest.strip("/") in {"", ":memory:"}:
        raise Wrong(
            "a database in memory forgets what was posted, and would post it again;"
            ' name a file, like "sqlite:///responder.db"'
        )
    if not rest.startswith("/") or any(mark in rest for mark in "?#\0"):
        raise Wrong('a file is named by three slashes and its path alone, like "sqlite:///responder.db"')
    return text


def _read_postgresql(address: str) -> str:
    unreadable = Wrong(f'this address cannot be read; write one like "{_DATABASE}"')
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise unreadable from None
    if port == 0:
        raise unreadable
    if parts.password is not None or "password" in parts.query.lower():
        raise Wrong(
            "a password does not belong in the address; take it out,"
            " and keep it as the secret `database_password` (see [secrets])"
        )
    if len(parts.path) < 2:
        raise Wrong(f'the address does not name a database; write one like "{_DATABASE}"')
    return address


_SHORT = {"type": "string", "maxLength": 200}
_LENGTH = {"type": "string", "pattern": f"^{_DURATION}$", "examples": ["90s", "5m", "2h", "1d"]}
_DAYTIME = {"type": "string", "pattern": f"^{_TIME}$", "examples": ["07:30"]}
_ZONE = {"type": "string", "examples": ["UTC", "Europe/Ljubljana"]}
_ADDRESS = {"type": "string", "pattern": "^(sqlite|postgres|postgresql|postgresql\\+psycopg)://"}

#: One line of text, as people read it.
Line = Annotated[str, Kind(_read_line, _SHORT)]
#: One line that says something.
Entry = Annotated[str, Kind(_read_entry, {**_SHORT, "minLength": 1})]
#: What a person is called.
Name = Annotated[
    str, Kind(_read_name, {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "examples": ["Ana"]})
]
#: "90s", "5m", "2h", "1d".
Duration = Annotated[timedelta, Kind(read_duration, _LENGTH)]
#: The same, or "0s".
Wait = Annotated[timedelta, Kind(_read_wait, {**_LENGTH, "pattern": f"^(0s|{_DURATION})$"})]
#: "07:30".
TimeOfDay = Annotated[time, Kind(read_time, _DAYTIME)]
#: "Mon-Fri 09:00-17:00"; "" is always.
Week = Annotated[OpeningHours, Kind(_read_week, {"type": "string", "examples": ["Mon-Fri 09:00-17:00"]})]
#: A time zone by its IANA name.
Zone = Annotated[tzinfo, Kind(_read_zone, _ZONE)]
#: "" names none.
ZoneOrNone = Annotated[tzinfo | None, Kind(_read_zone_or_none, _ZONE)]
#: The address of a database, without a password.
Database = Annotated[str, Kind(_read_database, {**_ADDRESS, "examples": [_DATABASE]})]
Folder = Annotated[Path, Kind(_read_folder, {"type": "string", "minLength": 1})]
#: "" names none.
FileOrNone = Annotated[Path | None, Kind(_read_file_or_none, {"type": "string"})]
FolderOrNone = Annotated[Path | None, Kind(_read_folder_or_none, {"type": "string"})]
Language = Annotated[str, spelt("[a-z]{2,3}", "the code of a language", "en")]
#: "" names none.
LanguageOrNone = Annotated[str, spelt("([a-z]{2,3})?", "the code of a language", "en")]
#: A number from 0 to 1.
Share = Annotated[float, Kind(_read_share, {"type": "number", "minimum": 0, "maximum": 1})]
#: A whole number from 0.
Count = Annotated[int, Kind(_read_count, {"type": "integer", "minimum": 0, "maximum": _MOST})]
#: A tier of urgency; 0 stands for none.
Tier = Annotated[int, Kind(_read_tier, {"type": "integer", "minimum": 0, "maximum": 5})]
#: Money, in whole units of a currency and fractions of them.
Amount = Annotated[float, Kind(read_amount, {"type": "number", "minimum": 0, "maximum": _RICHEST})]
Currency = Annotated[str, spelt("[A-Z]{3}", "the code of a currency", "USD")]
AccountName = Annotated[
    str, spelt("[a-z0-9-]{1,32}", "a name of 1 to 32 small letters, digits and hyphens", "x-main")
]
ConnectorName = Annotated[str, spelt("[a-z0-9_-]{1,32}", "the name of a connector", "replay")]
#: A host and a port; "" names none.
Listen = Annotated[
    str,
    spelt(r"((\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):[1-9][0-9]{0,4})?", "a host and a port", "127.0.0.1:9090"),
]
