"""Yeses: reading for people which drafts have a first yes and wait for a second, and who is new here."""

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, bindparam, select

from responder.model.case import Case, Stage
from responder.model.decision import Decision, Verdict
from responder.model.draft import Draft
from responder.model.people import Right
from responder.model.triage import Finding
from responder.store.approval import thread_as_seen
from responder.store.deciding import approvals_of, first_yeses, why_two
from responder.store.moves import Standing, portions
from responder.store.rows import findings_from
from responder.store.tables import cases, decision

if TYPE_CHECKING:
    from responder.store.store import Store

#: First yeses to the current draft of cases. Nothing about the stage: SQLite would read all that wait by it.
_FIRST = (
    select(decision, *(cases.c[one.name].label(f"now_{one.name}") for one in fields(Standing)))
    .join(cases, (cases.c.id == decision.c.case_id) & (cases.c.draft_number == decision.c.draft_number))
    .where(
        decision.c.case_id.in_(bindparam("numbers", expanding=True)),
        decision.c.verdict == str(Verdict.ENDORSE),
    )
    .order_by(decision.c.id)
)


class Yeses:
    """What stands between a first yes and a second."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def first(self, numbers: Iterable[int]) -> dict[int, Decision]:
        """Return by case the latest first yes that a second person may follow now."""
        found: dict[int, Decision] = {}
        if not self._store.roster.four_eyes.asked:  # one is enough, whatever was asked for before
            return found
        with self._store.read() as connection:
            for some in portions(sorted(set(numbers))):
                for row in connection.execute(_FIRST, {"numbers": some}).mappings():
                    if (said := _standing(connection, row)) and self._counts(said.by):
                        found[said.case_id] = said
        return found

    def why_two(self, seen: tuple[Case, Draft], by: str) -> str:
        """Return why two people must say yes to this draft where `by` is one of them; "" where one may."""
        case, one = seen
        if not self._store.roster.four_eyes.asked:
            return ""
        with self._store.read() as connection:
            reasons = connection.scalar(select(cases.c.reasons).where(cases.c.id == case.id))
            matter: tuple[Case, Draft, tuple[Finding, ...]] = case, one, findings_from(reasons)
            return why_two(connection, self._store.roster, matter, by)

    def approvals(self, name: str) -> int:
        """Return how many approvals that held a person had a part in."""
        with self._store.read() as connection:
            return approvals_of(connection, name)

    def _counts(self, name: str) -> bool:
        return self._store.roster.may(name, Right.APPROVE)


def _standing(connection: Connection, row: RowMapping) -> Decision | None:
    """Return a first yes if it still holds for the thread as it is now, and nothing was decided since."""
    case = Standing(**{one.name: row[f"now_{one.name}"] for one in fields(Standing)})
    if case.stage != Stage.WAITING:
        return None
    said = Decision(
        case_id=row["case_id"],
        verdict=Verdict.ENDORSE,
        by=row["by"],
        at=row["at"],
        draft_number=row["draft_number"],
        fingerprint=row["fingerprint"],
        reason=row["reason"],
        seen=thread_as_seen(connection, case),
        two=True,
    )
    return said if any(one.id == row["id"] for one in first_yeses(connection, said)) else None
