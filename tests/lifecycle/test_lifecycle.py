"""Nothing unapproved, nothing double, nothing lost, nothing stuck: whatever happens, in whatever order."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from responder.model.case import Case, Stage
from responder.store.silence import Silence
from responder.store.store import Store
from tests.lifecycle.laboratory.careless_people import EditsInPlace, OneIsEnough, PlansAll
from tests.lifecycle.laboratory.careless_senders import RetriesBlindly
from tests.lifecycle.machine import Lifecycle, Together

#: A look with every change; and many more, in CI.
EXAMPLES = settings(max_examples=20, stateful_step_count=40, deadline=None)
MANY = settings(max_examples=200, stateful_step_count=40, deadline=None)
#: A mutant is caught, not explained: shrinking would only cost time.
HUNT = settings(
    max_examples=300,
    stateful_step_count=50,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
)


@pytest.mark.timeout(400)  # a quarter of a minute on a quiet machine
def test_the_laws_hold_in_any_order_of_events() -> None:
    run_state_machine_as_test(Together, settings=EXAMPLES)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_the_laws_hold_in_many_more_orders_of_events() -> None:
    run_state_machine_as_test(Together, settings=MANY)


def blind_retry(store: Store) -> None:
    store.outbox = RetriesBlindly(store)


def edit_without_approval(store: Store) -> None:
    store.casework = EditsInPlace(store)


def replan_all(store: Store) -> None:
    store.casework = PlansAll(store)
    with store.write() as connection:  # the database's own refusal is the last defence: take it away
        connection.execute(text("DROP INDEX uq_delivery_live"))


def one_is_enough(store: Store) -> None:
    store.casework = OneIsEnough(store)


@pytest.mark.slow
@pytest.mark.parametrize("mutate", [blind_retry, edit_without_approval, replan_all, one_is_enough])
def test_the_machine_catches_a_tempting_mutant(mutate: Callable[[Store], None]) -> None:
    class Mutant(Lifecycle):
        def make_store(self) -> Store:
            store = super().make_store()
            mutate(store)
            return store

    with pytest.raises(AssertionError, match=r"twice|without a standing approval"):
        run_state_machine_as_test(Mutant, settings=HUNT)


class Forgetful(Silence):
    """Says that somebody is not answered any more, and forgets to write it down."""

    def ask(self, case: Case, by: str, now: datetime) -> Stage:
        return case.stage


@pytest.mark.slow
def test_the_machine_catches_who_forgets_that_somebody_asked_for_silence() -> None:
    class Mutant(Together):
        def make_store(self) -> Store:
            store = super().make_store()
            store.silence = Forgetful(store)
            return store

    with pytest.raises(AssertionError, match="asked not to be answered"):
        run_state_machine_as_test(Mutant, settings=HUNT)
