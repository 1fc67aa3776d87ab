"""Post, where nobody knows whether the words are public: looked for, not guessed; a person asked in time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from responder.connector import Account, Unauthorised, Unavailable
from responder.model.case import Stage
from responder.model.delivery import Delivery, DeliveryStage, Receipt
from responder.model.draft import Message
from responder.model.mention import Mention
from responder.steps.approve import settle
from responder.steps.look import Patience
from responder.steps.post import Mode, Terms, post
from responder.steps.report import Report
from responder.store.store import Store
from tests.desk import approved, seen, stage, street, waiting
from tests.network import ScriptedNetwork, at, mention

TERMS = Terms(patience=Patience(look_after=timedelta(minutes=2), give_up_after=timedelta(minutes=10)))


@dataclass
class Doubtful(ScriptedNetwork):
    """A network on which the first reply of each post leaves its sender in doubt."""

    arrives: bool = False
    hidden: bool = False
    looks: int = 0

    def send(self, message: Message, to: Mention) -> Receipt:
        if not self.arrives:
            raise TimeoutError
        super().send(message, to)
        raise TimeoutError

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        self.looks += 1
        return () if self.hidden else super().find_sent(message, to)


def unsure(store: Store, *posts: Mention, arrives: bool = False) -> tuple[Doubtful, dict[str, Account]]:
    """Bring these posts to where their replies (sent at 3 min) may be public."""
    plain, accounts = waiting(store, *(posts or (mention("1"),)))
    net = Doubtful(feed=plain.feed, arrives=arrives)
    accounts["shop"] = replace(accounts["shop"], connector=net)
    for case in store.views.page(Stage.WAITING):
        approved(store, case.id)
        ticks(store, accounts, 3)
    return net, accounts


def ticks(store: Store, accounts: dict[str, Account], minutes: float, mode: Mode = Mode.ON) -> Report:
    store.lease_clock = lambda: ("boot", minutes * 60)
    return on_the_wall(store, accounts, minutes, mode)


def on_the_wall(store: Store, accounts: dict[str, Account], minutes: float, mode: Mode = Mode.ON) -> Report:
    """Post by what the wall clock says; leases keep the clock they have."""
    return post(store, accounts, mode, at(minutes), terms=TERMS)


def delivery(store: Store) -> Delivery:
    return store.views.card(1).deliveries[-1]


def test_a_reply_that_arrived_is_found_and_the_case_answered(any_store: Store) -> None:
    net, accounts = unsure(any_store, arrives=True)
    assert (delivery(any_store).stage, delivery(any_store).unsure_since) == (DeliveryStage.UNSURE, at(3))
    assert ticks(any_store, accounts, 4.9).done == {}
    assert ticks(any_store, accounts, 5).done == {"found": 1}
    assert (delivery(any_store).stage, stage(any_store)) == (DeliveryStage.SENT, Stage.ANSWERED)
    assert delivery(any_store).receipt == Receipt(
        remote_id="r1", url="https://net.example/r1", text=net.public[0][1]
    )


@pytest.mark.parametrize("mode", Mode)
def test_it_is_looked_for_whether_anything_is_sent_or_not(store: Store, mode: Mode) -> None:
    _, accounts = unsure(store, arrives=True)
    assert ticks(store, accounts, 5, mode).done == {"found": 1}


def test_a_pause_does_not_stop_the_looking(store: Store) -> None:
    _, accounts = unsure(store, arrives=True)
    store.control.pause("sam", at(4))
    assert ticks(store, accounts, 5).done == {"found": 1}


def test_a_person_is_asked_after_the_horizon_and_it_is_never_sent_again(any_store: Store) -> None:
    net, accounts = unsure(any_store)
    for minutes in (5, 7, 9, 11):
        assert ticks(any_store, accounts, minutes).done == {"looked": 1}
        assert stage(any_store) is Stage.APPROVED
    assert ticks(any_store, accounts, 13).done == {"looked": 1}
    assert stage(any_store) is Stage.WAITING
    assert delivery(any_store).problem == "not found after 5 looks"
    assert [one.case_id for one in any_store.views.unsettled()] == [1]
    net.arrives = True
    assert ticks(any_store, accounts, 14).done == {}
    assert net.public == []


def test_after_that_it_is_still_looked_for_each_hour_and_a_late_one_is_found(any_store: Store) -> None:
    net, accounts = unsure(any_store)
    for minutes in (5, 7, 9, 11, 13):
        ticks(any_store, accounts, minutes)
    assert ticks(any_store, accounts, 72.9).done == {}
    assert ticks(any_store, accounts, 73).done == {"looked": 1}
    net.public.append(("1", seen(any_store)[1].text))
    assert ticks(any_store, accounts, 133).done == {"found": 1}
    assert stage(any_store) is Stage.ANSWERED
    assert any_store.views.unsettled() == []


def test_one_long_silence_is_not_two_looks(store: Store) -> None:
    """A daemon that was down over the horizon looks twice all the same before it asks."""
    _, accounts = unsure(store)
    assert ticks(store, accounts, 500).done == {"looked": 1}
    assert stage(store) is Stage.APPROVED
    ticks(store, accounts, 502)
    assert stage(store) is Stage.WAITING


@pytest.mark.parametrize("error", [Unavailable("no route"), Unauthorised(), KeyError("a bug")])
def test_a_network_that_cannot_be_asked_is_asked_again_later_not_at_every_tick(
    store: Store, error: Exception
) -> None:
    net, accounts = unsure(store)
    net.unreachable = error
    report = ticks(store, accounts, 5)
    assert report.problems[0].startswith("c-1: it could not be looked for: ")
    assert ticks(store, accounts, 5.1) == Report()
    assert ticks(store, accounts, 7).problems != ()
    assert net.looks == 2
    assert delivery(store).looks == 0


def test_a_network_that_says_when_to_come_back_is_asked_then(store: Store) -> None:
    net, accounts = unsure(store)
    net.unreachable = Unavailable(retry_after=300)
    ticks(store, accounts, 5)
    assert ticks(store, accounts, 9.9) == Report()
    assert ticks(store, accounts, 10).problems != ()


def test_a_person_is_asked_too_when_it_could_not_be_looked_for(any_store: Store) -> None:
    net, accounts = unsure(any_store)
    net.unreachable = Unavailable("no route")
    for minutes in (5, 7, 9, 11):
        ticks(any_store, accounts, minutes)
        assert stage(any_store) is Stage.APPROVED
    ticks(any_store, accounts, 13)
    assert stage(any_store) is Stage.WAITING
    assert delivery(any_store).problem == "it could not be looked for: no route"
    settle(any_store, any_store.casework.get(1), None, "sam", at(14))
    assert delivery(any_store).stage is DeliveryStage.VOID


def test_what_could_not_be_looked_for_is_found_soon_after_the_network_is_back(any_store: Store) -> None:
    net, accounts = unsure(any_store, arrives=True)
    net.unreachable = Unavailable("no route")
    for minutes in (5, 7, 9, 11, 13):
        ticks(any_store, accounts, minutes)
    assert stage(any_store) is Stage.WAITING
    net.unreachable = None
    assert ticks(any_store, accounts, 22.9).done == {}
    assert ticks(any_store, accounts, 23).done == {"found": 1}
    assert stage(any_store) is Stage.ANSWERED
    assert any_store.views.unsettled() == []


def test_one_failed_look_after_empty_ones_does_not_put_the_next_off_for_an_hour(store: Store) -> None:
    net, accounts = unsure(store)
    for minutes in (5, 7, 9, 11):
        ticks(store, accounts, minutes)
    net.unreachable = Unavailable("no route")
    assert ticks(store, accounts, 13).problems != ()
    assert delivery(store).problem == "it could not be looked for: no route"
    net.unreachable = None
    assert ticks(store, accounts, 23).done == {"looked": 1}
    assert delivery(store).problem == "not found after 5 looks"
    assert ticks(store, accounts, 82.9).done == {}


def test_a_network_that_stays_out_of_reach_is_asked_more_and_more_seldom(store: Store) -> None:
    net, accounts = unsure(store)
    net.unreachable = Unavailable("no route")
    net.looks = 0
    asked = [minute for minute in range(4, 300) if ticks(store, accounts, minute).problems]
    assert asked == [5, 7, 9, 11, 13, 23, 43, 83, 143, 203, 263]


def test_a_network_that_wants_hours_of_peace_has_them_also_when_a_person_was_asked(store: Store) -> None:
    net, accounts = unsure(store)
    net.unreachable = Unavailable(retry_after=5400)
    asked = [minute for minute in range(4, 300) if ticks(store, accounts, minute).problems]
    assert asked == [5, 95, 185, 275]


def test_of_many_one_look_tells_that_a_network_is_out_of_reach(store: Store) -> None:
    net, accounts = unsure(store, *(mention(str(n), author=f"a{n}") for n in range(4)))
    net.unreachable = Unavailable("no route")
    net.looks = 0
    assert len(ticks(store, accounts, 5).problems) == 1
    assert net.looks == 1


def test_a_stop_comes_between_two_looks(store: Store) -> None:
    net, accounts = unsure(store, *(mention(str(n), author=f"a{n}") for n in range(4)))
    net.looks = 0
    report = post(store, accounts, Mode.ON, at(6), terms=TERMS, stop=lambda: net.looks == 2)
    assert report.done == {"looked": 2}


def test_a_follow_up_meanwhile_is_answered_and_the_first_reply_still_looked_for(any_store: Store) -> None:
    net, accounts = unsure(any_store, arrives=True)
    net.say(mention("2", thread="1", minutes=4))
    street(any_store, accounts, 4)
    assert stage(any_store) is Stage.WAITING
    assert ticks(any_store, accounts, 5).done == {"found": 1}
    assert stage(any_store) is Stage.WAITING
    assert any_store.casework.get(1).replies == 1
    approved(any_store, minutes=6)
    assert ticks(any_store, accounts, 7).done == {"unsure": 1}
    assert [target for target, _ in net.public] == ["1", "2"]


def test_a_late_receipt_of_any_kind_is_recorded(any_store: Store) -> None:
    net, accounts = unsure(any_store, arrives=True)

    class Odd(Doubtful):
        def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
            return (Receipt(remote_id="\0", url="\ud83d", text="\0"),)

    accounts["shop"] = replace(accounts["shop"], connector=Odd(feed=net.feed))
    assert ticks(any_store, accounts, 5).done == {"found": 1}


def test_an_account_that_left_the_config_is_neither_looked_at_nor_sent_to(store: Store) -> None:
    net, accounts = unsure(store)
    net.looks = 0
    assert ticks(store, {}, 99) == Report()
    assert net.looks == 0
    assert [one.case_id for one in store.views.unsettled()] == [1]
    assert ticks(store, accounts, 99).done == {"looked": 1}


@pytest.mark.parametrize("found", [True, False])
def test_two_daemons_that_look_at_once_agree(any_store: Store, found: bool) -> None:
    net, accounts = unsure(any_store, arrives=found)
    second: list[Report] = []

    class Racing(Doubtful):
        def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
            if not second:
                second.append(Report())
                second[0] = ticks(any_store, accounts, 5)
            return super().find_sent(message, to)

    racing = Racing(feed=net.feed, public=net.public)
    accounts["shop"] = replace(accounts["shop"], connector=racing)
    ticks(any_store, accounts, 5)
    assert second[0].done == {"found" if found else "looked": 1}
    assert delivery(any_store).looks == (0 if found else 1)
    assert any_store.views.verify() == []


def test_a_clock_set_back_does_not_ask_too_early_or_break(store: Store) -> None:
    _, accounts = unsure(store)
    assert ticks(store, accounts, -60) == Report()
    assert ticks(store, accounts, 5).done == {"looked": 1}
    assert stage(store) is Stage.APPROVED


# --- what a dead sender leaves ----------------------------------------------------------------------------


class Dies(BaseException):
    """The process ends here."""


def dead(
    store: Store, seconds: Callable[[], float], *, public: bool
) -> tuple[ScriptedNetwork, dict[str, Account]]:
    net, accounts = waiting(store, mention("1"))
    approved(store)
    store.lease_clock = lambda: ("boot", seconds())

    def dies() -> None:
        raise Dies

    (net.after_effect if public else net.before_effect).append(dies)
    with pytest.raises(Dies):
        on_the_wall(store, accounts, 3)
    return net, accounts


@pytest.mark.parametrize("public", [True, False])
def test_what_a_dead_sender_had_in_hand_is_unsure_once_its_lease_is_over(
    any_store: Store, public: bool
) -> None:
    seconds = [1000.0]
    net, accounts = dead(any_store, lambda: seconds[0], public=public)
    seconds[0] += 89
    assert on_the_wall(any_store, accounts, 60).done == {}
    seconds[0] += 2
    assert on_the_wall(any_store, accounts, 60).done == {"unsure": 1}
    assert on_the_wall(any_store, accounts, 62).done == {"found" if public else "looked": 1}
    assert len(net.public) == int(public)


def test_a_lease_does_not_end_because_somebody_set_the_clock(store: Store) -> None:
    _, accounts = dead(store, lambda: 1000.0, public=False)
    assert on_the_wall(store, accounts, 60 * 24 * 365).done == {}
    assert delivery(store).stage is DeliveryStage.SENDING


def test_a_lease_from_before_a_restart_of_the_machine_is_over(store: Store) -> None:
    _, accounts = dead(store, lambda: 1000.0, public=False)
    store.lease_clock = lambda: ("another boot", 3.0)
    assert on_the_wall(store, accounts, 4).done == {"unsure": 1}


def test_two_daemons_that_find_the_same_stale_claim_agree(any_store: Store) -> None:
    seconds = [1000.0]
    dead(any_store, lambda: seconds[0], public=False)
    seconds[0] += 91
    assert any_store.outbox.expire(at(5), at(7)) == 1
    assert any_store.outbox.expire(at(5), at(7)) == 0
