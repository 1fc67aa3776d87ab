"""Writing: other words in place of a draft, by hand or as our next wording; what is typed is never lost."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from responder.cli import editor, words
from responder.cli.edit import keep_as_note, refuse_hidden
from responder.cli.review.questions import NOTHING, Dialogue, Judged, Outside, Told, Words
from responder.cli.review.session import Session, Shown, Undo
from responder.cli.review.several import overruled
from responder.model.case import Stage
from responder.model.draft import Draft
from responder.model.visible import visible
from responder.steps.approve import edit as edit_step
from responder.steps.put_back import put_back
from responder.steps.vary import vary as vary_step
from responder.store.errors import Conflict


def no_editing(shown: Shown | None) -> str:
    """Return why there are no words to change on a card; "" when there are."""
    if shown is None:
        return "nothing waits for you"
    if shown.case.stage not in {Stage.WAITING, Stage.APPROVED}:
        return f"{shown.case.name} is {words.STAGES[shown.case.stage]}"
    return "" if shown.draft else "there is no draft"


def edit(session: Session) -> Dialogue:
    """Write other words in place, seeing what the rules say and how long they are."""
    shown, draft = _before(session)
    desk, case = session.desk, session.whole(shown)
    limits, policy = desk.account(case).connector.limits, desk.app.policy
    start = visible(draft.text).strip()

    def judge(text: str) -> Judged:
        said = text.strip()
        found = draft.findings if said == start else policy.check(said, case, draft, limits, desk.now())
        return Judged(found, words.counted(said, limits))

    def keep(text: str) -> None:
        session.unsaved[case.id] = text
        if text.strip() in {start, ""}:
            del session.unsaved[case.id]

    said = yield Words(shown.sheet, session.unsaved.get(case.id, start), judge, keep)
    if said is None:
        kept = case.id in session.unsaved
        return Told("What you wrote is not stored, and kept: e goes on with it.", "care") if kept else NOTHING
    return _store(session, shown, draft, said)


def edit_outside(session: Session) -> Dialogue:
    """Write other words in the editor that $VISUAL or $EDITOR names."""
    shown, draft = _before(session)
    session.whole(shown)
    text = session.unsaved.get(shown.case.id, draft.text)
    said = yield Outside(shown.sheet, replace(draft, text=text))
    if said is None:
        return NOTHING
    return _store(session, shown, draft, said)


def _before(session: Session) -> tuple[Shown, Draft]:
    shown = session.shown
    if shown is None or shown.draft is None:
        raise Conflict("there is no draft to edit")
    return shown, shown.draft


def _store(session: Session, shown: Shown, before: Draft, given: str) -> Told:
    """Store words as the next draft; they are kept until that has happened."""
    desk, case = session.desk, shown.case
    said = given.replace("\r\n", "\n").replace("\t", " ").strip()
    if said in {"", before.text, visible(before.text).strip()}:
        session.unsaved.pop(case.id, None)
        return Told("There are no words; nothing was changed." if not said else "The words are the same.")
    session.unsaved[case.id] = given
    refuse_hidden(said)
    by = said, desk.user
    try:
        seen = session.whole(shown), before
        stored = edit_step(desk.store, desk.app.policy, desk.account(case), seen, by, desk.now())
    except Conflict:
        keep_as_note(desk, case, said)
        raise
    del session.unsaved[case.id]
    can_be_undone(session, stored, before)
    over = " The approval of the words before is over." if case.stage is Stage.APPROVED else ""
    after = "it cannot be approved as it stands" if stored.blocked else "a approves it"
    return Told(f"Stored as draft {stored.number} of {case.name}; {after}.{over}", "good")


def vary(session: Session) -> Told:
    """Take the next of our own wordings as the draft."""
    shown, before = _before(session)
    desk, case = session.desk, session.whole(shown)
    draft = vary_step(desk.store, desk.app.policy, desk.account(case), (case, before), desk.user, desk.now())
    can_be_undone(session, draft, before)
    return Told(f"Another wording, draft {draft.number}; u puts the one before back.", "good")


def can_be_undone(session: Session, now: Draft, before: Draft) -> None:
    """Show the new words, and let `u` put those before back."""
    session.own.add(now.fingerprint)
    session.done.append(Undo(((now.case_id, partial(_restore, session, now, before)),)))
    session.refresh()


def _restore(session: Session, ours: Draft, before: Draft) -> str:
    desk = session.desk
    case = desk.store.casework.get(ours.case_id)
    if case.stage is not Stage.WAITING:
        raise Conflict(f"{case.name} is {words.STAGES[case.stage]}; its words stay as they are")
    now = desk.store.casework.draft(case)
    if now is None or now.fingerprint != ours.fingerprint:  # nobody's words are put out of the way unseen
        raise overruled(session, case)
    again = put_back(desk.store, desk.app.policy, desk.account(case), (case, before), desk.user, desk.now())
    session.own.add(again.fingerprint)
    return f"The words before are the draft of {case.name} again."


def left_over(session: Session) -> list[tuple[str, Path]]:
    """Write what was typed and not stored into files; return each with its case."""
    environ = session.desk.screen.environ
    return [
        (f"c-{number}", editor.keep(f"c-{number}", text, environ)) for number, text in session.unsaved.items()
    ]
