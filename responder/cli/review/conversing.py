"""Conversing: what is said and written away from the thread, at the desk."""

from responder.cli.kit import TITLES, held_back, kit_of
from responder.cli.review.questions import NOTHING, Choice, Copy, Dialogue, Line, Told
from responder.cli.review.session import Session
from responder.cli.words import about
from responder.model.triage import Level
from responder.model.visible import visible
from responder.policy.kit import Kind
from responder.steps.kit import Wanted

#: A letter for each piece.
_LETTERS = dict(zip("mcversl", Kind, strict=True))


def kit(session: Session) -> Dialogue:
    """Show a piece of the kit, and put it on the clipboard."""
    shown = session.shown
    letter = yield Choice("Which piece?", tuple((key, TITLES[kind]) for key, kind in _LETTERS.items()))
    if shown is None or letter is None:
        return NOTHING
    kind, why, news = _LETTERS[letter], "", ""
    if kind is Kind.EMAIL:
        why = (yield Line("Why is no call possible? It also promises the call. (nothing: leave)")) or ""
        if not why.strip():
            return NOTHING
    if kind is Kind.STATUS:
        news = (yield Line("What is new, in their language? (nothing: no news)")) or ""
    desk = session.desk
    case = desk.store.casework.get(shown.case.id)
    sheet = kit_of(desk, case, Wanted(kinds=(kind,), why=why, news=news))
    (piece,) = sheet.pieces
    if piece.words is None:
        return Told(held_back(case, piece), "care")
    copied = yield Copy(piece.words.text)
    session.refresh()
    says = f"{TITLES[kind]}; nothing of it is sent."
    says += " It is on the clipboard, where your terminal lets us." if copied else ""
    says += f" The call is promised: {sheet.call.name}." if sheet.call else ""
    blocked = [one for one in piece.words.findings if one.level is Level.BLOCK]
    objections = [f"A rule forbids it: {about(one)}" for one in blocked]
    lines = (*objections, *visible(piece.words.text).split("\n"))
    return Told(says, "care" if blocked else "good", lines=lines)
