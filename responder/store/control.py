"""Switches and marks that survive a restart: the pause of all sending, and which digests were made."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from responder.model.people import Right
from responder.store.moves import insert_or, record
from responder.store.side_tables import control, digest

if TYPE_CHECKING:
    from responder.store.store import Store

_PAUSED = select(control.c.value).where(control.c.name == "pause")


class Control:
    """What people and the daemon leave behind for the next process."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def pause(self, by: str, now: datetime, *, on: bool = True) -> None:
        """Stop all sending at once, or (on=False) let it go on; NotAllowed where a role does not let them."""
        by = by if on else self._store.roster.allowed(by, Right.RESUME)
        with self._store.write() as connection:
            row = {"name": "pause", "value": "on" if on else "off", "by": by, "at": now}
            statement = insert_or(connection, control).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=[control.c.name], set_=row))
            record(connection, [(None, "", "paused" if on else "resumed", by, {})], now)

    def paused(self) -> bool:
        """Return whether all sending is stopped."""
        with self._store.read() as connection:
            return paused(connection)

    def digest_made(self, day: date) -> bool:
        """Return whether the digest of a local day is out."""
        with self._store.read() as connection:
            return connection.scalar(select(digest.c.day).where(digest.c.day == day.isoformat())) is not None

    def note_digest(self, day: date, now: datetime) -> None:
        """Note that the digest of a local day is out."""
        with self._store.write() as connection:
            row = {"day": day.isoformat(), "made_at": now}
            connection.execute(insert_or(connection, digest).values(row).on_conflict_do_nothing())
            record(connection, [(None, "", "digest", "", {"day": day.isoformat()})], now)


def paused(connection: Connection) -> bool:
    """Return whether all sending is stopped, within a transaction."""
    return connection.scalar(_PAUSED) == "on"
