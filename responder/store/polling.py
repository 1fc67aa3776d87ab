"""How the polls of an account went, and when the next is due."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select, update

from responder.model.blind import Cause
from responder.store.blindness import UNREAD_AFTER, sees_again, was_unread
from responder.store.moves import record
from responder.store.tables import account

if TYPE_CHECKING:
    from responder.store.store import Store

#: What was known of an account before a poll; locked, for its gap goes by it.
_STATE = (
    select(
        account.c.problem, account.c.failures, account.c.ill_since, account.c.heard_at, account.c.next_poll_at
    )
    .where(account.c.name == bindparam("account"))
    .with_for_update(key_share=True)
)
_POLLED = update(account).where(account.c.name == bindparam("b_account"))


def note_poll(store: "Store", name: str, next_at: datetime, now: datetime, ill: tuple[str, Cause]) -> None:
    """Note how a poll went; `ill` says what is wrong, and of what kind that is ("" is nothing)."""
    problem, cause = ill
    changed: dict[str, Any] = {"polled_at": now, "next_poll_at": next_at, "problem": problem}
    with store.write() as connection:
        before = connection.execute(_STATE, {"account": name}).one_or_none()
        if before is None:
            return
        if problem:
            changed |= {"cause": str(cause), "failures": before.failures + 1}
            changed["ill_since"] = before.ill_since or now
            if cause is Cause.CREDENTIAL:
                changed["stopped"] = True
        else:
            changed |= {"cause": "", "failures": 0, "ill_since": None, "stopped": False, "heard_at": now}
        connection.execute(_POLLED, changed | {"b_account": name})
        if problem != before.problem:
            action = "poll failed" if problem else "poll works again"
            record(connection, [(None, name, action, "", {"problem": problem} if problem else {})], now)
        if not problem and next_at > now:
            _read_whole(connection, name, before, now)


def _read_whole(connection: Connection, name: str, before: Any, now: datetime) -> None:
    """Close the gap of an account that was read to its end; also one that nobody had noted."""
    sees_again(connection, name, now, spoken=False)
    idle = before.heard_at and before.next_poll_at and not before.problem
    if idle and now - before.next_poll_at > UNREAD_AFTER:
        was_unread(connection, name, before.heard_at, now)
