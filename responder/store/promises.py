"""Promises: the ledger of what we said we would do, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from responder.model.case import Case
from responder.model.delivery import Delivery
from responder.model.promise import PROMISE_MOVES, Commitment, Promise, PromiseKind, PromiseStatus
from responder.store.approval import DELIVERY_COLUMNS
from responder.store.errors import Conflict, NotFound, NoWay
from responder.store.follow_up_tables import replan
from responder.store.moves import lock, record
from responder.store.promise_tables import OWED, promise
from responder.store.rows import delivery_from, storable
from responder.store.tables import UNREAD, cases, decision, delivery

if TYPE_CHECKING:
    from responder.store.store import Store

#: What the journal calls each end.
_ENDED = {
    PromiseStatus.KEPT: "promise kept",
    PromiseStatus.LATE: "promise kept late",
    PromiseStatus.BROKEN: "promise broken",
    PromiseStatus.MOVED: "promise moved",
    PromiseStatus.DROPPED: "promise dropped",
}
_IN_TIME = (promise.c.due_at.is_(None), promise.c.due_at, promise.c.id)


class Promises:
    """Writing promises down and saying what became of them; every move is compare-and-set."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def unread(self, limit: int = 50) -> list[tuple[Delivery, datetime]]:
        """Return replies that went out and were not read for promises yet, each with when it went out."""
        query = DELIVERY_COLUMNS.where(UNREAD).order_by(delivery.c.id).limit(limit)
        with self._store.read() as connection:
            rows = connection.execute(query).mappings().all()
        return [(delivery_from(row), row["sent_at"] or row["planned_at"]) for row in rows]

    def read(self, one: Delivery, found: Sequence[Commitment], sent: datetime, now: datetime) -> int:
        """Write down what a reply promises, and that by its going out an earlier promise of news was kept.

        Returns how many promises are new; 0 when somebody else read it already.
        """
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            reading = update(delivery).where(delivery.c.id == one.id, UNREAD).values(unread=False)
            if not connection.execute(reading).rowcount:
                return 0
            self._news(connection, one, sent, now)
            owner = _owner(connection, one)
            for each in found:
                row = _row((one.case_id, one.account, one.id), each, owner, sent)
                _made(connection, row, "", now)
        return len(found)

    def _news(self, connection: Connection, one: Delivery, sent: datetime, now: datetime) -> None:
        """Note that earlier promises of another word are kept by this one."""
        query = select(promise).where(
            promise.c.case_id == one.case_id,
            promise.c.kind == str(PromiseKind.UPDATE),
            promise.c.made_at < sent,
            OWED,
        )
        where = one.receipt.url or one.receipt.remote_id if one.receipt else ""
        for owed in promises_from(connection.execute(query).mappings()):
            late = owed.status is PromiseStatus.BROKEN or owed.overdue(sent)
            _end(connection, owed, PromiseStatus.LATE if late else PromiseStatus.KEPT, ("", where), now)

    def note(self, case: Case, said: Commitment, by: str, now: datetime) -> Promise:
        """Write down a promise that was made elsewhere: on the phone, in a letter."""
        with self._store.write() as connection:
            if case.id not in lock(connection, [case.id]):
                raise NotFound(f"there is no case {case.name}")
            return noted(connection, (case.id, case.account), said, by, now)

    def lapse(self, now: datetime, limit: int = 500) -> list[Promise]:
        """Let open promises whose time passed be broken; return them."""
        query = select(promise.c.id, promise.c.case_id).where(
            promise.c.status == str(PromiseStatus.OPEN), promise.c.due_at < now
        )
        with self._store.read() as connection:
            passed = connection.execute(query.order_by(promise.c.due_at).limit(limit)).all()
        if not passed:
            return []
        broken = []
        with self._store.write() as connection:
            lock(connection, {case for _, case in passed})
            for number, _ in passed:
                one = _now(connection, number)
                if one.status is PromiseStatus.OPEN:  # nor was it kept meanwhile
                    _end(connection, one, PromiseStatus.BROKEN, ("", ""), now)
                    broken.append(_now(connection, number))
        return broken

    def end(self, one: Promise, to: PromiseStatus, by: str, now: datetime, *, evidence: str = "") -> None:
        """Say what became of a promise; Conflict when somebody said so before, or it cannot become that."""
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            _end(connection, _same(connection, one), to, (by, evidence), now)

    def move(self, one: Promise, due: datetime, by: str, now: datetime) -> Promise:
        """Let a promise end by another that is due later; Conflict where it is not open any more."""
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            current = _same(connection, one)
            _end(connection, current, PromiseStatus.MOVED, (by, ""), now, due=due)
            said = Commitment(start=0, end=0, quote=one.quote, kind=one.kind, channel=one.channel, due=due)
            return noted(connection, (one.case_id, one.account), said, by, now)

    def get(self, number: int) -> Promise:
        """Return promise `number`, or raise NotFound."""
        with self._store.read() as connection:
            return _now(connection, number)

    def owed(self, limit: int = 50, *, before: datetime | None = None) -> list[Promise]:
        """Return what is to be kept yet, the soonest first; those without a time last.

        `before` keeps those due before then, among them those whose time passed.
        """
        query = select(promise).where(OWED).order_by(*_IN_TIME).limit(limit)
        if before:
            query = query.where(promise.c.due_at < before)
        with self._store.read() as connection:
            return promises_from(connection.execute(query).mappings())

    def of_case(self, number: int) -> list[Promise]:
        """Return every promise in a case, oldest first."""
        query = select(promise).where(promise.c.case_id == number).order_by(promise.c.id)
        with self._store.read() as connection:
            return promises_from(connection.execute(query).mappings())

    def broken(self, number: int) -> Promise | None:
        """Return the promise of a case that was not kept and is not mended; of several the oldest."""
        query = select(promise).where(
            promise.c.case_id == number, promise.c.status == str(PromiseStatus.BROKEN)
        )
        with self._store.read() as connection:
            found = promises_from(connection.execute(query.order_by(promise.c.id).limit(1)).mappings())
        return next(iter(found), None)

    def kept(self, since: datetime, until: datetime) -> Mapping[PromiseStatus, int]:
        """Count what became of the promises made from `since` on and before `until`."""
        made = promise.c.made_at >= since, promise.c.made_at < until
        query = select(promise.c.status, func.count()).where(*made)
        with self._store.read() as connection:
            counted = connection.execute(query.group_by(promise.c.status))
            return {PromiseStatus(status): n for status, n in counted}


def noted(
    connection: Connection, about: tuple[int, str], said: Commitment, by: str, now: datetime
) -> Promise:
    """Write down what was promised by hand about (a case, of an account), which is locked."""
    return _made(connection, _row((*about, None), said, by, now), by, now)


def kept(connection: Connection, number: int, by: str, now: datetime, where: str) -> None:
    """Note that a promise of a locked case is kept, late or in time; what ended stays as it is."""
    owed = _now(connection, number)
    late = owed.status is PromiseStatus.BROKEN or owed.overdue(now)
    to = PromiseStatus.LATE if late else PromiseStatus.KEPT
    if to in PROMISE_MOVES[owed.status]:
        _end(connection, owed, to, (by, where), now)


def _row(about: tuple[int, str, int | None], said: Commitment, owner: str, made: datetime) -> dict[str, Any]:
    """Return a new row about a case, its account and a delivery."""
    return {
        "case_id": about[0],
        "account": about[1],
        "delivery_id": about[2],
        "place": said.start,
        "kind": str(said.kind),
        "channel": said.channel,
        "quote": storable(said.quote),
        "told": storable(said.told),
        "due_at": said.due,
        "owner": storable(owner),
        "status": str(PromiseStatus.OPEN),
        "made_at": made,
        "ended_by": "",
        "evidence": "",
    }


def _made(connection: Connection, row: dict[str, Any], by: str, now: datetime) -> Promise:
    number = int(connection.scalar(insert(promise).returning(promise.c.id), row) or 0)
    due = row["due_at"].isoformat() if row["due_at"] else ""
    detail = {"promise": f"p-{number}", "quote": row["quote"], "due": due}
    record(connection, [(row["case_id"], row["account"], "promised", by, detail)], now)
    replan(connection, row["case_id"])
    return _now(connection, number)


def _owner(connection: Connection, one: Delivery) -> str:
    """Return whose the promise is: the case's owner, else who said yes to the words."""
    query = (
        select(cases.c.owner, decision.c.by)
        .join(delivery, delivery.c.decision_id == decision.c.id)
        .join(cases, cases.c.id == delivery.c.case_id)
    )
    row = connection.execute(query.where(delivery.c.id == one.id)).first()
    return (row.owner or row.by) if row else ""


def _end(
    connection: Connection,
    one: Promise,
    to: PromiseStatus,
    said: tuple[str, str],
    now: datetime,
    *,
    due: datetime | None = None,
) -> None:
    """Compare-and-set a promise to its end, with its event."""
    by, evidence = said
    if to not in PROMISE_MOVES[one.status]:
        raise NoWay(f"the promise {one.name}", one.status, to)
    ended = {"status": str(to), "ended_at": now, "ended_by": storable(by), "evidence": storable(evidence)}
    same = promise.c.id == one.id, promise.c.status == str(one.status)
    if not connection.execute(update(promise).where(*same).values(ended)).rowcount:
        raise Conflict
    detail = {"promise": one.name}
    detail |= {"evidence": evidence} if evidence else {}
    detail |= {"due": due.isoformat()} if due else {}
    record(connection, [(one.case_id, one.account, _ENDED[to], by, detail)], now)
    replan(connection, one.case_id)


def _same(connection: Connection, one: Promise) -> Promise:
    """Return a promise as it is under the lock; Conflict when it is not as it was seen."""
    current = _now(connection, one.id)
    if current.status is not one.status:
        raise Conflict(f"the promise {one.name} is {current.status.lower()} by now")
    return current


def _now(connection: Connection, number: int) -> Promise:
    row = connection.execute(select(promise).where(promise.c.id == number)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no promise p-{number}; see: responder promises")
    return promises_from([row])[0]


def promises_from(rows: Iterable[RowMapping]) -> list[Promise]:
    """Return the promises in rows of the ledger."""
    names = set(Promise.__slots__) - {"kind", "status"}
    return [
        Promise(
            kind=PromiseKind(row["kind"]),
            status=PromiseStatus(row["status"]),
            **{name: row[name] for name in names},
        )
        for row in rows
    ]
