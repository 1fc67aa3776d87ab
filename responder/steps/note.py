"""Note: a word among colleagues on a case; it is never sent, and moves nothing."""

from datetime import datetime

from responder.model.case import Case
from responder.model.people import Right
from responder.store.store import Store


def note(store: Store, case: Case, said: str, by: str, now: datetime) -> None:
    """Write `said` down on the card of a case in whatever stage; an approval of it stays.

    Raises NotAllowed where a role does not let them.
    """
    store.tending.note(case.id, said, store.roster.allowed(by, Right.NOTE), now)
