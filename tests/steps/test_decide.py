"""Redo, dismiss, withdraw, reopen, settle: done while there is time, refused in words when it is too late."""

from dataclasses import replace

import pytest

from responder.connector import Account, Answerable, Eligibility
from responder.model.case import Stage
from responder.model.decision import Verdict
from responder.model.delivery import DeliveryStage, Route
from responder.steps.approve import decide, settle
from responder.steps.post import Mode, post
from responder.store.errors import Conflict, NotFound
from responder.store.store import Store
from tests.desk import seen, stage, street, waiting
from tests.network import at, mention
from tests.steps.deciding import TERMS, approves, deliveries, edits, posts, unsure


def test_redo_asks_for_another_draft(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    decide(any_store, seen(any_store)[0], Verdict.REDO, ("sam", "too stiff"), at(2))
    assert stage(any_store) is Stage.NEEDS_REPLY
    street(any_store, accounts, 3)
    assert seen(any_store)[1].number == 2


def test_redo_does_not_wait_because_an_earlier_try_stumbled(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    store.casework.step_aside(store.casework.get(1), "boom", at(1))
    decide(store, seen(store)[0], Verdict.REDO, ("sam", ""), at(2))
    street(store, accounts, 2)
    assert stage(store) is Stage.WAITING


def test_dismissed_is_out_of_the_queue_with_the_reason_and_can_come_back(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    decide(any_store, seen(any_store)[0], Verdict.DISMISS, ("sam", "not about us"), at(2))
    assert stage(any_store) is Stage.SET_ASIDE
    assert [one.detail for one in any_store.views.card(1).events][-1] == {"reason": "not about us"}
    decide(any_store, any_store.casework.get(1), Verdict.REOPEN, ("ana", "it is"), at(3))
    street(any_store, accounts, 4)
    assert stage(any_store) is Stage.WAITING
    assert [one.verdict for one in any_store.views.card(1).decisions] == [Verdict.DISMISS, Verdict.REOPEN]


def test_withdrawn_before_it_was_sent_is_not_sent(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approves(any_store, accounts)
    decide(any_store, any_store.casework.get(1), Verdict.WITHDRAW, ("sam", ""), at(3))
    posts(any_store, accounts, 4)
    assert (stage(any_store), net.public) == (Stage.WAITING, [])
    approves(any_store, accounts, 5)
    posts(any_store, accounts, 6)
    assert len(net.public) == 1


@pytest.mark.parametrize(
    ("verdict", "possible"),
    [
        (Verdict.REDO, "WAITING"),
        (Verdict.DISMISS, "NEEDS_REPLY or NEW or WAITING"),
        (Verdict.REOPEN, "SET_ASIDE"),
    ],
)
def test_what_cannot_be_done_now_is_told_with_when_it_can(
    store: Store, verdict: Verdict, possible: str
) -> None:
    _, accounts = waiting(store, mention("1"))
    approves(store, accounts)
    words = rf"^c-1 is APPROVED \(sam approved it 60 s ago\); this can be done while it is {possible}$"
    with pytest.raises(Conflict, match=words):
        decide(store, store.casework.get(1), verdict, ("sam", ""), at(3))


@pytest.mark.parametrize("verdict", [Verdict.WITHDRAW, Verdict.DISMISS, Verdict.REDO])
def test_nothing_is_decided_about_a_reply_that_may_be_public(any_store: Store, verdict: Verdict) -> None:
    net, accounts = unsure(any_store)
    for minutes in (6, 9, 14):  # looked for until a person is asked
        posts(any_store, accounts, minutes)
    case = any_store.casework.get(1)
    assert case.stage is Stage.WAITING
    if verdict is Verdict.WITHDRAW:
        case = replace(case, version=case.version - 1)
    with pytest.raises(Conflict, match=r"may already be public|moved while you looked"):
        decide(any_store, case, verdict, ("sam", ""), at(15))
    with pytest.raises(Conflict, match="responder settle c-1"):
        approves(any_store, accounts, 15)
    with pytest.raises(Conflict, match="responder settle c-1"):
        edits(any_store, accounts, "other words", 15)
    assert net.public == []


def test_a_decision_in_the_middle_of_sending_is_too_late(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approves(any_store, accounts)
    told = []

    def meanwhile() -> None:
        case = any_store.casework.get(1)
        for deed in (
            lambda: decide(any_store, case, Verdict.WITHDRAW, ("sam", ""), at(3)),
            lambda: edits(any_store, accounts, "other words"),
        ):
            with pytest.raises(Conflict) as error:
                deed()
            told.append(str(error.value))

    net.before_effect.append(meanwhile)
    posts(any_store, accounts, 3)
    assert told == ["the reply of c-1 is being sent right now"] * 2
    assert stage(any_store) is Stage.ANSWERED


def test_an_answered_post_edited_later_can_be_dismissed_but_not_answered_twice(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approves(any_store, accounts)
    posts(any_store, accounts, 3)
    net.edit("1", "Thank you, but it is still broken.", "e1")
    street(any_store, accounts, 5)
    assert stage(any_store) is Stage.WAITING
    with pytest.raises(Conflict, match=r"^c-1 was answered already: https://net.example/r1$"):
        approves(any_store, accounts, 6)
    decide(any_store, seen(any_store)[0], Verdict.REDO, ("sam", ""), at(7))
    street(any_store, accounts, 8)
    decide(any_store, seen(any_store)[0], Verdict.DISMISS, ("sam", "answered in private"), at(9))
    assert stage(any_store) is Stage.SET_ASIDE
    assert len(net.public) == 1


def test_a_case_that_does_not_exist_is_told(store: Store) -> None:
    waiting(store, mention("1"))
    case, _ = seen(store)
    with pytest.raises(NotFound, match="there is no case c-99"):
        decide(store, replace(case, id=99), Verdict.DISMISS, ("sam", ""), at(3))


def by_hand(store: Store) -> dict[str, Account]:
    net, accounts = waiting(store, mention("1"))
    net.answerable = Eligibility(answerable=Answerable.BY_HAND, detail="https://net.example/1")
    assert approves(store, accounts) is Route.BY_HAND
    return accounts


def test_a_reply_by_hand_is_never_sent_by_us_and_ends_with_its_link(any_store: Store) -> None:
    accounts = by_hand(any_store)
    posts(any_store, accounts, 3)
    assert deliveries(any_store) == [DeliveryStage.PLANNED]
    settle(any_store, any_store.casework.get(1), "https://net.example/mine", "sam", at(4))
    card = any_store.views.card(1)
    assert card.case.stage is Stage.ANSWERED
    assert card.case.replies == 1
    assert card.deliveries[0].receipt is not None
    assert card.deliveries[0].receipt.url == "https://net.example/mine"
    assert card.events[-1].by == "sam"


def test_a_reply_by_hand_that_was_not_sent_after_all_waits_again(any_store: Store) -> None:
    by_hand(any_store)
    settle(any_store, any_store.casework.get(1), None, "sam", at(4))
    assert (stage(any_store), deliveries(any_store)) == (Stage.WAITING, [DeliveryStage.VOID])


def test_a_person_may_say_that_an_unsure_reply_is_public(any_store: Store) -> None:
    unsure(any_store)
    settled = settle(any_store, any_store.casework.get(1), "https://net.example/r", "sam", at(4))
    assert settled.stage is DeliveryStage.UNSURE
    assert (stage(any_store), deliveries(any_store)) == (Stage.ANSWERED, [DeliveryStage.SENT])


def test_a_person_may_say_that_an_unsure_reply_is_not_and_approve_anew(any_store: Store) -> None:
    net, accounts = unsure(any_store)
    settle(any_store, any_store.casework.get(1), None, "sam", at(4))
    assert stage(any_store) is Stage.WAITING
    approves(any_store, accounts, 5)
    posts(any_store, accounts, 6)
    assert len(net.public) == 1


def test_there_must_be_something_to_settle(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    with pytest.raises(Conflict, match=r"^no reply of c-1 is unsure or waits to be sent by hand$"):
        settle(store, store.casework.get(1), None, "sam", at(4))
    approves(store, accounts)
    with pytest.raises(Conflict, match="no reply of c-1"):
        settle(store, store.casework.get(1), None, "sam", at(4))


def test_settling_an_earlier_reply_leaves_a_newer_approval_standing(any_store: Store) -> None:
    net, accounts = unsure(any_store)
    net.say(mention("2", thread="1", minutes=4))
    street(any_store, accounts, 5)
    approves(any_store, accounts, 6)
    settle(any_store, any_store.casework.get(1), None, "sam", at(7))
    assert stage(any_store) is Stage.APPROVED
    posts(any_store, accounts, 8)
    assert [target for target, _ in net.public] == ["2"]
    assert stage(any_store) is Stage.ANSWERED


def test_being_asked_about_an_earlier_reply_leaves_a_newer_approval_standing(any_store: Store) -> None:
    net, accounts = unsure(any_store)
    net.say(mention("2", thread="1", minutes=4))
    street(any_store, accounts, 5)
    approves(any_store, accounts, 6)
    for minutes in (20, 40):
        post(any_store, accounts, Mode.OFF, at(minutes), terms=TERMS)
    assert stage(any_store) is Stage.APPROVED
    posts(any_store, accounts, 41)
    assert [target for target, _ in net.public] == ["2"]
