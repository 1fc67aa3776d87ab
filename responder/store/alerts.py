"""Alerts: what somebody must know now: found, ended, seen, and how far each recipient was told of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, bindparam, desc, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from responder.model.alert import HARM, OF_CASES, Alert, Found, Kind, Round, Waits
from responder.model.clocks import Clocks
from responder.store.alert_tables import OPEN_ALERT, UNSEEN, alert, alert_round
from responder.store.conditions import beside, of_case, reasons_to_stand
from responder.store.moves import insert_or, record
from responder.store.rows import case_from, storable
from responder.store.tables import STRIKES, cases
from responder.store.whole import CASE_COLUMNS

if TYPE_CHECKING:
    from responder.store.store import Store

#: What stands is looked at again after this: whether it is still so.
_CHECKED_EVERY = timedelta(minutes=1)
#: Cases or alerts of one transaction.
_BATCH = 500
#: Nobody counts further than this.
CAP = 1_000
_KEYS = ("begun", "over", "told_at", "upto", "repeats")
_SEEN = (
    update(alert)
    .where(UNSEEN)
    .values(seen_at=bindparam("now"), seen_by=bindparam("who"))
    .returning(alert.c.case_id, alert.c.account, alert.c.kind, alert.c.subject)
)
_CASE_SEEN = _SEEN.where(alert.c.case_id == bindparam("case"))


class Alerts:
    """What stands, and what people were told and saw of it."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def strike(self, clocks: Clocks, now: datetime) -> int:
        """Raise what the clocks that struck have to tell; return how many there were, at most 500."""
        struck = select(cases.c.id).where(STRIKES, cases.c.strikes_at <= now)
        with self._store.read() as connection:
            ids = connection.scalars(struck.order_by(cases.c.strikes_at).limit(_BATCH)).all()
        if not ids:
            return 0
        with self._store.write() as connection:
            held = select(cases.c.id).where(cases.c.id.in_(ids), cases.c.strikes_at <= now)
            locked = connection.scalars(held.order_by(cases.c.id).with_for_update(key_share=True)).all()
            rows = connection.execute(CASE_COLUMNS.where(cases.c.id.in_(locked))).mappings()
            found: list[Found] = []
            wound: list[dict[str, Any]] = []
            for one in map(case_from, rows):
                found += of_case(one, clocks, now)
                wound.append({"b_id": one.id, "strikes_at": clocks.struck(one, now)[1]})
            if wound:
                again = update(cases).where(cases.c.id == bindparam("b_id"))
                connection.execute(again.values(strikes_at=bindparam("strikes_at")), wound)
            _raise(connection, found, now)
        return len(ids)

    def find(self, now: datetime) -> int:
        """Raise what is wrong beside the clocks of cases; return how many were not known."""
        others = [str(kind) for kind in Kind if kind not in OF_CASES]
        standing = select(alert.c.kind, alert.c.subject).where(OPEN_ALERT, alert.c.kind.in_(others))
        with self._store.read() as connection:
            found = list(beside(connection, self._store.pause_file, now))
            known = {tuple(row) for row in connection.execute(standing)} if found else set()
        fresh = [one for one in found if (str(one.kind), one.subject) not in known]
        if fresh:
            with self._store.write() as connection:
                _raise(connection, fresh, now)
        return len(fresh)

    def sweep(self, clocks: Clocks, now: datetime, *, unseen: bool = False) -> int:
        """End what is not so any more, among what was not looked at for a minute; return how many ended.

        `unseen` looks at what nobody has seen, the latest first, whenever it was looked at.
        """
        # what was looked at later than now was by a clock that was ahead
        due = or_(alert.c.checked_at <= now - _CHECKED_EVERY, alert.c.checked_at > now + _CHECKED_EVERY)
        query = select(alert).where(OPEN_ALERT, due)
        query = query.order_by(alert.c.checked_at)
        if unseen:
            query = select(alert).where(UNSEEN).order_by(desc(alert.c.tier), desc(alert.c.id))
        with self._store.read() as connection:
            rows = connection.execute(query.limit(_BATCH)).all()
            if not rows:
                return 0
            stands = reasons_to_stand(connection, rows, clocks, self._store.pause_file, now)
        over = [row for row in rows if (row.kind, row.subject) not in stands]
        with self._store.write() as connection:
            checked = update(alert).where(alert.c.id.in_([row.id for row in rows]))
            connection.execute(checked.values(checked_at=now))
            ended = update(alert).where(alert.c.id.in_([row.id for row in over]), OPEN_ALERT)
            gone = set(connection.scalars(ended.values(ended_at=now).returning(alert.c.id)))
            _tell(connection, [row for row in over if row.id in gone], "alert over", now)
        return len(gone)

    def waits(self, told: Round, *, urgent: bool, limit: int = 20) -> Waits:
        """Return what stands and nobody has seen, for somebody who was `told` so much."""
        wanted = (UNSEEN, alert.c.urgent) if urgent else (UNSEEN,)
        news = select(alert.c.id).where(*wanted, alert.c.id > told.upto)
        counted = select(alert.c.id).where(*wanted).limit(CAP).subquery()
        page = select(alert).where(*wanted).order_by(desc(alert.c.tier), desc(alert.c.id)).limit(limit)
        with self._store.read() as connection:
            n = connection.scalar(select(func.count()).select_from(counted)) or 0
            if not n:
                return Waits(alerts=(), n=0, latest=told.upto, news=False, harm_news=False)
            return Waits(
                alerts=tuple(map(_alert, connection.execute(page))),
                n=n,
                latest=connection.scalar(select(func.max(alert.c.id)).where(*wanted)) or told.upto,
                news=connection.scalar(news.limit(1)) is not None,
                harm_news=connection.scalar(news.where(alert.c.tier >= HARM).limit(1)) is not None,
            )

    def told(self, recipient: str) -> Round:
        """Return how far somebody was told."""
        query = select(*(alert_round.c[key] for key in _KEYS)).where(alert_round.c.recipient == recipient)
        with self._store.read() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return Round(**row) if row else Round()

    def begin(self, recipient: str, told: Round) -> bool:
        """Begin the next message to somebody; False where another did, or the last is not over."""
        row = {"recipient": recipient} | {key: getattr(told, key) for key in _KEYS}
        with self._store.write() as connection:
            fresh = insert_or(connection, alert_round).values(row)
            connection.execute(fresh.on_conflict_do_nothing())
            same = alert_round.c.recipient == recipient, alert_round.c.begun == told.begun
            begun = update(alert_round).where(*same, alert_round.c.over == told.begun)
            return connection.execute(begun.values(begun=told.begun + 1)).rowcount == 1

    def finish(self, recipient: str, told: Round, said: Waits | None, now: datetime) -> None:
        """Note that the message begun last is over: `said` is what stood in it; None, none went out."""
        same = alert_round.c.recipient == recipient, alert_round.c.begun == told.begun
        changed: dict[str, Any] = {"over": told.begun}
        if said:
            repeats = 0 if said.news else told.repeats + 1
            changed |= {"told_at": now, "upto": max(said.latest, told.upto), "repeats": repeats}
        with self._store.write() as connection:
            done = connection.execute(update(alert_round).where(*same).values(changed)).rowcount
            if done and said:
                first = update(alert).where(alert.c.id.in_([one.id for one in said.alerts]))
                connection.execute(first.where(alert.c.told_at.is_(None)).values(told_at=now))

    def see(self, by: str, now: datetime, numbers: Collection[int] | None = None) -> int:
        """Note that somebody saw these alerts (None: all that stand); return how many nobody had seen."""
        with self._store.write() as connection:
            which = _SEEN if numbers is None else _SEEN.where(alert.c.id.in_(list(numbers)))
            return _see(connection, which, {}, by, now)

    def see_case(self, case_id: int, by: str, now: datetime) -> int:
        """Note that somebody has a case before them: whatever stands about it is seen."""
        about = select(alert.c.id).where(UNSEEN, alert.c.case_id == case_id)
        with self._store.read() as connection:
            if connection.scalar(about.limit(1)) is None:
                return 0
        with self._store.write() as connection:
            return see_decided(connection, case_id, by, now)

    def standing(self, about: Collection[int] = (), limit: int = 200) -> list[Alert]:
        """Return what stands, of these cases where some are named: the unseen first, then the gravest."""
        query = select(alert).where(OPEN_ALERT, *([alert.c.case_id.in_(list(about))] if about else []))
        order = alert.c.seen_at.is_not(None), desc(alert.c.tier), desc(alert.c.id)
        with self._store.read() as connection:
            return [_alert(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def see_decided(connection: Connection, case_id: int, by: str, now: datetime) -> int:
    """Note, within a transaction, that who decides on a case saw what stands about it; return how much."""
    return _see(connection, _CASE_SEEN, {"case": case_id}, by, now)


def _see(
    connection: Connection, seen: ReturningUpdate[Any], which: dict[str, int], by: str, now: datetime
) -> int:
    rows = connection.execute(seen, which | {"now": now, "who": storable(by)}).all()
    _tell(connection, rows, "alert seen", now, by=by)
    return len(rows)


def _raise(connection: Connection, found: Iterable[Found], now: datetime) -> None:
    rows = [
        {
            "kind": str(one.kind), "subject": one.subject, "case_id": one.case_id, "account": one.account,
            "tier": one.tier, "urgent": one.urgent, "detail": storable(one.detail)[:500], "since": now,
            "checked_at": now,
        }
        for one in found
    ]  # fmt: skip
    if not rows:
        return
    fresh = insert_or(connection, alert).values(rows).on_conflict_do_nothing()
    columns = alert.c.case_id, alert.c.account, alert.c.kind, alert.c.subject
    _tell(connection, connection.execute(fresh.returning(*columns)).all(), "alerted", now)


def _tell(
    connection: Connection, rows: Sequence[Row[Any]], action: str, now: datetime, *, by: str = ""
) -> None:
    happened = [
        (row.case_id, row.account, action, by, {"what": row.kind, "about": row.subject}) for row in rows
    ]
    if happened:
        record(connection, happened, now)


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        found=Found(
            kind=Kind(row.kind),
            subject=row.subject,
            case_id=row.case_id,
            account=row.account,
            tier=row.tier,
            detail=row.detail,
        ),
        since=row.since,
        told_at=row.told_at,
        seen_at=row.seen_at,
        seen_by=row.seen_by,
        ended_at=row.ended_at,
    )


__all__ = ["CAP", "Alerts", "see_decided"]
