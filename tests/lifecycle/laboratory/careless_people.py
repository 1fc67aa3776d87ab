"""Mistakes where pages are taken in and where people decide."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text, update

from responder.connector import Page
from responder.model.case import Case
from responder.model.decision import Decision
from responder.model.delivery import Route
from responder.model.draft import Draft
from responder.model.facts import Facts
from responder.model.people import FourEyes, NotAllowed
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


class OneIsEnough(Casework):
    """Whatever the rules of the desk say."""

    def approve(
        self, case: Case, one: Draft, said: Decision, route: Route, *, not_before: datetime | None = None
    ) -> bool:
        roster = self._store.roster
        self._store.roster = replace(roster, four_eyes=FourEyes())
        try:
            return super().approve(case, one, said, route, not_before=not_before)
        finally:
            self._store.roster = roster


class SamePersonTwice(Casework):
    """Two yeses are two yeses, whoever said them."""

    def approve(
        self, case: Case, one: Draft, said: Decision, route: Route, *, not_before: datetime | None = None
    ) -> bool:
        try:
            return super().approve(case, one, said, route, not_before=not_before)
        except NotAllowed:
            return OneIsEnough(self._store).approve(case, one, said, route, not_before=not_before)


class _Marking:
    """A store whose approvals say, in the same transaction, that two had to agree."""

    def __init__(self, store: Any) -> None:
        self.store, self.roster = store, store.roster

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self.store.write() as connection:
            yield connection
            connection.execute(update(decision).values(two=True))


class PlansTheFirst(OneIsEnough):
    """The first yes plans the delivery, and only the decision tells that there had to be two."""

    def approve(
        self, case: Case, one: Draft, said: Decision, route: Route, *, not_before: datetime | None = None
    ) -> bool:
        real: Any = self._store
        marking: Any = _Marking(real)
        self._store = marking if real.roster.four_eyes.asked else real
        try:
            return super().approve(case, one, said, route, not_before=not_before)
        finally:
            self._store = real


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
