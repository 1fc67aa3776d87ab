"""Rejecting: no reply to this, with the reason; or one of us answered it already."""

from functools import partial

from responder.cli import words
from responder.cli.decide import check_address
from responder.cli.review.approving import LONGEST_REASON
from responder.cli.review.questions import NOTHING, Choice, Dialogue, Line, Told
from responder.cli.review.session import Session, Shown
from responder.cli.review.several import Deed, called, decided_by_us, each, meant, names, no_complaint_by_us
from responder.model.case import Stage
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.steps.approve import decide
from responder.steps.correct import Said, correct
from responder.steps.dismiss import BY_HAND, NO_COMPLAINT, answered_by_hand, dismiss
from responder.steps.put_back import put_back
from responder.store.errors import Conflict

#: Why a case needs no reply, by letter.
REASONS = (
    ("n", NO_COMPLAINT),
    ("s", "spam"),
    ("h", "handled elsewhere"),
    ("b", BY_HAND),
    ("o", "another reason"),
)


def reject(session: Session) -> Dialogue:
    """Decide that the card, or each chosen case, needs no reply; the reason is kept."""
    seen = meant(session)
    letter = yield Choice(f"Why does {called(seen)} need no reply?", REASONS)
    reason = dict(REASONS).get(letter or "", "")
    if letter == "b":
        return (yield from _answered(session, seen))
    if letter == "o":
        reason = (yield Line("Why? (nothing: it stays)")) or ""
    if not reason:
        return NOTHING
    deed = Deed(
        do=lambda one: _dismiss(session, one, reason[:LONGEST_REASON]),
        says=lambda cases: (
            f"{names(cases)} {'is' if len(cases) == 1 else 'are'} set aside: {reason}. u takes it back."
        ),
        back=partial(take_back, session),
    )
    return each(session, seen, deed)


def _answered(session: Session, seen: list[Shown]) -> Dialogue:
    """Take down where one of us answered the one case."""
    if len(seen) > 1:
        return Told("An answer at one address is for one case; nothing was changed.", "care")
    url = yield Line("At which address does the answer stand? (nothing: leave)")
    if not url:
        return NOTHING
    check_address(url)
    desk = session.desk
    deed = Deed(
        do=lambda one: answered_by_hand(desk.store, one.case, url, (desk.user, ""), desk.now()),
        says=lambda cases: f"{names(cases)} is answered, by hand.",
    )
    return each(session, seen, deed)


def _dismiss(session: Session, one: Shown, reason: str) -> None:
    desk, said = session.desk, (session.desk.user, reason)
    if reason == NO_COMPLAINT:  # triage is told, which takes the rules
        dismiss(desk.store, desk.app.targets, one.case, said, desk.now())
    else:
        decide(desk.store, one.case, Verdict.DISMISS, said, desk.now())


def take_back(session: Session, was: Shown) -> str:
    """Take a rejection back, and what triage was told by it; the words it had wait again."""
    desk = session.desk
    case = desk.store.casework.get(was.case.id)
    if case.stage is not Stage.SET_ASIDE:
        raise Conflict(f"{case.name} is {words.STAGES[case.stage]}; nothing is left to take back")
    had = desk.store.casework.draft(case)
    if no_complaint_by_us(session, case):
        said = Said(What.COMPLAINT, desk.user)
        correct(desk.store, desk.app.targets, case, said, desk.now())
    else:
        case = decided_by_us(session, case.id, Verdict.DISMISS)
        decide(desk.store, case, Verdict.REOPEN, (desk.user, ""), desk.now())
    if had is None:
        return f"{case.name} needs a reply again; the daemon drafts one."
    again = desk.store.casework.get(case.id)
    put_back(desk.store, desk.app.policy, desk.account(again), (again, had), desk.user, desk.now())
    return f"{case.name} waits for you again."
