"""Note: a word among colleagues on a case; it is never sent, and moves nothing."""

from datetime import datetime

from responder.model.case import Case
from responder.store.store import Store


def note(store: Store, case: Case, said: str, by: str, now: datetime) -> None:
    """Write `said` down on the card of a case in whatever stage; an approval of it stays."""
    store.tending.note(case.id, said, by, now)
