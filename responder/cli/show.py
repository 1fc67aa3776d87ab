"""Show: one case on one card."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from responder.cli import promising
from responder.cli.card import CardSheet
from responder.cli.desk import AtDesk
from responder.cli.remedies import status
from responder.cli.words import CaseId, ago
from responder.model.looker import Looker
from responder.model.remedy import GrantStatus
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.desk import Desk


def card_of(desk: "Desk", number: int, *, history: bool = False) -> CardSheet:
    """Return the sheet of a case; NotFound when there is none."""
    card = desk.store.views.card(number)
    account = next((one for one in desk.store.views.health() if one.name == card.case.account), None)
    now = desk.now()
    return CardSheet(
        card=card,
        looking=_others(desk, number, now),
        network=account.network if account else card.case.account,
        account_problem=account.problem if account else "",
        now=now,
        first=desk.store.yeses.first([number]).get(number),
        limits=desk.limits(card.case),
        rule=desk.app.targets.rule,
        zone=desk.settings.company.timezone,
        promising=lambda draft: promising.promised(desk, card.case, draft),
        promised_by=promising.owner(desk, card.case),
        reader=desk.onlooker,
        exact=desk.screen.manner.exact,
        pause=desk.store.control.pausing(),
        incident=desk.store.incidents.of([number]).get(number),
        history=history,
    )


def _others(desk: "Desk", number: int, now: datetime) -> list[Looker]:
    """Return who else has the card open."""
    return [one for one in desk.store.looking.at([number], now).get(number, ()) if one.by != desk.onlooker]


def show(id: CaseId, /, *, history: bool = False, desk: AtDesk) -> None:  # noqa: A002 (what people type)
    """Show one case.

    Args:
        id: The case, like c-101.
        history: The journal and earlier drafts too.
    """
    sheet = card_of(desk, id, history=history)
    desk.screen.show(sheet)
    for line in _beside(desk, id, sheet.now):
        desk.screen.hint(line)


def _beside(desk: "Desk", number: int, now: datetime) -> Iterator[str]:
    """Say what was prepared for the customer and granted to them, and where it stands."""
    prepared = desk.store.worksheets.of(number)
    if prepared and prepared.at:
        by = one_line(prepared.by, 30)
        yield f"{by} wrote its worksheet {ago(prepared.at, now)}: responder worksheet c-{number} --show"
    for one in desk.store.grants.of_case(number):
        what = " ".join(filter(None, (one.remedy, one.amount)))
        says = "waits for a second yes" if one.status is GrantStatus.ASKED else f"is {status(one)}"
        yield f"{what} {says} ({one.name}): responder remedies c-{number} --granted"
