"""Matters: cases of one matter are joined, and taken apart."""

# ruff: noqa: D417 (the desk is no argument that people give)

from functools import partial
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.words import CaseId
from responder.model.case import Case
from responder.steps.merge import merge as merge_step
from responder.steps.merge import split as split_step

if TYPE_CHECKING:
    from responder.cli.desk import Desk


def merge(
    into: CaseId,
    /,
    *ids: CaseId,
    different_people: bool = False,
    desk: AtDesk,
) -> int:
    """Say that cases are of one matter: the first one speaks for the others, and these are set aside.

    Args:
        into: The case that is answered, like c-101; none of the others may be of a higher tier.
        ids: The cases that belong to it.
        different_people: Not the same person wrote them, and that is meant.
    """
    if not ids:
        raise failures.Trouble(
            failures.USAGE, "Say which cases belong to it.", todo=f"responder merge c-{into} c-102"
        )
    found = [desk.store.casework.get(number) for number in dict.fromkeys(ids)]
    return carry_out(
        desk.screen, [partial(_merge, desk, into, case, meant=different_people) for case in found]
    )


def _merge(desk: "Desk", into: int, one: Case, *, meant: bool) -> Deed:
    first = desk.store.casework.get(into)  # anew: who joined it just now moved it
    merge_step(desk.store, first, one, desk.user, desk.now(), different_people=meant)
    says = f"{one.name} belongs to {first.name} and is set aside; if they write there again, it is heard."
    after = f"To take them apart: responder split {one.name}"
    return Deed(case=one.name, did="merged", by=desk.user, draft=one.draft_number, says=says, after=after)


def split(id: CaseId, /, *, desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Take a case apart from the one it was merged with.

    Args:
        id: The case that was set aside by the merge, like c-102.
    """
    return carry_out(desk.screen, [partial(_split, desk, desk.store.casework.get(id))])


def _split(desk: "Desk", one: Case) -> Deed:
    split_step(desk.store, one, desk.user, desk.now())
    says = f"{one.name} stands for itself again."
    return Deed(case=one.name, did="split", by=desk.user, draft=one.draft_number, says=says,
                after="The daemon drafts it, or: responder draft")  # fmt: skip
