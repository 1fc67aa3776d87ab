"""Snooze: put a case off for a while, until a time, or until they answer; and take it up again."""

# ruff: noqa: D417 (the desk is no argument that people give)

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import failures, when, words
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.words import CaseId
from responder.model.case import Case
from responder.steps.snooze import same_again
from responder.steps.snooze import snooze as step
from responder.steps.snooze import wake as wake_step

if TYPE_CHECKING:
    from responder.cli.desk import Desk


def snooze(
    *ids: CaseId,
    for_: Annotated[str, Parameter(name="--for", metavar="TIME")] = "",
    until: Annotated[str, Parameter(metavar="WHEN")] = "",
    tomorrow: bool = False,
    until_they_answer: bool = False,
    same: bool = False,
    desk: AtDesk,
) -> int:
    """Put cases off; nobody is shown them in the queue until then, or until the customer writes.

    Args:
        ids: The cases, like c-101.
        for_: For so long, like 1h or 2d.
        until: Until then, like 14:00 or "2026-03-02 14:00", where your people work.
        tomorrow: Until tomorrow morning: [review] tomorrow in the config.
        until_they_answer: Until the customer answers; [review] longest_snooze from now at the latest.
        same: Until when it was put off before the customer wrote.
    """
    said = sum((bool(for_), bool(until), tomorrow, until_they_answer, same))
    if not ids or said != 1:
        raise failures.Trouble(
            failures.USAGE,
            "Say which cases, and until when." if not ids or not said else "Say one time.",
            todo="responder snooze c-101 --for 1h, --until '14:00', --tomorrow, --until-they-answer",
        )
    now = desk.now()
    end = None
    if for_:
        end = now + when.length(for_)
    elif until or tomorrow:
        end = when.until(until or "tomorrow", desk.settings, now)
    cases = [desk.store.casework.get(number) for number in dict.fromkeys(ids)]
    return carry_out(desk.screen, [partial(_snooze, desk, case, end, same=same) for case in cases])


def _snooze(desk: "Desk", case: Case, end: datetime | None, *, same: bool) -> Deed:
    now = desk.now()
    wanted = same_again(case, now) if same else end
    longest = desk.settings.review.longest_snooze
    until = step(desk.store, case, wanted, desk.user, now, longest=longest)
    back = words.clock(until, now, desk.settings.company.timezone)
    says = f"{case.name} comes back {back}, or when they write."
    if wanted is None:
        says = f"{case.name} comes back when they answer, or {back} at the latest."
    after = f"To take it up before that: responder wake {case.name}"
    return Deed(case=case.name, did="snoozed", by=desk.user, draft=case.draft_number, says=says, after=after)


def wake(*ids: CaseId, desk: AtDesk) -> int:
    """Take up cases again that were put off.

    Args:
        ids: The cases, like c-101.
    """
    if not ids:
        raise failures.Trouble(failures.USAGE, "No case is named.", todo="responder queue --stage snoozed")
    cases = [desk.store.casework.get(number) for number in dict.fromkeys(ids)]
    return carry_out(desk.screen, [partial(_wake, desk, case) for case in cases])


def _wake(desk: "Desk", case: Case) -> Deed:
    wake_step(desk.store, case, desk.user, desk.now())
    says = f"{case.name} is back in the queue."
    return Deed(case=case.name, did="woken", by=desk.user, draft=case.draft_number, says=says)
