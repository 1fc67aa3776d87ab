"""Where a network keeps one record under our key, an unsure reply is sent again; nowhere else, ever."""

from dataclasses import replace

import pytest

from responder.connector import Account, ConnectorError, Limits, Refused, Unavailable
from responder.model.delivery import DeliveryStage, Receipt
from responder.model.draft import Message
from responder.model.mention import Mention
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.network import ScriptedNetwork, at
from tests.steps.deciding import edits
from tests.steps.sending import delivery, ready, send


class OneRecord(ScriptedNetwork):
    """A network that keeps one record under each key, whatever is sent and how often."""

    def send(self, message: Message, to: Mention) -> Receipt:
        known = [place for place, (target, _) in enumerate(self.public) if target == to.external_id]
        receipt = super().send(message, to)
        if known:
            self.public.pop()
            return replace(receipt, remote_id=f"r{known[0] + 1}")
        return receipt


def lost(store: Store, *, own_key: bool = True) -> tuple[OneRecord, dict[str, Account]]:
    """Bring a reply to where the request was lost on its way, at 3 min."""
    plain, accounts = ready(store)
    net = OneRecord(feed=plain.feed, limits=Limits(length=500, own_key=own_key))
    accounts["shop"] = replace(accounts["shop"], connector=net)
    fails(net, TimeoutError())
    assert send(store, accounts).done == {"unsure": 1}
    return net, accounts


def fails(net: ScriptedNetwork, error: Exception) -> None:
    def failing() -> None:
        raise error

    net.before_effect.append(failing)


def test_what_was_not_found_is_sent_again_under_the_same_key(any_store: Store) -> None:
    net, accounts = lost(any_store)
    assert send(any_store, accounts, 5).done == {"looked": 1, "sent": 1}
    assert [target for target, _ in net.public] == ["1"]
    assert delivery(any_store).stage is DeliveryStage.SENT
    assert [one.action for one in any_store.views.card(1).events].count("sending") == 2


def test_without_such_a_network_it_is_only_looked_for(any_store: Store) -> None:
    net, accounts = lost(any_store, own_key=False)
    for minutes in (5, 8, 20, 100):
        send(any_store, accounts, minutes)
    assert (net.public, delivery(any_store).stage) == ([], DeliveryStage.UNSURE)
    with pytest.raises(Conflict, match="not sent again"):
        any_store.outbox.claim(delivery(any_store), at(101))


@pytest.mark.parametrize("error", [Unavailable("no route"), Refused("blocked"), TimeoutError()])
def test_whatever_comes_of_sending_again_but_success_it_stays_unsure(
    any_store: Store, error: ConnectorError
) -> None:
    net, accounts = lost(any_store)
    fails(net, error)
    send(any_store, accounts, 5)
    assert delivery(any_store).stage is DeliveryStage.UNSURE, "the first attempt may yet arrive"
    send(any_store, accounts, 8)
    assert [target for target, _ in net.public] == ["1"]


def test_nothing_is_sent_again_to_a_target_that_changed(any_store: Store) -> None:
    net, accounts = lost(any_store)
    net.edit("1", "It came!", "e1")
    assert send(any_store, accounts, 5).done == {"looked": 1}
    assert (net.public, delivery(any_store).stage) == ([], DeliveryStage.UNSURE)


def test_nothing_is_sent_again_during_a_pause(any_store: Store) -> None:
    net, accounts = lost(any_store)
    any_store.control.pause("sam", at(4))
    send(any_store, accounts, 5)
    assert (net.public, delivery(any_store).stage) == ([], DeliveryStage.UNSURE)


def test_an_unsure_reply_cannot_be_edited_and_sent_beside_itself(any_store: Store) -> None:
    _, accounts = lost(any_store)
    with pytest.raises(Conflict, match="may already be public"):
        edits(any_store, accounts, "Other words.", 4)
