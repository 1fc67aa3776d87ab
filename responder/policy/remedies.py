"""Remedies: what can be offered to put something right, and who may approve how much."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from responder.model.facts import FAULTS
from responder.model.people import Role
from responder.model.remedy import Remedy, RemedyKind
from responder.policy.sheets import Sheet, Table, texts

FILE = "remedies.toml"
_MOST = 10_000_000
_CAPS = {f"cap_{role}": role for role in Role}
_KEYS = ("id", "kind", "says", "public", *_CAPS, "currency", "topics", "faults", "legal", "expires", "words")
#: What is wrong with one of the config's remedies: its place in the list, the key, and what to do.
Wrong = tuple[int, str, str]


def load_remedies(folders: Sequence[Path]) -> tuple[dict[str, Remedy], list[str]]:
    """Return the remedies by id, a later folder's keys laid over an earlier one's, and every problem."""
    problems: list[str] = []
    tables: dict[str, Table] = {}
    for folder in folders:
        path = folder / FILE
        if path.is_file():
            sheet = Sheet(path, path.read_bytes(), problems)
            sheet.known("remedy")
            _lay(sheet.tables("remedy"), tables)
    return {name: _remedy(table) for name, table in tables.items()}, problems


def laid_over(
    catalogue: Mapping[str, Remedy], own: Sequence[Mapping[str, Any]], topics: Collection[str]
) -> tuple[dict[str, Remedy], list[Wrong]]:
    """Return the catalogue with this installation's own keys laid over it, and what is wrong with them.

    `own` holds of each remedy what is told; a new one needs a kind and what it is.
    """
    laid, wrong, first = dict(catalogue), list[Wrong](), dict[str, int]()
    for place, told in enumerate(own):
        name = told["id"]
        if first.setdefault(name, place) != place:
            wrong.append((place, "id", f'"{name}" is already remedies.{first[name] + 1}; keep one'))
        for topic in told.get("topics", ()):
            if topic not in topics:
                wrong.append((place, "topics", f'there is no topic "{topic}"; see policies/topics.toml'))
        lacks = [key for key in ("kind", "says") if key not in told]
        if name in laid:
            own_caps: Mapping[Role, float] = told["caps"]
            laid[name] = replace(laid[name], **{**told, "caps": {**laid[name].caps, **own_caps}})
        elif lacks:
            known = ", ".join(catalogue)
            says = f'"{name}" is new and needs {" and ".join(lacks)}; those that there are: {known}'
            wrong.append((place, "id", says))
        else:
            laid[name] = Remedy(**told)
    return laid, wrong


def _lay(found: Iterable[Table], tables: dict[str, Table]) -> None:
    """Lay the tables of one file over those that are there."""
    for table in found:
        name = table.words("id")
        if table.switched_off():
            if tables.pop(name, None) is None:
                table.problem(f"there is no remedy {name!r} to switch off", key="id")
        elif name:
            tables[name] = table.over(tables[name]) if name in tables else table


def _remedy(table: Table) -> Remedy:
    """Return the remedy that a table tells."""
    table.known(_KEYS, "a remedy")
    told: dict[str, Any] = {"id": table.words("id"), "says": table.words("says")}
    told["kind"] = RemedyKind(table.choice("kind", list(RemedyKind)) or RemedyKind.FIX)
    told |= {key: table.words(key) for key in ("currency", "legal") if table.has(key)}
    told |= {key: table.lines(key) for key in ("topics", "faults") if table.has(key)}
    for fault in told.get("faults", ()):
        if fault not in FAULTS[1:]:
            table.problem(f"unknown fault {fault!r}; known: {', '.join(FAULTS[1:])}", key="faults")
    caps: dict[Role, float] = {
        role: table.number(key, 0, _MOST) for key, role in _CAPS.items() if table.has(key)
    }
    return Remedy(
        **told, public=table.flag("public"), caps=caps, expires=_expires(table), words=texts(table, "words")
    )


def _expires(table: Table) -> date | None:
    """Return the last day of a remedy, written "2026-12-31"; None where it has none."""
    if not table.has("expires"):
        return None
    try:
        return date.fromisoformat(table.words("expires"))
    except ValueError:
        table.problem('expires must be a day, like "2026-12-31"', key="expires")
        return None
