"""Form file: a form as one commented TOML file, written for an editor and read back."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import Enum
from textwrap import wrap
from typing import Any

from responder.model.visible import one_line, visible

#: What a form's fields hold, by key: str, bool, date or None, tuples of texts, tuples of such mappings.
Filled = Mapping[str, Any]

_WIDTH = 100
#: The most characters of one answer, and of a whole file.
LONGEST, LONGEST_FILE = 8_000, 200_000
_LINE = re.compile(r"\(at line (\d+), column (\d+)\)$")
_KEY = re.compile(r"\s*(?:\[\[\s*)?([A-Za-z0-9_-]+)\s*(?:\]\]|=)")


class Kind(Enum):
    """What may stand in a field."""

    TEXT = "text"  # words, of as many lines as people like
    LINE = "line"  # words on one line
    FLAG = "flag"  # true or false
    DAY = "day"  # a day, or nothing
    TEXTS = "texts"  # a list of lines
    ROWS = "rows"  # blocks of fields, as many as people like


_EMPTY: Mapping[Kind, Any] = {
    Kind.TEXT: "", Kind.LINE: "", Kind.FLAG: False, Kind.DAY: None, Kind.TEXTS: (), Kind.ROWS: (),
}  # fmt: skip
_EXPECTED = {
    Kind.TEXT: "must be words: '''...'''",
    Kind.LINE: 'must be words on one line: "..."',
    Kind.FLAG: "must be true or false",
    Kind.DAY: "must be a day: 2026-03-02",
    Kind.TEXTS: 'must be a list of words: ["...", "..."]',
    Kind.ROWS: "must be blocks that each begin with its name in [[...]]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form."""

    key: str
    #: What to write, in a sentence or two.
    help: str
    kind: Kind = Kind.TEXT
    #: What a block holds (ROWS).
    fields: tuple["Field", ...] = ()
    #: The most entries of a list, or blocks.
    most: int = 20
    #: A form without it is not finished; told by `missing`, and no mistake.
    needed: bool = False


class FormError(ValueError):
    """A file that is no such form. `problems` has a line for each: "name:3: owner: must be ..."."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def printed(fields: Sequence[Field], filled: Filled, head: str = "") -> str:
    """Return a form as a TOML file: each question as a comment over what was answered so far.

    What `parsed` makes of it is `filled` again, whatever people typed.
    """
    parts = ["\n".join(_comment(head)), ""] if head else []
    for one in sorted(fields, key=lambda one: one.kind is Kind.ROWS):  # after a block, TOML has only blocks
        parts += [*_comment(one.help), *_entry(one, filled.get(one.key)), ""]
    return "\n".join(parts)


def parsed(text: str, fields: Sequence[Field], name: str) -> dict[str, Any]:
    """Return what a file answers, every field with a value; raises FormError with all that is wrong in it.

    `name` is what people call the file.
    """
    if len(text) > LONGEST_FILE:
        raise FormError([f"{name}: is longer than {LONGEST_FILE:,} characters; this is another file"])
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise FormError([_unread(str(error), text, name)]) from None
    reader = _Reader(text, name)
    filled = reader.table(table, fields)
    if reader.problems:
        raise FormError(reader.problems)
    return filled


def missing(fields: Sequence[Field], filled: Filled) -> list[Field]:
    """Return the needed fields in which nothing stands yet."""
    return [one for one in fields if one.needed and not filled.get(one.key)]


class _Reader:
    """Takes a table apart by its fields, and notes each mistake with its line."""

    def __init__(self, text: str, name: str) -> None:
        self.problems: list[str] = []
        self._lines = text.split("\n")
        self._name = name

    def table(
        self, table: Mapping[str, Any], fields: Sequence[Field], within: str = "", at: int = 0
    ) -> dict[str, Any]:
        """Return the values of one table; `within` names the block, `at` counts the blocks of its name."""
        known = {one.key: one for one in fields}
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
                self._wrong(within, key, at, f"is no field of this form{hint}")
        found = {}
        for key, one in known.items():
            try:
                found[key] = self._value(one, table[key]) if key in table else _EMPTY[one.kind]
            except _WrongValue as wrong:
                self._wrong(within, key, at, str(wrong))
        return found

    def _value(self, one: Field, said: Any) -> Any:
        if one.kind is Kind.ROWS:
            if not isinstance(said, list) or not all(isinstance(row, dict) for row in said):
                raise _WrongValue(_EXPECTED[one.kind])
            rows = [self.table(row, one.fields, one.key, at) for at, row in enumerate(said)]
            if len(rows) > one.most:
                raise _WrongValue(f"has {len(rows)} blocks, and may have {one.most}")
            return tuple(row for row in rows if any(row.values()))
        if one.kind is Kind.TEXTS:
            if not isinstance(said, list) or len(said) > one.most:
                raise _WrongValue(f"{_EXPECTED[one.kind]}, at most {one.most}")
            return tuple(words for each in said if (words := _words(each, one.kind)))
        return _plain(one.kind, said)

    def _wrong(self, within: str, key: str, at: int, says: str) -> None:
        shown = ".".join(part for part in (within, str(at + 1) if within else "", one_line(key, 40)) if part)
        self.problems.append(f"{self._name}:{self._line(within, key, at)}: {shown}: {says}")

    def _line(self, within: str, key: str, at: int) -> int:
        """Return the line on which a key stands; that of its block, or 1, where it is not to be found."""
        block, best, seen = "", 1, -1
        for number, line in enumerate(self._lines, 1):
            if not (match := _KEY.match(line)):
                continue
            if line.lstrip().startswith("["):
                block = match[1]
                seen += block == within
                best = number if block == within and seen == at else best
                if block == key and not within:
                    return number
            elif match[1] == key and block == within and (not within or seen == at):
                return number
        return best


class _WrongValue(Exception):
    """What stands in a field cannot stand there."""


def _plain(kind: Kind, said: Any) -> Any:
    """Return what stands in a field that holds one thing."""
    if kind not in (Kind.DAY, Kind.FLAG):
        return _words(said, kind)
    if kind is Kind.DAY and said == "":
        return None
    if type(said) is not (date if kind is Kind.DAY else bool):
        raise _WrongValue(_EXPECTED[kind])
    return said


def _words(said: Any, kind: Kind) -> str:
    if not isinstance(said, str):
        raise _WrongValue(_EXPECTED[kind])
    words = said.replace("\r\n", "\n").strip("\n").rstrip()
    if kind is not Kind.TEXT and "\n" in words:
        raise _WrongValue(_EXPECTED[kind])
    if len(words) > LONGEST:
        raise _WrongValue(f"has {len(words):,} characters, and may have {LONGEST:,}")
    if visible(words) != words:
        raise _WrongValue("holds something that cannot be seen; type it again")
    return words


def _comment(said: str) -> list[str]:
    return [f"# {line}" for part in said.split("\n") for line in wrap(visible(part), _WIDTH) or [""]]


def _entry(one: Field, value: Any) -> Iterator[str]:
    """Give the lines of one field; a list of blocks without any shows one to begin with, as a comment."""
    if one.kind is not Kind.ROWS:
        yield f"{one.key} = {_toml(one.kind, value)}"
        return
    for part in one.fields:
        yield from _comment(f"  {part.key}: {part.help}")
    for row in value or ():
        yield f"[[{one.key}]]"
        for part in one.fields:
            if row.get(part.key) or part.kind is not Kind.DAY:
                yield f"{part.key} = {_toml(part.kind, row.get(part.key))}"
    if not value:
        yield f"# [[{one.key}]]"
        for part in one.fields:
            day = "2026-03-02" if part.kind is Kind.DAY else _toml(part.kind, None)
            yield f"# {part.key} = {day}"


def _toml(kind: Kind, value: Any) -> str:
    if kind is Kind.FLAG:
        return "true" if value else "false"
    if kind is Kind.DAY:
        return value.isoformat() if value else '""'
    if kind is Kind.TEXTS:
        return f"[{', '.join(map(_quoted, value or ()))}]"
    if kind is Kind.LINE:
        return _quoted(value or "")
    words = value or ""
    if "'''" in words or visible(words) != words:
        return _quoted(words)
    return f"'''\n{words}\n'''" if words else "'''\n'''"


def _quoted(words: str) -> str:
    """Return words as a basic string, which holds whatever people typed."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'


def _unread(message: str, text: str, name: str) -> str:
    where = _LINE.search(message)
    line = int(where[1]) if where else text.rstrip().count("\n") + 1
    says = _LINE.sub("", message).removesuffix(" (at end of document)").strip().rstrip(".")
    says = f"{says[:1].lower()}{says[1:]}"
    return f"{name}:{line}: this cannot be read: {says}; words stand between ''' and '''"
