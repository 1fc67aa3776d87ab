"""The ledger: what went out is read once, kept by news, broken by time, and every end is told."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.connector import Account
from responder.model.case import Stage
from responder.model.people import NotAllowed, Person, Role, Roster
from responder.model.promise import Promise, PromiseStatus
from responder.steps.keep import agree, drop, keep, said_elsewhere
from responder.steps.post import Mode, post
from responder.steps.promise import promise
from responder.store.errors import Conflict, NotFound
from responder.store.store import Store
from tests.desk import approved, seen, stage, street, waiting
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy


class Promising(PlainPolicy):
    """Its replies end with a promise."""

    def __init__(self, words: str = "We write within 4 hours.") -> None:
        object.__setattr__(self, "words", words)

    def write(self, case, limits, now, *, recent=()):  # type: ignore[no-untyped-def]
        written = super().write(case, limits, now, recent=recent)
        return replace(written, text=f"{written.text} {self.words}")  # type: ignore[attr-defined]


def answered(
    store: Store, words: str = "We write within 4 hours."
) -> tuple[ScriptedNetwork, dict[str, Account]]:
    """Let a reply with a promise go out at minute 3."""
    net = ScriptedNetwork()
    net.say(mention("1"))
    accounts = {"shop": account(net)}
    street(store, accounts, policy=Promising(words))
    approved(store)
    assert post(store, accounts, Mode.ON, at(3)).done == {"sent": 1}
    return net, accounts


def ledger(store: Store) -> list[tuple[str, PromiseStatus]]:
    return [(one.quote, one.status) for one in store.promises.of_case(1)]


def only(store: Store) -> Promise:
    (one,) = store.promises.of_case(1)
    return one


def told(store: Store) -> list[str]:
    return [event.action for event in store.views.card(1).events if "promise" in event.action]


def test_what_went_out_is_read_once_and_due_from_when_it_went_out(any_store: Store) -> None:
    answered(any_store)
    assert promise(any_store, PlainPolicy(), at(90)).done == {"promised": 1}
    assert promise(any_store, PlainPolicy(), at(91)).done == {}
    one = only(any_store)
    assert (one.name, one.owner, one.status) == ("p-1", "sam", PromiseStatus.OPEN)
    assert one.due_at == at(3) + timedelta(hours=4)
    assert [each.name for each in any_store.promises.owed()] == ["p-1"]
    assert told(any_store) == ["promised"]
    assert any_store.views.verify() == []
    assert any_store.audit.verify().sound


def test_a_reply_without_a_promise_and_one_that_did_not_go_out_leave_no_line(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    assert promise(any_store, PlainPolicy(), at(5)).done == {}
    answered_too = any_store.promises.owed()
    assert answered_too == []


def test_a_promise_whose_time_passed_is_broken_once(any_store: Store) -> None:
    answered(any_store)
    promise(any_store, PlainPolicy(), at(4))
    assert promise(any_store, PlainPolicy(), at(3 + 240)).done == {}
    assert promise(any_store, PlainPolicy(), at(3 + 241)).done == {"promises broken": 1}
    assert promise(any_store, PlainPolicy(), at(3 + 242)).done == {}
    assert only(any_store).status is PromiseStatus.BROKEN
    assert only(any_store).overdue(at(400))
    assert told(any_store) == ["promised", "promise broken"]


def test_one_without_a_time_stays_open(any_store: Store) -> None:
    answered(any_store, "We look into it later.")
    promise(any_store, PlainPolicy(), at(4))
    promise(any_store, PlainPolicy(), at(100_000))
    assert (only(any_store).due_at, only(any_store).status) == (None, PromiseStatus.OPEN)


@pytest.mark.parametrize(
    ("again", "becomes"), [(60, PromiseStatus.KEPT), (600, PromiseStatus.LATE)], ids=["in time", "late"]
)
def test_our_next_word_keeps_a_promise_of_news(any_store: Store, again: int, becomes: PromiseStatus) -> None:
    net, accounts = answered(any_store)
    promise(any_store, PlainPolicy(), at(4))
    if becomes is PromiseStatus.LATE:
        promise(any_store, PlainPolicy(), at(again - 1))
    net.say(mention("2", "And now?", minutes=again - 3, thread="1"))
    street(any_store, accounts, again - 2)
    assert stage(any_store) is Stage.WAITING
    approved(any_store, minutes=again - 1)
    assert post(any_store, accounts, Mode.ON, at(again)).done["sent"] == 1
    promise(any_store, PlainPolicy(), at(again + 1))
    assert ledger(any_store) == [("within 4 hours", becomes)]
    assert only(any_store).evidence == any_store.views.card(1).deliveries[-1].receipt.url  # type: ignore[union-attr]


def test_a_person_says_what_became_of_it(any_store: Store) -> None:
    answered(any_store)
    promise(any_store, PlainPolicy(), at(4))
    now = keep(any_store, only(any_store), "called her", "ana", at(60))
    assert (now.status, now.ended_by, now.evidence) == (PromiseStatus.KEPT, "ana", "called her")
    with pytest.raises(Conflict, match="it cannot become dropped"):
        drop(any_store, now, "", "bo", at(61))
    assert any_store.promises.owed() == []


def test_what_is_kept_after_its_time_is_late_whether_or_not_anybody_noticed(any_store: Store) -> None:
    answered(any_store)
    promise(any_store, PlainPolicy(), at(4))
    assert keep(any_store, only(any_store), "", "ana", at(600)).status is PromiseStatus.LATE


def test_another_time_is_agreed_before_the_first_has_passed_and_never_after(any_store: Store) -> None:
    answered(any_store)
    promise(any_store, PlainPolicy(), at(4))
    first = only(any_store)
    with pytest.raises(Conflict, match="that time is past"):
        agree(any_store, first, at(59), "ana", at(60))
    new = agree(any_store, first, at(900), "ana", at(60))
    assert [one.status for one in any_store.promises.of_case(1)] == [PromiseStatus.MOVED, PromiseStatus.OPEN]
    assert (new.due_at, new.quote, new.owner) == (at(900), first.quote, "ana")
    with pytest.raises(Conflict, match="can be moved before that only"):
        agree(any_store, new, at(2000), "ana", at(901))


def test_whoever_is_second_is_told(any_store: Store) -> None:
    answered(any_store)
    promise(any_store, PlainPolicy(), at(4))
    before = only(any_store)
    keep(any_store, before, "", "ana", at(60))
    with pytest.raises(Conflict, match="p-1 is kept by now"):
        keep(any_store, before, "", "bo", at(61))
    with pytest.raises(NotFound, match="there is no promise p-9"):
        any_store.promises.get(9)


def test_two_daemons_read_a_reply_once(any_store: Store) -> None:
    answered(any_store)
    together = threading.Barrier(4)
    made: list[int] = []

    def run() -> None:
        together.wait()
        made.append(promise(any_store, PlainPolicy(), at(5)).done.get("promised", 0))

    threads = [threading.Thread(target=run) for _ in range(4)]
    if any_store.engine.url.database in {None, "", ":memory:"}:
        threads = threads[:1]  # one connection, one thread
        together = threading.Barrier(1)
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(made) == 1
    assert len(any_store.promises.of_case(1)) == 1


def test_what_was_said_on_the_phone_is_noted_with_the_time_in_the_words(store: Store) -> None:
    waiting(store, mention("1"))
    case, _ = seen(store)
    one = said_elsewhere(store, PlainPolicy(), case, ("We call within 2 hours", None), "ana", at(10))
    assert (one.due_at, one.owner, one.quote) == (at(130), "ana", "We call within 2 hours")
    other = said_elsewhere(store, PlainPolicy(), case, ("A new kettle", at(900)), "ana", at(10))
    assert [each.name for each in store.promises.owed(before=at(200))] == [one.name]
    assert [each.name for each in store.promises.owed()] == [one.name, other.name]


def test_who_has_no_role_here_says_nothing_about_promises(store: Store) -> None:
    answered(store)
    promise(store, PlainPolicy(), at(4))
    store.roster = Roster(people=(Person(name="ana", role=Role.AGENT),))
    with pytest.raises(NotAllowed):
        keep(store, only(store), "", "zoe", at(5))
    assert keep(store, only(store), "", "ana", at(5)).status is PromiseStatus.KEPT


def test_a_customers_broken_characters_do_no_harm_to_the_ledger(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case, _ = seen(any_store)
    one = said_elsewhere(any_store, PlainPolicy(), case, ("We call\x00 \ud800 later", None), "ana", at(10))
    assert any_store.promises.get(one.id).quote.startswith("We call")
    assert any_store.promises.kept(at(0), at(20)) == {PromiseStatus.OPEN: 1}
