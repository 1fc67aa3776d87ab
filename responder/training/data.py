"""The labelled posts: read from CSV files, each row that cannot be used told with its file and line."""

import csv
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

#: What a labelled post may be about; a post that is not to a company is none that a responder sees.
NOT_CUSTOMERS = frozenset({"random_reply", "random_tweet"})
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


class DataError(Exception):
    """A file of labelled posts that cannot be used; the message names it, the line and the column."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A labelled post to a company, or one to nobody."""

    text: str
    #: 0 no complaint; 1 to 4 the levels of Jin and Aletras, from no explicit reproach to blame.
    severity: int
    domain: str
    language: str = "en"

    @property
    def customer(self) -> bool:
        """Whether it was written to a company."""
        return self.domain not in NOT_CUSTOMERS


@dataclass(frozen=True, slots=True)
class Sounding:
    """A labelled post about anything: does it sound negative."""

    text: str
    negative: bool
    language: str
    #: Which set it is from, for figures by set.
    source: str


def complaints(path: Path) -> list[Complaint]:
    """Read complaints.csv: text, complaint (0 or 1), severity (0 to 4), domain."""
    found = []
    for line, row in _rows(path, "text", "severity", "domain"):
        if row["severity"] not in {"0", "1", "2", "3", "4"}:
            raise DataError(f"{path}:{line}: severity is {row['severity']!r}, it must be 0 to 4")
        found.append(Complaint(html.unescape(row["text"]), int(row["severity"]), row["domain"]))
    return found


def soundings(folder: Path) -> list[Sounding]:
    """Read sentiment.csv (lang, text, negative) and umsab.csv (lang, text, sentiment) of a folder."""
    found = [
        Sounding(html.unescape(row["text"]), row["negative"] == "1", row["lang"], "clarin")
        for _, row in _rows(folder / "sentiment.csv", "lang", "text", "negative")
    ]
    found += [
        Sounding(_unescaped(row["text"]), row["sentiment"] == "negative", row["lang"], "umsab")
        for _, row in _rows(folder / "umsab.csv", "lang", "text", "sentiment")
    ]
    return found


def _rows(path: Path, *columns: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give each row of a CSV file with the number of its last line."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path}:1: there is no column {', '.join(missing)}")
            for row in reader:
                if None in row.values() or None in row:
                    raise DataError(
                        f"{path}:{reader.line_num}: this row has not as many columns as the first"
                    )
                yield reader.line_num, row
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8: {error.reason} at byte {error.start:,}") from None


def _unescaped(text: str) -> str:
    r"""Return a text in which \u2019 stands for its letter, as one of the sets was written."""
    return html.unescape(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
