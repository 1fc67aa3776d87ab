"""Keys: what each letter does, when it is off and why. The same on the whole terminal and at the prompt."""

from collections.abc import Callable

from responder.cli import failures, words
from responder.cli.review import approving, finding, handing, planting, rejecting, several, tending, writing
from responder.cli.review.key import Key
from responder.cli.review.more import more, rarer
from responder.cli.review.questions import Dialogue, Told
from responder.cli.review.session import Session
from responder.model.case import OPEN, Stage
from responder.store.errors import Conflict


def press(session: Session, letter: str) -> Dialogue:
    """Do what a key means, asking on the way; return what became of it.

    What anybody can put right is told; a bug is raised.
    """
    key = next((one for one in [*keys(session), *rarer(session)] if one.letter == letter), None)
    if key is None:
        return Told(f"{letter} does nothing here; ? tells the keys.", "faint")
    if letter != "a":
        session.warned = ""
    if said := planting.answered(session, letter):
        return said
    if why := key.off(session):
        return Told(f"{key.label} is off: {why}.", "care")
    try:
        done = key.do(session)
        return done if isinstance(done, Told) else (yield from done)
    except Conflict as error:
        return session.overtaken(error)
    except Exception as error:
        failure = failures.known(error)
        if failure is None:
            raise
        session.refresh()
        return Told(failure.sentences(), "care")


def keys(session: Session) -> list[Key]:
    """Return the keys that do something here, in their order; some may be off."""
    return [one for one in KEYS if one.there(session)]


def _step(by: int) -> Callable[[Session], Told]:
    def step(session: Session) -> Told:
        if session.step(by):
            return Told("")
        return Told("That was the last one." if by > 0 else "This is the first one.", "faint")

    return step


def _choose(session: Session) -> Told:
    shown = session.shown
    if shown is None:
        return Told("")
    if session.chosen.pop(shown.case.id, None) is not None:
        return Told(f"{shown.case.name} is not chosen any more; {len(session.chosen)} are.")
    session.chosen[shown.case.id] = shown.draft.fingerprint if shown.draft else ""
    session.step(1)
    n = len(session.chosen)
    return Told(f"{words.many(n, 'case')} chosen. a approves all of them, r sets them aside.")


def _quit(session: Session) -> Told:
    session.over = True
    return Told("")


def _no_card(session: Session) -> str:
    return "" if session.shown else "nothing waits for you"


def _waits(session: Session) -> str:
    if session.shown is None:
        return "nothing waits for you"
    case = session.shown.case
    return "" if case.stage is Stage.WAITING else f"{case.name} is {words.STAGES[case.stage]}"


def _no_approval(session: Session) -> str:
    if session.chosen:
        return approving.no_yes(session)
    return approving.no_approval(session.shown) or approving.no_yes(session)


def _no_rejection(session: Session) -> str:
    return "" if session.chosen else _waits(session)


def _not_open(session: Session) -> str:
    if session.chosen:
        return ""
    if session.shown is None:
        return "nothing waits for you"
    case = session.shown.case
    return "" if case.stage in OPEN else f"{case.name} is {words.STAGES[case.stage]}"


def _no_variation(session: Session) -> str:
    return _waits(session) or writing.no_editing(session.shown)


def _by_hand(session: Session) -> bool:
    return handing.waits_by_hand(session) is not None


#: In the order in which they are shown.
KEYS = (
    Key(
        letter="a",
        name="approve",
        does="Approve exactly these words, and go to the next card; all chosen ones, where some are.",
        do=approving.approve,
        off=_no_approval,
    ),
    Key(
        letter="c",
        name="copy",
        does="Copy the approved words, to send them by hand.",
        do=handing.copy,
        there=_by_hand,
    ),
    Key(
        letter="p",
        name="paste address",
        does="Tell at which address the reply stands that you sent by hand.",
        do=handing.paste_back,
        there=_by_hand,
    ),
    Key(
        letter="e",
        name="edit",
        does="Write other words here; Ctrl+S stores them, Esc leaves and keeps them.",
        do=writing.edit,
        off=lambda session: writing.no_editing(session.shown),
    ),
    Key(
        letter="E",
        name="editor",
        does="Write other words in your editor ($VISUAL, $EDITOR).",
        do=writing.edit_outside,
        off=lambda session: writing.no_editing(session.shown),
    ),
    Key(
        letter="n",
        name="wording",
        does="Take the next of our wordings of this reply.",
        do=writing.vary,
        off=_no_variation,
    ),
    Key(
        letter="r",
        name="reject",
        does="No reply: asks for the reason, sets the case aside, and goes to the next.",
        do=rejecting.reject,
        off=_no_rejection,
    ),
    Key(
        letter="s",
        name="snooze",
        does="Put it off: for an hour, until tomorrow, until they answer, until a time.",
        do=tending.put_off,
        off=_no_rejection,
    ),
    Key(
        letter="x",
        name="escalate",
        does="Pass it on to a person or a team, with what you ask of them.",
        do=tending.pass_on,
        off=_not_open,
    ),
    Key(
        letter="g",
        name="give",
        does="Give it to a person or a team.",
        do=tending.give,
        off=_not_open,
    ),
    Key(
        letter="N",
        name="note",
        does="Write a note for colleagues on the card; it is never sent.",
        do=tending.write_note,
        off=_no_card,
    ),
    Key(
        letter="m",
        name="more",
        does="Choose among the rarer deeds: another draft, triage was wrong, two cases of one matter ...",
        do=more,
        off=lambda session: "" if rarer(session) else "there is nothing else to do here",
    ),
    Key(
        letter="u",
        name="undo",
        does="Take back what you did last here, as long as that is possible.",
        do=several.undo,
        off=lambda session: "" if session.done else "you did nothing here yet",
    ),
    Key(
        letter="i",
        name="info",
        does="Read the whole thread, what happened to the case, and earlier drafts.",
        do=handing.history,
        off=_no_card,
    ),
    Key(
        letter="o",
        name="open",
        does="Open the post in a browser, or tell its address.",
        do=handing.open_post,
        off=handing.no_opening,
    ),
    Key(
        letter=" ",
        name="choose",
        does="Choose the case for a deed on several, or take it out again.",
        do=_choose,
        off=_waits,
        called="space",
    ),
    Key(letter="/", name="search", does="Go through the cases that some words describe.", do=finding.search),
    Key(letter="f", name="filter", does="Go through what is mine, late, urgent.", do=finding.choose_filter),
    Key(letter="j", name="next", does="Go to the next card (also: arrow down).", do=_step(1)),
    Key(letter="k", name="back", does="Go to the card before (also: arrow up).", do=_step(-1)),
    Key(letter="q", name="quit", does="Stop; nothing is lost.", do=_quit),
)
