"""Digest: what is open, late and unsettled, and what happened since."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from responder.model.budget import Allowance, Budget
from responder.model.digest import Digest
from responder.model.search import Search
from responder.model.term import LATE, Term
from responder.store.store import Store


def digest(
    store: Store,
    since: datetime,
    now: datetime,
    *,
    lines: int = 10,
    allowances: Mapping[str, Allowance] | None = None,
    search: Search | None = None,
) -> Digest:
    """Return the desk as it is at `now`, with what happened since `since`; `lines` cases a section.

    `allowances` are those of the accounts that have a budget, by name. `search` limits the two lists of
    cases, not the figures; which stage and what is due is the lists' own.
    """
    views = store.views
    money = {
        name: Budget(allowance=allowance, ledger=store.money.ledger(name, now), now=now)
        for name, allowance in (allowances or {}).items()
    }
    if search:
        only, late_ones = search.but("stage", "due"), Term(key="due", value=LATE)
        beyond = Search((*only.told("stage", "waiting").terms, replace(late_ones, negated=True)))
        late = store.finding.page(Search((*only.told("stage", "open").terms, late_ones)), now, limit=lines)
        waiting = store.finding.page(beyond, now, limit=lines)
    else:
        late, waiting = views.overdue(now, lines), views.waiting(now, lines)
    return Digest(
        at=now,
        since=since,
        figures=views.figures(now, since),
        overdue=tuple(late),
        waiting=tuple(waiting),
        search=str(search or ""),
        unsettled=tuple(views.unsettled()),
        alarmed=tuple(store.watching.alarmed()),
        health=tuple(views.health()),
        asleep=store.lists.count_asleep(now),
        by_hand=tuple(store.lists.by_hand()),
        paused=store.control.paused(),
        money=money,
        head=store.audit.head(),
    )
