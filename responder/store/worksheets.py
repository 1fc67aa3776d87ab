"""Worksheets: one for a case, kept with who wrote it last; what a reply may go by is laid on the case."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from responder.model.case import Case, Stage
from responder.model.facts import Facts
from responder.model.worksheet import Option, Worksheet
from responder.store.errors import Conflict
from responder.store.expecting import expect
from responder.store.moves import Move, move
from responder.store.remedy_tables import worksheet
from responder.store.rows import storable

if TYPE_CHECKING:
    from responder.store.store import Store

#: What has a column of its own.
_OWN = ("by", "at", "version")


class Worksheets:
    """Reading and writing what is known about a case before contact."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, number: int) -> Worksheet | None:
        """Return the worksheet of case `number`; None while nobody began it."""
        with self._store.read() as connection:
            row = _row(connection, number)
        return _from(row) if row else None

    def write(self, case: Case, sheet: Worksheet, by: str, now: datetime) -> Worksheet:
        """Keep `sheet` as the next version of the one it was made from (`sheet.version`), and return it.

        An approval of the case's words stays: they are what was read. Raises Conflict when somebody wrote
        the worksheet meanwhile, or the case moved.
        """
        clean = _storable(sheet)
        kept = replace(clean, by=storable(by), at=now, version=sheet.version + 1)
        row = {"version": kept.version, "by": kept.by, "at": now, "body": _body(kept), "words": _words(kept)}
        with self._store.write() as connection:
            standing = expect(connection, case, frozenset(Stage), now)
            before = _row(connection, case.id)
            if (before["version"] if before else 0) != sheet.version:
                who = f"{before['by']} wrote" if before else "nobody wrote"
                raise Conflict(f"{who} the worksheet of {case.name} meanwhile")
            if before:
                connection.execute(update(worksheet).where(worksheet.c.case_id == case.id).values(row))
            else:
                connection.execute(insert(worksheet), [row | {"case_id": case.id}])
            detail = {"version": str(kept.version), "told": ", ".join(kept.answers())}
            values = {"prepared": kept.facts().told() or None}
            written = Move(standing=standing, to=None, action="worksheet written", by=kept.by,
                           detail=detail, values=values)  # fmt: skip
            move(connection, [written], now)
        return kept


def _row(connection: Connection, number: int) -> RowMapping | None:
    if not 0 < number < 2**63:
        return None
    query = select(worksheet).where(worksheet.c.case_id == number)
    return connection.execute(query).mappings().one_or_none()


def _body(sheet: Worksheet) -> dict[str, Any]:
    """Return the answers as JSON; what is empty is left out."""
    told = {key: value for key, value in asdict(sheet).items() if value and key not in _OWN}
    return told | {"reply": sheet.reply.told()}


def _words(sheet: Worksheet) -> str:
    return "\n".join(sheet.answers().values())


def _from(row: RowMapping) -> Worksheet:
    told: dict[str, Any] = {key: row[key] for key in _OWN}
    return Worksheet(**_nouns(dict(row["body"])), **told)


def _nouns(told: dict[str, Any]) -> dict[str, Any]:
    """Return answers that were plain data as a worksheet holds them."""
    lists = {key: tuple(told.get(key, ())) for key in ("happened", "informed")}
    options = tuple(Option(**one) for one in told.get("options", ()))
    return told | lists | {"options": options, "reply": Facts(**told.get("reply", {}))}


def _storable(sheet: Worksheet) -> Worksheet:
    """Return the worksheet as a database keeps it."""

    def clean(value: Any) -> Any:
        match value:
            case str():
                return storable(value)
            case Mapping():
                return {key: clean(one) for key, one in value.items()}
            case list() | tuple():
                return tuple(clean(one) for one in value)
            case _:
                return value

    told = clean({key: value for key, value in asdict(sheet).items() if key not in _OWN})
    return Worksheet(**_nouns(told), version=sheet.version)
