"""Post: approved words go out once, one delivery at a time, and what became of them is written down."""

from datetime import datetime

import pytest
from sqlalchemy import text

from responder.model.caps import Caps
from responder.model.case import Stage
from responder.model.delivery import Delivery, DeliveryStage, Receipt
from responder.steps.post import Mode, post
from responder.steps.report import Report
from responder.store.engine import Reading
from responder.store.errors import StoreBusy, StoreError, StoreLost
from responder.store.outbox import Outbox
from responder.store.settling import Outcome
from responder.store.store import Store
from tests.desk import seen, stage
from tests.network import at, mention
from tests.steps.sending import TERMS, delivery, ready, send


def test_what_was_approved_is_sent_once_and_recorded_with_the_networks_proof(any_store: Store) -> None:
    net, accounts = ready(any_store)
    assert send(any_store, accounts).done == {"sent": 1}
    assert net.public == [("1", seen(any_store)[1].text)]
    sent = delivery(any_store)
    assert sent.receipt == Receipt(remote_id="r1", url="https://net.example/r1", text=net.public[0][1])
    assert (sent.stage, stage(any_store)) == (DeliveryStage.SENT, Stage.ANSWERED)
    assert any_store.casework.get(1).replies == 1
    assert send(any_store, accounts, 99).done == {}
    assert len(net.public) == 1


def test_off_sends_nothing_and_says_nothing(store: Store) -> None:
    net, accounts = ready(store)
    assert send(store, accounts, mode=Mode.OFF) == Report()
    assert net.public == []


def test_dry_run_tells_and_sends_nothing(store: Store) -> None:
    net, accounts = ready(store)
    for _ in range(2):
        report = send(store, accounts, mode=Mode.DRY_RUN)
        assert report.done == {"would send": 1}
        assert report.problems[0].startswith("c-1 would be sent: We got this wrong")
    assert net.public == []
    assert (delivery(store).stage, delivery(store).tries) == (DeliveryStage.PLANNED, 0)


def test_paused_sends_nothing_until_it_is_resumed(any_store: Store) -> None:
    net, accounts = ready(any_store)
    any_store.control.pause("sam", at(3))
    assert send(any_store, accounts).done == {}
    any_store.control.pause("sam", at(4), on=False)
    assert send(any_store, accounts, 4).done == {"sent": 1}
    assert len(net.public) == 1


def test_a_pause_between_claim_and_call_stops_the_call(any_store: Store) -> None:
    net, accounts = ready(any_store)

    class PausedAtOnce(Outbox):
        def claim(
            self,
            one: Delivery,
            now: datetime,
            caps: Caps | None = None,
            *,
            looked: Reading | None = None,
            again: bool = False,
        ) -> Delivery | None:
            claimed = super().claim(one, now, caps, looked=looked, again=again)
            any_store.control.pause("sam", now)
            return claimed

    any_store.outbox = PausedAtOnce(any_store)
    report = send(any_store, accounts)
    assert report.problems == ("c-1: stopped just before sending",)
    assert net.public == []
    any_store.outbox = Outbox(any_store)
    any_store.control.pause("sam", at(4), on=False)
    assert send(any_store, accounts, 5).done == {"sent": 1}


def test_a_claim_whose_lease_ran_out_before_the_call_is_not_used(store: Store) -> None:
    net, accounts = ready(store)
    seconds = [0.0]
    store.lease_clock = lambda: ("boot", seconds[0])

    class Stalls(Outbox):
        def claim(
            self,
            one: Delivery,
            now: datetime,
            caps: Caps | None = None,
            *,
            looked: Reading | None = None,
            again: bool = False,
        ) -> Delivery | None:
            claimed = super().claim(one, now, caps, looked=looked, again=again)
            seconds[0] += 91
            return claimed

    store.outbox = Stalls(store)
    assert send(store, accounts).done == {"planned": 1}
    assert net.public == []


def test_one_delivery_at_a_time_goes_out_on_an_account(any_store: Store) -> None:
    net, accounts = ready(any_store, *(mention(str(n), author=f"a{n}") for n in range(3)))
    during = []
    net.before_effect.append(lambda: during.append(send(any_store, accounts)))
    assert send(any_store, accounts).done == {"sent": 3}
    assert during == [Report()]
    assert [target for target, _ in net.public] == ["0", "1", "2"]


def test_a_stop_comes_between_two_deliveries(store: Store) -> None:
    net, accounts = ready(store, *(mention(str(n), author=f"a{n}") for n in range(3)))
    report = post(store, accounts, Mode.ON, at(3), terms=TERMS, stop=lambda: len(net.public) == 2)
    assert report.done == {"sent": 2}
    assert send(store, accounts).done == {"sent": 1}


class Forgetful(Outbox):
    """Fails to write an outcome down, or says so after it was written, this many times."""

    times = 1
    written = False

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        if self.times == 0:
            return super().settle(claimed, outcome, now)
        self.times -= 1
        if self.written:
            super().settle(claimed, outcome, now)
        raise StoreLost if self.times % 2 else StoreBusy


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("times", [1, 2])
def test_an_outcome_is_written_down_again_when_the_database_fails(
    store: Store, times: int, written: bool
) -> None:
    net, accounts = ready(store)
    store.outbox = outbox = Forgetful(store)
    outbox.times, outbox.written = times, written
    assert send(store, accounts).done == {"sent": 1}
    assert (stage(store), store.casework.get(1).replies) == (Stage.ANSWERED, 1)
    assert store.views.verify() == []
    assert len(net.public) == 1


def test_an_outcome_that_could_not_be_written_is_found_by_looking(store: Store) -> None:
    net, accounts = ready(store)
    seconds = [0.0]
    store.lease_clock = lambda: ("boot", seconds[0])
    store.outbox = outbox = Forgetful(store)
    outbox.times = 3
    with pytest.raises(StoreError):
        send(store, accounts)
    seconds[0] += 91
    assert send(store, accounts, 6).done == {"unsure": 1}
    assert send(store, accounts, 9).done == {"found": 1}
    assert (stage(store), len(net.public)) == (Stage.ANSWERED, 1)


def test_words_changed_behind_the_approval_are_not_sent(store: Store) -> None:
    net, accounts = ready(store)
    with store.write() as connection:
        connection.execute(text("UPDATE delivery SET text = 'other words'"))
    report = send(store, accounts)
    assert report.problems[0].startswith("c-1: The approval no longer holds")
    assert (net.public, stage(store)) == ([], Stage.WAITING)
