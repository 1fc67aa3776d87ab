"""Dismiss: a case needs no reply of ours, or has one already that a person gave by hand."""

from datetime import datetime

from responder.model.case import Case, Stage
from responder.model.clocks import Clocks
from responder.model.correction import What
from responder.model.decision import Decision, Verdict
from responder.model.people import Right
from responder.model.triage import GRAVE
from responder.steps.correct import Said, correct
from responder.store.errors import Conflict
from responder.store.store import Store

#: What people mostly say, in the order in which they are asked. The first one also tells triage.
NO_COMPLAINT, BY_HAND = "not a complaint", "answered by hand"
REASONS = (NO_COMPLAINT, "spam", "handled elsewhere", BY_HAND)


def dismiss(
    store: Store,
    targets: Clocks,
    case: Case,
    said: tuple[str, str],
    now: datetime,
) -> bool:
    """Set a case aside as said by (by, reason); return whether triage was told that it was wrong.

    That is so where the reason is that it is no complaint, triage has weighed it, and it tells of no grave
    harm: who corrects that says why. Raises Conflict when it is too late.
    """
    by, reason = store.roster.allowed(said[0], Right.DISMISS), said[1]
    decision = Decision(case_id=case.id, verdict=Verdict.DISMISS, by=by, at=now, reason=reason)
    store.casework.decide(case, decision)
    if reason.strip().lower() != NO_COMPLAINT or case.stage is Stage.NEW or case.tier >= GRAVE:
        return False
    try:
        aside = store.casework.get(case.id)
        correct(store, targets, aside, Said(What.NOT_A_COMPLAINT, by, reason), now)
    except Conflict:  # the customer wrote again this very moment: they are heard anew
        return False
    return True


def answered_by_hand(store: Store, case: Case, url: str, said: tuple[str, str], now: datetime) -> None:
    """Take the word of (by, reason) that a person answered a case that waits, at `url`: it is answered.

    Nothing is sent, and nothing is read back: whose words stand there only the network knows. Raises Conflict
    when the case does not wait, or is not as it was seen, or a reply of ours may be public.
    """
    by, reason = store.roster.allowed(said[0], Right.SETTLE), said[1]
    decision = Decision(case_id=case.id, verdict=Verdict.SETTLE, by=by, at=now, reason=reason)
    store.tending.answered(case, url, decision)
