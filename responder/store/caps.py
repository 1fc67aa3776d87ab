"""Caps under the lock: what may not go out at all, and what has to wait for others that went out before."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, or_, select

from responder.model.caps import Caps
from responder.model.delivery import Delivery
from responder.model.mention import Mention
from responder.store.moves import LONGEST
from responder.store.tables import account, delivery, mention

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def forbidden(connection: Connection, target: Mention, caps: Caps) -> str:
    """Return why a post is never answered; "" when it may be.

    What we wrote ourselves, on any account of the same network, is no complaint; with bots and with people
    who asked us not to there is no talking. Two responders would else answer each other for ever.
    """
    network = select(account.c.connector).where(account.c.name == target.account).scalar_subquery()
    ours = select(account.c.name).where(account.c.connector == network, account.c.own_id == target.author.id)
    if connection.scalar(ours.limit(1)) is not None:
        return "an account of our own wrote it"
    if target.author.bot:
        return "the network marks its author as automated"
    if target.author.handle.lower() in caps.spared:
        return "its author asked us not to answer, or is one of us"
    return ""


def wait_until(connection: Connection, one: Delivery, caps: Caps, now: datetime) -> datetime | None:
    """Return when a reply may go out that has to wait for a cap; None when it may go now.

    What may be public counts as much as what surely is.
    """
    others = (delivery.c.account == one.account) & (delivery.c.id != one.id)
    target = one.target
    theirs = (mention.c.account == target.account) & (mention.c.author_id == target.author.id)
    to_author = delivery.c.target_id.in_(select(mention.c.id).where(theirs))
    waits = (
        _full(connection, caps.per_hour, _HOUR, now, others),
        _full(connection, caps.per_person, _DAY, now, others & to_author),
    )
    return max((wait for wait in waits if wait), default=None)


def replies_in_thread(connection: Connection, one: Delivery) -> int:
    """Return how many other replies to the case of `one` are public, or may be."""
    live = (delivery.c.case_id == one.case_id) & (delivery.c.id != one.id)
    counted = select(func.count()).select_from(delivery).where(live, delivery.c.stage.in_(["SENT", "UNSURE"]))
    return connection.scalar(counted) or 0


def _full(
    connection: Connection, cap: int, length: timedelta, now: datetime, which: ColumnElement[bool]
) -> datetime | None:
    """Return when there is room again for one more within `length`; None while there is."""
    if not cap:
        return None
    # what was sent much later than now was by a clock that was ahead, and does not count
    within = (delivery.c.sent_at > now - length) & (delivery.c.sent_at < now + LONGEST)
    sent = select(delivery.c.sent_at).where(which, or_(within, delivery.c.stage == "UNSURE"))
    found = connection.execute(sent.order_by(delivery.c.sent_at.desc()).limit(cap)).all()
    if len(found) < cap:
        return None
    return (found[-1].sent_at or now) + length
