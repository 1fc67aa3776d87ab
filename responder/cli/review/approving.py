"""Approving: a yes to exactly the words on the card, or to those of all chosen cases."""

from collections.abc import Callable, Sequence
from functools import partial

from responder.cli import words
from responder.cli.review.questions import NOTHING, Dialogue, Line, Sure, Told
from responder.cli.review.session import Session, Shown, Undo
from responder.cli.review.several import Deed, decided_by_us, each, names
from responder.letter import span
from responder.model.case import Case, Stage
from responder.model.decision import Verdict
from responder.model.delivery import Route
from responder.model.draft import Draft
from responder.model.people import Right, folded
from responder.model.triage import Finding, Level
from responder.model.visible import one_line
from responder.policy.planner import SCRIPTS
from responder.steps.approve import Yes
from responder.steps.approve import approve as approve_step
from responder.steps.approve import decide as decide_step
from responder.store.errors import Conflict

#: What the journal keeps of a reason.
LONGEST_REASON = 500
_WHY_ALL_THE_SAME = "Why approve all the same? (nothing: do not)"
_NOT_APPROVED = Told("Nothing was approved.")


def no_approval(shown: Shown | None) -> str:
    """Return why the draft of a card cannot be approved now; "" when it can."""
    if shown is None:
        return "nothing waits for you"
    case, draft, limits = shown.case, shown.draft, shown.sheet.limits
    if case.stage is not Stage.WAITING:
        return f"{case.name} is {words.STAGES[case.stage]}"
    if draft is None:
        return one_line(case.answer_detail) or "there is no draft for what they wrote last"
    blocking = [words.objection(one) for one in draft.findings if one.level is Level.BLOCK]
    if blocking:
        return "; ".join(blocking)
    over = limits.count(draft.text) - limits.length if limits and draft.playbook not in SCRIPTS else 0
    return f"the reply is {over:,} over the {limits.length:,} {limits.unit}" if limits and over > 0 else ""


def no_yes(session: Session) -> str:
    """Return why this person's yes counts for nothing now, whatever the words are; "" when it counts."""
    roster, user = session.desk.store.roster, session.desk.user
    others = roster.another(Right.APPROVE, user)
    if not roster.may(user, Right.APPROVE):
        return f"{user} prepares replies; {others} may approve"
    first = session.shown.sheet.first if session.shown and not session.chosen else None
    if first and folded(first.by) == folded(user):
        return f"yours is the first of two yeses; {others} can say the second"
    return ""


def approve(session: Session) -> Dialogue:
    """Approve the words on the card, or those of all chosen cases; a warning is passed over with a reason."""
    if session.chosen:
        return (yield from _approve_chosen(session))
    shown = session.shown
    if shown is None or shown.draft is None:
        return NOTHING
    if not_yet := _not_yet(session, shown.case, shown.draft):
        return Told(not_yet, "care")
    reason = ""
    if _warnings(shown.draft):
        reason = (yield Line(_WHY_ALL_THE_SAME)) or ""
        if not reason:
            return _NOT_APPROVED
    route = _approve(session, shown, reason)
    if route is None:
        once = Deed(
            do=_nothing,
            says=partial(_first_yes, session),
            back=partial(take_approval_back, session),
            leaves=False,
        )
        return each(session, [shown], once)
    if route is Route.BY_HAND:
        session.done.append(Undo(((shown.case.id, partial(take_approval_back, session, shown)),)))
        session.refresh()
        how = words.by_hand(shown.case, shown.draft.text)
        return Told(f"Approved {shown.case.name}. Only a person can answer there: {how}; then p.", "good")
    return each(session, [shown], _approving(session, _nothing))


def _not_yet(session: Session, case: Case, draft: Draft) -> str:
    """Return why `a` has to be pressed once more; "" when this one means it."""
    if session.too_early():
        return f"{case.name} has only just come up: read it, then a."
    if session.unread == draft.fingerprint:
        session.unread = ""
        return f"The words of {case.name} changed while you looked: read them, then a."
    warnings = _warnings(draft)
    if not warnings or session.warned == draft.fingerprint:
        return ""
    session.warned = draft.fingerprint
    told = "; ".join(words.objection(one) for one in warnings)
    return f"{words.many(len(warnings), 'warning')}: {told}. a again approves all the same."


def _approve(session: Session, shown: Shown, reason: str) -> Route | None:
    """Approve one card; None where this was the first of two yeses."""
    desk, case, draft = session.desk, shown.case, shown.draft
    if draft is None:
        raise Conflict(f"{case.name} has no draft any more")
    now = desk.now()
    yes = Yes(
        reason=reason[:LONGEST_REASON] if _warnings(draft) else "",
        undo=desk.settings.posting.undo,
        policy=lambda: desk.app.policy,
        seconds=max(0.0, (now - shown.since).total_seconds()),
    )
    return approve_step(desk.store, desk.account(case), (case, draft), desk.user, now, yes)


def _approve_chosen(session: Session) -> Dialogue:
    """Approve all chosen drafts after one question; one that cannot be approved stops them all."""
    seen = [shown for number in session.chosen if (shown := session.read(number))]
    for one in seen:
        if one.case.stage is not Stage.WAITING:
            del session.chosen[one.case.id]
            stands = words.STAGES[one.case.stage]
            return Told(
                f"Nothing was approved. {one.case.name} is {stands}; it is not chosen any more.", "care"
            )
        if why := _no_choice(session, one):
            session.go_to(one.case.id)
            return Told(f"Nothing was approved. {one.case.name}: {why}. space takes it out.", "care")
    lines = [line for one in seen for line in _first_lines(one)]
    warnings = sum(len(_warnings(one.draft)) for one in seen)
    these = f"these {len(seen)} drafts" if len(seen) > 1 else "this draft"
    if not (yield Sure(f"Approve exactly {these}?", tuple(lines))):
        return _NOT_APPROVED
    reason = ""
    if warnings:
        reason = (yield Line(f"{words.many(warnings, 'warning')}. {_WHY_ALL_THE_SAME}")) or ""
        if not reason:
            return _NOT_APPROVED
    return each(session, seen, _approving_each(session, reason))


def _no_choice(session: Session, one: Shown) -> str:
    why = no_approval(one)
    if not why and one.draft and one.draft.fingerprint != session.chosen[one.case.id]:
        why = "its words are not those you chose"
    return why


def _approving(session: Session, do: Callable[[Shown], None], firsts: Sequence[int] = ()) -> Deed:
    """Return the deed; `firsts` are, once it is done, the cases whose second yes is missing."""

    def says(cases: Sequence[Case]) -> str:
        once = [one for one in cases if one.id in firsts]
        done = [one for one in cases if one.id not in firsts]
        said = [f"Approved {names(done)}. {_goes_out(session, one=len(done) == 1)}"] if done else []
        return " ".join(said + ([_first_yes(session, once)] if once else []))

    return Deed(do=do, says=says, back=partial(take_approval_back, session))


def _approving_each(session: Session, reason: str) -> Deed:
    firsts: list[int] = []

    def do(one: Shown) -> None:
        if _approve(session, one, reason) is None:
            firsts.append(one.case.id)

    return _approving(session, do, firsts)


def _nothing(_: Shown) -> None:
    """It is done already."""


def _first_yes(session: Session, cases: Sequence[Case]) -> str:
    desk = session.desk
    others = desk.store.roster.another(Right.APPROVE, desk.user)
    return f"Your yes to {names(cases)} is the first of two; {others} can say the second; u takes yours back."


def take_approval_back(session: Session, was: Shown) -> str:
    """Withdraw an approval, and say so; Conflict when it is too late."""
    case = session.desk.store.casework.get(was.case.id)
    if case.stage not in {Stage.APPROVED, Stage.WAITING}:
        raise Conflict(f"{case.name} is {words.STAGES[case.stage]}; its approval cannot be taken back")
    first = case.stage is Stage.WAITING
    case = decided_by_us(session, case.id, Verdict.ENDORSE if first else Verdict.APPROVE)
    decide_step(session.desk.store, case, Verdict.WITHDRAW, (session.desk.user, ""), session.desk.now())
    if first:
        return f"Your yes to {case.name} is taken back."
    return f"{case.name} is not sent; it waits for you again."


def _goes_out(session: Session, *, one: bool) -> str:
    """Return when approved replies go out, and that u takes them back."""
    posting = session.desk.settings.posting
    goes, stays = ("It goes", "it stays") if one else ("They go", "they stay")
    if pause := session.desk.store.control.pausing():
        return f"Sending is paused {pause.whose}: {stays} in the outbox; u takes it back."
    if posting.mode != "on":
        return f"Posting is {posting.mode}: {stays} in the outbox; u takes it back."
    when = f"in {span(posting.undo)}" if posting.undo else "with the daemon's next round"
    return f"{goes} out {when}; u takes it back."


def _warnings(draft: Draft | None) -> list[Finding]:
    return [one for one in draft.findings if one.level is Level.WARN] if draft else []


def _first_lines(one: Shown) -> list[str]:
    """Return what somebody reads of a case before they approve it among others."""
    draft = one.draft
    lines = [f"{one.case.name}  {one_line(one.case.target.text, 90)}"]
    lines += [f"    draft {draft.number}: {one_line(draft.text, 300)}"] if draft else []
    lines += [f"    {line}" for line in one.sheet.promises()]
    return lines + [f"    warn  {words.about(warning)}" for warning in _warnings(draft)]
