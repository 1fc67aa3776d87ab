"""Mistakes where pages are taken in and where people decide."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import text, update

from responder.connector import Page
from responder.model.case import Case
from responder.model.decision import Decision
from responder.model.delivery import Route
from responder.model.draft import Draft
from responder.model.facts import Facts
from responder.store.casework import Casework
from responder.store.intake import Intake, Taken
from responder.store.tables import decision, delivery, draft


class CursorFirst(Intake):
    """The cursor moves in a transaction of its own, before the mentions."""

    def keep(self, name: str, before: str | None, page: Page, now: datetime) -> Taken:
        super().keep(name, before, Page(mentions=(), cursor=page.cursor), now)
        return super().keep(name, page.cursor, page, now)


class KeepsWithoutComparing(Intake):
    """Whoever reads last decides where reading goes on."""

    def keep(self, name: str, before: str | None, page: Page, now: datetime) -> Taken:
        return super().keep(name, self.cursor(name), page, now)


class EditsInPlace(Casework):
    """A better wording does not need a new approval."""

    def edit(self, case: Case, one: Draft) -> None:
        words = {"text": one.text, "fingerprint": one.fingerprint}
        with self._store.write() as connection:
            connection.execute(update(draft).where(draft.c.case_id == case.id).values(words))
            connection.execute(update(delivery).where(delivery.c.case_id == case.id).values(words))
            approvals = decision.c.case_id == case.id, decision.c.verdict == "approve"
            connection.execute(update(decision).where(*approvals).values(fingerprint=one.fingerprint))


class EditsTheDraftInPlace(Casework):
    """A better wording in the draft and what it is to send; the decision stays what it was."""

    def edit(self, case: Case, one: Draft) -> None:
        words = {"text": one.text, "fingerprint": one.fingerprint}
        unsent = delivery.c.case_id == case.id, delivery.c.stage == "PLANNED"
        with self._store.write() as connection:
            connection.execute(update(draft).where(draft.c.case_id == case.id).values(words))
            connection.execute(update(delivery).where(*unsent).values(words))


class PlansAll(Casework):
    """Approving again plans everything that was ever approved."""

    def approve(
        self, case: Case, one: Draft, said: Decision, route: Route, *, not_before: datetime | None = None
    ) -> bool:
        enough = super().approve(case, one, said, route, not_before=not_before)
        again = delivery.c.case_id == case.id, delivery.c.stage.in_(["VOID", "SENT"])
        with self._store.write() as connection:
            values = {"stage": "PLANNED", "draft_number": one.number}
            connection.execute(update(delivery).where(*again).values(values))
        return enough


class ApprovalsOutliveWithdrawal(Casework):
    """A withdrawal moves the case and forgets the delivery."""

    def decide(self, case: Case, said: Decision, news: Facts | None = None) -> None:
        query = "SELECT id FROM delivery WHERE case_id = :case AND stage = 'PLANNED'"
        with self._store.read() as connection:
            planned = list(connection.execute(text(query), {"case": case.id}).scalars())
        super().decide(case, said, news)
        with self._store.write() as connection:
            connection.execute(update(delivery).where(delivery.c.id.in_(planned)).values(stage="PLANNED"))


class CancelsInFlight(Casework):
    """A withdrawal also ends what is on its way."""

    def decide(self, case: Case, said: Decision, news: Facts | None = None) -> None:
        moving = delivery.c.case_id == case.id, delivery.c.stage.in_(["SENDING", "UNSURE"])
        with self._store.write() as connection:
            connection.execute(update(delivery).where(*moving).values(stage="VOID"))
        super().decide(case, replace(said), news)
