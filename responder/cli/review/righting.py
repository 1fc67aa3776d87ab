"""Righting: what triage got wrong, who wants no answer, and what was decided too soon."""

from collections.abc import Callable
from functools import partial

from responder.cli.correct import GRAVE, told_of
from responder.cli.review.questions import NOTHING, Choice, Dialogue, Line, Sure, Told
from responder.cli.review.redoing import draft_now
from responder.cli.review.rejecting import take_back
from responder.cli.review.session import Session, Shown, Undo
from responder.cli.review.several import Deed, at_once, each
from responder.cli.review.tending import wake_up
from responder.cli.silence import who
from responder.model.case import Case, Stage
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.policy.language import OURS
from responder.steps.approve import decide
from responder.steps.correct import Said
from responder.steps.correct import correct as correct_step
from responder.steps.opt_out import opt_out as opt_out_step
from responder.steps.opt_out import undo_opt_out

#: What triage can be told, by letter.
_WRONG = {
    "n": What.NOT_A_COMPLAINT,
    "c": What.COMPLAINT,
    "m": What.MORE_URGENT,
    "l": What.LESS_URGENT,
    "w": What.LANGUAGE,
}
_OPPOSITE = {What.MORE_URGENT: What.LESS_URGENT, What.LESS_URGENT: What.MORE_URGENT}
_ASKS = {
    What.NOT_A_COMPLAINT: "it is not a complaint",
    What.COMPLAINT: "it is a complaint",
    What.MORE_URGENT: "it is more urgent, by one tier",
    What.LESS_URGENT: "it is less urgent, by one tier",
    What.LANGUAGE: "it is written in another language",
}


def correct(session: Session) -> Dialogue:
    """Tell triage where it was wrong about the card; it holds at once."""
    shown = session.shown
    letter = yield Choice("What is right?", tuple((key, _ASKS[what]) for key, what in _WRONG.items()))
    if letter is None or shown is None:
        return NOTHING
    what, language, reason = _WRONG[letter], "", ""
    if what is What.LANGUAGE:
        language = (yield Line(f"Which language? ({', '.join(OURS)}; nothing: leave)")) or ""
        if not language:
            return NOTHING
    if what is What.NOT_A_COMPLAINT and shown.case.tier >= GRAVE:
        reason = (yield Line(f"It tells of grave harm (tier {shown.case.tier}). Why is it none?")) or ""
        if not reason:
            return NOTHING
    said = Said(what, session.desk.user, reason, language.lower())
    told: list[str] = []
    deed = Deed(
        do=lambda one: told.append(_correct(session, one, said)),
        says=lambda _: " ".join(told),
        back=_back(session, what),
        leaves=what in {What.NOT_A_COMPLAINT, What.LANGUAGE},
    )
    session.chosen.clear()  # what is told is about the card
    return each(session, [shown], deed)


def _correct(session: Session, one: Shown, said: Said) -> str:
    desk = session.desk
    after = correct_step(desk.store, desk.app.targets, one.case, said, desk.now())
    voided = one.case.stage is Stage.APPROVED is not after.stage
    ended = " Its approval has ended; nothing was sent." if voided else ""
    drafted = f" {draft_now(session, after.id)}" if after.stage is Stage.NEEDS_REPLY else ""
    back = " u takes it back." if _back(session, said.what) else ""
    return f"{told_of(one.case, after, said)[0]}{ended}{drafted}{back}"


def _back(session: Session, what: What) -> Callable[[Shown], str] | None:
    """Return what takes a correction back; None where nothing does."""
    if what is What.NOT_A_COMPLAINT:
        return partial(take_back, session)
    return partial(_nudge, session, _OPPOSITE[what]) if what in _OPPOSITE else None


def _nudge(session: Session, what: What, was: Shown) -> str:
    desk = session.desk
    case, said = desk.store.casework.get(was.case.id), Said(what, desk.user)
    after = correct_step(desk.store, desk.app.targets, case, said, desk.now())
    return told_of(case, after, said)[0]


def opt_out(session: Session) -> Dialogue:
    """Note that who wrote this asked not to be answered."""
    shown, desk = session.shown, session.desk
    if shown is None:
        return NOTHING
    asks = f"{who(shown.case)} is not answered from now on, here and in any case of theirs?"
    if not (yield Sure(asks, ())):
        return NOTHING
    stage = opt_out_step(desk.store, shown.case, desk.user, desk.now())
    session.done.append(Undo(((shown.case.id, partial(_answerable, session, shown)),)))
    aside = f" {shown.case.name} is set aside." if stage is Stage.SET_ASIDE else ""
    says = f"{who(shown.case)} is not answered from now on.{aside} u takes it back."
    more = session.go_on([shown.case.id]) if stage is Stage.SET_ASIDE else ""
    session.refresh()
    return Told(f"{says}{more}", "good")


def opt_in(session: Session) -> Told:
    """Note that who wrote this may be answered again."""
    return at_once(session, partial(_answerable, session))


def _answerable(session: Session, was: Shown) -> str:
    desk = session.desk
    undo_opt_out(desk.store, desk.store.casework.get(was.case.id), desk.user, desk.now())
    says = f"{who(was.case)} may be answered again."
    case = desk.store.casework.get(was.case.id)
    if case.stage is Stage.SET_ASIDE and was.case.stage is not Stage.SET_ASIDE:
        return f"{says} {_reopened(session, case)}"
    return says


def reopen(session: Session) -> Told:
    """Bring a case back that was set aside, with a draft."""
    return at_once(session, lambda shown: _reopened(session, shown.case))


def _reopened(session: Session, case: Case) -> str:
    desk = session.desk
    decide(desk.store, case, Verdict.REOPEN, (desk.user, ""), desk.now())
    return f"{case.name} needs a reply. {draft_now(session, case.id)}"


def withdraw(session: Session) -> Told:
    """Take back the approval of the card, whoever gave it, before it is sent."""

    def does(shown: Shown) -> str:
        desk = session.desk
        decide(desk.store, shown.case, Verdict.WITHDRAW, (desk.user, ""), desk.now())
        return f"{shown.case.name} is not sent; it waits for you again."

    return at_once(session, does)


def wake(session: Session) -> Told:
    """Take up the card again, though it was put off."""
    return at_once(session, lambda shown: wake_up(session, shown.case))
