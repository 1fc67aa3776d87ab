"""Whole rows of a JSONL or CSV file that may be growing, and the place where reading goes on."""

import csv
import json
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from responder.connector import Unavailable
from responder.model.visible import one_line

#: The longest row that is read, in bytes; a longer one is set aside without being held in memory.
LONGEST = 1_000_000
#: The fault of a CSV row that is not over where the file ends.
OPEN_QUOTE = "a quote is opened and not closed"
_BOM = b"\xef\xbb\xbf"
#: Letters of an id that are written as escapes: nobody does it, and JSON allows it.
_ESCAPED_ASCII = re.compile(rb"\\u00[2-7]")
_CURSOR = re.compile(r"1:([0-9]{1,18}):([0-9]{1,18}):(-?[0-9]{1,18}):([0-9a-f]{16})")


class Place(NamedTuple):
    """Where reading goes on; always the start of a row."""

    #: In bytes.
    offset: int = 0
    #: Line ends before it.
    line: int = 0
    #: Of a last row at `offset` that had no line end: its bytes when it was read (without white space at
    #: its end), or minus its bytes when it was left to wait.
    seen: int = 0


class Row(NamedTuple):
    """One row as it stands in the file."""

    #: The line it begins on, counted from 1, and how many lines it has.
    line: int
    lines: int
    #: Where it begins and ends, in bytes.
    start: int
    end: int
    raw: bytes
    #: Whether its line end is there; a row without one may be half written.
    ended: bool
    #: By the file's own column names; None when the row is blank (or the header), or has a fault.
    values: Mapping[str, Any] | None
    #: Why it cannot be taken apart; "" when it can.
    fault: str = ""

    @property
    def holds_up(self) -> bool:
        """Whether rows after it may wait for a quote that it opens."""
        return self.fault == OPEN_QUOTE and self.lines > 1

    @property
    def length(self) -> int:
        """Its bytes."""
        return self.end - self.start

    @property
    def size(self) -> int:
        """Its bytes without white space at the end: grows only when something is added to the row."""
        return len(self.raw.rstrip())

    def after(self) -> Place:
        """Return where to go on after it."""
        if self.ended:
            return Place(self.end, self.line - 1 + self.lines)
        return Place(self.start, self.line - 1, self.size)


@contextmanager
def opened(path: Path, key: str) -> Iterator[BinaryIO]:
    """Open a file of rows; what the file system refuses, now or while reading, is Unavailable.

    `key` is the option a person has to look at.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unavailable(
                f"{path} is not a regular file. Name a JSONL or CSV file in the option `{key}`."
            )
        with path.open("rb") as file:
            if file.peek(2)[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                raise Unavailable(f"{path} is UTF-16. Save it as UTF-8.")
            yield file
    except FileNotFoundError:
        raise Unavailable(f"{path} does not exist. Put it there, or correct the option `{key}`.") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unavailable(
            f"{path} cannot be read: {why}. Check it and who may read it, or correct the option `{key}`."
        ) from error


def cursor_at(file: BinaryIO, place: Place) -> str:
    """Return `place` as a cursor that also knows what stood before it."""
    return f"1:{place.offset}:{place.line}:{place.seen}:{_check(file, place)}"


def place_of(file: BinaryIO, cursor: str) -> Place | None:
    """Return the place a cursor means; None when the file before it is not what was read then."""
    if not (match := _CURSOR.fullmatch(cursor)):
        return None
    offset, line, seen = (int(number) for number in match.groups()[:3])
    place = Place(offset, line, seen)
    return place if _check(file, place) == match[4] else None


def _check(file: BinaryIO, place: Place) -> str:
    """Return a digest of the first and the last 1,024 bytes that were read."""
    end = place.offset + abs(place.seen)
    file.seek(0)
    head = file.read(min(end, 1024))
    file.seek(max(0, end - 1024))
    tail = file.read(min(end, 1024))
    return sha256(b"%d:%b%b" % (len(head), head, tail)).hexdigest()[:16]


def json_rows(file: BinaryIO, place: Place, wanted: bytes = b"") -> Iterator[Row]:
    """Yield the rows of a JSONL file from `place`; with `wanted` only those that may hold this ASCII text."""
    offset, line = place.offset, place.line
    file.seek(offset)
    while raw := file.readline(LONGEST + 1):
        start, line = offset, line + 1
        offset += len(raw)
        ended = raw.endswith(b"\n")
        if len(raw) > LONGEST and not ended:
            skipped, ended = _skip_line(file)
            offset += skipped
            yield Row(line, 1, start, offset, raw, ended, None, _too_long())
        elif wanted in raw or _ESCAPED_ASCII.search(raw):
            values, fault = _object(raw if start else raw.removeprefix(_BOM))
            yield Row(line, 1, start, offset, raw, ended, values, fault)
        if not ended:
            return  # what is added from now on belongs to the same row


def _object(raw: bytes) -> tuple[dict[str, Any] | None, str]:
    """Take one line of JSON apart: (values, "") or (None, what is wrong); blank is (None, "")."""
    if b"\0" in raw:
        return None, "it holds NUL bytes"
    try:
        text = raw.decode()
        values = json.loads(text) if text.strip() else None
    except UnicodeDecodeError:
        return None, "it is not UTF-8"
    except json.JSONDecodeError as error:
        return None, f"it is not JSON: {error.msg} at character {error.pos + 1}"
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets in brackets in brackets
        return None, "it is not JSON that can be read"
    if not isinstance(values, dict):
        return None, "it is not a JSON object" if text.strip() else ""
    if b"\\u" in raw and not all(_storable(value) for value in values.values()):
        return None, "it holds \\u0000 or half of a surrogate pair"
    return values, ""


def _storable(value: object) -> bool:
    """Whether a value can be written as UTF-8 and kept by every database."""
    return not isinstance(value, str) or not re.search("[\0\ud800-\udfff]", value)


def csv_rows(file: BinaryIO, place: Place, delimiter: str, needed: set[str]) -> Iterator[Row]:
    """Yield the rows of a CSV file from `place`; at the start of the file the header first, as a blank row.

    Raises Unavailable when the header cannot be used or lacks a needed column.
    """
    records = _Records(file, delimiter)
    header, columns = _header(records, file.name)
    if header is None:
        return
    if missing := sorted(needed - set(columns)):
        has = one_line(", ".join(columns), 300)
        raise Unavailable(
            f"{file.name} has no column {', '.join(missing)}; it has {has}. Name the right ones in the "
            "options `columns`, `skip` and `only`, or the right `delimiter`."
        )
    if place.offset < header.end:
        yield header
        place = header.after()
    records.go(place)
    while row := records.read(columns):
        yield row
        if not row.ended:
            return


def _header(records: "_Records", path: str) -> tuple[Row | None, tuple[str, ...]]:
    """Read the header; (None, ()) while it is not there or half written."""
    records.go(Place())
    while (row := records.read(())) and row.values is None and not row.fault:
        pass  # blank lines before it
    if row is None or not row.ended:
        return None, ()
    if row.fault:
        raise Unavailable(f"{path}: the header is not CSV: {row.fault}. The first line names the columns.")
    columns = tuple(str(cell).strip() for cell in (row.values or {}).values())
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise Unavailable(
            f"{path}: the header names a column twice: {one_line(', '.join(twice), 300)}. Rename one."
        )
    return row._replace(values=None), columns


class _Fault(Exception):
    """A line that csv.reader must not see."""


class _Records:
    """CSV records of a file, with the bytes and lines each one takes; an iterator of lines for csv.reader."""

    def __init__(self, file: BinaryIO, delimiter: str) -> None:
        self._file = file
        self._reader = csv.reader(self, delimiter=delimiter, strict=True)
        self._place = Place()
        self._raw: list[bytes] = []
        self._size = 0
        self._out_of_lines = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._file.readline(LONGEST + 1)
        if not raw:
            self._out_of_lines = True
            raise StopIteration
        self._raw.append(raw)
        self._size += len(raw)
        if self._size > LONGEST:
            raise _Fault(_too_long())
        if b"\0" in raw:
            raise _Fault("it holds NUL bytes")
        if not self._place.offset and len(self._raw) == 1:
            raw = raw.removeprefix(_BOM)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise _Fault("it is not UTF-8") from None

    def go(self, place: Place) -> None:
        """Go on reading at `place`."""
        self._place = place
        self._file.seek(place.offset)

    def read(self, columns: tuple[str, ...]) -> Row | None:
        """Read one record; without columns the header, its cells by their number. None at the end."""
        self._raw.clear()
        self._size, self._out_of_lines = 0, False
        values, fault = None, ""
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except _Fault as error:
            fault = str(error)
        except csv.Error as error:
            fault = OPEN_QUOTE if self._out_of_lines else f"it is not CSV: {error}"
        else:
            names = columns or tuple(map(str, range(len(cells))))
            if len(cells) == len(names) and any(map(str.strip, cells)):
                values = dict(zip(names, cells, strict=True))
            elif any(map(str.strip, cells)):
                fault = f"it has {len(cells)} columns, and the header has {len(names)}"
        # While its last line is half written, a record may still turn out well
        final = self._raw[-1].endswith(b"\n") or self._size > LONGEST
        if fault and fault != OPEN_QUOTE and final and len(self._raw) > 1:
            return self._first_line_only(fault)
        ended = fault != OPEN_QUOTE and self._raw[-1].endswith(b"\n")
        return self._row(ended=ended, values=values, fault=fault)

    def _first_line_only(self, fault: str) -> Row:
        """Set aside the first line of a broken record: a stray quote must not swallow the rows after it."""
        del self._raw[1:]
        row = self._row(ended=True, values=None, fault=fault)
        self._file.seek(row.end)
        return row

    def _row(self, *, ended: bool, values: dict[str, str] | None, fault: str) -> Row:
        raw = b"".join(self._raw)
        start, end = self._place.offset, self._place.offset + len(raw)
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            skipped, ended = _skip_line(self._file)
            end += skipped
        row = Row(self._place.line + 1, len(self._raw), start, end, raw, ended, values, fault)
        self._place = Place(end, row.line - 1 + row.lines)
        return row


def _skip_line(file: BinaryIO) -> tuple[int, bool]:
    """Pass over the rest of a line: how many bytes, and whether its line end was there."""
    skipped = 0
    while piece := file.readline(LONGEST):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            return skipped, True
    return skipped, False


def _too_long() -> str:
    return f"it is longer than {LONGEST:,} bytes"
