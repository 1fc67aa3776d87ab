"""Assign: a case is given to a person or a team, or passed on to somebody who can do what we cannot."""

from datetime import datetime

from responder.model.case import Case
from responder.store.store import Store


def assign(store: Store, case: Case, to: str, by: str, now: datetime) -> None:
    """Give an open case to the person or team `to`, or ("") to nobody.

    An approved reply goes out all the same. Raises Conflict when the case is not as it was seen, or is not
    open.
    """
    store.tending.assign(case, to, by, now)


def escalate(store: Store, case: Case, to: str, note: str, by: str, now: datetime) -> None:
    """Give an open case to `to` and say in `note` what is asked of them; as `assign` otherwise."""
    store.tending.escalate(case, to, note, by, now)
