"""Two cases of one matter are answered once, and nothing that either customer says is lost by it."""

import pytest

from responder.connector import Account
from responder.model.case import Stage
from responder.model.delivery import DeliveryStage
from responder.steps.merge import DifferentPeople, merge, split
from responder.steps.post import Mode, post
from responder.store.errors import Conflict
from responder.store.outbox import Outbox
from responder.store.settling import Outcome
from responder.store.store import Store
from tests.desk import approved, stage, street, waiting
from tests.network import ScriptedNetwork, at, mention


def join(store: Store, into: int, one: int, minutes: float = 3, *, meant: bool = False) -> None:
    pair = store.casework.get(into), store.casework.get(one)
    merge(store, *pair, "sam", at(minutes), different_people=meant)


def test_one_speaks_for_both_and_shows_what_the_other_said(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"), mention("2", "It is still lost."))
    approved(any_store, 2)
    join(any_store, 1, 2)
    one = any_store.casework.get(2)
    assert (one.stage, one.merged_into) == (Stage.SET_ASIDE, 1)
    (posts,) = any_store.views.card(1).also.values()
    assert [post.text for post in posts] == ["It is still lost."]
    approved(any_store, 1, 4)
    assert post(any_store, accounts, Mode.ON, at(5)).done == {"sent": 1}
    assert [target for target, _ in net.public] == ["1"]
    told = [[(e.action, dict(e.detail)) for e in any_store.views.card(n).events] for n in (1, 2)]
    assert ("merged", {"with": "c-2", "into": "c-1"}) in told[0]
    assert told[1][-2:] == [
        ("delivery void", {"why": "merged"}),
        ("merged", {"with": "c-1", "into": "c-1"}),
    ]
    assert any_store.views.verify() == []


def test_when_they_write_again_it_is_heard_and_still_belongs_there(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"), mention("2"))
    join(any_store, 1, 2)
    net.say(mention("2b", "Hello?!", thread="2", minutes=5))
    street(any_store, accounts, 6)
    case = any_store.casework.get(2)
    assert (case.stage, case.merged_into) == (Stage.WAITING, 1)
    join(any_store, 1, 2, 7)
    assert stage(any_store, 2) is Stage.SET_ASIDE
    assert [one.external_id for one in any_store.views.card(1).also[2]] == ["2", "2b"]


def test_a_wrong_merge_is_taken_apart(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"), mention("2"))
    join(any_store, 1, 2)
    split(any_store, any_store.casework.get(2), "ana", at(4))
    assert any_store.casework.get(2).merged_into is None
    street(any_store, accounts, 5)
    approved(any_store, 2, 6)
    assert post(any_store, accounts, Mode.ON, at(7)).done == {"sent": 1}
    with pytest.raises(Conflict, match="belongs to no other case"):
        split(any_store, any_store.casework.get(2), "ana", at(8))
    assert any_store.views.card(1).events[-1].action == "split"


def test_distinct_people_are_never_merged_by_accident(store: Store) -> None:
    waiting(store, mention("1"), mention("2", author="kim"))
    with pytest.raises(DifferentPeople, match="c-1 is by @ana on shop and c-2 is by @kim on shop"):
        join(store, 1, 2)
    assert stage(store, 2) is Stage.WAITING
    join(store, 1, 2, meant=True)
    assert store.casework.get(2).merged_into == 1


def test_a_chain_is_flat(any_store: Store) -> None:
    waiting(any_store, *(mention(str(n)) for n in range(1, 5)))
    join(any_store, 2, 3)
    join(any_store, 1, 2)
    join(any_store, 3, 4)
    assert [any_store.casework.get(number).merged_into for number in (1, 2, 3, 4)] == [None, 1, 1, 1]
    with pytest.raises(Conflict, match="c-3 is c-1 or belongs to it"):
        join(any_store, 3, 1)
    with pytest.raises(Conflict, match="c-4 belongs to c-1 already"):
        join(any_store, 2, 4)


def test_a_case_is_not_merged_with_itself_nor_into_what_nobody_answers(store: Store) -> None:
    waiting(store, mention("1"), mention("2"), mention("3", "thanks"))
    with pytest.raises(Conflict, match="c-1 is c-1"):
        join(store, 1, 1)
    with pytest.raises(Conflict, match="c-3 was set aside, and c-1 still waits"):
        join(store, 3, 1)
    join(store, 1, 3)
    assert (stage(store, 1), stage(store, 3)) == (Stage.WAITING, Stage.SET_ASIDE)


@pytest.mark.parametrize(("into", "one"), [(1, 2), (2, 1)])
def test_while_a_reply_may_be_public_nothing_is_merged(any_store: Store, into: int, one: int) -> None:
    waiting(any_store, mention("1"), mention("2"))
    approved(any_store, 1)
    due = any_store.outbox.due(at(3), ["shop"])
    assert Outbox(any_store).claim(due[0], at(3))
    with pytest.raises(Conflict, match="is being sent right now"):
        join(any_store, into, one)


def test_an_answered_case_belongs_to_another_without_being_set_aside(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"), mention("2"))
    approved(any_store, 2)
    post(any_store, accounts, Mode.ON, at(3))
    join(any_store, 1, 2, 4)
    case = any_store.casework.get(2)
    assert (case.stage, case.merged_into) == (Stage.ANSWERED, 1)


def test_who_merges_what_somebody_else_moved_is_told(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2"), mention("3"))
    first, second, third = (any_store.casework.get(number) for number in (1, 2, 3))
    merge(any_store, second, third, "Kim", at(3))
    with pytest.raises(Conflict, match="c-2 moved while you looked: Kim merged it with c-3 12 s ago"):
        merge(any_store, first, second, "sam", at(3.2))


def _with_a_third_that_wrote_again(store: Store) -> tuple[ScriptedNetwork, dict[str, Account]]:
    """c-3 belongs to c-2, and its customer wrote again, so that it waits."""
    net, accounts = waiting(store, mention("1"), mention("2"), mention("3"))
    join(store, 2, 3)
    net.say(mention("3b", "Hello?! It is still lost.", thread="3", minutes=4))
    street(store, accounts, 5)
    assert stage(store, 3) is Stage.WAITING
    return net, accounts


def test_what_belongs_to_a_merged_case_and_was_written_since_still_waits(any_store: Store) -> None:
    _with_a_third_that_wrote_again(any_store)
    join(any_store, 1, 2, 6)
    assert (stage(any_store, 2), stage(any_store, 3)) == (Stage.SET_ASIDE, Stage.WAITING)
    assert any_store.casework.get(3).merged_into == 1


def test_a_reply_on_its_way_to_a_third_case_of_the_matter_stays_its_cases(any_store: Store) -> None:
    _, accounts = _with_a_third_that_wrote_again(any_store)
    approved(any_store, 3, 6)
    claimed = any_store.outbox.claim(any_store.outbox.due(at(6), ["shop"])[0], at(6))
    assert claimed
    join(any_store, 1, 2, 6)
    any_store.outbox.settle(claimed, Outcome(stage=DeliveryStage.REFUSED, problem="too long"), at(6))
    assert stage(any_store, 3) is Stage.WAITING
    assert post(any_store, accounts, Mode.ON, at(7)).done == {}


def test_when_who_spoke_takes_the_post_away_the_others_are_heard(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"), mention("2"), mention("3"))
    join(any_store, 1, 2)
    join(any_store, 1, 3)
    net.remove("1")
    net.remove("3")
    street(any_store, accounts, 5)
    assert [stage(any_store, n) for n in (1, 2, 3)] == [Stage.SET_ASIDE, Stage.WAITING, Stage.SET_ASIDE]
    assert any_store.casework.get(2).merged_into is None
    assert ("split", {"from": "c-1"}) in [(e.action, dict(e.detail)) for e in any_store.views.card(2).events]
    assert any_store.views.verify() == []


def test_when_who_spoke_is_content_another_customer_is_heard(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"), mention("2", author="kim"), mention("3"))
    join(any_store, 1, 2, meant=True)
    join(any_store, 1, 3)
    net.say(mention("1b", "thanks", thread="1", minutes=4))
    street(any_store, accounts, 5)
    assert [stage(any_store, n) for n in (1, 2, 3)] == [Stage.SET_ASIDE, Stage.WAITING, Stage.SET_ASIDE]
    assert any_store.views.verify() == []


def test_the_more_urgent_case_speaks_for_both(store: Store) -> None:
    waiting(store, mention("1"), mention("2", "The heater is on fire!"))
    assert store.casework.get(2).tier > store.casework.get(1).tier
    with pytest.raises(Conflict, match="the other way round: responder merge c-2 c-1"):
        join(store, 1, 2)
    assert stage(store, 2) is Stage.WAITING
    join(store, 2, 1)
    assert stage(store, 1) is Stage.SET_ASIDE
