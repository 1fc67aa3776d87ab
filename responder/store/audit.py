"""Reading the whole journal: to prove its chain, and to hand it out."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, cast, select, tuple_, type_coerce

from responder.model.audit import MOST, Walk
from responder.model.audit import Audit as Found
from responder.model.chain import Head, Link
from responder.store.tables import event, journal_head

if TYPE_CHECKING:
    from responder.store.store import Store

#: Events that are read at once.
_PAGE = 5_000


class Audit:
    """The journal from end to end; each page is a short transaction, so that no writer waits for a reader."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def head(self) -> Head | None:
        """Return the end of the journal, as it is kept beside it; None when that is gone."""
        with self._store.read() as connection:
            return _head(connection)

    def last_at(self) -> datetime | None:
        """Return when the last event happened, by the clock of then; None while there is none."""
        with self._store.read() as connection:
            return connection.scalar(select(event.c.at).order_by(event.c.id.desc()).limit(1))

    def verify(self, noted: Head | None = None, tick: Callable[[int], None] | None = None) -> Found:
        """Walk along every event, and compare the end with the head and with a head `noted` elsewhere.

        `tick` is called now and then with the place that was reached.
        """
        walk = Walk(noted)
        place: tuple[int, int] | None = None
        while True:
            links, strays, head = self._page(place)
            for link in links:
                walk.step(link)
            for link in strays:
                walk.stray(link)
            if len(links) < _PAGE:
                return walk.end(head)
            place = links[-1].seq or 0, links[-1].id
            if tick:
                tick(place[0])

    def export(self, since: datetime | None = None, case_id: int | None = None) -> Iterator[Link]:
        """Give the events in order, of one case where `case_id` says so; those that come meanwhile too."""
        wanted: ColumnElement[bool] = event.c.seq.is_not(None)
        if since is not None:
            wanted &= event.c.at >= since
        if case_id is not None:
            wanted &= event.c.case_id == case_id
        place: tuple[int, int] | None = None
        while True:
            with self._store.read() as connection:
                links = _links(connection, wanted, place)
            yield from links
            if len(links) < _PAGE:
                return
            place = links[-1].seq or 0, links[-1].id

    def _page(self, after: tuple[int, int] | None) -> tuple[list[Link], list[Link], Head | None]:
        """Return a page, with the last one the events without a place too, and the head of that moment."""
        with self._store.read(whole=True) as connection:  # others write, and the head is another statement
            links = _links(connection, event.c.seq.is_not(None), after)
            last = len(links) < _PAGE
            strays = _links(connection, event.c.seq.is_(None), None, limit=MOST + 1) if last else []
            return links, strays, _head(connection)


def _head(connection: Connection) -> Head | None:
    row = connection.execute(select(journal_head.c.seq, journal_head.c.hash)).first()
    return Head(row.seq, row.hash) if row else None


def _links(
    connection: Connection, wanted: ColumnElement[bool], after: tuple[int, int] | None, limit: int = _PAGE
) -> list[Link]:
    """Return a page of the journal, as it is stored: nothing is read into it."""
    # on SQLite a cast could hide what stands there, and a text is what is there anyway
    postgresql = connection.dialect.name == "postgresql"
    detail = cast(event.c.detail, Text) if postgresql else type_coerce(event.c.detail, Text)
    place = tuple_(event.c.seq, event.c.id)
    query = select(
        event.c.id, event.c.seq, event.c.case_id, event.c.account,
        type_coerce(event.c.at, BigInteger).label("at"), event.c.action, event.c.by,
        detail.label("detail"), event.c.salt, event.c.mark, event.c.hash,
    ).where(wanted).order_by(event.c.seq, event.c.id).limit(limit)  # fmt: skip
    if after is not None:
        query = query.where(place > after)
    return list(map(Link._make, connection.execute(query).all()))
