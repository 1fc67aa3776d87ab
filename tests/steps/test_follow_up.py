"""Follow up: an answered case that stays quiet is closed, and opens again when the customer writes."""

from datetime import datetime, timedelta

from responder.connector import Account
from responder.model.case import Stage
from responder.steps.follow_up import follow_up
from responder.steps.snooze import snooze
from responder.store.casework import Casework
from responder.store.store import Store
from tests.desk import stage, street, waiting
from tests.network import ScriptedNetwork, at, mention
from tests.steps.sending import ready, send

WEEK = timedelta(days=7)


def answered(store: Store, posts: int = 1) -> tuple[ScriptedNetwork, dict[str, Account]]:
    """Bring cases to ANSWERED, at 3 minutes."""
    net, accounts = ready(store, *(mention(str(n), author=f"a{n}") for n in range(posts)))
    send(store, accounts)
    return net, accounts


def test_what_stays_quiet_after_the_answer_is_closed(any_store: Store) -> None:
    answered(any_store)
    assert follow_up(any_store, WEEK, at(3) + WEEK).done == {}
    assert follow_up(any_store, WEEK, at(3.1) + WEEK).done == {"closed": 1}
    assert stage(any_store) is Stage.CLOSED
    assert follow_up(any_store, WEEK, at(3.1) + WEEK).done == {}


def test_only_answered_cases_are_closed(store: Store) -> None:
    net, accounts = answered(store, 2)
    net.say(mention("more", thread="0", author="a0", minutes=5))
    street(store, accounts, 5)
    assert follow_up(store, WEEK, at(0) + 5 * WEEK).done == {"closed": 1}
    assert (stage(store, 1), stage(store, 2)) == (Stage.WAITING, Stage.CLOSED)


def test_a_customer_who_writes_after_that_opens_it_again(any_store: Store) -> None:
    net, accounts = answered(any_store)
    follow_up(any_store, WEEK, at(9) + WEEK)
    net.say(mention("again", thread="0", author="a0", minutes=60 * 24 * 30))
    street(any_store, accounts, 60 * 24 * 30)
    case = any_store.casework.get(1)
    assert (case.stage, case.target.external_id, case.replies) == (Stage.WAITING, "again", 1)


def test_a_long_backlog_is_closed_batch_by_batch_and_can_be_stopped(store: Store) -> None:
    answered(store, 20)
    rounds = iter([False, False, True])

    class Small(Casework):
        def close_quiet(
            self, before: datetime, now: datetime, limit: int = 500, *, debrief_from: int = 4
        ) -> int:
            return super().close_quiet(before, now, limit=8, debrief_from=debrief_from)

    store.casework = Small(store)
    assert follow_up(store, WEEK, at(9) + WEEK, stop=lambda: next(rounds)).done == {"closed": 16}
    assert follow_up(store, WEEK, at(9) + WEEK).done == {"closed": 4}
    assert store.views.verify() == []


def test_what_a_clock_that_was_ahead_put_off_is_shown_again(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2"))
    year = 60 * 24 * 365
    snooze(any_store, any_store.casework.get(1), at(year + 60), "kim", at(year))
    snooze(any_store, any_store.casework.get(2), None, "kim", at(4.5))  # while the step goes on
    assert follow_up(any_store, timedelta(days=14), at(4)).done == {"woken": 1}
    assert [one.sleeps(at(4)) for one in map(any_store.casework.get, (1, 2))] == [False, True]
    assert [one.id for one in any_store.views.page(Stage.WAITING, now=at(4))] == [1]
    assert follow_up(any_store, timedelta(days=14), at(4)).done == {}
    assert any_store.views.verify() == []
