"""Follow up: an answered case that stays quiet is closed."""

from datetime import datetime, timedelta

from responder.steps.report import Report, Stop, never
from responder.store.store import Store


def follow_up(store: Store, quiet: timedelta, now: datetime, *, stop: Stop = never) -> Report:
    """Close the answered cases in which nothing happened for `quiet`."""
    closed = 0
    while not stop() and (some := store.casework.close_quiet(now - quiet, now)):
        closed += some
    return Report({"closed": closed} if closed else {})
