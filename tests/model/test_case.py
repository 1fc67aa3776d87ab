"""The moves of a case: no stage is out of reach, none is a trap, and the queue has one order."""

import pytest

from responder.model.case import MOVES, OPEN, Case, Stage
from tests.network import at, mention


def case(number: int = 1, *, rank: int = 0, minutes: float = 0) -> Case:
    return Case(
        id=number,
        account="shop",
        stage=Stage.WAITING,
        version=1,
        target=mention("p"),
        posts=1,
        replies=0,
        opened_at=at(minutes),
        moved_at=at(minutes),
        rank=rank,
    )


def reached(start: Stage) -> set[Stage]:
    found, todo = {start}, [start]
    while todo:
        new = MOVES[todo.pop()] - found
        found |= new
        todo += new
    return found


@pytest.mark.parametrize("stage", Stage)
def test_from_every_stage_every_other_can_be_reached(stage: Stage) -> None:
    assert reached(stage) == set(Stage)


@pytest.mark.parametrize("stage", Stage)
def test_a_customer_who_writes_again_is_heard_in_every_stage(stage: Stage) -> None:
    assert Stage.NEW in MOVES[stage]


def test_approval_is_reached_only_from_what_a_person_saw() -> None:
    assert [stage for stage in Stage if Stage.APPROVED in MOVES[stage]] == [Stage.WAITING]


def test_an_answer_needs_an_approval_or_a_person_who_says_that_it_is_public() -> None:
    assert {stage for stage in Stage if Stage.ANSWERED in MOVES[stage]} == {Stage.APPROVED, Stage.WAITING}


def test_open_is_every_stage_in_which_a_customer_waits_for_us() -> None:
    assert set(Stage) - set(OPEN) == {Stage.SET_ASIDE, Stage.ANSWERED, Stage.CLOSED}


def test_the_queue_goes_by_rank_then_age_then_number() -> None:
    in_order = [
        case(9, rank=-50_000, minutes=9),
        case(8, rank=-41_000, minutes=8),
        case(7, rank=-40_990, minutes=1),
        case(5, rank=-40_990, minutes=2),
        case(6, rank=-40_990, minutes=2),
        case(4),
    ]
    assert sorted(set(in_order), key=lambda one: one.place) == in_order


def test_a_case_is_called_as_people_type_it() -> None:
    assert case(101).name == "c-101"
