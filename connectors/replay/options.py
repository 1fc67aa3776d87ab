"""The [accounts.options] table of a replay account, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.form import Form
from connectors.replay.columns import COLUMNS, moment

#: Every option there is.
KNOWN = (
    "file", "format", "delimiter", "outbox", "network", "own", "columns", "skip", "only", "page", "created",
)  # fmt: skip
#: The delimiter by the ending of the file's name, and by the option `format`; "" is JSONL.
_FORMATS = {"jsonl": "", "ndjson": "", "csv": ",", "tsv": "\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a replay account reads, and how; docs/connectors.md explains every key."""

    file: Path
    outbox: Path
    #: Between the columns of a CSV file; "" means JSONL.
    delimiter: str
    network: str
    #: Our own ids and handles, casefolded, without @.
    own: frozenset[str]
    #: Our name of a column -> the file's.
    columns: Mapping[str, str]
    #: Column of the file -> values of rows that are not ours.
    skip: Mapping[str, frozenset[str]]
    #: Column of the file -> values of the rows that alone are ours.
    only: Mapping[str, frozenset[str]]
    #: Rows a poll.
    page: int
    #: The time of a post that tells none.
    created: datetime | None

    def named(self) -> set[str]:
        """Return the file's columns that the options name, which a CSV header must therefore have."""
        return {self.columns.get("text", "text"), *self.columns.values(), *self.skip, *self.only}


def checked(options: Mapping[str, Any]) -> Options:
    """Return the options of one account; raises ValueError that lists every problem, one a line."""
    form = _Form(options, KNOWN)
    file = Path(form.word("file", "", "the path of a JSONL or CSV file") or "feed.jsonl").expanduser()
    outbox = form.word("outbox", str(file.with_name(f"{file.stem}.outbox.jsonl")), "the path of a JSONL file")
    columns = form.words("columns")
    form.unknown("columns.", columns, tuple(COLUMNS))
    good = Options(
        file=file,
        outbox=Path(outbox).expanduser(),
        delimiter=form.delimiter(file),
        network=form.word("network", "replay", "a word, like x or reddit"),
        own=form.own(),
        columns=columns,
        skip=form.lists("skip"),
        only=form.lists("only"),
        page=form.whole("page", 500, 1, 10_000),
        created=form.created(),
    )
    if good.file == good.outbox:
        form.problems.append("outbox: is the file itself; our replies must not stand among the posts")
    form.close()
    return good


class _Form(Form):
    """What a replay may be told."""

    def word(self, key: str, default: str, what: str) -> str:
        """Return a text; a default of "" means that it must be given."""
        value = self._options.get(key, default)
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            self.problems.append(
                f"{key}: {'must be' if key in self._options else 'is missing; it is'} {what}"
            )
            return default
        return value

    def delimiter(self, file: Path) -> str:
        """Return what stands between columns; "" for JSONL."""
        told = self._options.get("format")
        name = file.suffix.removeprefix(".").lower() if told is None else told
        if not isinstance(name, str) or name not in _FORMATS:
            cause = (
                f"the ending of {file.name} does not tell it" if told is None else f"{told!r} is not known"
            )
            self.problems.append(f"format: {cause}; must be one of {', '.join(_FORMATS)}")
            return ""
        default = _FORMATS[name]
        value = self._options.get("delimiter", default)
        if "delimiter" in self._options and not default:
            self.problems.append("delimiter: a JSONL file has none")
        elif default and (not isinstance(value, str) or len(value) != 1 or value in '"\r\n\0'):
            self.problems.append('delimiter: must be one character, like ";"')
        else:
            return str(value)
        return default

    def own(self) -> frozenset[str]:
        """Return our ids and handles, given as one text or as a list."""
        value = self._options.get("own", [])
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            self.problems.append("own: must be our author id or handle, or a list of them")
            return frozenset()
        return frozenset(name.strip().removeprefix("@").casefold() for name in names) - {""}

    def words(self, key: str) -> dict[str, str]:
        """Return a table of texts."""
        value = self._options.get(key, {})
        if not isinstance(value, Mapping) or not all(
            isinstance(word, str) and word for word in value.values()
        ):
            self.problems.append(f'{key}: must be a table like {{text = "tweet"}}')
            return {}
        return dict(value)

    def lists(self, key: str) -> dict[str, frozenset[str]]:
        """Return a table of lists of texts."""
        value = self._options.get(key, {})
        if not isinstance(value, Mapping) or not all(
            isinstance(words, list | tuple) and all(isinstance(word, str) for word in words)
            for words in value.values()
        ):
            self.problems.append(f'{key}: must be a table of lists like {{domain = ["advert", "spam"]}}')
            return {}
        return {column: frozenset(words) for column, words in value.items()}

    def created(self) -> datetime | None:
        """Return the time of posts that tell none."""
        value = self._options.get("created")
        if value is None:
            return None
        try:
            return moment(value)
        except ValueError:
            self.problems.append("created: must be a time like 2026-01-31T09:00:00Z")
            return None
