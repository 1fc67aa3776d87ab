"""Lists: what a person should know of beside the queue: what sleeps, and what waits for their own hand."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import case as either
from sqlalchemy import func, select, tuple_

from responder.model.case import Case, Stage
from responder.model.delivery import Delivery
from responder.model.digest import OVERDUE_CAP, Asleep
from responder.store.approval import DELIVERY_COLUMNS
from responder.store.rows import case_from, delivery_from
from responder.store.tables import PENDING, cases, delivery, stage_tally
from responder.store.whole import CASE_COLUMNS

if TYPE_CHECKING:
    from responder.store.store import Store


class Lists:
    """Read-only, like the views; each is read by an index of its own."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def count(self, stage: Stage) -> int:
        """Return how many cases are in a stage."""
        query = select(func.sum(stage_tally.c.n)).where(stage_tally.c.stage == str(stage))
        with self._store.read() as connection:
            return int(connection.scalar(query) or 0)

    def asleep(
        self,
        now: datetime,
        *,
        after: Case | None = None,
        name: str | None = None,
        limit: int = 50,
    ) -> list[Case]:
        """Return the cases that sleep at `now`, who wakes first before the others, those following `after`.

        `name` keeps only that account's.
        """
        place = tuple_(cases.c.snoozed_until, cases.c.id)
        query = CASE_COLUMNS.where(cases.c.snoozed_until > now).order_by(*place).limit(limit)
        if after is not None:
            query = query.where(place > (after.snoozed_until, after.id))
        if name is not None:
            query = query.where(cases.c.account == name)
        with self._store.read() as connection:
            return [case_from(row) for row in connection.execute(query).mappings()]

    def count_asleep(self, now: datetime) -> Asleep:
        """Return how many cases that would wait for a person sleep at `now`."""
        sleeping = (
            select(either((cases.c.due_at < now, 1), else_=0).label("late"))
            .where(cases.c.snoozed_until > now, cases.c.stage.concat("") == str(Stage.WAITING))
            .limit(OVERDUE_CAP)
            .subquery()
        )
        with self._store.read() as connection:
            n, late = connection.execute(select(func.count(), func.sum(sleeping.c.late))).one()
        return Asleep(int(n), int(late or 0))

    def by_hand(self, limit: int = 20) -> list[Delivery]:
        """Return the approved replies that a person has to send themselves, the oldest first."""
        query = DELIVERY_COLUMNS.where(PENDING, delivery.c.stage == "PLANNED", delivery.c.route == "by_hand")
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(delivery.c.not_before, delivery.c.id).limit(limit))
            return [delivery_from(row) for row in rows.mappings()]
