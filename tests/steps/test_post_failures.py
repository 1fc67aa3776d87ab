"""Post, when a call fails: each failure has its own consequence, and none is a blind second try."""

from dataclasses import dataclass, field, replace

import pytest

from responder.connector import (
    Account,
    Exhausted,
    Limits,
    Malformed,
    Refused,
    Unauthorised,
    Unavailable,
    Unsure,
)
from responder.model.case import Stage
from responder.model.delivery import DeliveryStage, Receipt
from responder.model.draft import Message
from responder.model.mention import Mention
from responder.steps.poll import poll
from responder.store.store import Store
from tests.desk import approved, stage, street
from tests.network import ScriptedNetwork, at, mention
from tests.steps.sending import delivery, raising, ready, send


@pytest.mark.parametrize(
    ("error", "minutes"),
    [
        (Unavailable("no route"), 1),
        (Unavailable("slow down", retry_after=600), 10),
        (Unauthorised(), 1),
        (Exhausted(), 60),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_was_surely_not_sent_is_sent_later(any_store: Store, error: Exception, minutes: float) -> None:
    net, accounts = ready(any_store)
    net.before_effect.append(raising(error))
    report = send(any_store, accounts)
    assert (report.done, len(report.problems)) == ({"planned": 1}, 1)
    assert (delivery(any_store).stage, stage(any_store)) == (DeliveryStage.PLANNED, Stage.APPROVED)
    any_store.intake.polled("shop", at(99), at(3))  # the account works again
    assert send(any_store, accounts, 3 + minutes - 0.01).done == {}
    assert send(any_store, accounts, 3 + minutes).done == {"sent": 1}
    assert len(net.public) == 1


def test_each_further_failure_waits_twice_as_long_up_to_an_hour(store: Store) -> None:
    net, accounts = ready(store)
    waits, minutes = [], 3.0
    for _ in range(9):
        net.before_effect.append(raising(Unavailable()))
        assert send(store, accounts, minutes).done == {"planned": 1}
        begun = minutes
        while not store.outbox.due(at(minutes), ["shop"]):
            minutes += 0.5
        waits.append(minutes - begun)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), 1e300])
def test_nonsense_about_when_to_come_back_neither_spins_nor_silences(store: Store, seconds: float) -> None:
    net, accounts = ready(store)
    net.before_effect += [raising(Unavailable(retry_after=seconds))] * 3
    send(store, accounts)
    assert len(net.before_effect) == 2
    assert len(store.outbox.due(at(3 + 24 * 60), ["shop"])) == 1


def test_refused_waits_for_a_person_with_the_reason_and_may_be_approved_again(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.before_effect.append(raising(Refused("The thread is locked.")))
    report = send(any_store, accounts)
    assert (report.done, report.problems) == ({"refused": 1}, ("c-1: The thread is locked.",))
    assert (delivery(any_store).stage, stage(any_store)) == (DeliveryStage.REFUSED, Stage.WAITING)
    approved(any_store, minutes=4)
    assert send(any_store, accounts, 5).done == {"sent": 1}
    assert len(net.public) == 1


@pytest.mark.parametrize(
    "error", [Unsure(), Malformed(), TimeoutError(), ValueError("junk"), RecursionError(), KeyError("id")]
)
@pytest.mark.parametrize("public", [True, False])
def test_whatever_else_happens_the_words_may_be_public(store: Store, error: Exception, public: bool) -> None:
    net, accounts = ready(store)
    (net.after_effect if public else net.before_effect).append(raising(error))
    assert send(store, accounts).done == {"unsure": 1}
    assert delivery(store).stage is DeliveryStage.UNSURE
    for minutes in (4, 60, 600):
        send(store, accounts, minutes)
    assert len(net.public) == int(public)


@pytest.mark.parametrize("error", [Unauthorised(), Exhausted()])
@pytest.mark.parametrize("where", ["look", "send"])
def test_an_account_refused_or_out_of_budget_is_stopped_until_a_poll_works(
    store: Store, error: Exception, where: str
) -> None:
    net, accounts = ready(store, *(mention(str(n), author=f"a{n}") for n in range(3)))
    if where == "look":
        net.unreachable = error
    else:
        net.before_effect.append(raising(error))
    report = send(store, accounts)
    assert len(report.problems) == 1
    (health,) = store.views.health()
    assert health.stopped
    assert health.problem == str(error)
    net.unreachable = None
    assert send(store, accounts, 4).done == {}
    store.intake.polled("shop", at(99), at(5))
    assert send(store, accounts, 5).done["sent"] >= 2
    send(store, accounts, 65)  # what the exhausted one tried in vain comes an hour later
    assert len(net.public) == 3


def test_a_network_out_of_order_is_asked_once_a_run_and_does_not_hold_up_another(store: Store) -> None:
    ready(store, *(mention(str(n), author=f"a{n}") for n in range(5)))
    other = ScriptedNetwork()
    other.say(*(replace(mention(f"o{n}", author=f"o{n}"), account="other") for n in range(2)))
    down = ScriptedNetwork(unreachable=Unavailable("no route"))
    accounts = {
        "shop": Account(name="shop", connector=down),
        "other": Account(name="other", connector=other),
    }
    store.intake.introduce({"other": "scripted"})
    poll(store, accounts["other"], at(2))
    street(store, accounts, 2)
    for case in store.views.page(Stage.WAITING):
        approved(store, case.id)
    report = send(store, accounts)
    assert report.done == {"postponed": 1, "sent": 2}
    assert len(other.public) == 2


@pytest.mark.parametrize("public", [True, False])
def test_after_an_unsure_reply_the_others_of_its_account_wait_for_the_next_run(
    store: Store, public: bool
) -> None:
    net, accounts = ready(store, *(mention(str(n), author=f"a{n}") for n in range(3)))
    (net.after_effect if public else net.before_effect).append(raising(TimeoutError()))
    assert send(store, accounts).done == {"unsure": 1}
    assert send(store, accounts, 3.1).done == {"sent": 2}


def test_a_reply_over_the_limit_is_refused_before_any_request(store: Store) -> None:
    net, accounts = ready(store)

    @dataclass
    class Counting(ScriptedNetwork):
        limits: Limits = field(default_factory=lambda: Limits(length=5))

        def send(self, message: Message, to: Mention) -> Receipt:
            if self.limits.count(message.text) > self.limits.length:
                raise Refused("it is too long")
            return super().send(message, to)

    accounts["shop"] = replace(accounts["shop"], connector=Counting(feed=net.feed))
    assert send(store, accounts).done == {"refused": 1}


def test_a_receipt_of_any_kind_is_recorded(any_store: Store) -> None:
    net, accounts = ready(any_store)

    class Odd(ScriptedNetwork):
        def send(self, message: Message, to: Mention) -> Receipt:
            super().send(message, to)
            return Receipt(remote_id="r\0", url="https://net.example/\ud83d", text="shown \0")

    accounts["shop"] = replace(accounts["shop"], connector=Odd(feed=net.feed))
    assert send(any_store, accounts).done == {"sent": 1}
    assert stage(any_store) is Stage.ANSWERED
