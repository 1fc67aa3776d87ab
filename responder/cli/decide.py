"""Decide: redo, withdraw, reopen and settle, each with what comes next."""

# ruff: noqa: D417 (the desk is no argument that people give)

from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import failures
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.known import Known, facts_of, remedy_of
from responder.cli.words import CaseId
from responder.model.case import Case, Stage
from responder.model.decision import Verdict
from responder.model.facts import Facts
from responder.model.visible import one_line, visible
from responder.steps.approve import decide as step
from responder.steps.approve import settle as settle_step

if TYPE_CHECKING:
    from responder.cli.desk import Desk

#: What the journal keeps of a reason.
_LONGEST_REASON = 500
_LONGEST_ADDRESS = 2_000
#: What a verdict does, as the journal says it, in a sentence, and what comes next.
_AFTER = {
    Verdict.REDO: ("redo asked", "{case} gets another draft.", "The daemon writes it, or: responder draft"),
    Verdict.WITHDRAW: (
        "withdrawn", "{case} is not sent; its draft waits again.", "Look again: responder show {case}",
    ),
    Verdict.REOPEN: ("reopened", "{case} needs a reply.", "The daemon drafts it, or: responder draft"),
}  # fmt: skip


def redo(
    id: CaseId,  # noqa: A002 (what people type)
    /,
    *,
    reason: str = "",
    known: Known | None = None,
    desk: AtDesk,
) -> int:
    """Ask for another draft, and tell what you know about the case.

    Args:
        id: The case, like c-101.
        reason: What is wrong with this one; the journal keeps it.
    """
    news = facts_of(known)
    if news.remedy:  # the rules are read for it alone
        remedy_of(news.remedy, desk.app.policy, desk.now())
    return _decide(desk, (id,), Verdict.REDO, reason, news)


def withdraw(id: CaseId, /, *, reason: str = "", desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Take an approval back before it is sent, or the first yes of two.

    Args:
        id: The case, like c-101.
        reason: Why; the journal keeps it.
    """
    return _decide(desk, (id,), Verdict.WITHDRAW, reason)


def reopen(id: CaseId, /, *, reason: str = "", desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Decide that a case that was set aside needs a reply.

    Args:
        id: The case, like c-101.
        reason: Why; the journal keeps it.
    """
    return _decide(desk, (id,), Verdict.REOPEN, reason)


def settle(
    id: CaseId,  # noqa: A002 (what people type)
    /,
    *,
    sent: Annotated[str | None, Parameter(metavar="URL")] = None,
    not_sent: bool = False,
    desk: AtDesk,
) -> int:
    """Say whether a reply that nobody is sure of, or that was sent by hand, is public.

    Args:
        id: The case, like c-101.
        sent: It is public at this address.
        not_sent: You looked, and it is surely not public.
    """
    if (sent is None) is not not_sent:
        raise failures.Trouble(
            failures.USAGE,
            "Say either where the reply is, or that it is not there.",
            todo=f"responder settle c-{id} --sent URL, or: responder settle c-{id} --not-sent",
        )
    if sent is not None:
        check_address(sent)
    return carry_out(desk.screen, [partial(_settle, desk, id, sent)])


def _settle(desk: "Desk", number: int, url: str | None) -> Deed:
    case = desk.store.casework.get(number)
    patience = desk.app.settings.posting.give_up_after
    settle_step(desk.store, case, url, desk.user, desk.now(), patience=patience)
    if url is not None:
        says, after = f"Noted: the reply of {case.name} is public.", ""
    else:
        waits = desk.store.casework.get(number).stage is Stage.WAITING
        says = f"Noted: the reply of {case.name} is not public."
        after = (
            f"{'Its draft waits again' if waits else 'Nothing is sent by itself'}: responder show {case.name}"
        )
    return Deed(case=case.name, did="settled", by=desk.user, says=says, after=after)


def check_address(told: str) -> None:
    """Raise Trouble for what is no address of a page."""
    plain = told.isprintable() and " " not in told and visible(told) == told
    if not (told.startswith(("https://", "http://")) and plain and len(told) <= _LONGEST_ADDRESS):
        short = one_line(told, 80)
        raise failures.Trouble(
            failures.USAGE, f"{short!r} is no address.", todo="Copy it from the browser: https://..."
        )


def checked_reason(reason: str) -> str:
    """Return a reason as the journal keeps it; Trouble for one that is too long."""
    if len(reason) > _LONGEST_REASON:
        raise failures.Trouble(failures.USAGE, f"A reason has at most {_LONGEST_REASON} characters.")
    return reason.strip()


def _decide(
    desk: "Desk", numbers: tuple[int, ...], verdict: Verdict, reason: str, news: Facts | None = None
) -> int:
    said = desk.user, checked_reason(reason)
    cases = [desk.store.casework.get(number) for number in dict.fromkeys(numbers)]
    return carry_out(desk.screen, [partial(_one, desk, case, verdict, said, news) for case in cases])


def _one(desk: "Desk", case: Case, verdict: Verdict, said: tuple[str, str], news: Facts | None) -> Deed:
    step(desk.store, case, verdict, said, desk.now(), news=news)
    did, says, after = _AFTER[verdict]
    return Deed(
        case=case.name,
        did=did,
        by=desk.user,
        draft=case.draft_number,
        says=says.format(case=case.name),
        after=after.format(case=case.name),
    )
