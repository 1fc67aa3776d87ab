"""Matters: a case belongs to another one, and is answered with it; or it is taken apart again."""

from functools import partial

from responder.cli.review.questions import NOTHING, Dialogue, Line, Sure, Told
from responder.cli.review.redoing import draft_now
from responder.cli.review.session import Session, Shown
from responder.cli.review.several import Deed, at_once, called, each, meant, names
from responder.cli.words import number_of
from responder.model.case import Case
from responder.model.visible import one_line
from responder.steps.merge import merge as merge_step
from responder.steps.merge import split as split_step


def merge(session: Session) -> Dialogue:
    """Let another case speak for the card, or for each chosen case."""
    seen, desk = meant(session), session.desk
    said = yield Line(f"Which case answers for {called(seen)}? (like c-101; nothing: leave)")
    if not said:
        return NOTHING
    try:
        into = desk.store.casework.get(number_of(said))
    except ValueError as error:
        return Told(f"{error}.", "care")
    seen = [one for one in seen if one.case.id != into.id]
    if not seen:
        return Told(f"{into.name} is this case; say which other one answers for it.", "care")
    session.chosen.pop(into.id, None)

    others = [one.case for one in seen if _author(one.case) != _author(into)]
    if others:
        lines = tuple(f"{case.name}  {_wrote(case)}" for case in (into, *others))
        if not (yield Sure("Different people wrote these. Is it one matter all the same?", lines)):
            return NOTHING

    def join(one: Shown) -> None:
        first = desk.store.casework.get(into.id)  # anew: who joined it just now moved it
        merge_step(desk.store, first, one.case, desk.user, desk.now(), different_people=bool(others))

    deed = Deed(
        do=join,
        says=lambda cases: (
            f"{names(cases)} {'belongs' if len(cases) == 1 else 'belong'} to {into.name} and "
            f"{'is' if len(cases) == 1 else 'are'} set aside; u takes it back."
        ),
        back=partial(_part, session),
    )
    return each(session, seen, deed)


def split(session: Session) -> Told:
    """Let a merged case speak for itself again."""
    return at_once(session, partial(_part, session))


def _part(session: Session, was: Shown) -> str:
    desk = session.desk
    case = desk.store.casework.get(was.case.id)
    split_step(desk.store, case, desk.user, desk.now())
    return f"{case.name} stands for itself again. {draft_now(session, case.id)}"


def _author(case: Case) -> tuple[str, str]:
    return case.account, case.target.author.id or case.name


def _wrote(case: Case) -> str:
    author = case.target.author
    return one_line(f"@{author.handle}: {case.target.text}" if author.handle else case.target.text, 120)
