"""Grants: which remedies were granted to whom, and what waits for a second person's yes."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, insert, select, update

from responder.model.case import Case
from responder.model.remedy import GRANT_MOVES, Grant, GrantStatus, Remedy, spent
from responder.store.errors import Conflict, NotFound, NoWay
from responder.store.moves import lock, record
from responder.store.remedy_tables import ASKED, remedy_grant
from responder.store.rows import storable

if TYPE_CHECKING:
    from responder.store.store import Store

#: What the journal calls each status.
_HAPPENED = {
    GrantStatus.ASKED: "remedy asked",
    GrantStatus.GRANTED: "remedy granted",
    GrantStatus.REFUSED: "remedy refused",
    GrantStatus.TAKEN_BACK: "remedy taken back",
}


class Grants:
    """Writing down what was granted, and reading it; every move is compare-and-set."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def write(
        self,
        case: Case,
        remedy: Remedy,
        wish: tuple[int, str],
        said: tuple[str, datetime],
        to: GrantStatus,
        *,
        before: int,
    ) -> Grant:
        """Write down that (who, when) granted, or asked for, (so many micros, with this note) of a remedy.

        Conflict when the case got more of it, or less, than the `before` by which that was decided.
        """
        (micros, note), (by, now) = wish, said
        granted = to is GrantStatus.GRANTED
        row = {
            "case_id": case.id,
            "account": case.account,
            "remedy": remedy.id,
            "kind": str(remedy.kind),
            "micros": micros,
            "currency": remedy.currency,
            "note": storable(note),
            "status": str(to),
            "by": storable(by),
            "at": now,
            "granted_by": storable(by) if granted else "",
            "granted_at": now if granted else None,
        }
        with self._store.write() as connection:
            if case.id not in lock(connection, [case.id]):
                raise NotFound(f"there is no case {case.name}")
            _as_before(connection, case.id, remedy.id, before)
            number = connection.scalar(insert(remedy_grant).returning(remedy_grant.c.id), row)
            one = _now(connection, int(number or 0))
            _tell(connection, one, to, (one.by, one.note), now)
        return one

    def move(
        self,
        seen: Grant,
        to: GrantStatus,
        by: str,
        now: datetime,
        *,
        note: str = "",
        before: int | None = None,
    ) -> Grant:
        """Say what became of it; Conflict when somebody was quicker, or it cannot become that.

        `before`: and when the case got more of the remedy, or less, than that.
        """
        changed: dict[str, object] = {"status": str(to)}
        if to is GrantStatus.GRANTED:
            changed |= {"granted_by": storable(by), "granted_at": now}
        with self._store.write() as connection:
            lock(connection, [seen.case_id])
            one = _now(connection, seen.id)
            if to not in GRANT_MOVES[one.status]:
                raise NoWay(one.name, one.status, to)
            if before is not None:
                _as_before(connection, one.case_id, one.remedy, before)
            connection.execute(update(remedy_grant).where(remedy_grant.c.id == one.id).values(changed))
            _tell(connection, one, to, (storable(by), note), now)
            return _now(connection, one.id)

    def get(self, number: int) -> Grant:
        """Return grant `number`, or raise NotFound."""
        with self._store.read() as connection:
            return _now(connection, number)

    def of_case(self, number: int) -> list[Grant]:
        """Return all that was granted or asked for in a case, oldest first."""
        query = select(remedy_grant).where(remedy_grant.c.case_id == number).order_by(remedy_grant.c.id)
        with self._store.read() as connection:
            return _from_rows(connection.execute(query).mappings())

    def asked(self, limit: int = 200) -> list[Grant]:
        """Return what waits for a second yes, oldest first."""
        query = select(remedy_grant).where(ASKED).order_by(remedy_grant.c.id).limit(limit)
        with self._store.read() as connection:
            return _from_rows(connection.execute(query).mappings())

    def granted(self, since: datetime, until: datetime) -> list[Grant]:
        """Return what was granted from `since` on and before `until`, and not taken back."""
        when = remedy_grant.c.granted_at >= since, remedy_grant.c.granted_at < until
        query = select(remedy_grant).where(remedy_grant.c.status == str(GrantStatus.GRANTED), *when)
        with self._store.read() as connection:
            return _from_rows(connection.execute(query.order_by(remedy_grant.c.granted_at)).mappings())


def _as_before(connection: Connection, number: int, remedy: str, before: int) -> None:
    """Raise Conflict where a locked case got another sum of a remedy than the one that was gone by."""
    query = select(remedy_grant).where(remedy_grant.c.case_id == number)
    if spent(_from_rows(connection.execute(query).mappings()), remedy) != before:
        raise Conflict(f"somebody granted or took back a {remedy} in c-{number} meanwhile")


def _tell(connection: Connection, one: Grant, to: GrantStatus, said: tuple[str, str], now: datetime) -> None:
    by, note = said
    detail = {"grant": one.name, "remedy": one.remedy, "amount": one.amount, "note": note}
    if to is GrantStatus.GRANTED and one.by != by:
        detail["asked"] = one.by
    told = {key: value for key, value in detail.items() if value}
    record(connection, [(one.case_id, one.account, _HAPPENED[to], by, told)], now)


def _now(connection: Connection, number: int) -> Grant:
    query = select(remedy_grant).where(remedy_grant.c.id == number)
    row = connection.execute(query).mappings().one_or_none() if 0 < number < 2**63 else None
    if row is None:
        raise NotFound(f"there is no grant g-{number}; see: responder remedies --granted")
    return _from_rows([row])[0]


def _from_rows(rows: Iterable[RowMapping]) -> list[Grant]:
    names = set(Grant.__slots__) - {"status"}
    return [Grant(status=GrantStatus(row["status"]), **{name: row[name] for name in names}) for row in rows]
