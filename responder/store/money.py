"""Money: what the calls of an account cost, day by day, and until when its network gives no more."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, func, select, update

from responder.model.budget import Ledger
from responder.model.case import OPEN
from responder.model.people import Right
from responder.store.moves import insert_or, record
from responder.store.rows import storable
from responder.store.side_tables import paid_poll, spending
from responder.store.tables import account, stage_tally

if TYPE_CHECKING:
    from responder.store.store import Store

#: From this tier on a case is urgent: safety, health, law, fraud, travel today.
_URGENT = 4
#: Days whose polls tell what the next one costs, today among them.
_RECENT = 7


class Cost(NamedTuple):
    """What was paid for something, and how many of it."""

    units: int
    micros: int


class Money:
    """Each amount is in millionths of the account's currency, each day one of UTC."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def note(self, name: str, charges: Iterable[tuple[str, int, int]], now: datetime) -> None:
        """Add these charges (kind, units, micros) to what account `name` spent today."""
        units: Counter[str] = Counter()
        micros: Counter[str] = Counter()
        for kind, n, amount in charges:
            units[storable(kind)] += n
            micros[storable(kind)] += amount
        rows = [
            {"day": _day(now), "account": name, "kind": kind, "units": units[kind], "micros": micros[kind]}
            for kind in sorted(units)
        ]
        with self._store.write() as connection:
            _add(connection, spending, rows)

    def polled(self, name: str, micros: int, now: datetime, *, heard: bool) -> None:
        """Note what a whole poll cost, and whether it brought anything."""
        row = {"day": _day(now), "account": name, "heard": heard, "polls": 1, "micros": micros}
        with self._store.write() as connection:
            _add(connection, paid_poll, [row])

    def ledger(self, name: str, now: datetime) -> Ledger:
        """Return what is known about the money of account `name`."""
        today = now.astimezone(UTC).date()
        first = min(today.replace(day=1), today - timedelta(days=_RECENT - 1))
        mine = spending.c.account == name
        by_day = (
            select(spending.c.day, func.sum(spending.c.micros))
            .where(mine, spending.c.day.between(first.isoformat(), today.isoformat()))
            .group_by(spending.c.day)
        )
        with self._store.read() as connection:
            days = {date.fromisoformat(row[0]): int(row[1]) for row in connection.execute(by_day)}
            since = connection.scalar(select(func.min(spending.c.day)).where(mine))
            rests = select(account.c.rests_until, account.c.rests_why).where(account.c.name == name)
            row = connection.execute(rests).one_or_none()
            return Ledger(
                days=days,
                since=date.fromisoformat(since) if since else None,
                rests_until=row.rests_until if row else None,
                rests_why=row.rests_why if row else "",
                urgent=bool(connection.scalar(_urgent(name))),
            )

    def hurried(self, name: str, polled_before: datetime) -> bool:
        """Whether something urgent is open on an account that is well, and was last read before then."""
        well = account.c.name == name, account.c.problem == "", account.c.polled_at <= polled_before
        with self._store.read() as connection:
            if connection.scalar(select(account.c.name).where(*well)) is None:
                return False
            return bool(connection.scalar(_urgent(name)))

    def rest(self, name: str, until: datetime, why: str, now: datetime) -> None:
        """Note that the network gives account `name` no more until then; that is an alarm at once."""
        changed = {"rests_until": until, "rests_why": storable(why), "problem": storable(why)}
        with self._store.write() as connection:
            connection.execute(update(account).where(account.c.name == name).values(changed))
            record(connection, [(None, name, "exhausted", "", {"problem": why})], now)

    def refilled(self, name: str, by: str, now: datetime) -> bool:
        """Take a person's word that there is more again; False when nothing was resting.

        NotAllowed where their role does not let them.
        """
        by = self._store.roster.allowed(by, Right.REFILL)
        resting = account.c.name == name, account.c.rests_until > now
        changed: dict[str, Any] = {"rests_until": None, "rests_why": "", "next_poll_at": now}
        with self._store.write() as connection:
            if connection.execute(update(account).where(*resting).values(changed)).rowcount != 1:
                return False
            record(connection, [(None, name, "refilled", by, {})], now)
            return True

    def by_kind(self, name: str, first: date, last: date) -> dict[str, Cost]:
        """Return what account `name` paid for from one day to another, by kind."""
        query = (
            select(spending.c.kind, func.sum(spending.c.units), func.sum(spending.c.micros))
            .where(spending.c.account == name, spending.c.day.between(first.isoformat(), last.isoformat()))
            .group_by(spending.c.kind)
            .order_by(spending.c.kind)
        )
        with self._store.read() as connection:
            return {row[0]: Cost(int(row[1]), int(row[2])) for row in connection.execute(query)}

    def spent(self, first: date, last: date) -> dict[str, Cost]:
        """Return what each account that paid for anything from one day to another paid in all."""
        query = (
            select(spending.c.account, func.sum(spending.c.units), func.sum(spending.c.micros))
            .where(spending.c.day.between(first.isoformat(), last.isoformat()))
            .group_by(spending.c.account)
            .order_by(spending.c.account)
        )
        with self._store.read() as connection:
            return {row[0]: Cost(int(row[1]), int(row[2])) for row in connection.execute(query)}

    def polls(self, name: str, now: datetime) -> dict[bool, Cost]:
        """Return how many polls of the last week brought something (True) or nothing, and what they cost."""
        today = now.astimezone(UTC).date()
        recent = paid_poll.c.day.between((today - timedelta(days=_RECENT - 1)).isoformat(), today.isoformat())
        query = (
            select(paid_poll.c.heard, func.sum(paid_poll.c.polls), func.sum(paid_poll.c.micros))
            .where(paid_poll.c.account == name, recent)
            .group_by(paid_poll.c.heard)
        )
        with self._store.read() as connection:
            return {bool(row[0]): Cost(int(row[1]), int(row[2])) for row in connection.execute(query)}

    def spenders(self) -> set[str]:
        """Return the accounts that ever paid for something."""
        with self._store.read() as connection:
            return set(connection.scalars(select(spending.c.account).distinct()))


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _urgent(name: str) -> Any:
    """Return the query for how many urgent cases are open on an account, from the kept tallies."""
    grave: ColumnElement[bool] = stage_tally.c.tier >= _URGENT
    return select(func.sum(stage_tally.c.n)).where(
        stage_tally.c.account == name, stage_tally.c.stage.in_(OPEN), grave
    )


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Add amounts to the rows of their keys, which are made where they are not there yet."""
    if not rows:
        return
    statement = insert_or(connection, table)
    added = {
        column.name: column + statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=added), rows
    )
