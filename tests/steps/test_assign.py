"""A case is given to somebody, passed on with a question, or noted on; what was approved goes out."""

import pytest

from responder.model.case import Stage
from responder.steps.assign import assign, escalate
from responder.steps.note import note
from responder.steps.post import Mode, post
from responder.store.errors import Conflict, NotFound
from responder.store.store import Store
from tests.desk import approved, seen, stage, waiting
from tests.network import at, mention


def test_a_case_is_with_whoever_it_was_given_to_last(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    assign(any_store, any_store.casework.get(1), "ana", "sam", at(2))
    escalate(any_store, any_store.casework.get(1), "legal", "May we refund this?", "ana", at(3))
    assert any_store.casework.get(1).owner == "legal"
    assert [(one.action, one.by, dict(one.detail)) for one in any_store.views.card(1).events[-2:]] == [
        ("assigned", "sam", {"to": "ana"}),
        ("escalated", "ana", {"to": "legal", "note": "May we refund this?"}),
    ]
    assign(any_store, any_store.casework.get(1), "", "sam", at(4))
    assert any_store.casework.get(1).owner == ""
    assert any_store.views.verify() == []


def test_of_two_who_give_it_away_the_second_is_told(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    old = any_store.casework.get(1)
    assign(any_store, old, "ana", "Sam", at(2))
    with pytest.raises(Conflict, match="Sam gave it to ana 12 s ago; it is WAITING now"):
        assign(any_store, old, "kim", "Lee", at(2.2))
    assert any_store.casework.get(1).owner == "ana"


def test_an_approved_reply_goes_out_whoever_has_it_and_whatever_is_noted(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approved(any_store)
    assign(any_store, any_store.casework.get(1), "ana", "sam", at(3))
    note(any_store, any_store.casework.get(1), "She is a customer since 2009.", "sam", at(3))
    assert post(any_store, accounts, Mode.ON, at(4)).done == {"sent": 1}
    assert all("2009" not in words for _, words in net.public)


def test_a_note_makes_nobody_look_again(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    case, _ = seen(any_store)
    note(any_store, case, "Called her.", "ana", at(2))
    approved(any_store)
    assert stage(any_store) is Stage.APPROVED
    assert post(any_store, accounts, Mode.ON, at(4)).done == {"sent": 1}
    note(any_store, any_store.casework.get(1), "She is happy.", "ana", at(5))
    assert any_store.views.card(1).events[-1].detail == {"note": "She is happy."}
    with pytest.raises(Conflict, match="is ANSWERED"):
        assign(any_store, any_store.casework.get(1), "kim", "sam", at(6))


def test_there_is_no_note_on_no_case(store: Store) -> None:
    with pytest.raises(NotFound):
        store.tending.note(7, "hello", "sam", at(1))
