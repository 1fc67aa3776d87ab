"""Who has a card open is told to others for two minutes; nobody waits for it, and nothing is hidden by it."""

from datetime import timedelta

from responder.model.case import Stage
from responder.model.looker import Looker
from responder.store.store import Store
from tests.desk import approved, waiting
from tests.network import at, mention


def test_who_has_a_card_open_is_told_in_the_order_in_which_they_came(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2"))
    any_store.looking.hold(1, "zoe", at(2))
    any_store.looking.hold(1, "sam", at(3))
    any_store.looking.hold(2, "sam", at(3))
    assert any_store.looking.at([1, 2], at(3.5)) == {
        1: (Looker(by="zoe", since=at(2)), Looker(by="sam", since=at(3))),
        2: (Looker(by="sam", since=at(3)),),
    }


def test_who_opens_it_twice_is_told_of_once(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    any_store.looking.hold(1, "ana", at(2))
    any_store.looking.hold(1, "ana", at(3))
    assert any_store.looking.at([1], at(3)) == {1: (Looker(by="ana", since=at(2)),)}


def test_whoever_left_or_is_silent_is_not_told_of(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2"))
    any_store.looking.hold(1, "ana", at(2))
    any_store.looking.hold(1, "ana", at(3.9))
    assert any_store.looking.at([1], at(5.8)) == {1: (Looker(by="ana", since=at(2)),)}
    assert any_store.looking.at([1], at(5.95)) == {}
    any_store.looking.hold(1, "kim", at(6), timedelta(hours=1))
    any_store.looking.release(1, "kim")
    assert any_store.looking.at([1], at(6.5)) == {}


def test_whoever_goes_on_to_the_next_card_has_left_the_one_before(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2"))
    any_store.looking.hold(1, "ana", at(2))
    any_store.looking.hold(1, "sam", at(2))
    any_store.looking.hold(2, "ana", at(3), left=1)
    assert any_store.looking.at([1, 2], at(3)) == {
        1: (Looker(by="sam", since=at(2)),),
        2: (Looker(by="ana", since=at(3)),),
    }


def test_an_open_card_hides_nothing_and_holds_nobody_up(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    any_store.looking.hold(1, "ana", at(2))
    assert [case.id for case in any_store.views.page(Stage.WAITING, now=at(2))] == [1]
    approved(any_store)
    any_store.looking.hold(1, "ana", at(3))
    assert any_store.views.verify() == []
