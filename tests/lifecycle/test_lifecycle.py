"""Nothing unapproved, nothing double, nothing lost, nothing stuck: whatever happens, in whatever order."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text, update

from responder.model.case import Case
from responder.model.decision import Decision
from responder.model.delivery import Delivery, DeliveryStage, Route
from responder.model.draft import Draft
from responder.store.casework import Casework
from responder.store.outbox import Outbox
from responder.store.settling import Outcome
from responder.store.store import Store
from responder.store.tables import decision, delivery, draft
from tests.lifecycle.machine import Lifecycle

#: Enough for each mutant below to be caught many times over.
EXAMPLES = settings(max_examples=100, stateful_step_count=40, deadline=None)
#: A mutant is caught, not explained: shrinking would only cost time.
HUNT = settings(
    max_examples=300,
    stateful_step_count=50,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
)


@pytest.mark.timeout(400)  # half a minute on a quiet machine
def test_the_laws_hold_in_any_order_of_events() -> None:
    run_state_machine_as_test(Lifecycle, settings=EXAMPLES)


class RetriesBlindly(Outbox):
    """A tempting mutant: what timed out is simply planned again."""

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        if outcome.stage is DeliveryStage.UNSURE:
            outcome = Outcome(stage=DeliveryStage.PLANNED, problem=outcome.problem, not_before=now)
        return super().settle(claimed, outcome, now)


class EditsInPlace(Casework):
    """A tempting mutant: a better wording does not need a new approval."""

    def edit(self, case: Case, one: Draft) -> None:
        words = {"text": one.text, "fingerprint": one.fingerprint}
        with self._store.write() as connection:
            connection.execute(update(draft).where(draft.c.case_id == case.id).values(words))
            connection.execute(update(delivery).where(delivery.c.case_id == case.id).values(words))
            approvals = decision.c.case_id == case.id, decision.c.verdict == "approve"
            connection.execute(update(decision).where(*approvals).values(fingerprint=one.fingerprint))


class PlansAll(Casework):
    """A tempting mutant: approving again plans everything that was ever approved."""

    def approve(self, case: Case, one: Draft, said: Decision, route: Route) -> None:
        super().approve(case, one, said, route)
        again = delivery.c.case_id == case.id, delivery.c.stage.in_(["VOID", "SENT"])
        with self._store.write() as connection:
            values = {"stage": "PLANNED", "draft_number": one.number}
            connection.execute(update(delivery).where(*again).values(values))


def blind_retry(store: Store) -> None:
    store.outbox = RetriesBlindly(store)


def edit_without_approval(store: Store) -> None:
    store.casework = EditsInPlace(store)


def replan_all(store: Store) -> None:
    store.casework = PlansAll(store)
    with store.write() as connection:  # the database's own refusal is the last defence: take it away
        connection.execute(text("DROP INDEX uq_delivery_live"))


@pytest.mark.parametrize("mutate", [blind_retry, edit_without_approval, replan_all])
def test_the_machine_catches_a_tempting_mutant(mutate: Callable[[Store], None]) -> None:
    class Mutant(Lifecycle):
        def make_store(self) -> Store:
            store = super().make_store()
            mutate(store)
            return store

    with pytest.raises(AssertionError, match=r"twice|without a standing approval"):
        run_state_machine_as_test(Mutant, settings=HUNT)
