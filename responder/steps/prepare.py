"""Prepare: what is known about a case is written down before anybody speaks to the customer."""

from datetime import datetime

from responder.model.case import Case
from responder.model.people import Right, Roster, either
from responder.model.remedy import Remedy
from responder.model.worksheet import Worksheet
from responder.policy.policy import Policy
from responder.steps.grant import who_may
from responder.store.store import Store


class Unfit(Exception):
    """Something in a worksheet does not hold here; `problems` says under which key, and what."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{key}: {says}" for key, says in problems))
        self.problems = problems


def prepare(store: Store, policy: Policy, case: Case, sheet: Worksheet, by: str, now: datetime) -> Worksheet:
    """Keep a worksheet as the next version of the one it was made from, and return it.

    Raises Unfit for a remedy or an authority that there is not, NotAllowed where their role does not let
    them, and Conflict when somebody wrote it meanwhile, or the case moved.
    """
    by = store.roster.allowed(by, Right.PREPARE)
    if problems := tuple(
        problem
        for place, one in enumerate(sheet.options, start=1)
        if (problem := _wrong(f"options.{place}", one.remedy, one.authorised_by, (store, policy, now)))
    ):
        raise Unfit(problems)
    return store.worksheets.write(case, sheet, by, now)


def _wrong(
    where: str, name: str, authority: str, of: tuple[Store, Policy, datetime]
) -> tuple[str, str] | None:
    """Return what is wrong with an option's remedy, or with who is said to have said yes to it."""
    store, policy, now = of
    remedy = policy.remedies.get(name)
    if name and remedy is None:
        return f"{where}.remedy", f'there is no remedy "{name}"; there are: {", ".join(policy.remedies)}'
    if remedy and name in policy.ended(now):
        return f"{where}.remedy", f'"{name}" ended on {remedy.expires}; see: responder remedies'
    if authority and (says := _no_authority(store.roster, remedy, authority)):
        return f"{where}.authorised_by", says
    return None


def _no_authority(roster: Roster, remedy: Remedy | None, name: str) -> str:
    """Return why somebody cannot have said yes; "" where they can. Where nobody is listed, everybody can."""
    if not roster.people:
        return ""
    person = roster.called(name)
    if person is None:
        return f'nobody is called "{name}": it is {either(one.name for one in roster.people)}'
    if remedy and not remedy.may(person.role, 0):
        may = either(who_may(roster, remedy, 0)) or "nobody here"
        return f"{person.name} may not grant {remedy.id}; {may} may"
    return ""
