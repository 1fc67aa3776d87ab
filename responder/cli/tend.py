"""Tend: give a case to somebody, pass it on with a question, write a note for colleagues."""

# ruff: noqa: D417 (the desk is no argument that people give)

from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import failures
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.words import CaseId, number_of
from responder.model.case import Case
from responder.model.visible import one_line
from responder.steps.assign import assign as assign_step
from responder.steps.assign import escalate as escalate_step
from responder.steps.note import note as note_step

if TYPE_CHECKING:
    from responder.cli.desk import Desk

#: What is kept of a name, and of what people write to each other.
_LONGEST_NAME, _LONGEST_NOTE = 100, 5_000


def assign(*words: Annotated[str, Parameter(metavar="ID... NAME")], desk: AtDesk) -> int:
    """Give cases to a person or a team; '' is nobody.

    Args:
        words: The cases, like c-101, and last who gets them.
    """
    *ids, to = words or ("",)
    if not ids or _is_id(to):
        raise failures.Trouble(
            failures.USAGE,
            "Say which cases, and last who gets them.",
            todo="responder assign c-101 ana",
        )
    numbers = [_number(one) for one in dict.fromkeys(ids)]
    cases = [desk.store.casework.get(number) for number in numbers]
    return carry_out(desk.screen, [partial(_assign, desk, case, checked_name(to)) for case in cases])


def _assign(desk: "Desk", case: Case, to: str) -> Deed:
    assign_step(desk.store, case, to, desk.user, desk.now())
    says = f"{case.name} is with {to}." if to else f"{case.name} is with nobody."
    before = f" It was with {one_line(case.owner)}." if case.owner and case.owner != to else ""
    return Deed(case=case.name, did="assigned", by=desk.user, draft=case.draft_number, says=says + before)


def escalate(id: CaseId, to: str, /, *, note: str = "", desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Pass a case on to a person or a team, with what you ask of them.

    Args:
        id: The case, like c-101.
        to: The person or the team.
        note: What you ask of them; asked for if it is left out.
    """
    case = desk.store.casework.get(id)
    said = _said(desk, note, "What do you ask of them? ", "An escalation needs a note.", "Add: --note WHY")
    return carry_out(desk.screen, [partial(_escalate, desk, case, checked_name(to), said)])


def _escalate(desk: "Desk", case: Case, to: str, note: str) -> Deed:
    if not to:
        raise failures.Trouble(failures.USAGE, "Say who it is passed on to.")
    escalate_step(desk.store, case, to, note, desk.user, desk.now())
    says = f"{case.name} is with {to}, with your note."
    return Deed(case=case.name, did="escalated", by=desk.user, draft=case.draft_number, says=says)


def note(id: CaseId, text: str = "", /, *, desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Write a note about a case for your colleagues; it is never sent.

    Args:
        id: The case, like c-101.
        text: The note; asked for if it is left out.
    """
    case = desk.store.casework.get(id)
    said = _said(desk, text, "Your note: ", "There is no note.", f"responder note {case.name} 'WORDS'")
    return carry_out(desk.screen, [partial(_note, desk, case, said)])


def _note(desk: "Desk", case: Case, said: str) -> Deed:
    note_step(desk.store, case, said, desk.user, desk.now())
    return Deed(case=case.name, did="noted", by=desk.user, says=f"Noted on {case.name}.")


def _said(desk: "Desk", words: str, question: str, lacks: str, todo: str) -> str:
    """Return what a person says, asked for where they can be; Trouble for nothing, or for too much."""
    if not words.strip() and desk.screen.asks:
        words = desk.screen.line(question) or ""
        if not words:
            raise failures.Trouble(failures.DECLINED, "Nothing was done.")
    if not words.strip():
        raise failures.Trouble(failures.USAGE, lacks, todo=todo)
    return checked_note(words)


def checked_note(words: str) -> str:
    """Return a note as it is kept; Trouble for one that is too long."""
    if len(words) > _LONGEST_NOTE:
        raise failures.Trouble(failures.USAGE, f"A note has at most {_LONGEST_NOTE:,} characters.")
    return words.strip()


def checked_name(told: str) -> str:
    """Return a person's or a team's name as it is kept; Trouble for one that is too long."""
    name = one_line(told).strip()
    if len(name) > _LONGEST_NAME:
        raise failures.Trouble(failures.USAGE, f"A name has at most {_LONGEST_NAME} characters.")
    return name


def _is_id(told: str) -> bool:
    try:
        return bool(number_of(told))
    except ValueError:
        return False


def _number(told: str) -> int:
    try:
        return number_of(told)
    except ValueError as error:
        raise failures.Trouble(failures.USAGE, f"{error}.") from None
