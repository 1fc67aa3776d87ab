"""Pausing: the switch that stops all sending, at the desk; pressed at once, and let go after a question."""

from responder.cli.review.questions import NOTHING, Dialogue, Sure, Told
from responder.cli.review.session import Session
from responder.cli.running import stop_all


def pause(session: Session) -> Told:
    """Stop all sending at once."""
    says, after = stop_all(session.desk)
    session.refresh()
    return Told(f"{says} {after}", "care")


def resume(session: Session) -> Dialogue:
    """Let sending go on, after one look at what goes out by it."""
    desk, now = session.desk, session.desk.now()
    waiting = desk.store.views.figures(now, now).by_stage.get("APPROVED", 0)
    lines = (f"Paused {session.pause.since(now)}.", f"Approved and not sent yet: {waiting:,}.")
    if not (yield Sure("Let sending go on?", lines)):
        return NOTHING
    desk.store.control.pause(desk.user, desk.now(), on=False)
    session.refresh()
    if session.pause:
        return Told(f"The switch is off, but sending is still paused {session.pause.whose}.", "care")
    return Told("Sending goes on.", "good")
