"""Deciding: yes, no, and taking either back."""

from collections.abc import Callable, Sequence
from functools import partial

from responder.cli import failures, words
from responder.cli.review.questions import NOTHING, Choice, Dialogue, Line, Sure, Told
from responder.cli.review.session import Session, Shown, Undo
from responder.letter import span
from responder.model.case import Case, Stage
from responder.model.decision import Verdict
from responder.model.delivery import Route
from responder.model.draft import Draft
from responder.model.triage import Finding, Level
from responder.model.visible import one_line
from responder.policy.planner import SCRIPTS
from responder.steps.approve import Yes
from responder.steps.approve import approve as approve_step
from responder.steps.approve import decide as decide_step
from responder.steps.put_back import put_back
from responder.store.errors import Conflict

#: Why a case needs no reply, by letter.
REASONS = (
    ("n", "not a complaint"),
    ("s", "spam"),
    ("h", "handled elsewhere"),
    ("b", "answered by hand"),
    ("o", "another reason"),
)
#: What the journal keeps of a reason.
_LONGEST_REASON = 500
_WHY_ALL_THE_SAME = "Why approve all the same? (nothing: do not)"


def no_approval(shown: Shown | None) -> str:
    """Return why the draft of a card cannot be approved now; "" when it can."""
    if shown is None:
        return "nothing waits for you"
    case, draft, limits = shown.case, shown.draft, shown.sheet.limits
    if case.stage is not Stage.WAITING:
        return f"{case.name} is {words.STAGES[case.stage]}"
    if draft is None:
        return one_line(case.answer_detail) or "there is no draft for what they wrote last"
    blocking = [words.about(one) for one in draft.findings if one.level is Level.BLOCK]
    if blocking:
        return "; ".join(blocking)
    over = limits.count(draft.text) - limits.length if limits and draft.playbook not in SCRIPTS else 0
    return f"the reply is {over:,} over the {limits.length:,} {limits.unit}" if limits and over > 0 else ""


def approve(session: Session) -> Dialogue:
    """Approve the words on the card, or those of all chosen cases; a warning is passed over with a reason."""
    if session.chosen:
        return (yield from _approve_chosen(session))
    shown = session.shown
    if shown is None or shown.draft is None:
        return NOTHING
    case, draft = shown.case, shown.draft
    if not_yet := _not_yet(session, case, draft):
        return Told(not_yet, "care")
    reason = ""
    if _warnings(draft):
        reason = (yield Line(_WHY_ALL_THE_SAME)) or ""
        if not reason:
            return Told("Nothing was approved.")
    route = _approve(session, shown, reason)
    session.done.append(_undo([case], partial(_withdraw, session)))
    if route is Route.BY_HAND:
        session.refresh()
        how = words.by_hand(case, draft.text)
        return Told(f"Approved {case.name}. Only a person can answer there: {how}; then p.", "good")
    more = session.go_on([case.id])
    return Told(f"Approved {case.name}. {_goes_out(session, 'It')}{more}", "good")


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
    told = "; ".join(words.about(one) for one in warnings)
    return f"{words.many(len(warnings), 'warning')}: {told}. a again approves all the same."


def _approve(session: Session, shown: Shown, reason: str) -> Route:
    desk, case, draft = session.desk, shown.case, shown.draft
    if draft is None:
        raise Conflict(f"{case.name} has no draft any more")
    now = desk.now()
    yes = Yes(
        reason=reason[:_LONGEST_REASON],
        undo=desk.settings.posting.undo,
        seconds=max(0.0, (now - shown.since).total_seconds()),
    )
    return approve_step(desk.store, desk.account(case), (case, draft), desk.user, now, yes)


def _approve_chosen(session: Session) -> Dialogue:
    """Approve all chosen drafts after one question; one that cannot be approved stops them all."""
    seen = [shown for number in session.chosen if (shown := session.read(number))]
    for one in seen:
        why = no_approval(one)
        if not why and one.draft and one.draft.fingerprint != session.chosen[one.case.id]:
            why = "its words are not those you chose"
        if why:
            session.go_to(one.case.id)
            return Told(f"Nothing was approved. {one.case.name}: {why}. space takes it out.", "care")
    lines, warnings = [], 0
    for one in seen:
        lines += _first_lines(one)
        warnings += len(_warnings(one.draft))
    if not (yield Sure(f"Approve exactly these {words.many(len(seen), 'draft')}?", tuple(lines))):
        return Told("Nothing was approved.")
    reason = ""
    if warnings:
        reason = (yield Line(f"{words.many(warnings, 'warning')}. {_WHY_ALL_THE_SAME}")) or ""
        if not reason:
            return Told("Nothing was approved.")
    return _many(session, seen, "Approved", partial(_approve_quietly, session, reason=reason), _withdraw)


def _approve_quietly(session: Session, one: Shown, reason: str) -> None:
    _approve(session, one, reason if _warnings(one.draft) else "")


def _many(
    session: Session,
    seen: Sequence[Shown],
    did: str,
    deed: Callable[[Shown], None],
    back: Callable[[Session, int], str],
) -> Told:
    """Do the same to each; one that cannot be done does not stop the others. Tell both."""
    done: list[Case] = []
    failed: list[str] = []
    for one in seen:
        try:
            deed(one)
            done.append(one.case)
        except Exception as error:
            failure = failures.known(error)
            if failure is None:
                raise
            failed.append(f"{one.case.name}: {failure.sentences()}")
    session.chosen.clear()
    if done:
        session.done.append(_undo(done, partial(back, session)))
    names = ", ".join(case.name for case in done)
    more = session.go_on([case.id for case in done])
    after = f" {_goes_out(session, 'They')}" if did == "Approved" else " u takes it back."
    says = f"{did} {names}.{after}{more}" if done else "Nothing was done."
    return Told(says, "care" if failed else "good", tuple(failed))


def reject(session: Session) -> Dialogue:
    """Decide that the card, or each chosen case, needs no reply; the reason is kept."""
    seen = [one for number in session.chosen if (one := session.read(number))]
    if not seen and session.shown:
        seen = [session.shown]
    what = seen[0].case.name if len(seen) == 1 else f"these {len(seen)} cases"
    letter = yield Choice(f"Why does {what} need no reply?", REASONS)
    reason = dict(REASONS).get(letter or "", "")
    if letter == "b":
        url = yield Line("At which address does the answer stand? (nothing: it is not known)")
        if url is None:
            return NOTHING
        reason = f"{reason}: {url}" if url else reason
    if letter == "o":
        reason = (yield Line("Why? (nothing: it stays)")) or ""
    if not reason:
        return NOTHING
    said = session.desk.user, reason[:_LONGEST_REASON]

    def dismiss(one: Shown) -> None:
        decide_step(session.desk.store, one.case, Verdict.DISMISS, said, session.desk.now())

    if len(seen) > 1:
        return _many(session, seen, "Set aside", dismiss, _reopen)
    one = seen[0]
    dismiss(one)
    session.done.append(_undo([one.case], partial(_reopen, session)))
    session.unsaved.pop(one.case.id, None)
    more = session.go_on([one.case.id])
    return Told(f"{one.case.name} is set aside: {reason}. u takes it back.{more}", "good")


def undo(session: Session) -> Told:
    """Take the last thing back that was done here, as long as that is possible."""
    last = session.done[-1]
    said: list[str] = []
    failed: list[str] = []
    for number, step in last.steps:
        try:
            said.append(step())
        except Conflict as error:  # it cannot be taken back any more, and never will be
            failed.append(failures.sentence(str(error)))
            continue
        session.go_to(number)
    session.done.pop()
    session.refresh()
    return Told(" ".join([*said, *failed]), "care" if failed else "good")


def _undo(cases: Sequence[Case], step: Callable[[int], str]) -> Undo:
    return Undo(tuple((case.id, partial(step, case.id)) for case in cases))


def _withdraw(session: Session, number: int) -> str:
    case = session.desk.store.casework.get(number)
    if case.stage is not Stage.APPROVED:
        raise Conflict(f"{case.name} is {words.STAGES[case.stage]}; its approval cannot be taken back")
    said = session.desk.user, ""
    decide_step(session.desk.store, case, Verdict.WITHDRAW, said, session.desk.now())
    return f"{case.name} is not sent; it waits for you again."


def _reopen(session: Session, number: int) -> str:
    desk = session.desk
    case = desk.store.casework.get(number)
    had = desk.store.casework.draft(case)
    if case.stage is not Stage.SET_ASIDE:
        raise Conflict(f"{case.name} is {words.STAGES[case.stage]}; nothing is left to take back")
    decide_step(desk.store, case, Verdict.REOPEN, (desk.user, ""), desk.now())
    if had is None:
        return f"{case.name} needs a reply again; the daemon drafts one."
    again = desk.store.casework.get(number)
    put_back(desk.store, desk.app.policy, desk.account(again), (again, had), desk.user, desk.now())
    return f"{case.name} waits for you again."


def _goes_out(session: Session, what: str) -> str:
    """Return when approved replies go out, and that u takes them back."""
    posting = session.desk.settings.posting
    go, stay = ("goes", "stays") if what == "It" else ("go", "stay")
    if session.desk.store.control.paused():
        return f"Sending is paused: {what.lower()} {stay} in the outbox; u takes it back."
    if posting.mode != "on":
        return f"Posting is {posting.mode}: {what.lower()} {stay} in the outbox; u takes it back."
    when = f"in {span(posting.undo)}" if posting.undo else "with the daemon's next round"
    return f"{what} {go} out {when}; u takes it back."


def _warnings(draft: Draft | None) -> list[Finding]:
    return [one for one in draft.findings if one.level is Level.WARN] if draft else []


def _first_lines(one: Shown) -> list[str]:
    """Return what somebody reads of a case before they approve it among others."""
    draft = one.draft
    lines = [f"{one.case.name}  {one_line(one.case.target.text, 90)}"]
    lines += [f"    draft {draft.number}: {one_line(draft.text, 300)}"] if draft else []
    return lines + [f"    warn  {words.about(warning)}" for warning in _warnings(draft)]
