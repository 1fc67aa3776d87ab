"""Sheets: policy files in TOML, read table by table so that every problem is told with its line."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

_ERROR_PLACE = re.compile(r" ?\(at line (\d+), column (\d+)\)")


class Sheet:
    """One policy file. What is wrong with it goes to `problems` as `path:line: message`; reading goes on."""

    def __init__(self, path: Path, raw: bytes, problems: list[str]) -> None:
        self.path = path
        #: False when the file is no TOML at all.
        self.readable = False
        self._problems = problems
        self._lines: list[str] = []
        self._data: dict[str, Any] = {}
        try:
            text = raw.decode("utf-8-sig")
            self._lines = text.split("\n")
            self._data = tomllib.loads(text)
            self.readable = True
        except UnicodeDecodeError as error:
            self.problem(raw[: error.start].count(b"\n") + 1, "is not UTF-8 text; save it as UTF-8")
        except tomllib.TOMLDecodeError as error:
            place = _ERROR_PLACE.search(str(error))
            line = int(place[1]) if place else max(1, len(self._lines))
            self.problem(line, f"is not TOML: {_ERROR_PLACE.sub('', str(error))}")
        except (RecursionError, ValueError):  # lists in lists without end, a number of thousands of digits
            self.problem(1, "is not TOML that can be read: something in it is nested too deep, or too long")

    def problem(self, line: int, message: str) -> None:
        """Note a problem at `line` (from 1)."""
        self._problems.append(f"{self.path}:{line}: {message}")

    def known(self, *keys: str) -> None:
        """Note every top-level key that is not one of `keys`."""
        for key in self._data:
            if key not in keys:
                self.problem(self._line_of_top(key), _unknown(key, keys))

    def single(self, key: str) -> Mapping[str, Any]:
        """Return the table `key`; empty when it is not there."""
        value = self._data.get(key, {})
        if not isinstance(value, dict):
            self.problem(self._line_of_top(key), f"{key} must be a table: [{key}]")
            return {}
        return value

    def whole(self) -> "Table":
        """Return all of it as one table, whose own keys stand before any other's head."""
        return Table(self, self._data, 1, len(self._lines) + 1)

    def table(self, key: str) -> "Table":
        """Return the table written as [key]; an empty one where it is not there."""
        heads = self._heads(rf"\[\s*{key}\s*\]")
        return Table(self, self.single(key), heads[0] if heads else 1, len(self._lines) + 1)

    def tables(self, key: str) -> list["Table"]:
        """Return the tables written as [[key]], in order."""
        values = self._data.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.problem(self._line_of_top(key), f"{key} must be written as tables: [[{key}]]")
            return []
        heads = self._heads(rf"\[\[\s*{key}\s*\]\]")
        if len(heads) != len(values):  # written in some other way; the first line is the best we can say
            heads = [1] * len(values)
        ends = [*heads[1:], len(self._lines) + 1][: len(heads)]
        return [Table(self, value, line, end) for value, line, end in zip(values, heads, ends, strict=True)]

    def line_holding(self, words: str, first: int, end: int) -> int:
        """Return the first line from `first` up to `end` that holds `words`, else `first`."""
        for line in range(first, min(end, len(self._lines) + 1)):
            if words in self._lines[line - 1]:
                return line
        return first

    def line_of_key(self, key: str, first: int = 1, end: int = 0) -> int:
        """Return the line from `first` up to `end` (0: all) on which `key` gets its value, else `first`."""
        written = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        lines = range(first, min(end or len(self._lines) + 1, len(self._lines) + 1))
        return next((line for line in lines if written.match(self._lines[line - 1])), first)

    def _heads(self, pattern: str) -> list[int]:
        """Return the lines that begin with `pattern`."""
        head = re.compile(rf"\s*{pattern}")
        return [number for number, line in enumerate(self._lines, 1) if head.match(line)]

    def _line_of_top(self, key: str) -> int:
        """Return the line of a top-level key or table."""
        return next(iter(self._heads(rf"(?:\[\[?\s*)?{re.escape(key)}\b")), 1)


class Table:
    """One [[table]] of a sheet. Every read notes what is wrong and gives something usable back."""

    def __init__(self, sheet: Sheet, data: Mapping[str, Any], line: int, end: int) -> None:
        self.sheet = sheet
        self.line = line
        self.sound = True
        self._data = data
        self._end = end

    @property
    def place(self) -> str:
        """Where the table stands: path:line."""
        return f"{self.sheet.path}:{self.line}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order in which they are written."""
        return tuple(self._data)

    def problem(self, message: str, *, key: str = "", holding: str = "") -> None:
        """Note a problem with the table, at the line of a key or of words it holds if they are found."""
        line = self.sheet.line_of_key(key, self.line, self._end) if key else self.line
        if holding:
            line = self.sheet.line_holding(holding, line, self._end)
        self.sound = False
        self.sheet.problem(line, message)

    def known(self, keys: Iterable[str], what: str) -> None:
        """Note every key that is not one of `keys`."""
        keys = tuple(keys)
        for key in self._data:
            if key not in keys:
                self.problem(f"{what}: {_unknown(key, keys)}", key=key)

    def words(self, key: str, *, needed: bool = True) -> str:
        """Return the text under `key`, not empty where it is needed."""
        value = self._data.get(key, "")
        if key not in self._data and needed:
            self.problem(f"{key} is missing")
        elif not isinstance(value, str) or (needed and not value.strip()):
            self.problem(f"{key} must be a text that is not empty", key=key)
        return value if isinstance(value, str) else ""

    def lines(self, key: str, *, least: int = 0) -> tuple[str, ...]:
        """Return the list of texts under `key`, at least `least` of them."""
        return tuple(self.each(key, least, lambda value: value if isinstance(value, str) else None, "a text"))

    def each(self, key: str, least: int, read: Callable[[Any], Any], what: str) -> list[Any]:
        """Return what `read` makes of each element of the list under `key`; None from it is a problem."""
        value = self._data.get(key, [])
        if not isinstance(value, list):
            self.problem(f"{key} must be a list", key=key)
            return []
        out = [read(element) for element in value]
        if None in out:
            self.problem(f"{key} must hold {what} in each place", key=key)
        elif len(out) < least:
            self.problem(f"{key} holds {len(out)}, and needs at least {least}", key=key)
        return [element for element in out if element is not None]

    def number(self, key: str, least: int, most: int) -> int:
        """Return the whole number under `key`, from `least` to `most`."""
        value = self._data.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.problem(f"{key} must be a whole number from {least} to {most}", key=key)
        return least

    def choice(self, key: str, options: Sequence[str]) -> str:
        """Return the text under `key`, which must be one of `options`."""
        value = self.words(key)
        if value and value not in options:
            self.problem(f"{key} is {value!r}; it must be one of {', '.join(options)}", key=key)
        return value if value in options else ""

    def choices(
        self, key: str, keys: Sequence[str], options: Sequence[str], *, optional: Sequence[str] = ()
    ) -> Mapping[str, str]:
        """Return the table under `key`, each of `keys` with one of `options`; `optional` keys may lack."""
        value = self._data.get(key)
        needed = [name for name in keys if name not in optional]
        if not isinstance(value, dict) or not set(needed) <= set(value) <= set(keys):
            self.problem(f"{key} must be a table with {' and '.join(needed)}", key=key)
            return {}
        for name, option in value.items():
            if option not in options:
                self.problem(f"{key}.{name} is {option!r}; it must be one of {', '.join(options)}", key=key)
        return {name: option for name, option in value.items() if option in options}

    def flag(self, key: str) -> bool:
        """Return whether `key` is true; false where it is not written."""
        value = self._data.get(key, False)
        if not isinstance(value, bool):
            self.problem(f"{key} must be true or false", key=key)
        return value is True

    def over(self, earlier: "Table") -> "Table":
        """Return this table laid over an earlier one: its keys, and those only the earlier has."""
        merged = {**earlier._data, **self._data}  # noqa: SLF001  # one class, two tables
        return Table(self.sheet, merged, self.line, self._end)

    def has(self, key: str) -> bool:
        """Whether `key` is written."""
        return key in self._data

    def switched_off(self) -> bool:
        """Whether the table only switches something off: `enabled = false` with a `because`."""
        if "enabled" not in self._data:
            return False
        if self._data["enabled"] is not False:
            self.problem("enabled can only be false; leave it out otherwise", key="enabled")
        self.known(("id", "enabled", "because"), "a table that switches something off")
        self.words("because")
        return True


def texts_in(table: Table, key: str) -> Mapping[str, str]:
    """Return the table of texts under `key`; empty where it is not written."""
    value = table._data.get(key, {})  # noqa: SLF001 (of the same file)
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        table.problem(f"{key} must be a table of texts", key=key)
        return {}
    return value


def _unknown(key: str, keys: Sequence[str]) -> str:
    """Say that a key is unknown, with the closest one or all."""
    close = get_close_matches(key, keys, n=1)
    return f"unknown key {key!r}; " + (
        f"did you mean {close[0]!r}?" if close else f"known: {', '.join(keys)}"
    )
