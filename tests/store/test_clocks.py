"""A wall clock that was wrong for a while: nothing waits until its time comes round again."""

from datetime import timedelta

import pytest

from responder.connector import Account
from responder.model.case import Stage
from responder.steps.look import Patience
from responder.steps.poll import poll
from responder.steps.post import Mode, Terms, post
from responder.store.outbox import LEASE
from responder.store.store import Store
from tests.desk import approved, stage, street, waiting
from tests.network import ScriptedNetwork, account, at, mention

#: How far ahead the clock was, in minutes: a wrong zone, a wrong day, a wrong year.
AHEAD = (60 * 2, 60 * 30, 60 * 24 * 400)
TERMS = Terms(patience=Patience(look_after=timedelta(minutes=2), give_up_after=timedelta(minutes=10)))


def desk(store: Store, *posts: str) -> tuple[ScriptedNetwork, dict[str, Account]]:
    net = ScriptedNetwork()
    net.say(*(mention(one, author=one) for one in posts))
    return net, {"shop": account(net)}


@pytest.mark.parametrize("ahead", AHEAD)
def test_what_was_heard_then_is_weighed_and_drafted_now(any_store: Store, ahead: float) -> None:
    _, accounts = desk(any_store, "1")
    any_store.intake.introduce({"shop": "scripted"})
    poll(any_store, accounts["shop"], at(ahead))
    street(any_store, accounts, 1)
    assert stage(any_store) is Stage.WAITING


@pytest.mark.parametrize("ahead", AHEAD)
def test_what_was_approved_then_is_sent_now(any_store: Store, ahead: float) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approved(any_store, minutes=ahead)
    assert post(any_store, accounts, Mode.ON, at(2), terms=TERMS).done == {"sent": 1}
    assert len(net.public) == 1


@pytest.mark.parametrize("ahead", AHEAD[1:])
def test_what_was_postponed_or_unsure_then_waits_a_day_at_most(store: Store, ahead: float) -> None:
    net, accounts = waiting(store, mention("1"), mention("2", author="bo"))
    approved(store, 1)
    approved(store, 2)

    def fails() -> None:
        raise TimeoutError

    net.before_effect.append(fails)
    post(store, accounts, Mode.ON, at(ahead), terms=TERMS)  # one is unsure, the other rests
    (planned,) = store.outbox.due(at(ahead), ["shop"])
    store.outbox.postpone(planned, at(ahead + 5), "no route")
    report = post(store, accounts, Mode.ON, at(3), terms=TERMS)
    assert report.done == {"looked": 1, "sent": 1}


@pytest.mark.parametrize("ahead", AHEAD[1:])
def test_of_what_was_unsure_then_a_person_is_asked_as_ever(store: Store, ahead: float) -> None:
    net, accounts = waiting(store, mention("1"))
    approved(store)

    def fails() -> None:
        raise TimeoutError

    net.before_effect.append(fails)
    true = [2.5]
    store.lease_clock = lambda: ("boot", true[0] * 60)
    post(store, accounts, Mode.ON, at(ahead), terms=TERMS)
    for minutes in (3, 5, 12.9):
        true[0] = minutes
        post(store, accounts, Mode.ON, at(minutes), terms=TERMS)
        assert stage(store) is Stage.APPROVED
    true[0] = 15
    post(store, accounts, Mode.ON, at(15), terms=TERMS)
    assert (stage(store), net.public) == (Stage.WAITING, [])


def test_a_clock_that_jumps_ahead_does_not_call_a_reply_lost_that_may_still_arrive(store: Store) -> None:
    net, accounts = waiting(store, mention("1"))
    approved(store)
    seconds = [0.0]
    store.lease_clock = lambda: ("boot", seconds[0])

    def fails() -> None:
        raise TimeoutError

    net.before_effect.append(fails)
    for minutes in (3, 63, 66, 69):  # an hour in which three minutes went by
        post(store, accounts, Mode.ON, at(minutes), terms=TERMS)
        seconds[0] += 60
    assert stage(store) is Stage.APPROVED
    seconds[0] = 600
    post(store, accounts, Mode.ON, at(72), terms=TERMS)
    assert stage(store) is Stage.WAITING


def test_of_a_reply_from_before_a_restart_a_person_is_asked_ten_minutes_after_it(store: Store) -> None:
    net, accounts = waiting(store, mention("1"))
    approved(store)
    clock = [("before", 50_000.0)]
    store.lease_clock = lambda: clock[0]

    def fails() -> None:
        raise TimeoutError

    net.before_effect.append(fails)
    post(store, accounts, Mode.ON, at(3), terms=TERMS)
    clock[0] = ("after", 20.0)
    for minutes in (6, 9, 14):
        post(store, accounts, Mode.ON, at(minutes), terms=TERMS)
    assert stage(store) is Stage.APPROVED
    clock[0] = ("after", 600.0)
    post(store, accounts, Mode.ON, at(17), terms=TERMS)
    assert stage(store) is Stage.WAITING


def test_a_lease_on_a_clock_without_a_name_is_over_when_that_clock_begins_anew(store: Store) -> None:
    _, _ = waiting(store, mention("1"))
    approved(store)
    seconds = [50_000.0]
    store.lease_clock = lambda: ("boot", seconds[0])
    planned = store.outbox.due(at(3), ["shop"])[0]
    assert store.outbox.claim(planned, at(3))
    seconds[0] = 20.0
    assert store.outbox.expire(at(4), at(6)) == 1


def test_what_was_looked_at_before_the_machine_slept_is_not_claimed(store: Store) -> None:
    _, _ = waiting(store, mention("1"))
    approved(store)
    seconds = [100.0]
    store.lease_clock = lambda: ("boot", seconds[0])
    planned, looked = store.outbox.due(at(3), ["shop"])[0], store.reading()
    seconds[0] += LEASE + 1
    assert store.outbox.claim(planned, at(3), looked=looked) is None
    seconds[0] = 150.0
    claimed = store.outbox.claim(planned, at(3), looked=looked)
    assert claimed
    assert store.outbox.may_send(claimed)
    seconds[0] = 100.0 + LEASE
    assert not store.outbox.may_send(claimed)


def test_a_patience_of_days_is_taken_for_one_and_not_for_a_clock_that_was_ahead(store: Store) -> None:
    net, accounts = waiting(store, mention("1"))
    approved(store)
    day = 60 * 24
    slow = Patience(look_after=timedelta(days=3), give_up_after=timedelta(days=9))

    def fails() -> None:
        raise TimeoutError

    net.before_effect.append(fails)
    done = [
        post(store, accounts, Mode.ON, at(n), terms=Terms(patience=slow)).done
        for n in (3, 4, day + 3, day + 4, 2 * day + 3)
    ]
    assert done == [{"unsure": 1}, {}, {"looked": 1}, {}, {"looked": 1}]


def test_what_stepped_aside_then_comes_round_again_within_a_day(store: Store) -> None:
    _, accounts = desk(store, "1")
    store.intake.introduce({"shop": "scripted"})
    poll(store, accounts["shop"], at(1))
    store.casework.step_aside(store.casework.get(1), "boom", at(AHEAD[2]))
    street(store, accounts, 2)
    assert stage(store) is Stage.WAITING


def test_figures_stay_a_count_of_the_rows_while_the_clock_jumps(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    for minutes in (AHEAD[2], 3, -AHEAD[2], 4):
        net.say(mention(f"p{minutes}", author=f"p{minutes}", minutes=minutes))
        street(any_store, accounts, minutes)
    assert any_store.views.verify() == []
    assert any_store.views.figures(at(5), at(0)).happened["heard"] == 3
