"""Drawing: the parts of the desk as text of a given width; who shows them need not be a terminal."""

from collections.abc import Callable

from rich.text import Text

from responder.cli.canvas import Sheaf
from responder.cli.card import CardSheet
from responder.cli.card_drawing import draw_case, draw_findings, draw_history, draw_reply, draw_short_reply
from responder.cli.review.key import Key
from responder.cli.review.keys import keys
from responder.cli.review.questions import Judged, Read, Sure, Told
from responder.cli.review.session import Session
from responder.model.case import Stage
from responder.model.visible import one_line

#: Keys that every part of the desk knows, and that no card changes.
_ALWAYS = "PgDn read on", "? keys"
_BETWEEN = "   "


def top(session: Session, width: int) -> Text:
    """Draw where in the queue one stands, what is chosen, and who sits here."""
    sheaf = Sheaf(width)
    where = f"{session.listing.position} of {session.left:,}" if session.shown else "nothing waits"
    this = ", this one too" if session.shown and session.shown.case.id in session.chosen else ""
    chosen = f" · {len(session.chosen)} chosen{this}" if session.chosen else ""
    looked_for = f" · {one_line(str(session.search), 40)}" if session.search else ""
    sheaf.sides(
        [("responder review", "strong"), f" · {where}{chosen}{looked_for}"], [one_line(session.desk.user, 30)]
    )
    if session.pause:
        sheaf.line((f"SENDING IS PAUSED {session.pause.whose}; m ! lets it go on", "alarm"))
    return sheaf.drawn


def case(session: Session, width: int) -> Text:
    """Draw the upper part of the card: how urgent, what they said, why."""
    sheaf = Sheaf(width)
    if session.shown:
        draw_case(session.shown.sheet, sheaf)
    else:
        sheaf.line("Nothing waits for you.")
        sheaf.line(("j looks whether something came in; q stops.", "faint"))
    return sheaf.drawn


def reply(session: Session, width: int, room: int) -> Text:
    """Draw the lower part: what the rules say, the draft, and why it cannot be approved, where it cannot.

    Where that takes more than `room` lines, the rules are short, so that the words stay in sight.
    """
    whole = _reply(session, width, draw_reply)
    return whole if whole.plain.count("\n") < room else _reply(session, width, draw_short_reply)


def _reply(session: Session, width: int, draw: Callable[[CardSheet, Sheaf, str], None]) -> Text:
    sheaf = Sheaf(width)
    if session.shown:
        draw(session.shown.sheet, sheaf, "e")
        approve = next(one for one in keys(session) if one.letter == "a")
        if why := approve.off(session):
            look = "care" if session.shown.case.stage is Stage.WAITING else ""
            sheaf.line((f"a is off: {why}.", look))
    drawn = sheaf.drawn
    drawn.rstrip()
    return drawn


def told(said: Told, width: int) -> Text:
    """Draw what became of the last deed."""
    sheaf = Sheaf(width)
    if said.says:
        sheaf.line((said.says, said.look))
    for line in said.lines:
        sheaf.line(line, indent=2)
    return sheaf.drawn


def line_of_keys(session: Session, width: int) -> Text:
    """Draw the keys that do something now, each with its name, on as many lines as they need."""
    sheaf = Sheaf(width)
    on = [f"{one.label} {one.name}" for one in keys(session) if not one.off(session)]
    line = ""
    for one in [*on, *_ALWAYS]:
        if line and len(line) + len(_BETWEEN) + len(one) > sheaf.reading_width:
            sheaf.line(line)
            line = ""
        line += (_BETWEEN if line else "") + one
    sheaf.line(line)
    return sheaf.drawn


def list_of_keys(session: Session, width: int) -> Text:
    """Draw every key with what it does, and why it is off where it is."""
    sheaf = Sheaf(width)
    for one in keys(session):
        sheaf.item((one.label, "strong"), one.does, (_off(one, session), "care"), hang=8)
    more = {
        "?": "Tell the keys.",
        "ctrl+p": "Find a deed by its name.",
        "PgUp PgDn": "Read on: what they wrote, then the reply (also: ctrl+b, ctrl+f).",
    }
    for label, does in more.items():
        sheaf.item((label, "strong"), does, hang=11 if len(label) > 7 else 8)
    return sheaf.drawn


def history(question: Read, width: int) -> Text:
    """Draw a case with all that happened to it."""
    sheaf = Sheaf(width)
    draw_case(question.sheet, sheaf)
    draw_reply(question.sheet, sheaf, "e")
    draw_history(question.sheet, sheaf)
    return sheaf.drawn


def listed(question: Sure, width: int) -> Text:
    """Draw the lines one has to read before a yes."""
    sheaf = Sheaf(width)
    for line in question.lines:
        set_in = len(line) - len(line.lstrip())
        sheaf.line(line.lstrip(), indent=set_in, hang=2)
    return sheaf.drawn


def judged(found: Judged, width: int) -> Text:
    """Draw how words are judged while they are written."""
    sheaf = Sheaf(width)
    sheaf.sides([("Ctrl+S stores · Esc leaves and keeps the words", "faint")], [found.counted])
    draw_findings(sheaf, found.findings, "write other words")
    return sheaf.drawn


def _off(key: Key, session: Session) -> str:
    why = key.off(session)
    return f" Off: {why}." if why else ""
