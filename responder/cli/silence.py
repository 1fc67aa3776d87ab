"""Silence: somebody asked us not to answer them."""

# ruff: noqa: D417 (the desk is no argument that people give)

from functools import partial
from typing import TYPE_CHECKING

from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.words import CaseId
from responder.model.case import Case, Stage
from responder.model.visible import one_line
from responder.steps.opt_out import opt_out as step
from responder.steps.opt_out import undo_opt_out

if TYPE_CHECKING:
    from responder.cli.desk import Desk


def opt_out(id: CaseId, /, *, undo: bool = False, desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Note that the author of a case asked not to be answered: nothing more is drafted or sent to them.

    Args:
        id: A case of theirs, like c-101.
        undo: They may be answered again.
    """
    case = desk.store.casework.get(id)
    return carry_out(desk.screen, [partial(_undo if undo else _opt_out, desk, case)])


def _opt_out(desk: "Desk", case: Case) -> Deed:
    stage = step(desk.store, case, desk.user, desk.now())
    where = f" {case.name} is set aside." if stage is Stage.SET_ASIDE else ""
    says = f"{who(case)} is not answered from now on.{where}"
    after = f"To take this back: responder opt-out {case.name} --undo"
    return Deed(case=case.name, did="opted out", by=desk.user, says=says, after=after)


def _undo(desk: "Desk", case: Case) -> Deed:
    undo_opt_out(desk.store, case, desk.user, desk.now())
    after = f"For this case: responder reopen {case.name}" if case.stage is Stage.SET_ASIDE else ""
    says = f"{who(case)} may be answered again."
    return Deed(case=case.name, did="opt-out undone", by=desk.user, says=says, after=after)


def who(case: Case) -> str:
    """Return how the author of a case is called: "@ana"."""
    author = case.target.author
    return f"@{one_line(author.handle, 40)}" if author.handle else one_line(author.name or author.id, 40)
