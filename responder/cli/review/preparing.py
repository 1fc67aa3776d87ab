"""Preparing: the worksheet of the case on the card, in the person's editor; what they type is never lost."""

from collections.abc import Mapping
from pathlib import Path

from responder.cli import editor, failures
from responder.cli.review.questions import NOTHING, Choice, Dialogue, Form, Told
from responder.cli.review.session import Session
from responder.cli.worksheet import about, again, parsed, says_of, store_it
from responder.cli.worksheet_form import form
from responder.model.people import Right
from responder.model.worksheet import Worksheet
from responder.store.errors import Conflict


def fill_in(session: Session) -> Dialogue:
    """Open the form, and open it again as long as something in it is wrong and the person wants to."""
    if session.shown is None:
        return NOTHING
    desk, number = session.desk, session.shown.case.id
    desk.may(Right.PREPARE)
    case, before = desk.store.casework.get(number), desk.store.worksheets.of(number)
    blank = text = form(before, about(desk, case))
    path = Path(f"{case.name}-worksheet.toml")
    while True:
        said = yield Form(case.name, text)
        if said is None or said == blank:
            return NOTHING
        try:
            sheet = parsed(said, path, before)
            if sheet.answers() == (before or Worksheet()).answers():
                return NOTHING
            stored = store_it(desk, desk.store.casework.get(number), sheet, (said, path))
        except (failures.Trouble, Conflict) as error:
            failure = failures.known(error)
            wrong = failure.sentences() if failure else str(error)
            answer = yield Choice(wrong, (("o", "open it again"), ("k", "keep it in a file")))
            if answer != "o":
                return _in_a_file(session, case.name, said)
            text = said
        else:
            session.refresh()
            return Told(says_of(case, stored, before), "good")


def _in_a_file(session: Session, name: str, said: str) -> Told:
    kept = editor.keep(f"{name}-worksheet", said, session.desk.screen.environ, suffix=".toml")
    return Told(f"What you wrote is kept: {again(name)} {kept}", "care")


def filled_in(question: Form, environ: Mapping[str, str]) -> str:
    """Return what a person leaves of a form in their editor."""
    path, said = editor.filled_in(question.name, question.text, environ, again(question.name))
    path.unlink()
    return said
