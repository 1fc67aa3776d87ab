"""Alert: find what somebody must know now, and end what is over."""

from datetime import datetime

from responder.model.clocks import Clocks
from responder.steps.report import Report, Stop, never
from responder.store.store import Store


def alert(store: Store, clocks: Clocks, now: datetime, *, stop: Stop = never) -> Report:
    """Raise what the clocks of cases and the rest of the desk have to tell; end what is not so any more."""
    struck = 0
    while not stop() and (some := store.alerts.strike(clocks, now)):
        struck += some
    found = store.alerts.find(now)
    ended = store.alerts.sweep(clocks, now)
    counts = {"struck": struck, "found": found, "over": ended}
    return Report({word: n for word, n in counts.items() if n})
