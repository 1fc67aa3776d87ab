"""Correct: tell triage where it was wrong about a case, with what that does at once."""

# ruff: noqa: D417 (the desk is no argument that people give)

from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import failures, words
from responder.cli.decide import checked_reason
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.words import CaseId
from responder.model.case import Case, Stage
from responder.model.correction import What
from responder.steps.correct import Said
from responder.steps.correct import correct as step

if TYPE_CHECKING:
    from responder.cli.desk import Desk

#: From this tier on nobody sets a case aside without a word.
GRAVE = 4
_KINDS = (*(str(what) for what in What if what is not What.LANGUAGE), "language=de")


def correct(
    id: CaseId,  # noqa: A002 (what people type)
    what: Annotated[str, Parameter(metavar="WHAT")],
    /,
    *,
    reason: str = "",
    desk: AtDesk,
) -> int:
    """Say what triage got wrong about a case; it holds at once, and is what a refit learns from.

    Args:
        id: The case, like c-101.
        what: not-a-complaint, complaint, more-urgent, less-urgent, or language=de (one of our eight).
        reason: Why; the journal keeps it.
    """
    kind, language = _read(what)
    said = Said(kind, desk.user, checked_reason(reason), language)
    case = desk.store.casework.get(id)
    if kind is What.NOT_A_COMPLAINT and case.tier >= GRAVE and not reason.strip():
        raise failures.Trouble(
            failures.USAGE,
            f"{case.name} tells of grave harm (tier {case.tier}: {words.TIERS[case.tier]}).",
            "Who sets that aside says why.",
            "Add: --reason WHY",
        )
    return carry_out(desk.screen, [partial(_correct, desk, case, said)])


def _read(what: str) -> tuple[What, str]:
    """Return what was said, and in which language it is; Trouble for what cannot be said."""
    kind, _, language = what.strip().lower().partition("=")
    known = [one for one in What if one == kind and (one is What.LANGUAGE) is bool(language)]
    if not known:
        raise failures.Trouble(
            failures.USAGE, f"Triage cannot be told {what!r}.", todo=f"Say one of: {', '.join(_KINDS)}"
        )
    return known[0], language


def _correct(desk: "Desk", case: Case, said: Said) -> Deed:
    after = step(desk.store, desk.app.targets, case, said, desk.now())
    says, todo = told_of(case, after, said)
    if after.stage is not case.stage is Stage.APPROVED:
        says += " Its approval has ended; nothing was sent."
    return Deed(
        case=case.name, did=said.what.action, by=desk.user, draft=case.draft_number, says=says, after=todo
    )


def told_of(case: Case, after: Case, said: Said) -> tuple[str, str]:
    """Return what happened in a sentence, and what comes next or takes it back."""
    name, moved = case.name, after.stage is not case.stage
    match said.what:
        case What.NOT_A_COMPLAINT:
            back = f"To take this back: responder correct {name} complaint"
            return (
                f"{name} is set aside as no complaint." if moved else f"Noted: {name} is no complaint.",
                back,
            )
        case What.COMPLAINT if moved:
            return f"{name} needs a reply.", "The daemon drafts it, or: responder draft"
        case What.COMPLAINT:
            return f"Noted: {name} is a complaint.", ""
        case What.LANGUAGE:
            spoken = words.language(said.language)
            if after.stage is Stage.NEW:
                todo = "The daemon does it, or: responder triage, then responder draft"
                return f"{name} will be weighed and drafted anew in {spoken}.", todo
            return f"Noted: {name} is in {spoken}.", ""
        case What.MORE_URGENT | What.LESS_URGENT:
            other = What.LESS_URGENT if said.what is What.MORE_URGENT else What.MORE_URGENT
            tier = f"{name} is of tier {after.tier} now: {words.TIERS[after.tier]}."
            return tier, f"To take this back: responder correct {name} {other}"
