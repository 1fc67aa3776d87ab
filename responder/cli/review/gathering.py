"""Gathering: cases of one cause at the desk: open an incident, join or leave one, choose all its replies."""

from responder.cli.review.questions import NOTHING, Choice, Dialogue, Line, Told
from responder.cli.review.session import Session
from responder.cli.review.several import called, meant, names
from responder.cli.words import many
from responder.model.case import Stage
from responder.model.incident import IncidentStage
from responder.model.people import Right
from responder.model.visible import one_line
from responder.steps import incident as steps

_NEW = "n"


def gather(session: Session) -> Dialogue:
    """Let the card, or each chosen case, belong to an incident; or open one about them."""
    desk, seen = session.desk, meant(session)
    desk.may(Right.GATHER)
    under_way = desk.store.incidents.listed()[:9]
    options = [(str(at), f"{one.name}: {one_line(one.about, 50)}") for at, one in enumerate(under_way, 1)]
    letter = yield Choice(f"What is {called(seen)} about?", ((_NEW, "open a new incident"), *options))
    if letter is None or not seen:
        return NOTHING
    cases = [one.case for one in seen]
    if letter != _NEW:
        one = under_way[int(letter) - 1]
        if one.stage is IncidentStage.PROPOSED:
            cause = yield Line(f"{one.name}: what is the cause? (in a few words; nothing: leave)")
            if not cause:
                return NOTHING
            one = steps.open_incident(desk.store, one, one_line(cause, 200), desk.user, desk.now())
        new = [case for case in cases if case.id not in {own.case_id for own in one.belonging}]
        if new:
            steps.add(desk.store, one, new, desk.user, desk.now())
    else:
        cause = yield Line("What is the one cause? (in a few words; nothing: leave)")
        if not cause:
            return NOTHING
        one = steps.begin_incident(desk.store, one_line(cause, 200), cases, desk.user, desk.now())
    session.chosen.clear()
    session.refresh()
    after = f"What all are told: responder incident statement {one.name} WORDS"
    belong = "belongs" if len(cases) == 1 else "belong"
    return Told(f"{names(cases)} {belong} to {one.name}: {one.about}.", "good", (after,))


def leave(session: Session) -> Told:
    """Take the card out of its incident: theirs is something else."""
    shown, desk = session.shown, session.desk
    if shown is None or shown.sheet.incident is None:
        return NOTHING
    one = shown.sheet.incident
    anew = steps.remove(desk.store, one, shown.case, desk.user, desk.now())
    session.refresh()
    words = " It gets words of its own." if anew else ""
    return Told(f"{shown.case.name} does not belong to {one.name} any more.{words}", "good")


def choose_all(session: Session) -> Told:
    """Choose every reply around the words of the card's incident that waits, for one approval of all."""
    shown, desk = session.shown, session.desk
    if shown is None or shown.sheet.incident is None:
        return NOTHING
    session.chosen.clear()
    for member in shown.sheet.incident.belonging:
        case = desk.store.casework.get(member.case_id)
        draft = desk.store.casework.draft(case)
        if draft and member.draft == draft.number and case.stage is Stage.WAITING:
            session.chosen[case.id] = draft.fingerprint
    n = len(session.chosen)
    if not n:
        return Told("No reply around its words waits.", "faint")
    return Told(f"{many(n, 'case')} chosen. a shows every reply, and approves them after a yes.")
