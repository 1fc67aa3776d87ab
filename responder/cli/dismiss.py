"""Dismiss: no reply to this, for one of the usual reasons or in a person's own words."""

# ruff: noqa: D417 (the desk is no argument that people give)

from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import failures
from responder.cli.decide import check_address, checked_reason
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.words import CaseId
from responder.model.case import Case
from responder.model.people import Right
from responder.steps.dismiss import BY_HAND, REASONS, answered_by_hand
from responder.steps.dismiss import dismiss as step

if TYPE_CHECKING:
    from responder.cli.desk import Desk


def dismiss(
    *ids: CaseId,
    reason: str = "",
    answered_at: Annotated[str, Parameter(metavar="URL")] = "",
    desk: AtDesk,
) -> int:
    """Decide that a case needs no reply, or tell where one of you answered it by hand.

    Args:
        ids: The cases, like c-101.
        reason: Why: not a complaint (triage is told), spam, handled elsewhere; asked for if it is left out.
        answered_at: You answered it yourselves, at this address: it counts as answered.
    """
    if not ids:
        raise failures.Trouble(
            failures.USAGE, "No case is named.", todo="responder dismiss c-101 --reason 'not a complaint'"
        )
    desk.may(Right.DISMISS)
    if not reason and not answered_at and desk.screen.asks:
        reason, answered_at = _asked(desk)
    if not reason and not answered_at:
        raise failures.Trouble(
            failures.USAGE,
            "A dismissal needs a reason.",
            "The next reader wants to know.",
            "Add: --reason WHY",
        )
    if answered_at:
        check_address(answered_at)
    if answered_at and len(set(ids)) > 1:
        raise failures.Trouble(failures.USAGE, "An answer at one address is for one case.")
    said = desk.user, checked_reason(reason)
    cases = [desk.store.casework.get(number) for number in dict.fromkeys(ids)]
    if answered_at:
        return carry_out(desk.screen, [partial(_answered, desk, case, answered_at, said) for case in cases])
    return carry_out(desk.screen, [partial(_dismiss, desk, case, said) for case in cases])


def _asked(desk: "Desk") -> tuple[str, str]:
    """Return why, and where it was answered by hand; Trouble where a person thinks again."""
    choices = ", ".join(f"{number} {reason}" for number, reason in enumerate(REASONS, 1))
    said = desk.screen.line(f"Why? {choices}, or other words: ") or ""
    reason = dict(zip("1234", REASONS, strict=True)).get(said, said)
    where = desk.screen.line("Where is the answer? (its address) ") or "" if reason == BY_HAND else ""
    if not reason or (reason == BY_HAND and not where):
        raise failures.Trouble(failures.DECLINED, "Nothing was dismissed.")
    return reason, where


def _dismiss(desk: "Desk", case: Case, said: tuple[str, str]) -> Deed:
    told = step(desk.store, desk.app.targets, case, said, desk.now())
    return Deed(
        case=case.name,
        did="dismissed",
        by=desk.user,
        draft=case.draft_number,
        says=f"{case.name} is set aside{', and triage is told' if told else ''}.",
        after=f"To take this back: responder {'correct' if told else 'reopen'} {case.name}"
        f"{' complaint' if told else ''}",
    )


def _answered(desk: "Desk", case: Case, url: str, said: tuple[str, str]) -> Deed:
    answered_by_hand(desk.store, case, url, said, desk.now())
    says = f"{case.name} is answered, by hand."
    return Deed(case=case.name, did="answered by hand", by=desk.user, draft=case.draft_number, says=says)
