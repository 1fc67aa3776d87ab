"""Answers: cases that were answered, with what figures need of them, one by one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, case, func, select, type_coerce

from responder.model.case import Stage
from responder.model.search import Search
from responder.model.times import Answer
from responder.store.finding import asks_posts, conditions
from responder.store.moment import microseconds
from responder.store.tables import account, cases, delivery, event
from responder.store.whole import TARGET

#: What the journal calls an answer of ours that we did not send.
BY_HAND = "answered by hand"
#: So many rows are fetched at once.
_FETCHED = 10_000


def answered(
    connection: Connection, which: ColumnElement[bool], search: Search, since: datetime, now: datetime
) -> Iterator[Answer]:
    """Give, of the cases that are `which` and that `search` describes, what figures need.

    A first reply before `since` is none that was waited for then: how long it took is not told.
    """
    networks = _networks(connection)
    columns = (
        *(cases.c[name] for name in ("opened_at", "first_by", "settle_by", "moved_at", "answered_at")),
        _first(),
        _wrote(),
    )
    query = select(
        cases.c.tier,
        cases.c.account,
        cases.c.language,
        cases.c.stage == str(Stage.CLOSED),
        *map(_raw, columns),
    ).where(which)
    if asks_posts(search):
        query = query.join(TARGET, TARGET.c.id == cases.c.target_id)
    query = query.where(*conditions(connection, search, now))
    begun = microseconds(since)
    rows = connection.execute(query.execution_options(yield_per=_FETCHED))
    for tier, name, language, closed, opened, due, by, moved, at, first, wrote in rows:
        yield Answer(
            tier,
            name,
            networks.get(name, ""),
            language,
            at,
            first - opened if first >= begun else None,
            None if due is None else first <= due,
            at <= by if closed and by is not None else None,
            moved - opened if closed else None,
            wrote is not None and wrote > first,
        )


def _networks(connection: Connection) -> dict[str, str]:
    return {
        row.name: row.connector for row in connection.execute(select(account.c.name, account.c.connector))
    }


def _raw(column: ColumnElement[Any]) -> ColumnElement[int]:
    """Return a moment as the number that is kept: making a time of it takes longer than reading it."""
    return type_coerce(column, BigInteger)


def _first() -> ColumnElement[Any]:
    """Return when we first answered, also by hand; a case itself knows its latest answer."""
    sent = select(func.min(delivery.c.sent_at)).where(delivery.c.case_id == cases.c.id)
    by_hand = select(func.min(event.c.at)).where(event.c.case_id == cases.c.id, event.c.action == BY_HAND)
    ours, theirs = sent.scalar_subquery(), by_hand.scalar_subquery()
    earliest = case(
        (ours.is_(None), func.coalesce(theirs, cases.c.answered_at)),
        (ours <= func.coalesce(theirs, ours), ours),
        else_=theirs,
    )
    return case((cases.c.replies > 1, earliest), else_=cases.c.answered_at)


def _wrote() -> ColumnElement[Any]:
    """Return when the customer last wrote, where they wrote more than once."""
    last = select(TARGET.c.created_at).where(TARGET.c.id == cases.c.target_id).correlate(cases)
    return case((cases.c.posts > 1, last.scalar_subquery()))
