"""Looking: who has a card open, for a while. A courtesy: it hides nothing, and nobody waits for it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select

from responder.model.looker import Looker
from responder.store.alerts import see_decided
from responder.store.errors import StoreBusy
from responder.store.moves import insert_or
from responder.store.rows import storable
from responder.store.side_tables import looking

if TYPE_CHECKING:
    from responder.store.store import Store

#: For so long a card counts as open after its person was last heard of, where nobody says otherwise.
LEASE = timedelta(minutes=2)


class Looking:
    """Having cards open, and leaving them. Where the database is busy these do nothing: it is no matter."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def hold(
        self, number: int, by: str, now: datetime, lease: timedelta = LEASE, *, left: int | None = None
    ) -> None:
        """Say that `by` has a case open, and no longer `left`; since when stays while they are there."""
        try:
            with self._store.write() as connection:
                # an old lease is nothing: whoever looks sweeps them out
                over = or_(looking.c.until <= now, _held(left or 0, by))
                connection.execute(delete(looking).where(over))
                _extend(connection, number, by, (now, now + lease))
                see_decided(connection, number, by, now)
        except StoreBusy:
            return

    def release(self, number: int, by: str) -> None:
        """Say that `by` left the case."""
        try:
            with self._store.write() as connection:
                connection.execute(delete(looking).where(_held(number, by)))
        except StoreBusy:
            return

    def at(self, numbers: Collection[int], now: datetime) -> dict[int, tuple[Looker, ...]]:
        """Return who looks at these cases now, by case, who came first before the others."""
        query = (
            select(looking)
            .where(looking.c.case_id.in_(list(numbers)), looking.c.until > now)
            .order_by(looking.c.since, looking.c.by)
        )
        found: dict[int, tuple[Looker, ...]] = {}
        with self._store.read() as connection:
            for row in connection.execute(query):
                found[row.case_id] = (*found.get(row.case_id, ()), Looker(by=row.by, since=row.since))
        return found


def _held(number: int, by: str) -> ColumnElement[bool]:
    return and_(looking.c.case_id == number, looking.c.by == storable(by))


def _extend(connection: Connection, number: int, by: str, times: tuple[datetime, datetime]) -> None:
    since, until = times
    held = insert_or(connection, looking).values(case_id=number, by=storable(by), since=since, until=until)
    key = [looking.c.case_id, looking.c.by]
    connection.execute(held.on_conflict_do_update(index_elements=key, set_={"until": until}))
