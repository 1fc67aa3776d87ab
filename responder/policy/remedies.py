"""Remedies: what can be offered to put something right, and who may approve how much."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from responder.policy.sheets import Sheet, Table

FILE = "remedies.toml"
#: Who may approve, the least first.
ROLES = ("agent", "approver", "admin")
_MOST = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One remedy."""

    id: str
    says: str
    #: Whether a public reply may name it, never with its amount.
    public: bool
    #: By role, the most it may approve in the company's currency; a role that is missing may approve none.
    caps: Mapping[str, int]


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
    keys = {f"cap_{role}": role for role in ROLES}
    table.known(("id", "says", "public", *keys), "a remedy")
    caps = {role: table.number(key, 0, _MOST) for key, role in keys.items() if table.has(key)}
    return Remedy(id=table.words("id"), says=table.words("says"), public=table.flag("public"), caps=caps)
