"""Planted: whether people noticed that the words of a card were those of another reply."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from responder.store.rows import storable
from responder.store.side_tables import planted

if TYPE_CHECKING:
    from responder.store.store import Store


class Planted:
    """Noting and counting. It is no move of a case, and no business of others: the journal has none of it."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def note(self, by: str, now: datetime, *, noticed: bool) -> None:
        """Keep whether `by` noticed it."""
        with self._store.write() as connection:
            connection.execute(insert(planted).values(by=storable(by), at=now, noticed=noticed))

    def noticed(self, by: str, since: datetime) -> tuple[int, int]:
        """Return how many a person noticed since then, and how many they were shown."""
        query = (
            select(planted.c.noticed, func.count())
            .where(planted.c.by == storable(by), planted.c.at >= since)
            .group_by(planted.c.noticed)
        )
        with self._store.read() as connection:
            counts = {bool(noticed): n for noticed, n in connection.execute(query)}
        return counts.get(True, 0), sum(counts.values())
