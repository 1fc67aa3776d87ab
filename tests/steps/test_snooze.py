"""A case that was put off is out of the way until its time, never lost, and back when the customer writes."""

import pytest

from responder.model.case import Case, Stage
from responder.steps.digest import digest
from responder.steps.post import Mode, post
from responder.steps.snooze import LONGEST, NotThen, same_again, snooze, wake
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.desk import approved, keep, seen, stage, street, waiting
from tests.network import ScriptedNetwork, account, at, mention


def listed(store: Store, minutes: float) -> list[str]:
    return [case.name for case in store.views.page(Stage.WAITING, now=at(minutes))]


def put_off(store: Store, minutes: float = 60, number: int = 1) -> Case:
    snooze(store, seen(store, number)[0], at(minutes), "sam", at(2))
    return store.casework.get(number)


def test_who_sleeps_is_out_of_the_queue_until_the_time_comes(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2", "A fire!"), mention("3"))
    put_off(any_store, number=2)
    assert listed(any_store, 59) == ["c-1", "c-3"]
    assert [case.name for case in any_store.lists.asleep(at(59))] == ["c-2"]
    assert listed(any_store, 60) == ["c-2", "c-1", "c-3"]
    assert any_store.lists.asleep(at(60)) == []
    assert any_store.views.verify() == []


def test_the_page_goes_on_after_who_woke(any_store: Store) -> None:
    waiting(any_store, *(mention(str(n), minutes=n) for n in range(1, 8)))
    for number in (2, 5, 6):
        put_off(any_store, 10 if number == 5 else 60, number)
    found, after = [], None
    while page := any_store.views.page(Stage.WAITING, after=after, limit=2, now=at(20)):
        found += [case.name for case in page]
        after = page[-1].place
    assert found == ["c-1", "c-3", "c-4", "c-5", "c-7"]


def test_the_digest_tells_how_many_sleep_and_still_who_is_late(store: Store) -> None:
    waiting(store, mention("1"), mention("2"))
    put_off(store, 60 * 24)
    early, late = digest(store, at(0), at(3)), digest(store, at(0), at(60 * 10))
    assert [case.name for case in early.waiting] == ["c-2"]
    assert (early.asleep.n, early.asleep.late, late.asleep.n, late.asleep.late) == (1, 0, 1, 1)
    assert {case.name for case in late.overdue} == {"c-1", "c-2"}


def test_when_the_customer_writes_it_is_awake_and_may_be_put_off_again(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    until = put_off(any_store, 300).snoozed_until
    net.say(mention("1b", "And nobody answers!", thread="1", minutes=5))
    street(any_store, accounts, 6)
    assert listed(any_store, 6) == ["c-1"]
    case = any_store.casework.get(1)
    assert (case.snoozed_until, case.woken_from) == (None, until)
    snooze(any_store, case, same_again(case, at(7)), "sam", at(7))
    assert listed(any_store, 7) == []


def test_who_only_says_thanks_is_set_aside_and_can_be_put_off_as_before(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    put_off(any_store, 300)
    net.say(mention("1b", "thanks, I will wait", thread="1", minutes=5))
    street(any_store, accounts, 6)
    case = any_store.casework.get(1)
    assert case.stage is Stage.SET_ASIDE
    snooze(any_store, case, same_again(case, at(7)), "sam", at(7))
    street(any_store, accounts, 8)
    assert (stage(any_store), listed(any_store, 8), listed(any_store, 300)) == (Stage.WAITING, [], ["c-1"])


def test_an_edit_of_the_complaint_wakes_it_too(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    put_off(any_store, 300)
    net.edit("1", "My parcel is lost, and it was a present.", "e1")
    street(any_store, accounts, 6)
    assert listed(any_store, 6) == ["c-1"]


def test_until_they_answer_has_an_end_too(store: Store) -> None:
    waiting(store, mention("1"))
    end = snooze(store, seen(store)[0], None, "sam", at(2))
    assert end == at(2) + LONGEST
    assert store.views.card(1).events[-1].detail["wakes"] == "when they answer"
    assert store.lists.asleep(end) == []


@pytest.mark.parametrize("until", [at(2), at(1), at(3) + LONGEST])
def test_nobody_puts_off_into_the_past_or_for_ever(store: Store, until: object) -> None:
    waiting(store, mention("1"))
    with pytest.raises(NotThen):
        snooze(store, seen(store)[0], until, "sam", at(2))  # type: ignore[arg-type]  # a time, as listed above
    assert listed(store, 2) == ["c-1"]


def test_there_is_nothing_to_put_off_again_where_it_did_not_sleep_or_too_long_ago(store: Store) -> None:
    net, accounts = waiting(store, mention("1"))
    with pytest.raises(NotThen, match="was not put off"):
        same_again(seen(store)[0], at(3))
    put_off(store, 10)
    net.say(mention("1b", thread="1", minutes=5))
    street(store, accounts, 6)
    with pytest.raises(NotThen, match="is over"):
        same_again(store.casework.get(1), at(11))


def test_it_can_be_woken_once(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    wake(any_store, put_off(any_store), "ana", at(3))
    assert listed(any_store, 3) == ["c-1"]
    with pytest.raises(Conflict, match="does not sleep"):
        wake(any_store, any_store.casework.get(1), "ana", at(4))


def test_who_saw_it_before_it_was_put_off_is_told(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    old = any_store.casework.get(1)
    put_off(any_store)
    with pytest.raises(Conflict, match=r"c-1 moved while you looked: sam put it off 12 s ago"):
        snooze(any_store, old, at(30), "ana", at(2.2))


def test_what_was_approved_cannot_be_put_off_and_an_approval_ends_the_sleep(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    put_off(any_store, 300)
    approved(any_store)
    case = any_store.casework.get(1)
    assert case.snoozed_until is None
    with pytest.raises(Conflict, match="is APPROVED"):
        snooze(any_store, case, at(30), "ana", at(3))
    assert post(any_store, accounts, Mode.ON, at(4)).done == {"sent": 1}


def test_a_machine_works_on_who_sleeps(store: Store) -> None:
    keep(store, mention("1"))
    snooze(store, store.casework.get(1), at(90), "sam", at(2))
    street(store, {"shop": account(ScriptedNetwork())}, 3)
    assert (stage(store), listed(store, 4), listed(store, 90)) == (Stage.WAITING, [], ["c-1"])


def test_what_sleeps_is_listed_by_when_it_wakes_page_after_page(store: Store) -> None:
    waiting(store, *(mention(str(n)) for n in range(3)))
    for number in (1, 2, 3):
        put_off(store, 60 + number, number)
    pages = store.lists.asleep(at(3), limit=2)
    rest = store.lists.asleep(at(3), limit=2, after=pages[-1])
    assert [case.id for case in pages + rest] == [1, 2, 3]
    assert store.lists.count_asleep(at(62)).n == 1
