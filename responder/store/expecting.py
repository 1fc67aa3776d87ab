"""Expecting: a case must be as a person saw it, or they are told who moved it meanwhile."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, literal_column, select

from responder.model.case import Case, Stage
from responder.model.event import Event
from responder.model.moved import told
from responder.store.errors import Conflict, NotFound, Overtaken
from responder.store.moves import Standing, lock
from responder.store.rows import event_from
from responder.store.tables import event

#: What is written down about a case without moving it.
_BESIDE = (
    *("noted", "opted out", "opt-out undone", "words erased", "stepped aside", "edited", "is back"),
    *("joined incident",),
    *("sending", "not sent yet", "delivery void", "alarm", "alarm over"),
)
_LAST = (
    select(event)
    .where(event.c.case_id == bindparam("case"), event.c.action.not_in(_BESIDE))
    .order_by(event.c.id.desc())
    .limit(literal_column("1"))  # a bound one would be planned anew each time
)


def expect(connection: Connection, case: Case, stages: Collection[Stage], now: datetime) -> Standing:
    """Return the locked standing of a case a person moves at `now`, or raise Conflict in their words.

    Overtaken when it moved since they read it: with who did what, and how long ago.
    """
    standing = lock(connection, [case.id]).get(case.id)
    if standing is None:
        raise NotFound(f"there is no case {case.name}")
    if standing.version != case.version:
        last = last_move(connection, case.id)
        who = f"{told(last, now)}; it" if last else "it"
        raise Overtaken(f"{case.name} moved while you looked: {who} is {standing.stage} now", last)
    if standing.stage not in stages:
        last = last_move(connection, case.id)
        who = f" ({told(last, now)})" if last and last.by else ""
        possible = " or ".join(sorted(stages))
        raise Conflict(f"{case.name} is {standing.stage}{who}; this can be done while it is {possible}")
    return standing


def last_move(connection: Connection, number: int) -> Event | None:
    """Return what moved case `number` last; None where the journal does not say."""
    row = connection.execute(_LAST, {"case": number}).mappings().one_or_none()
    return event_from(row) if row else None
