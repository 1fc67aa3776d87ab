"""Notices: what our own people were told, each once: the claim is on the disk before the letter goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, case, func, not_, or_, select, update

from responder.model.notice import Failed
from responder.model.recipient import Way
from responder.store.moves import at_time, insert_or, is_time, record
from responder.store.notice_table import UNSENT, notice
from responder.store.rows import storable

if TYPE_CHECKING:
    from responder.store.store import Store

#: Seconds a claim holds: longer than any letter takes to go out.
LEASE = 180.0
_SENDING, _SENT, _LATER, _REFUSED = "SENDING", "SENT", "LATER", "REFUSED"
#: A key ends with the way.
_WAY = case(*((notice.c.key.like(f"% {way}"), str(way)) for way in Way), else_="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to send one notice now; it ends with its lease."""

    key: str
    kind: str
    recipient: str
    fence: int
    #: How often it was tried, this time included.
    tries: int


class Notices:
    """Claiming what is due, and writing down what came of it."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def due(self, keys: Sequence[str], now: datetime) -> set[str]:
        """Return those of `keys` that did not go out, nor were refused for good, nor put off until later."""
        put_off = and_(notice.c.stage == _LATER, not_(is_time(notice.c.not_before)))
        over = or_(notice.c.stage.in_([_SENT, _REFUSED]), put_off)
        known = select(notice.c.key).where(notice.c.key.in_(keys), over)
        with self._store.read() as connection:
            return set(keys).difference(connection.scalars(known, at_time(now)))

    def over(self, keys: Sequence[str]) -> set[str]:
        """Return those of `keys` that went out, or were refused for good."""
        done = select(notice.c.key).where(notice.c.key.in_(keys), notice.c.stage.in_([_SENT, _REFUSED]))
        with self._store.read() as connection:
            return set(connection.scalars(done))

    def claim(self, key: str, kind: str, recipient: str, now: datetime) -> Claim | None:
        """Return the right to send `key` now; None when it is out, refused, put off, or in another's hand."""
        with self._store.write() as connection:
            clock, seconds = self._store.clock_of(connection)
            held = {"stage": _SENDING, "lease_clock": clock, "lease_until": seconds + LEASE}
            row = {"key": key, "kind": kind, "recipient": recipient, "fence": 1, "tries": 1}
            fresh = insert_or(connection, notice).values(**row, **held, made_at=now, not_before=now)
            # of an INSERT psycopg tells no count
            if connection.scalar(fresh.on_conflict_do_nothing().returning(notice.c.fence)):
                return Claim(key=key, kind=kind, recipient=recipient, fence=1, tries=1)
            # read again under the lock: who waited for it saw an older time than who held it
            connection.execute(select(notice.c.key).where(notice.c.key == key).with_for_update())
            clock, seconds = self._store.clock_of(connection)
            held |= {"lease_clock": clock, "lease_until": seconds + LEASE}
            over = or_(
                notice.c.lease_clock != clock,  # the machine began anew
                notice.c.lease_until < seconds,
                notice.c.lease_until > seconds + LEASE,
            )
            free = or_(
                and_(notice.c.stage == _LATER, is_time(notice.c.not_before)),
                and_(notice.c.stage == _SENDING, over),
            )
            again = update(notice).where(notice.c.key == key, free)
            again = again.values(**held, fence=notice.c.fence + 1, tries=notice.c.tries + 1)
            taken = connection.execute(again.returning(notice.c.fence, notice.c.tries), at_time(now)).first()
            if taken is None:
                return None
            return Claim(key=key, kind=kind, recipient=recipient, fence=taken.fence, tries=taken.tries)

    def sent(self, claim: Claim, now: datetime) -> bool:
        """Note that it went out; False when somebody claimed it since."""
        return self._settle(claim, {"stage": _SENT, "sent_at": now, "problem": ""}, now)

    def failed(self, claim: Claim, problem: str, now: datetime, *, again_at: datetime | None) -> bool:
        """Note that it did not go out, to be tried from `again_at` on; None: nothing but a hand mends it."""
        changed = {"stage": _LATER if again_at else _REFUSED, "not_before": again_at or now}
        return self._settle(claim, changed | {"problem": storable(problem)}, now)

    def failing(self, since: datetime, limit: int = 20) -> list[Failed]:
        """Return whom our letters do not reach: the last of each kind, where it did not go out; newest first.

        What was made before `since` is forgotten; where a later one of its kind went out, it is mended.
        """
        whose = (notice.c.kind, notice.c.recipient, _WAY)
        place = func.row_number().over(partition_by=whose, order_by=(notice.c.made_at.desc(), notice.c.key))
        known = notice.c.made_at >= since, or_(notice.c.sent_at.is_not(None), notice.c.problem != "")
        last = select(notice, _WAY.label("way"), place.label("place")).where(*known).subquery()
        query = (
            select(last)
            .where(last.c.place == 1, last.c.sent_at.is_(None))
            .order_by(last.c.made_at.desc(), last.c.key)
            .limit(limit)
        )
        lost = select(notice.c.key).where(UNSENT, notice.c.made_at >= since, notice.c.problem != "")
        with self._store.read() as connection:
            if connection.scalar(lost.limit(1)) is None:  # the usual case, by its index
                return []
            return [
                Failed(
                    kind=row.kind,
                    recipient=row.recipient,
                    way=row.way,
                    made_at=row.made_at,
                    tries=row.tries,
                    problem=row.problem,
                    again_at=None if row.stage == _REFUSED else row.not_before,
                )
                for row in connection.execute(query)
            ]

    def _settle(self, claim: Claim, changed: dict[str, object], now: datetime) -> bool:
        mine = (notice.c.key == claim.key, notice.c.fence == claim.fence, notice.c.stage == _SENDING)
        with self._store.write() as connection:
            done = connection.execute(update(notice).where(*mine).values(changed)).rowcount == 1
            if done:
                _tell(connection, claim, str(changed["problem"]), now)
            return done


def _tell(connection: Connection, claim: Claim, problem: str, now: datetime) -> None:
    """Write it into the journal: once when it went out, and once when it first did not."""
    if problem and claim.tries > 1:
        return
    action = "not told" if problem else "told"
    detail = {"what": claim.key, "to": claim.recipient} | ({"problem": problem} if problem else {})
    record(connection, [(None, "", action, "", detail)], now)
