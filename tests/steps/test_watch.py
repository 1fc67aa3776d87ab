"""Watch: what a network makes of a reply after it took it is found out, and told to a person."""

from dataclasses import replace

import pytest

from responder.connector import Receipt, Shown, Unavailable
from responder.model.case import Stage
from responder.model.mention import Mention
from responder.steps.approve import settle
from responder.store.store import Store
from tests.desk import stage
from tests.network import ScriptedNetwork
from tests.network import at as at_minutes
from tests.steps.sending import delivery, ready, send

DAY = 24 * 60


def alarms(store: Store) -> list[str]:
    return [one.alarm for one in store.watching.alarmed()]


def journal(store: Store) -> list[str]:
    return [one.action for one in store.views.card(1).events]


def test_a_reply_that_stands_as_approved_is_read_back_four_times_and_then_left_alone(
    any_store: Store,
) -> None:
    net, accounts = ready(any_store)
    reads = []

    class Counted(ScriptedNetwork):
        def shown(self, receipt: Receipt, to: Mention) -> Shown:
            reads.append(receipt.remote_id)
            return super().shown(receipt, to)

    counted = Counted(feed=net.feed, public=net.public)
    accounts["shop"] = replace(accounts["shop"], connector=counted)
    for minutes in (3, 4, 6, 19, 124, 125, 2 * DAY, 3 * DAY, 4 * DAY):
        send(any_store, accounts, minutes)
    assert reads == ["r1"] * 4
    assert alarms(any_store) == []
    assert "alarm" not in journal(any_store)


def test_a_second_reply_that_the_network_lands_late_is_told_with_where_to_delete_it(any_store: Store) -> None:
    net, accounts = ready(any_store)
    send(any_store, accounts)
    send(any_store, accounts, 6)
    net.public.append(net.public[0])
    (problem,) = send(any_store, accounts, 20).problems
    assert problem == (
        "c-1: it is public 2 times; delete all but one: https://net.example/r1, https://net.example/r2"
    )
    assert alarms(any_store) == [problem.removeprefix("c-1: ")]
    net.public.pop()
    send(any_store, accounts, 200)
    assert alarms(any_store) == []
    assert journal(any_store)[-2:] == ["alarm", "alarm over"]
    assert stage(any_store) is Stage.ANSWERED


def test_other_words_than_approved_are_shown_with_the_difference(any_store: Store) -> None:
    net, accounts = ready(any_store)
    send(any_store, accounts)
    net.public[0] = ("1", "We got this wrong and we")
    (problem,) = send(any_store, accounts, 6).problems
    assert problem.startswith(
        "c-1: the network shows other words than were approved: We got this wrong and we [-are"
    )


def test_a_reply_that_is_not_there_any_more_is_told_once_in_the_journal(any_store: Store) -> None:
    net, accounts = ready(any_store)
    send(any_store, accounts)
    net.public.clear()
    for minutes in (6, 20, 200):
        assert send(any_store, accounts, minutes).problems == ("c-1: it is not there any more",)
    assert journal(any_store).count("alarm") == 1
    assert len(net.public) == 0, "and nothing is sent again"


def test_a_reply_that_strangers_do_not_see_is_told_from_the_second_time_on(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.shadowed = True
    send(any_store, accounts)
    assert send(any_store, accounts, 6).problems == ()
    assert send(any_store, accounts, 20).problems == ("c-1: nobody but us can see it: the network hides it",)


def test_a_network_that_cannot_be_asked_is_asked_later(any_store: Store) -> None:
    net, accounts = ready(any_store)
    send(any_store, accounts)
    net.unreachable = Unavailable("no route")
    assert send(any_store, accounts, 6).problems == ("c-1 could not be read back: no route",)
    assert delivery(any_store).watches == 0
    net.unreachable = None
    send(any_store, accounts, 17)
    assert delivery(any_store).watches == 1


def test_what_a_person_posted_by_hand_is_read_and_compared_like_any_other(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.before_effect.append(lambda: (_ for _ in ()).throw(TimeoutError()))
    send(any_store, accounts)
    net.public.append(("1", "My own words."))
    settle(any_store, any_store.casework.get(1), "https://net.example/r1", "sam", at_minutes(4))
    (problem,) = send(any_store, accounts, 7).problems
    assert "other words than were approved" in problem


def test_what_nobody_can_look_at_is_taken_on_a_persons_word(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.limits = replace(net.limits, sees_answers=False)
    send(any_store, accounts)
    net.public.clear()
    for minutes in (6, 20, 200, 2 * DAY):
        assert send(any_store, accounts, minutes).problems == ()
    assert alarms(any_store) == []
    assert delivery(any_store).watches == 1


@pytest.mark.parametrize("minutes", [-600, 600])
def test_a_clock_that_jumps_does_not_stop_the_watch(any_store: Store, minutes: float) -> None:
    _, accounts = ready(any_store)
    send(any_store, accounts, 1000 + minutes)
    for later in range(1000, 1000 + 3 * DAY, 300):
        send(any_store, accounts, later)
    assert delivery(any_store).watches == 4
