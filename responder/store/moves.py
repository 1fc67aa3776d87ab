"""Moving cases: compare-and-set, the event and the tallies, always together in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from responder.model.case import MOVES, Stage
from responder.store.errors import Conflict
from responder.store.tables import cases, event, hour_tally, stage_tally

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, read under its lock: what a move compares with and the tally counts by."""

    id: int
    account: str
    stage: Stage
    tier: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One case's step from where it stands to another stage, with what else changes."""

    standing: Standing
    to: Stage
    action: str
    by: str = ""
    detail: dict[str, str] = field(default_factory=dict)
    #: Further columns of `cases` to set.
    values: dict[str, Any] = field(default_factory=dict)


def lock(connection: Connection, ids: Iterable[int]) -> dict[int, Standing]:
    """Return the standings of these cases, locked until the transaction ends."""
    wanted = select(cases.c.id, cases.c.account, cases.c.stage, cases.c.tier, cases.c.version)
    rows = connection.execute(
        wanted.where(cases.c.id.in_(sorted(set(ids)))).order_by(cases.c.id).with_for_update()
    )
    return {row.id: Standing(row.id, row.account, Stage(row.stage), row.tier, row.version) for row in rows}


def move(connection: Connection, moves: Sequence[Move], at: datetime) -> None:
    """Make all these moves, or raise Conflict and leave the transaction to be rolled back."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    tally: Counter[tuple[str, str, int]] = Counter()
    for one in moves:
        standing = one.standing
        if one.to not in MOVES[standing.stage]:
            raise Conflict(f"c-{standing.id} is {standing.stage}; it cannot become {one.to} from there")
        row = {"b_id": standing.id, "b_from": str(standing.stage), "b_version": standing.version}
        by_columns[tuple(sorted(one.values))].append(
            row | {"stage": str(one.to), "moved_at": at} | one.values
        )
        tally[standing.account, standing.stage, standing.tier] -= 1
        tally[standing.account, one.to, one.values.get("tier", standing.tier)] += 1
    for rows in by_columns.values():
        named = [name for name in rows[0] if not name.startswith("b_")]
        changed: dict[str, ColumnElement[Any]] = {name: bindparam(name) for name in named}
        changed["version"] = cases.c.version + 1
        where = (
            (cases.c.id == bindparam("b_id"))
            & (cases.c.stage == bindparam("b_from"))
            & (cases.c.version == bindparam("b_version"))
        )
        if connection.execute(update(cases).where(where).values(changed), rows).rowcount != len(rows):
            raise Conflict
    count_stages(connection, tally)
    record(
        connection,
        [(one.standing.id, one.standing.account, one.action, one.by, one.detail) for one in moves],
        at,
    )


def record(
    connection: Connection, happened: Sequence[tuple[int | None, str, str, str, dict[str, str]]], at: datetime
) -> None:
    """Write events (case id, account, action, by, detail) and count them by the hour."""
    if not happened:
        return
    connection.execute(
        insert(event),
        [
            {"case_id": case_id, "account": account, "at": at, "action": action, "by": by, "detail": detail}
            for case_id, account, action, by, detail in happened
        ],
    )
    hour = int(at.astimezone(UTC).timestamp()) // _HOUR
    count = Counter((account, action) for _, account, action, _, _ in happened)
    rows = [
        {"hour": hour, "account": account, "action": action, "n": n}
        for (account, action), n in sorted(count.items())
    ]
    _add(connection, hour_tally, rows)


def count_stages(connection: Connection, tally: Counter[tuple[str, str, int]]) -> None:
    """Add these differences to the number of cases by (account, stage, tier)."""
    rows = [
        {"account": account, "stage": str(stage), "tier": tier, "n": n}
        for (account, stage, tier), n in sorted(tally.items())
        if n
    ]
    _add(connection, stage_tally, rows)


def insert_or(connection: Connection, table: Table) -> Any:
    """Return an INSERT of this database's dialect, which knows ON CONFLICT."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = insert_or(connection, table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={"n": table.c.n + statement.excluded.n}
    )
    connection.execute(statement, rows)
