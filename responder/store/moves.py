"""Moving cases: compare-and-set, the event and the tallies, always together in one transaction.

Whoever writes locks in one order, or two of them would wait for each other: the account, its cases by
number, and (when the transaction ends) the tallies by key, and last the head of the journal.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, Update, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from responder.model.case import MOVES, Stage
from responder.store.errors import Conflict, NoWay
from responder.store.journal import Happened, some_or_one, tell
from responder.store.tables import cases, hour_tally, stage_tally

Item = TypeVar("Item")

_HOUR = 3600
#: Values one statement may carry, well within what each database takes.
_PORTION = 5_000
#: Where a case may move and sleep on; elsewhere it has had what it was put off for.
_MAY_SLEEP = frozenset({Stage.NEEDS_REPLY, Stage.WAITING})
#: Where the customer waits for no word of ours.
_OWES_NOTHING = frozenset({Stage.ANSWERED, Stage.SET_ASIDE, Stage.CLOSED})
#: The longest that anything is put off.
LONGEST = timedelta(days=1)
_INSERTS: dict[str, Callable[[Table], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
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
    #: Its target's number, and how often we answered in its thread.
    target_id: int
    replies: int


#: Statements of every day are made once: making one costs more than carrying it out.
_LOCKED = select(*(cases.c[one.name] for one in fields(Standing))).with_for_update(key_share=True)
_STANDING = _LOCKED.where(cases.c.id == bindparam("ids"))
_STANDINGS = _LOCKED.where(cases.c.id.in_(bindparam("ids", expanding=True))).order_by(cases.c.id)


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
    standings = {}
    for some in portions(sorted(set(ids))):
        query, numbers = (_STANDINGS, some) if len(some) > 1 else (_STANDING, some[0])
        for number, name, stage, *rest in connection.execute(query, {"ids": numbers}):
            standings[number] = Standing(number, name, Stage(stage), *rest)
    return standings


def move(connection: Connection, moves: Sequence[Move], at: datetime) -> None:
    """Make all these moves, or raise Conflict and leave the transaction to be rolled back."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    tally: Counter[tuple[str, str, int]] = Counter()
    for one in moves:
        standing = one.standing
        to = one.to or standing.stage
        if one.to and one.to not in MOVES[standing.stage]:
            raise NoWay(f"c-{standing.id}", standing.stage, one.to)
        row = {"b_id": standing.id, "b_from": str(standing.stage), "b_version": standing.version}
        changes: dict[str, Any] = {"stage": str(to)}
        if one.to:
            changes |= _along(standing.stage, one.to, at)
        changes |= one.values
        by_columns[tuple(sorted(changes))].append(row | changes)
        tally[standing.account, str(standing.stage), standing.tier] -= 1
        tally[standing.account, str(to), one.values.get("tier", standing.tier)] += 1
    for names, rows in by_columns.items():
        if connection.execute(_compare_and_set(names), some_or_one(rows)).rowcount != len(rows):
            raise Conflict
    count_stages(connection, tally)
    record(
        connection,
        [(one.standing.id, one.standing.account, one.action, one.by, one.detail) for one in moves],
        at,
    )


def _along(since: Stage, to: Stage, at: datetime) -> dict[str, Any]:
    """Return what changes with a stage: sleep ends, and what is owed begins or ends."""
    changes: dict[str, Any] = {"moved_at": at}
    if to not in _MAY_SLEEP:
        changes["snoozed_until"] = None
    if to in _OWES_NOTHING:
        changes["owed_since"] = None
    elif (since, to) == (Stage.SET_ASIDE, Stage.NEEDS_REPLY):
        changes |= {"owed_since": at, "strikes_at": at}
    return changes


@cache
def _compare_and_set(names: tuple[str, ...]) -> Update:
    """Return the statement that sets these columns of a case that is still where it stood."""
    changed: dict[str, ColumnElement[Any]] = {name: bindparam(name) for name in names}
    return (
        update(cases)
        .where(cases.c.id == bindparam("b_id"))
        .where(cases.c.stage == bindparam("b_from"))
        .where(cases.c.version == bindparam("b_version"))
        .values(changed | {"version": cases.c.version + 1})
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
            connection.execute(_adding(connection.dialect.name, table), some_or_one(rows))


@cache
def _adding(dialect: str, table: Table) -> Any:
    """Return the statement that adds to a tally's rows, or begins them."""
    statement = _INSERTS[dialect](table)
    added = {"n": table.c.n + statement.excluded.n}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)


def is_time(not_before: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say whether what was put off until then may be touched; at which moment, `at_time` tells.

    Nothing is put off for longer than LONGEST: what seems to be was by a clock that was ahead.
    """
    return or_(not_before <= bindparam("now"), not_before > bindparam("never"))


def at_time(now: datetime) -> dict[str, datetime]:
    """Return the values for a statement with `is_time` in it."""
    return {"now": now, "never": now + LONGEST}


def portions(values: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Give `values` in portions that one statement can carry."""
    for start in range(0, len(values), _PORTION):
        yield values[start : start + _PORTION]


def insert_or(connection: Connection, table: Table) -> Any:
    """Return an INSERT of this database's dialect, which knows ON CONFLICT."""
    return _INSERTS[connection.dialect.name](table)
