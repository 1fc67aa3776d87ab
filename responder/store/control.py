"""Switches that survive a restart: the pause of all sending."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, exists, select

from responder.model.pause import Pause
from responder.model.people import Right
from responder.store.moves import insert_or, record
from responder.store.pausing import file_pauses, note_of
from responder.store.side_tables import control

if TYPE_CHECKING:
    from responder.store.store import Store

_SWITCH = select(control.c.value, control.c.by, control.c.at).where(control.c.name == "pause")
#: Whether the switch stops all sending, for a statement that asks for more than that.
PAUSED = exists().where(control.c.name == "pause", control.c.value == "on")


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
        """Return whether all sending is stopped, by the switch or by the file."""
        with self._store.read() as connection:
            return self.stops(connection)

    def stops(self, connection: Connection) -> bool:
        """Return the same within a transaction; the file is looked at last, as late as can be."""
        return paused(connection) or file_pauses(self._store.pause_file)

    def pausing(self) -> Pause:
        """Return who and what stops all sending now, to be shown; false where nothing does."""
        path, note = self._store.pause_file, note_of(self._store.pause_file)
        with self._store.read() as connection:
            row = connection.execute(_SWITCH).one_or_none()
        on = row is not None and row.value == "on"
        return Pause(
            switched=on,
            by=row.by if row and on else "",
            at=row.at if row and on else None,
            file=str(path) if note is not None else "",
            note=note or "",
        )

    def recall(self, name: str) -> str:
        """Return what was left under a name; "" where nothing was."""
        with self._store.read() as connection:
            return connection.scalar(select(control.c.value).where(control.c.name == name)) or ""

    def remember(self, name: str, value: str, now: datetime) -> None:
        """Leave something under a name, for the next process; it is not for the journal."""
        with self._store.write() as connection:
            row = {"name": name, "value": value, "by": "", "at": now}
            statement = insert_or(connection, control).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=[control.c.name], set_=row))


def paused(connection: Connection) -> bool:
    """Return whether the switch stops all sending, within a transaction."""
    return bool(connection.scalar(select(PAUSED)))
