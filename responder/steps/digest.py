"""Digest: what is open, late and unsettled, and what happened since."""

from collections.abc import Mapping
from datetime import datetime

from responder.model.budget import Allowance, Budget
from responder.model.digest import Digest
from responder.store.store import Store


def digest(
    store: Store,
    since: datetime,
    now: datetime,
    *,
    lines: int = 10,
    allowances: Mapping[str, Allowance] | None = None,
) -> Digest:
    """Return the desk as it is at `now`, with what happened since `since`; `lines` cases a section.

    `allowances` are those of the accounts that have a budget, by name.
    """
    views = store.views
    money = {
        name: Budget(allowance=allowance, ledger=store.money.ledger(name, now), now=now)
        for name, allowance in (allowances or {}).items()
    }
    return Digest(
        at=now,
        since=since,
        figures=views.figures(now, since),
        overdue=tuple(views.overdue(now, lines)),
        waiting=tuple(views.waiting(now, lines)),
        unsettled=tuple(views.unsettled()),
        alarmed=tuple(store.watching.alarmed()),
        health=tuple(views.health()),
        asleep=store.lists.count_asleep(now),
        by_hand=tuple(store.lists.by_hand()),
        paused=store.control.paused(),
        money=money,
        head=store.audit.head(),
    )
