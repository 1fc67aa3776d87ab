"""Opt out: somebody asked us not to answer them, on any account of their network."""

from datetime import datetime

from responder.model.case import Case, Stage
from responder.store.store import Store


def opt_out(store: Store, case: Case, by: str, now: datetime) -> Stage:
    """Keep that the author of `case` asked not to be answered; return where the case stands by it.

    Nothing of theirs is drafted, approved or sent from now on: triage sets their posts aside, and what tells
    of grave harm stands before a person without a draft. Raises Conflict when it is known already.
    """
    return store.silence.ask(case, by, now)


def undo_opt_out(store: Store, case: Case, by: str, now: datetime) -> None:
    """Keep that the author of `case` may be answered again; Conflict when they never asked for silence."""
    store.silence.undo(case, by, now)
