"""Caps under the lock: what may not go out at all, and what has to wait for others that went out before."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, select

from responder.model.caps import Caps
from responder.model.delivery import Delivery
from responder.model.mention import Mention
from responder.store.control import PAUSED
from responder.store.engine import server_clock
from responder.store.moves import LONGEST, portions
from responder.store.planned_once import LIMIT
from responder.store.side_tables import opted_out
from responder.store.tables import account, cases, delivery, mention

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_NETWORK = select(account.c.connector).where(account.c.name == bindparam("account")).scalar_subquery()
_OURS = exists().where(account.c.connector == _NETWORK, account.c.own_id == bindparam("author"))
_ASKED = exists().where(opted_out.c.author_id == bindparam("author"), opted_out.c.connector == _NETWORK)
_BARRED = select(_OURS.label("ours"), _ASKED.label("asked"))
_IN_THREAD = (
    select(func.count())
    .select_from(delivery)
    .where(delivery.c.case_id == bindparam("case"), delivery.c.id != bindparam("but"))
    .where(delivery.c.stage.in_(["SENT", "UNSURE"]))
)
# what was sent much later than now was by a clock that was ahead, and does not count
_LATELY = (
    select(delivery.c.sent_at)
    .where(delivery.c.account == bindparam("account"), delivery.c.id != bindparam("but"))
    .where(
        (delivery.c.sent_at > bindparam("since")) & (delivery.c.sent_at < bindparam("never"))
        | (delivery.c.stage == "UNSURE")
    )
    .order_by(delivery.c.sent_at.desc())
    .limit(LIMIT)
)
_LATELY_TO = _LATELY.where(
    delivery.c.target_id.in_(
        select(mention.c.id).where(
            mention.c.account == bindparam("account"), mention.c.author_id == bindparam("author")
        )
    )
)


_WHICH = (account.c.connector == opted_out.c.connector) & (cases.c.author_id == opted_out.c.author_id)
_SILENT = (
    select(cases.c.id)
    .join(account, account.c.name == cases.c.account)
    .join(opted_out, _WHICH)
    .where(cases.c.id.in_(bindparam("numbers", expanding=True)))
)
#: All that is asked under the lock before words go out, in one trip.
_LAST_QUESTIONS = _BARRED.add_columns(
    _IN_THREAD.scalar_subquery().label("replies"), PAUSED.label("paused"), server_clock().label("clock")
)


def last_questions(connection: Connection, one: Delivery) -> Row[Any]:
    """Return what stands against sending `one`: `ours`, `asked`, `replies`, `paused`; and the `clock`.

    `replies` counts the other replies to its case that are public, or may be.
    """
    which = {"account": one.account, "author": one.target.author.id, "case": one.case_id, "but": one.id}
    return connection.execute(_LAST_QUESTIONS, which).one()


def forbidden(connection: Connection, target: Mention, caps: Caps) -> str:
    """Return why a post is never answered; "" when it may be."""
    which = {"account": target.account, "author": target.author.id}
    barred = connection.execute(_BARRED, which).one()
    return never_answered(target, caps, ours=barred.ours, asked=barred.asked)


def never_answered(target: Mention, caps: Caps, *, ours: bool, asked: bool) -> str:
    """Return the same, where it is known whether it is ours and whether its author asked us not to.

    What we wrote ourselves, on any account of the same network, is no complaint; with bots and with people
    who asked us not to there is no talking. Two responders would else answer each other for ever.
    """
    if ours:
        return "an account of our own wrote it"
    if target.author.bot:
        return "the network marks its author as automated"
    if asked:
        return "its author asked us not to answer"
    if target.author.handle.lower() in caps.spared:
        return "its author asked us not to answer, or is one of us"
    return ""


def wait_until(connection: Connection, one: Delivery, caps: Caps, now: datetime) -> datetime | None:
    """Return when a reply may go out that has to wait for a cap; None when it may go now.

    What may be public counts as much as what surely is.
    """
    waits = []
    for query, cap, length in ((_LATELY, caps.per_hour, _HOUR), (_LATELY_TO, caps.per_person, _DAY)):
        if not cap:
            continue
        times = {"since": now - length, "never": now + LONGEST, "limit": cap}
        which = {"account": one.account, "but": one.id, "author": one.target.author.id}
        found = connection.execute(query, times | which).all()
        if len(found) == cap:
            waits.append((found[-1].sent_at or now) + length)
    return max(waits, default=None)


def asked(connection: Connection, target: Mention) -> bool:
    """Whether the author of a post asked us, on any account of its network, not to be answered."""
    which = {"account": target.account, "author": target.author.id}
    return bool(connection.scalar(select(_ASKED), which))


def silent(connection: Connection, numbers: Collection[int]) -> set[int]:
    """Return those of these cases whose author asked not to be answered."""
    known = sorted(numbers)
    return {one for some in portions(known) for one in connection.scalars(_SILENT, {"numbers": some})}
