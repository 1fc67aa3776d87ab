"""Journal lines: an event as a line of JSON, which is complete, or of CSV, which is safe in a spreadsheet."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from responder.cli import cells
from responder.cli.envelope import line
from responder.cli.failures import USAGE, Trouble
from responder.model.chain import Link

Format = Literal["jsonl", "csv"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS = ("seq", "at", "case", "account", "action", "by", "detail", "erased", "salt", "mark", "hash")


def in_format(links: Iterable[Link], form: Format) -> Iterator[str]:
    """Give each event as a line; CSV begins with the names of the fields."""
    if form == "jsonl":
        yield from (line(item(link)) for link in links)
        return
    yield ",".join(_FIELDS) + "\n"
    for link in links:
        row = item(link)
        if link.detail and not link.erased:
            row["detail"] = link.detail
        yield cells.line(row.values(), "\n")


def item(link: Link) -> dict[str, object]:
    """Return an event as plain data; all that its hash is made of can be told from it."""
    values = (
        link.seq,
        _time(link.at),
        None if link.case_id is None else f"c-{link.case_id}",
        link.account,
        link.action,
        link.by,
        None if link.erased else _detail(link.detail),
        link.erased,
        link.salt,
        link.mark,
        link.hash,
    )
    return dict(zip(_FIELDS, values, strict=True))


def write_private(file: Path, lines: Iterable[str]) -> int:
    """Write lines into a new file that only its owner can read; return how many. What fails leaves none."""
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Trouble(USAGE, f"There is a {file} already.", todo="Give the name of a new file.") from None
    n = 0
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as out:
            for one in lines:
                out.write(one)
                n += 1
    except BaseException:
        with suppress(OSError):
            file.unlink()
        raise
    return n


def _time(at: int) -> object:
    """Return an event's time in ISO 8601, to the microsecond; what is no time, as it is."""
    try:
        return (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="microseconds")
    except (OverflowError, TypeError):
        return str(at)


def _detail(detail: str) -> object:
    """Return a detail as data; what is no JSON any more, as it stands there."""
    try:
        return json.loads(detail)
    except (TypeError, ValueError, RecursionError):
        return str(detail)
