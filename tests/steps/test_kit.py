"""The kit as a step: what the worksheet lacks holds the call and the e-mail of a grave case back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from responder.model.calendar import Calendar
from responder.model.channel import Channels
from responder.model.limits import Limits
from responder.model.people import NotAllowed, Person, Role, Roster
from responder.model.windows import windows
from responder.policy.kit import Kind
from responder.policy.policy import Policy
from responder.policy.wording import Voice
from responder.steps.kit import Announced, Wanted, call_windows, kit, lacking, promise_call
from responder.store.store import Store
from tests.desk import waiting
from tests.network import at, mention
from tests.policy.books import ours


def policy() -> Policy:
    return Policy(
        rulebook=ours(), voice=Voice(company="Acme", signature="^Ana"), references=True, channels=Channels()
    )


@pytest.mark.parametrize("tier", range(6))
@pytest.mark.parametrize("kind", list(Kind))
def test_only_the_call_and_the_email_of_a_grave_case_wait_for_the_worksheet(
    store: Store, tier: int, kind: Kind
) -> None:
    waiting(store, mention("1"))
    case = replace(store.casework.get(1), tier=tier)
    held = tier >= 4 and kind in {Kind.CALL, Kind.EMAIL}
    lacks = lacking(store, case, 4)
    assert bool(lacks) == (tier >= 4)
    assert lacking(store, case, 0) == ()
    wanted = Wanted(kinds=(kind,), why="no number", caller="Ana", missing=lacks)
    (piece,) = kit(store, policy(), case, Limits(length=500), wanted, at(9))
    assert (piece.words is None, piece.missing) == (held, lacks if held else ())


def test_a_case_without_a_code_gets_one_with_its_kit(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case = any_store.casework.get(1)
    wanted = Wanted(kinds=(Kind.RECAP,), caller="Ana")
    (piece,) = kit(any_store, policy(), case, Limits(length=500), wanted, at(9))
    assert piece.words is not None
    assert any_store.casework.get(1).reference[-5:] in piece.words.text


def test_the_goal_from_the_worksheet_stands_in_the_call(store: Store) -> None:
    waiting(store, mention("1"))
    wanted = Wanted(kinds=(Kind.CALL,), caller="Ana", goal="tea at four")
    (piece,) = kit(store, policy(), store.casework.get(1), Limits(length=500), wanted, at(9))
    assert piece.words is not None
    assert "What you came for: tea at four." in piece.words.text


def test_who_may_not_promise_promises_no_call(store: Store) -> None:
    waiting(store, mention("1"))
    store.roster = Roster(people=(Person(name="Bo", role=Role.AGENT),))
    window = windows(at(9), Calendar())[0]
    call = Announced(email="I call you then.", window=window, told="then", why="no number")
    with pytest.raises(NotAllowed):
        promise_call(store, store.casework.get(1), call, "Eve", at(9))
    assert promise_call(store, store.casework.get(1), call, "Bo", at(9)).quote == "I call you then."


def test_a_promised_call_that_is_over_leaves_the_next_hours(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case, free = any_store.casework.get(1), windows(at(9), Calendar())
    call = Announced(email="Then.", window=free[0], told="Then", why="no number")
    promise_call(any_store, case, call, "Ana", at(9))
    assert call_windows(any_store, case, Calendar(), None, at(9))[0] == free[0]
    later = free[0][1] + timedelta(hours=1)
    assert call_windows(any_store, case, Calendar(), None, later)[0] == windows(later, Calendar())[0]
