"""The journal: events in one chain, written at the end of the transaction of what they tell of.

Append only: nothing here or elsewhere changes or deletes an event, and the database itself refuses it. The
one exception is `erase`, which takes the words out and leaves the proof that there were some.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from responder.model.chain import EMPTY, ERASED, canonical, chained, mark_of
from responder.model.event import ACTIONS
from responder.store.errors import StoreUnusable
from responder.store.moment import microseconds
from responder.store.rows import storable
from responder.store.tables import event, journal_head

#: What happened: case id, account, action, by, detail.
Happened = tuple[int | None, str, str, str, dict[str, str]]
#: Where a transaction keeps what it has to tell.
_JOURNAL = "responder journal"
_LONGER = (
    update(journal_head)
    .values(seq=journal_head.c.seq + bindparam("more"))
    .returning(journal_head.c.seq, journal_head.c.hash)
)
_EVENTS = insert(event)
_LAST = update(journal_head).values(hash=bindparam("last"))


@dataclass(frozen=True, slots=True)
class _Untold:
    """What a transaction has to tell when it ends."""

    salt: Callable[[], str]
    rows: list[dict[str, Any]] = field(default_factory=list)


def open_journal(connection: Connection, salt: Callable[[], str]) -> None:
    """Begin to collect the events of a transaction; `salt` gives one that nobody can guess for each."""
    connection.info[_JOURNAL] = _Untold(salt)


def tell(connection: Connection, happened: Iterable[Happened], at: datetime) -> None:
    """Let these events be written when the transaction ends; ValueError for an action that is none."""
    connection.info[_JOURNAL].rows.extend(
        {
            "case_id": case_id,
            "account": account,
            "at": at,
            "action": _known(action),
            "by": storable(by),
            # what comes back must be what was hashed
            "detail": {key: storable(value) for key, value in sorted(detail.items())},
        }
        for case_id, account, action, by, detail in happened
    )


def _known(action: str) -> str:
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is no action of model/event.py")
    return action


def write_journal(connection: Connection) -> None:
    """Chain and write what was collected, as the very last thing of a transaction.

    Everybody needs the head: it is locked for no longer than these three statements and the commit.
    """
    untold = connection.info.pop(_JOURNAL)
    rows = untold.rows
    if not rows:
        return
    head = connection.execute(_LONGER, {"more": len(rows)}).one_or_none()
    if head is None:
        raise StoreUnusable("the head of the journal is gone; see: responder audit verify")
    last = head.hash
    for seq, row in enumerate(rows, head.seq - len(rows) + 1):
        salt, detail = untold.salt(), row["detail"]
        mark = mark_of(salt, canonical(detail) if detail else EMPTY)
        told = (seq, row["case_id"], row["account"], microseconds(row["at"]), row["action"], row["by"])
        last = chained(last, told, mark)
        row |= {"seq": seq, "salt": salt, "mark": mark, "hash": last}
    connection.execute(_EVENTS, some_or_one(rows))
    connection.execute(_LAST, {"last": last})


def some_or_one(rows: list[dict[str, Any]]) -> Any:
    """Return rows as one statement takes them: one alone costs fewer trips to a server."""
    return rows[0] if len(rows) == 1 else rows


def erase(connection: Connection, numbers: Iterable[int], by: str, at: datetime) -> int:
    """Take the words out of every event of these cases, the chain proves the rest; return of how many.

    That it was done, and by whom, becomes an event of each case: without it `audit verify` complains.
    """
    wordy = event.c.case_id.in_(list(numbers)), event.c.salt != "", event.c.action != ERASED
    erased = update(event).where(*wordy).values(detail={}, salt="")
    found = Counter(map(tuple, connection.execute(erased.returning(event.c.case_id, event.c.account))))
    tell(connection, [(case, name, ERASED, by, {"events": str(n)}) for (case, name), n in found.items()], at)
    return found.total()
