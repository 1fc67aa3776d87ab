"""Source: the TOML file as it was read, and where in it each key stands."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from responder.model.visible import one_line
from responder.settings.problems import Keys, Problem
from responder.settings.wording import toml_words

#: A larger file is something else, in bytes.
LONGEST = 1_000_000
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of settings; without one, `Source()` holds nothing."""

    #: As people named it.
    name: str = ""
    text: str = field(default="", repr=False)
    table: dict[str, Any] = field(default_factory=dict, repr=False)
    #: Why it could not be read at all; the table is empty then.
    problem: Problem | None = None

    def places(self, wanted: list[tuple[Keys, bool]]) -> list[tuple[int, int]]:
        """Return line and column, from 1, of each key (True) or its value (False).

        What is not in the file is shown by the table that should have it.
        """
        from parse_errors.source_map import SourceMap

        source = SourceMap(self.text, "toml")
        found = []
        for keys, at_key in wanted:
            entry = source.locate("".join(f"/{_escaped(key)}" for key in keys))
            spot = entry and ((at_key and entry.key_start) or entry.value_start)
            found.append((spot.line + 1, spot.column + 1) if spot else (1, 1))
        return found


def read(path: Path | None) -> Source:
    """Return the file at `path`; what keeps it from being read is in `problem`."""
    if path is None:
        return Source()
    name = one_line(str(path))
    try:
        with path.open("rb") as stream:
            raw = stream.read(LONGEST + 1)
    except IsADirectoryError:
        return _unread(name, name, "this is a folder; name the file in it")
    except FileNotFoundError:
        return _unread(name, name, "there is no such file")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return _unread(name, name, f"the file cannot be read ({reason}); make it readable for this user")
    if len(raw) > LONGEST:
        return _unread(name, name, "the file is larger than 1 MB; this is not a file of settings")
    text = raw.decode("utf-8-sig", "surrogateescape")
    if odd := re.search("[\udc80-\udcff]", text):
        byte = ord(odd[0]) - 0xDC00
        place = _at(name, text, odd.start())
        return _unread(name, place, f"the byte 0x{byte:02x} is not UTF-8; save the file as UTF-8")
    return _parsed(name, text)


def _parsed(name: str, text: str) -> Source:
    try:
        return Source(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    except RecursionError:
        message = "nested too deeply"
    where = _WHERE.search(message)
    place = f"{name}:{where[1]}:{where[2]}" if where and where[1] else _at(name, text, len(text.rstrip()))
    return _unread(name, place, toml_words(message))


def _unread(name: str, place: str, says: str) -> Source:
    return Source(name, problem=Problem(place, "", says))


def _at(name: str, text: str, position: int) -> str:
    before = text[:position]
    return f"{name}:{before.count(chr(10)) + 1}:{position - before.rfind(chr(10))}"


def _escaped(key: str | int) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
