"""How each daemon is: it says so itself, a row for it and one for each of its rings."""

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from responder.model.running import DaemonState, RingState
from responder.store.moves import insert_or
from responder.store.rows import storable
from responder.store.watch_tables import daemon, daemon_ring

if TYPE_CHECKING:
    from responder.store.store import Store

#: A daemon that was not heard of for so long is forgotten.
_KEPT = timedelta(days=7)
#: ... or on the machine of another that starts, where it gave no sign of life for so long.
_SILENT = timedelta(minutes=5)


class Daemons:
    """Nobody else writes a daemon's rows."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def seen(self, one: DaemonState) -> None:
        """Take down how a daemon is, in place of what was known of it."""
        row = asdict(one)
        rings = row.pop("rings")
        row |= {"config_problem": storable(one.config_problem), "config": storable(one.config)}
        with self._store.write() as connection:
            statement = insert_or(connection, daemon).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=[daemon.c.name], set_=row))
            connection.execute(delete(daemon_ring).where(daemon_ring.c.daemon == one.name))
            rows = [
                {"daemon": one.name, "ring": ring.pop("name"), "place": place}
                | ring
                | {"problem": storable(ring["problem"])}
                for place, ring in enumerate(rings)
            ]
            if rows:
                connection.execute(insert(daemon_ring), rows)

    def stopped(self, name: str, now: datetime) -> None:
        """Take down that a daemon ended of its own will."""
        with self._store.write() as connection:
            ended = update(daemon).where(daemon.c.name == name)
            connection.execute(ended.values(stopped_at=now, seen_at=now))

    def tidy(self, host: str, now: datetime, *, sole: bool = False) -> None:
        """Forget daemons that were not heard of for a week, and on this machine those that went silent.

        Where only one can run (`sole`), every other one is forgotten.
        """
        with self._store.write() as connection:
            rows = connection.execute(select(daemon)).all()
            gone = [
                row.name
                for row in rows
                if sole
                or row.seen_at < now - _KEPT
                or (row.host == host and (row.stopped_at or row.seen_at < now - _SILENT))
            ]
            connection.execute(delete(daemon_ring).where(daemon_ring.c.daemon.in_(gone)))
            connection.execute(delete(daemon).where(daemon.c.name.in_(gone)))

    def all(self) -> list[DaemonState]:
        """Return each daemon of the last week, the one heard of last first."""
        rings: defaultdict[str, list[RingState]] = defaultdict(list)
        with self._store.read(whole=True) as connection:
            for row in connection.execute(select(daemon_ring).order_by(daemon_ring.c.place)):
                rings[row.daemon].append(
                    RingState(
                        name=row.ring,
                        next_at=row.next_at,
                        well_at=row.well_at,
                        seconds=row.seconds,
                        problem=row.problem,
                        problem_since=row.problem_since,
                    )
                )
            rows = connection.execute(select(daemon).order_by(daemon.c.seen_at.desc())).mappings().all()
        return [DaemonState(**row, rings=tuple(rings[row["name"]])) for row in rows]
