"""More: the rarer deeds, behind one key; who knows them types both letters at once, where lines are typed."""

from collections.abc import Callable

from responder.cli.review import (
    conversing,
    gathering,
    matters,
    pausing,
    planting,
    preparing,
    redoing,
    righting,
)
from responder.cli.review.key import Key
from responder.cli.review.questions import NOTHING, Choice, Dialogue, Told
from responder.cli.review.session import Session
from responder.model.case import OPEN, Case, Stage
from responder.model.incident import IncidentStage


def more(session: Session) -> Dialogue:
    """Ask which of the rarer deeds it is to be, and do it."""
    there = rarer(session)
    chosen = yield Choice("What else?", tuple((one.letter[1:], one.does) for one in there))
    if chosen is None:
        return NOTHING
    deed = next(one for one in there if one.letter[1:] == chosen)
    done = planting.answered(session, deed.letter) or deed.do(session)
    return done if isinstance(done, Told) else (yield from done)


def rarer(session: Session) -> list[Key]:
    """Return the rarer deeds that can be done now."""
    return [one for one in _MORE if one.there(session)]


def _for(holds: Callable[[Case], bool]) -> Callable[[Session], bool]:
    return lambda session: session.shown is not None and holds(session.shown.case)


def _asleep(session: Session) -> bool:
    return session.shown is not None and session.shown.case.sleeps(session.desk.now())


def _proposed(session: Session) -> bool:
    one = session.shown.sheet.incident if session.shown else None
    return one is not None and one.stage is IncidentStage.PROPOSED


def _let_go(session: Session) -> Told:
    session.chosen.clear()
    return Told("No case is chosen any more.")


#: In the order in which they are shown.
_MORE = (
    Key(
        letter="md",
        name="another draft",
        does="Have another draft written, by what you know about it.",
        do=redoing.redo,
        there=_for(lambda case: case.stage is Stage.WAITING),
    ),
    Key(
        letter="mf",
        name="worksheet",
        does="Fill in what is known before anybody speaks to them: the worksheet.",
        do=preparing.fill_in,
        there=lambda session: session.shown is not None,
    ),
    Key(
        letter="mc",
        name="correct",
        does="Say where triage was wrong: no complaint, more or less urgent, the language.",
        do=righting.correct,
        there=_for(lambda case: not case.merged_into),
    ),
    Key(
        letter="mk",
        name="kit",
        does="Talk to them: the call, the e-mail, the recap, the closing note.",
        do=conversing.kit,
        there=lambda session: session.shown is not None,
    ),
    Key(
        letter="mm",
        name="merge",
        does="Say that it belongs to another case, which is answered for both.",
        do=matters.merge,
        there=lambda session: bool(session.chosen) or _for(lambda case: case.stage in OPEN)(session),
    ),
    Key(
        letter="mt",
        name="take apart",
        does="Take it apart from the case it was merged with.",
        do=matters.split,
        there=_for(lambda case: bool(case.merged_into)),
    ),
    Key(
        letter="mi",
        name="incident",
        does="Say that it is one of many about one cause: open an incident, or join one.",
        do=gathering.gather,
        there=lambda session: (
            session.shown is not None
            and (bool(session.chosen) or session.shown.sheet.incident is None or _proposed(session))
        ),
    ),
    Key(
        letter="ml",
        name="leave incident",
        does="Take it out of its incident: theirs is something else.",
        do=gathering.leave,
        there=lambda session: session.shown is not None and session.shown.sheet.incident is not None,
    ),
    Key(
        letter="ma",
        name="all of the incident",
        does="Choose every reply of its incident, to read and approve them together.",
        do=gathering.choose_all,
        there=lambda session: session.shown is not None and session.shown.sheet.incident is not None,
    ),
    Key(
        letter="mo",
        name="opt out",
        does="Note that its author asked not to be answered.",
        do=righting.opt_out,
        there=_for(lambda case: not case.opted_out),
    ),
    Key(
        letter="mp",
        name="opt in",
        does="Note that its author may be answered again.",
        do=righting.opt_in,
        there=_for(lambda case: case.opted_out),
    ),
    Key(
        letter="mw",
        name="withdraw",
        does="Take its approval back before it is sent.",
        do=righting.withdraw,
        there=_for(lambda case: case.stage is Stage.APPROVED),
    ),
    Key(
        letter="mb",
        name="bring back",
        does="Bring it back: it needs a reply after all.",
        do=righting.reopen,
        there=_for(lambda case: case.stage is Stage.SET_ASIDE and not case.merged_into),
    ),
    Key(
        letter="ms",
        name="wake",
        does="Take it up again now, though it was put off.",
        do=righting.wake,
        there=_asleep,
    ),
    Key(
        letter="mn",
        name="choose none",
        does="Let go of all cases that are chosen.",
        do=_let_go,
        there=lambda session: bool(session.chosen),
    ),
    Key(
        letter="m!",
        name="pause",
        does="Stop all sending at once, for everybody.",
        do=pausing.pause,
        there=lambda session: not session.pause.switched,
    ),
    Key(
        letter="m!",
        name="resume",
        does="Let sending go on.",
        do=pausing.resume,
        there=lambda session: session.pause.switched,
    ),
)
