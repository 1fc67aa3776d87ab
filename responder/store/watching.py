"""Replies after they were sent: read back a few times, for networks cut, hide and double what they took."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from responder.model.delivery import Delivery
from responder.store.approval import DELIVERY_COLUMNS
from responder.store.moves import at_time, is_time, lock, record
from responder.store.planned_once import LIMIT
from responder.store.rows import delivery_from, storable
from responder.store.tables import ALARMED, WATCHED, delivery

if TYPE_CHECKING:
    from responder.store.store import Store

_DUE = (
    DELIVERY_COLUMNS.where(
        WATCHED, is_time(delivery.c.watch_at), delivery.c.account.in_(bindparam("accounts", expanding=True))
    )
    .order_by(delivery.c.watch_at, delivery.c.id)
    .limit(LIMIT)
)
_ALARM = select(delivery.c.alarm).where(
    delivery.c.id == bindparam("number"), delivery.c.watches == bindparam("since")
)
_WATCHED = update(delivery).where(
    delivery.c.id == bindparam("b_number"), delivery.c.watches == bindparam("b_since")
)


class Watching:
    """Which sent replies are due to be read back, and what was found."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def due(self, now: datetime, accounts: Sequence[str], limit: int = 20) -> list[Delivery]:
        """Return sent replies on these accounts that are due to be read back, the longest due first."""
        values = {"accounts": list(accounts), "limit": limit} | at_time(now)
        with self._store.read() as connection:
            return [delivery_from(row) for row in connection.execute(_DUE, values).mappings()]

    def watched(self, one: Delivery, alarm: str, next_at: datetime | None, now: datetime) -> None:
        """Note what reading `one` back showed (alarm "" when all was right), and when it is read next.

        An alarm that is new, and one that is over, is told in the journal. Who was slower changes nothing.
        """
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            was = connection.scalar(_ALARM, {"number": one.id, "since": one.watches})
            changed = {"watches": one.watches + 1, "watch_at": next_at, "alarm": storable(alarm)}
            if was is None or not connection.execute(_WATCHED, changed | _as_read(one)).rowcount:
                return
            if alarm and alarm != was:
                record(connection, [(one.case_id, one.account, "alarm", "", {"what": storable(alarm)})], now)
            elif was and not alarm:
                record(connection, [(one.case_id, one.account, "alarm over", "", {"what": was})], now)

    def put_off(self, one: Delivery, until: datetime) -> None:
        """Read `one` back later: the network could not be asked."""
        with self._store.write() as connection:
            connection.execute(_WATCHED, {"watch_at": until} | _as_read(one))

    def alarmed(self, limit: int = 20) -> list[Delivery]:
        """Return replies that were not as they should be when they were last read back, the latest first."""
        query = DELIVERY_COLUMNS.where(ALARMED).order_by(delivery.c.id.desc()).limit(limit)
        with self._store.read() as connection:
            return [delivery_from(row) for row in connection.execute(query).mappings()]


def _as_read(one: Delivery) -> dict[str, int]:
    """Return the values by which a delivery is found as it was when it was read."""
    return {"b_number": one.id, "b_since": one.watches}
