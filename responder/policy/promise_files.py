"""Loading how each language promises: policies/<language>/promises.toml, every example run before use."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from responder.model.promise import PromiseKind
from responder.policy.commitments import Form, Promising, commitments
from responder.policy.later import Later
from responder.policy.moments import LISTS, WORDS, Telling, Zones
from responder.policy.patterns import Pattern, PatternError, compile_patterns
from responder.policy.sheets import Sheet, Table

FILE = "promises.toml"
CHANNELS = ("call", "mail", "message")
_KEYS = ("id", "kind", "timed", "follows", "patterns", "but", "catches", "spares")
_SECTIONS = ("pieces", "times", "promise", "sentence", "kinds", "channels")
_PIECE = re.compile(r"\{([A-Z_]{1,40})\}")
#: When the examples are said: a Wednesday.
_SAID = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


class Promisings(Later[Promising]):
    """How each language promises, read and tried when it is first asked for.

    What is wrong with it is raised then, as `refuse` makes it of the problems.
    """

    def __init__(self, folders: Sequence[Path], refuse: Callable[[list[str]], Exception]) -> None:
        super().__init__(
            sorted({path.parent.name for one in folders for path in one.glob(f"*/{FILE}")}), self._tried
        )
        self._folders = tuple(folders)
        self._refuse = refuse

    def _tried(self, code: str) -> Promising:
        problems: list[str] = []
        found = load_promising(self._folders, code, problems)
        if problems:
            raise self._refuse(problems)
        if found is None:
            raise KeyError(code)
        return found

    def troubles(self) -> list[str]:
        """Return what is wrong in every language, as `path:line: message`."""
        problems: list[str] = []
        for code in self:
            load_promising(self._folders, code, problems)
        return problems


def load_promising(folders: Sequence[Path], code: str, problems: list[str]) -> Promising | None:
    """Return how one language promises, of the last folder that tells it; None where none does.

    A company's file takes the place of ours. What is wrong goes to `problems`, as `path:line: message`.
    """
    path = next((one / code / FILE for one in reversed(folders) if (one / code / FILE).is_file()), None)
    if path is None:
        return None
    sheet = Sheet(path, path.read_bytes(), problems)
    before = len(problems)
    promising, tables = _read(sheet)
    if len(problems) == before:
        _try_examples(promising, tables)
    return promising


def _read(sheet: Sheet) -> tuple[Promising, list[Table]]:
    sheet.known(*_SECTIONS)
    pieces = {name: (str(ways),) for name, ways in sheet.single("pieces").items()}
    tables = sheet.tables("promise")
    forms = [_form(table, pieces) for table in tables]
    sentence, kinds, channels = (sheet.single(name) for name in ("sentence", "kinds", "channels"))
    return Promising(
        forms=tuple(forms),
        never=_compiled(sheet, sentence.get("never", []), pieces),
        kinds={
            kind: _compiled(sheet, kinds.get(str(kind), []), pieces)
            for kind in (PromiseKind.UPDATE, PromiseKind.OUTCOME)
        },
        channels={name: _compiled(sheet, channels.get(name, []), pieces) for name in CHANNELS},
        telling=_telling(sheet),
    ), tables


def _form(table: Table, pieces: Mapping[str, tuple[str, ...]]) -> Form:
    table.known(_KEYS, "a way of promising")
    kind = table.choice("kind", [str(one) for one in PromiseKind]) if table.has("kind") else ""
    table.lines("catches", least=2)
    table.lines("spares", least=2)
    return Form(
        id=table.words("id"),
        patterns=_compiled(table.sheet, table.lines("patterns", least=1), pieces, table.line),
        but=_compiled(table.sheet, table.lines("but"), pieces, table.line),
        timed=table.flag("timed"),
        follows=table.flag("follows"),
        kind=PromiseKind(kind) if kind else None,
    )


def _compiled(
    sheet: Sheet, sources: Sequence[str], pieces: Mapping[str, tuple[str, ...]], line: int = 1
) -> tuple[Pattern, ...]:
    out: list[Pattern] = []
    for source in sources:
        try:
            out += compile_patterns(source, pieces)
        except PatternError as error:
            sheet.problem(sheet.line_holding(source[:40], line, 10**9), f"the pattern {source!r} {error}")
    return tuple(out)


def _telling(sheet: Sheet) -> Telling:
    """Return how the sheet tells times; every word must be there, and be a regular expression."""
    told = sheet.single("times")
    words: dict[str, list[str]] = {name: _ways(sheet, told, name) for name in WORDS}
    lists: dict[str, list[list[str]]] = {}
    for name, count in LISTS.items():
        found = told.get(name, [])
        if not isinstance(found, list) or len(found) != count:
            sheet.problem(sheet.line_of_key(name), f"{name} must hold {count} texts")
            found = [f"({name}{at})" for at in range(count)]
        lists[name] = [[str(one)] for one in found]
    for name in told:
        if name not in WORDS and name not in LISTS:
            sheet.problem(sheet.line_of_key(name), f"unknown word {name!r} in [times]")
    return Telling(words, lists)


def _ways(sheet: Sheet, told: Mapping[str, Any], name: str) -> list[str]:
    found = told.get(name)
    if not isinstance(found, str):
        sheet.problem(sheet.line_of_key(name), f"[times] {name} is missing: a pattern, or '' for none")
        return []
    try:
        re.compile(found)
    except re.error as error:
        sheet.problem(sheet.line_of_key(name), f"[times] {name} is not a regular expression: {error}")
        return []
    return [found] if found else []


def _try_examples(promising: Promising, tables: Sequence[Table]) -> None:
    """Note every example that is not found, or should not be."""
    for table in tables:
        for key, wanted in (("catches", True), ("spares", False)):
            for words in table.lines(key):
                if bool(commitments(words, promising, _SAID, Zones(UTC))) is not wanted:
                    what = "is no promise to us" if wanted else "is taken for a promise"
                    table.problem(f"{words!r} {what}", key=key, holding=words)
