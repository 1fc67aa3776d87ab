"""Digest: what is open, late and unsettled, and what happened since."""

from datetime import datetime

from responder.model.digest import Digest
from responder.store.store import Store


def digest(store: Store, since: datetime, now: datetime, *, lines: int = 10) -> Digest:
    """Return the desk as it is at `now`, with what happened since `since`; `lines` cases a section."""
    views = store.views
    return Digest(
        at=now,
        since=since,
        figures=views.figures(now, since),
        overdue=tuple(views.overdue(now, lines)),
        waiting=tuple(views.waiting(now, lines)),
        unsettled=tuple(views.unsettled()),
        alarmed=tuple(store.watching.alarmed()),
        health=tuple(views.health()),
        paused=store.control.paused(),
        head=store.audit.head(),
    )
