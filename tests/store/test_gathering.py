"""Incidents in the store: who belongs to one, what ends with it, and who comes too late."""

import pytest

from responder.model.case import Stage
from responder.model.incident import IncidentStage, Kind, Membership
from responder.steps.incident import add, begin_incident, end, open_incident, promise, remove, say
from responder.steps.tell import Teller, tell_new
from responder.store.errors import Conflict, NotFound
from responder.store.gathering import Said
from responder.store.store import Store
from tests.desk import approved, seen, stage, waiting
from tests.network import at, mention
from tests.policies import PlainPolicy

STATEMENT = Said(kind=Kind.STATEMENT, language="en", text="We broke it.")


def posts(n: int = 3) -> list[object]:
    return [mention(str(k), f"down {k}", thread=str(k), author=f"a{k}") for k in range(1, n + 1)]


def test_what_is_proposed_becomes_an_incident_only_by_a_person(any_store: Store) -> None:
    waiting(any_store, *posts())  # type: ignore[arg-type]
    number = any_store.gathering.propose("late", "many write", {1: "why", 2: "why"}, at(2))
    one = any_store.incidents.get(number)
    assert (one.stage, [member.membership for member in one.members]) == (
        IncidentStage.PROPOSED,
        [Membership.PROPOSED] * 2,
    )
    with pytest.raises(Conflict):
        any_store.gathering.say(one, STATEMENT, "sam", at(3))
    opened = open_incident(any_store, one, "the app", "sam", at(3))
    assert (opened.stage, opened.cause) == (IncidentStage.OPEN, "the app")
    with pytest.raises(Conflict, match="moved while you looked"):
        open_incident(any_store, one, "another", "ana", at(4))
    assert any_store.views.verify() == []


def test_a_case_is_of_one_incident_at_a_time_and_free_when_that_ends(any_store: Store) -> None:
    waiting(any_store, *posts())  # type: ignore[arg-type]
    cases = [seen(any_store, n)[0] for n in (1, 2)]
    first = begin_incident(any_store, "one", cases, "sam", at(2))
    with pytest.raises(Conflict, match="c-1 belongs to i-1 already"):
        begin_incident(any_store, "two", cases[:1], "sam", at(2))
    end(any_store, first, "sam", at(3))
    assert any_store.incidents.of([1, 2]) == {}
    assert begin_incident(any_store, "two", cases[:1], "sam", at(4)).belonging


def test_who_was_taken_out_comes_back_only_by_a_persons_word(any_store: Store) -> None:
    waiting(any_store, *posts())  # type: ignore[arg-type]
    case = seen(any_store)[0]
    one = begin_incident(any_store, "one", [case], "sam", at(2))
    assert not remove(any_store, one, case, "sam", at(3))
    any_store.gathering.join(any_store.incidents.get(one.id), {1: "alike"}, "", at(4))
    assert any_store.incidents.get(one.id).belonging == ()
    add(any_store, any_store.incidents.get(one.id), [case], "sam", at(5))
    assert [member.by for member in any_store.incidents.get(one.id).belonging] == ["sam"]


def test_words_for_all_void_what_was_approved_and_leave_what_is_on_its_way(any_store: Store) -> None:
    _, accounts = waiting(any_store, *posts())  # type: ignore[arg-type]
    one = begin_incident(any_store, "one", [seen(any_store, n)[0] for n in (1, 2)], "sam", at(2))
    approved(any_store, 1)
    approved(any_store, 2)
    due = any_store.outbox.due(at(3), ["shop"])
    assert any_store.outbox.claim(due[0], at(3))
    _, telling = say(any_store, Teller(PlainPolicy(), accounts, "sam", at(4)), one, STATEMENT)
    assert telling.drafted == [2]
    assert "being sent right now" in telling.left[1]
    assert (stage(any_store, 1), stage(any_store, 2)) == (Stage.APPROVED, Stage.WAITING)
    voided = any_store.views.card(2).deliveries[0]
    assert "its words are stale" in voided.problem
    assert any_store.views.verify() == []


def test_who_joins_later_is_told_once_and_never_again_by_itself(any_store: Store) -> None:
    _, accounts = waiting(any_store, *posts())  # type: ignore[arg-type]
    one = begin_incident(any_store, "one", [seen(any_store)[0]], "sam", at(2))
    one, _ = say(any_store, Teller(PlainPolicy(), accounts, "sam", at(3)), one, STATEMENT)
    any_store.gathering.join(one, {2: "alike"}, "", at(4))
    assert tell_new(any_store, PlainPolicy(), accounts, at(5)).done == {"told alike": 1}
    assert tell_new(any_store, PlainPolicy(), accounts, at(6)).done == {}
    assert "We broke it." in seen(any_store, 2)[1].text


def test_an_update_is_due_by_the_rhythm_and_a_clock_that_was_ahead_makes_it_due(any_store: Store) -> None:
    from datetime import timedelta

    waiting(any_store, *posts())  # type: ignore[arg-type]
    one = begin_incident(any_store, "one", [seen(any_store)[0]], "sam", at(2))
    promise(any_store, one, timedelta(hours=2), "sam", at(2))
    assert any_store.incidents.due(at(60)) == []
    assert [late.id for late in any_store.incidents.due(at(123))] == [one.id]
    assert [late.id for late in any_store.incidents.due(at(-600))] == [one.id]
    end(any_store, any_store.incidents.get(one.id), "sam", at(130))
    assert any_store.incidents.due(at(200)) == []


def test_what_there_is_not_is_said(store: Store) -> None:
    with pytest.raises(NotFound, match="there is no incident i-7"):
        store.incidents.get(7)
    waiting(store, mention("1"))
    with pytest.raises(Conflict, match="there is no case c-99"):
        store.gathering.begin("one", "", [99], "sam", at(2))
