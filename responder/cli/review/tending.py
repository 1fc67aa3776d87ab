"""Tending: putting a case off, giving it to somebody, passing it on, and writing a note on it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from responder.cli import when, words
from responder.cli.review.questions import NOTHING, Choice, Dialogue, Line, Told
from responder.cli.review.session import Session, Shown
from responder.cli.review.several import Deed, called, each, meant, names, overruled
from responder.cli.tend import checked_name, checked_note
from responder.model.case import OPEN, Case
from responder.steps.assign import assign, escalate
from responder.steps.note import note
from responder.steps.snooze import same_again, snooze, wake
from responder.store.errors import Conflict

if TYPE_CHECKING:
    from responder.cli.desk import Desk

#: Until when a case is put off, by letter.
_UNTIL = (
    ("h", "for an hour"),
    ("t", "until tomorrow morning"),
    ("a", "until they answer"),
    ("o", "until another time"),
)
_SAME = ("s", "until when it was put off before")


def put_off(session: Session) -> Dialogue:
    """Show the card, or each chosen case, to nobody for a while."""
    seen, desk, now = meant(session), session.desk, session.desk.now()
    again = len(seen) == 1 and (seen[0].case.woken_from or now) > now
    letter = yield Choice(f"Until when is {called(seen)} put off?", (*_UNTIL, _SAME) if again else _UNTIL)
    told = {"h": "1h", "t": "tomorrow"}.get(letter or "", "")
    if letter == "o":
        told = (yield Line("Until when? (2h, 14:00, tomorrow, 2026-03-02 14:00; nothing: leave)")) or ""
    if not told and letter not in {"a", "s"}:
        return NOTHING
    until = when.until(told, desk.settings, now) if told else None
    if letter == "s":
        until = same_again(seen[0].case, now)
    ends: list[datetime] = []

    def does(one: Shown) -> None:
        longest = desk.settings.review.longest_snooze
        ends.append(snooze(desk.store, one.case, until, desk.user, desk.now(), longest=longest))

    def says(cases: Sequence[Case]) -> str:
        back = words.clock(max(ends), desk.now(), desk.settings.company.timezone)
        then = (
            f"when they answer, or {back} at the latest" if until is None else f"{back}, or when they write"
        )
        return f"{names(cases)} {'comes' if len(cases) == 1 else 'come'} back {then}; u takes it back."

    deed = Deed(
        do=does,
        says=says,
        back=partial(_wake, session, ends),
    )
    return each(session, seen, deed)


def _wake(session: Session, ends: Sequence[datetime], was: Shown) -> str:
    case = session.desk.store.casework.get(was.case.id)
    if case.snoozed_until and case.snoozed_until not in ends:
        raise overruled(session, case)
    return wake_up(session, case)


def wake_up(session: Session, case: Case) -> str:
    """Take a case up again that was put off, and say so."""
    desk = session.desk
    wake(desk.store, case, desk.user, desk.now())
    return f"{case.name} is back."


def _known(desk: "Desk") -> str:
    """Return who cases can be given to, as far as they are listed."""
    return desk.store.roster.told() or "a person or a team"


def give(session: Session) -> Dialogue:
    """Give the card, or each chosen case, to a person or a team."""
    seen, desk = meant(session), session.desk
    said = yield Line(f"Who gets {called(seen)}? ({_known(desk)}; -: nobody; nothing: leave)")
    if not said:
        return NOTHING
    to = "" if said == "-" else checked_name(said)
    deed = Deed(
        do=lambda one: assign(desk.store, one.case, to, desk.user, desk.now()),
        says=lambda cases: (
            f"{names(cases)} {'is' if len(cases) == 1 else 'are'} with {to or 'nobody'}; u takes it back."
        ),
        back=partial(_give_back, session, to),
        leaves=False,
    )
    return each(session, seen, deed)


def pass_on(session: Session) -> Dialogue:
    """Pass the card, or each chosen case, on to somebody, with what is asked of them."""
    seen, desk = meant(session), session.desk
    said = yield Line(f"Who is {called(seen)} passed on to? ({_known(desk)}; nothing: leave)")
    if not said:
        return NOTHING
    to = checked_name(said)
    asks = yield Line(f"What do you ask of {to}? (nothing: leave)")
    if not asks:
        return NOTHING
    asked = checked_note(asks)
    deed = Deed(
        do=lambda one: escalate(desk.store, one.case, to, asked, desk.user, desk.now()),
        says=lambda cases: (
            f"{names(cases)} {'is' if len(cases) == 1 else 'are'} with {to}, with your note; u takes it back."
        ),
        back=partial(_give_back, session, to),
        leaves=False,
    )
    return each(session, seen, deed)


def _give_back(session: Session, to: str, was: Shown) -> str:
    desk = session.desk
    case = desk.store.casework.get(was.case.id)
    if case.stage not in OPEN:
        raise Conflict(f"{case.name} is {words.STAGES[case.stage]}; whose it is does not matter any more")
    if case.owner != desk.store.roster.whose(to):
        raise overruled(session, case)
    assign(desk.store, case, was.case.owner, desk.user, desk.now())
    return f"{case.name} is with {was.case.owner or 'nobody'} again."


def write_note(session: Session) -> Dialogue:
    """Write a word for colleagues on the card; it is never sent."""
    shown, desk = session.shown, session.desk
    said = yield Line("Your note, for colleagues only (nothing: leave)")
    if not said or shown is None:
        return NOTHING
    note(desk.store, shown.case, checked_note(said), desk.user, desk.now())
    session.refresh()
    return Told(f"Noted on {shown.case.name}.", "good")
