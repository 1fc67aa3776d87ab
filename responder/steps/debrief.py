"""Debrief: a person writes down what a case taught us, and says when what was to change is changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from responder.model.case import Case
from responder.model.debrief import Action, Debrief
from responder.model.people import Right
from responder.store.errors import Conflict
from responder.store.store import Store


def write(
    store: Store,
    case: Case,
    seen: Debrief | None,
    said: tuple[Mapping[str, str], Sequence[Action]],
    by: str,
    now: datetime,
) -> Debrief:
    """Keep answers and actions as the form of a case that was `seen`, or as its first one.

    Conflict where nobody answered it yet, or somebody else wrote the form meanwhile.
    """
    by = store.roster.allowed(by, Right.DEBRIEF)
    if not case.replies:
        raise Conflict(f"{case.name} was not answered yet; there is nothing to talk over")
    answers, actions = said
    return store.debriefs.write(case, seen, answers, actions, by=by, now=now)


def changed(store: Store, one: Debrief, number: int, by: str, now: datetime) -> None:
    """Say that what was to change is changed."""
    store.debriefs.done(one, number, store.roster.allowed(by, Right.DEBRIEF), now)
