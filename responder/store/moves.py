"""Moving cases: compare-and-set, the event and the tallies, always together in one transaction.

Whoever writes locks in one order, or two of them would wait for each other: the account, its cases by
number, and (when the transaction ends) the tallies by key, and last the head of the journal.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from responder.model.case import MOVES, Stage
from responder.store.errors import Conflict
from responder.store.journal import Happened, tell
from responder.store.tables import cases, hour_tally, stage_tally

Item = TypeVar("Item")

_HOUR = 3600
#: Values one statement may carry, well within what each database takes.
_PORTION = 5_000
#: The longest that anything is put off.
LONGEST = timedelta(days=1)
#: Where a transaction keeps what it has to add to the tallies.
_TALLIES = "responder tallies"


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
    #: None: it stays where it is, and only what is known about it changes.
    to: Stage | None
    action: str
    by: str = ""
    detail: dict[str, str] = field(default_factory=dict)
    #: Further columns of `cases` to set.
    values: dict[str, Any] = field(default_factory=dict)


def lock(connection: Connection, ids: Iterable[int]) -> dict[int, Standing]:
    """Return the standings of these cases, locked until the transaction ends."""
    wanted = select(cases.c.id, cases.c.account, cases.c.stage, cases.c.tier, cases.c.version)
    standings = {}
    for some in portions(sorted(set(ids))):
        query = wanted.where(cases.c.id.in_(some)).order_by(cases.c.id).with_for_update(key_share=True)
        for row in connection.execute(query):
            standings[row.id] = Standing(row.id, row.account, Stage(row.stage), row.tier, row.version)
    return standings


def move(connection: Connection, moves: Sequence[Move], at: datetime) -> None:
    """Make all these moves, or raise Conflict and leave the transaction to be rolled back."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    tally: Counter[tuple[str, str, int]] = Counter()
    for one in moves:
        standing = one.standing
        to = one.to or standing.stage
        if one.to and one.to not in MOVES[standing.stage]:
            raise Conflict(f"c-{standing.id} is {standing.stage}; it cannot become {one.to} from there")
        row = {"b_id": standing.id, "b_from": str(standing.stage), "b_version": standing.version}
        changes = {"stage": str(to)} | ({"moved_at": at} if one.to else {}) | one.values
        by_columns[tuple(sorted(changes))].append(row | changes)
        tally[standing.account, str(standing.stage), standing.tier] -= 1
        tally[standing.account, str(to), one.values.get("tier", standing.tier)] += 1
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


def record(connection: Connection, happened: Sequence[Happened], at: datetime) -> None:
    """Let events (case id, account, action, by, detail) be written, and count them by the hour."""
    tell(connection, happened, at)
    hour = int(at.astimezone(UTC).timestamp()) // _HOUR
    hours: Counter[tuple[int, str, str]] = connection.info[_TALLIES][hour_tally]
    hours.update((hour, account, action) for _, account, action, _, _ in happened)


def count_stages(connection: Connection, tally: Counter[tuple[str, str, int]]) -> None:
    """Add these differences to the number of cases by (account, stage, tier)."""
    connection.info[_TALLIES][stage_tally].update(tally)


def open_tallies(connection: Connection) -> None:
    """Begin to collect what a transaction adds to the tallies."""
    connection.info[_TALLIES] = {stage_tally: Counter(), hour_tally: Counter()}


def write_tallies(connection: Connection) -> None:
    """Add up what was collected, near the end of a transaction: everybody needs these few rows."""
    for table, tally in connection.info.pop(_TALLIES).items():
        names = [column.name for column in table.primary_key]
        rows = [dict(zip(names, key, strict=True)) | {"n": n} for key, n in sorted(tally.items()) if n]
        if rows:
            statement = insert_or(connection, table)
            added = {"n": table.c.n + statement.excluded.n}
            connection.execute(
                statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=added), rows
            )


def is_time(not_before: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """Say whether what was put off until then may be touched.

    Nothing is put off for longer than LONGEST: what seems to be was by a clock that was ahead.
    """
    return or_(not_before <= now, not_before > now + LONGEST)


def portions(values: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Give `values` in portions that one statement can carry."""
    for start in range(0, len(values), _PORTION):
        yield values[start : start + _PORTION]


def insert_or(connection: Connection, table: Table) -> Any:
    """Return an INSERT of this database's dialect, which knows ON CONFLICT."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
