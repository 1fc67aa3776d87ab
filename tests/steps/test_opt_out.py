"""Who asked not to be answered is not, on any account of the network, until they may be again."""

from dataclasses import replace

import pytest

from responder.connector import Page
from responder.model.case import Stage
from responder.model.decision import Verdict
from responder.steps.approve import approve, decide
from responder.steps.merge import merge
from responder.steps.opt_out import opt_out, undo_opt_out
from responder.steps.post import Mode, post
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.desk import approved, seen, stage, street, waiting
from tests.network import at, mention


def test_what_was_approved_is_void_and_the_case_set_aside(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approved(any_store)
    assert opt_out(any_store, any_store.casework.get(1), "sam", at(3)) is Stage.SET_ASIDE
    assert post(any_store, accounts, Mode.ON, at(4)).done == {}
    assert net.public == []
    assert [one.action for one in any_store.views.card(1).events][-2:] == ["delivery void", "opted out"]
    assert any_store.views.verify() == []


def test_another_case_of_theirs_is_neither_approved_nor_sent(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"), mention("2"), mention("3", author="kim"))
    approved(any_store, 2)
    opt_out(any_store, any_store.casework.get(1), "sam", at(3))
    assert post(any_store, accounts, Mode.ON, at(4)).done == {"void": 1}
    with pytest.raises(Conflict, match="its author asked us not to answer"):
        approve(any_store, accounts["shop"], seen(any_store, 2), "sam", at(5))
    approve(any_store, accounts["shop"], seen(any_store, 3), "sam", at(5))
    assert post(any_store, accounts, Mode.ON, at(6)).done == {"sent": 1}
    assert [target for target, _ in net.public] == ["3"]


def test_what_they_write_later_is_set_aside_with_the_reason(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    opt_out(any_store, any_store.casework.get(1), "sam", at(3))
    net.say(mention("9", "Still no parcel!", minutes=5))
    street(any_store, accounts, 6)
    card = any_store.views.card(2)
    assert (card.case.stage, card.case.opted_out) == (Stage.SET_ASIDE, True)
    assert "asked us not to answer" in [one.says for one in card.reasons]


def test_grave_harm_stands_before_a_person_without_a_draft(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    opt_out(any_store, any_store.casework.get(1), "sam", at(3))
    net.say(mention("9", "A fire!", minutes=5))
    street(any_store, accounts, 6)
    case = any_store.casework.get(2)
    assert (case.stage, case.answerable, case.draft_number) == (Stage.WAITING, "no", 0)
    assert case.answer_detail == "its author asked us not to answer"


def test_a_case_of_grave_harm_stays_where_a_person_sees_it(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1", "A fire!"))
    approved(any_store)
    assert opt_out(any_store, any_store.casework.get(1), "sam", at(3)) is Stage.WAITING
    assert post(any_store, accounts, Mode.ON, at(4)).done == {}
    assert net.public == []


def test_it_holds_on_another_account_of_the_network_and_on_no_other_network(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    opt_out(any_store, any_store.casework.get(1), "sam", at(3))
    any_store.intake.introduce({"shop": "scripted", "shop two": "scripted", "elsewhere": "other"})
    for number, name in ((2, "shop two"), (3, "elsewhere")):
        page = Page(mentions=(replace(mention("x"), account=name),), cursor="1")
        any_store.intake.keep(name, None, page, at(4))
        assert any_store.casework.get(number).opted_out is (name == "shop two")


def test_they_may_be_answered_again(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    opt_out(any_store, any_store.casework.get(1), "sam", at(3))
    with pytest.raises(Conflict, match="asked not to be answered before"):
        opt_out(any_store, any_store.casework.get(1), "ana", at(3))
    undo_opt_out(any_store, any_store.casework.get(1), "ana", at(4))
    with pytest.raises(Conflict, match="did not ask for silence"):
        undo_opt_out(any_store, any_store.casework.get(1), "ana", at(4))
    decide(any_store, any_store.casework.get(1), Verdict.REOPEN, ("ana", ""), at(5))
    street(any_store, accounts, 6)
    approved(any_store, minutes=7)
    assert post(any_store, accounts, Mode.ON, at(8)).done == {"sent": 1}
    assert stage(any_store) is Stage.ANSWERED
    assert len(net.public) == 1


def test_what_is_public_already_stays_answered(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    approved(any_store)
    post(any_store, accounts, Mode.ON, at(3))
    assert opt_out(any_store, any_store.casework.get(1), "sam", at(4)) is Stage.ANSWERED


def test_what_another_customer_wrote_of_the_same_matter_is_heard_all_the_same(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"), mention("2", author="kim"), mention("3"))
    pairs = ((any_store.casework.get(1), any_store.casework.get(number)) for number in (2, 3))
    for into, one in pairs:
        merge(any_store, into, one, "sam", at(3), different_people=True)
    opt_out(any_store, any_store.casework.get(1), "sam", at(4))
    street(any_store, accounts, 5)
    assert [stage(any_store, n) for n in (1, 2, 3)] == [Stage.SET_ASIDE, Stage.WAITING, Stage.SET_ASIDE]
    assert any_store.views.verify() == []
