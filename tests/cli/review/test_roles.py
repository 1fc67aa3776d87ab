"""Roles at the desk: whose yes counts, whose is the first of two, and who can be given a case."""

import pytest

from responder.cli.review.questions import Line, Question
from responder.model.people import FourEyes, Person, Role, Roster
from tests.cli.review.room import Room, presses


def people(room: Room, from_tier: int = 0) -> Room:
    """Let Ana prepare replies, and Sam and Eva approve them."""
    listed = [("Ana", Role.AGENT, ("billing",)), ("Sam", Role.APPROVER, ()), ("Eva", Role.ADMIN, ())]
    room.store.roster = Roster(
        people=tuple(Person(name=name, role=role, teams=teams) for name, role, teams in listed),
        four_eyes=FourEyes(from_tier=from_tier),
    )
    return room


def test_a_is_off_for_who_only_prepares_replies_with_who_may(room: Room) -> None:
    session = people(room).session("Ana")
    assert presses(session, "a").says == "a is off: Ana prepares replies; Sam or Eva may approve."
    presses(session, " ")
    assert presses(session, "a").says == "a is off: Ana prepares replies; Sam or Eva may approve."


def test_a_is_off_for_who_said_the_first_of_two_yeses(room: Room) -> None:
    session = people(room, from_tier=1).session("Sam")
    assert (
        presses(session, "a").says
        == "Your yes to c-1 is the first of two; Eva can say the second; u takes yours back."
    )
    presses(session, "k")
    says = "a is off: yours is the first of two yeses; Eva can say the second."
    assert presses(session, "a").says == says
    eva = room.session("Eva")
    assert presses(eva, "a").says.startswith("Approved c-1.")


def test_the_first_of_two_yeses_is_taken_back_until_the_second_is_said(room: Room) -> None:
    sam = people(room, from_tier=1).session("Sam")
    presses(sam, "a")
    assert presses(sam, "u").says == "Your yes to c-1 is taken back."
    eva = room.session("Eva")
    assert "first of two" in presses(eva, "a").says
    sam = room.session("Sam")
    assert presses(sam, "a").says.startswith("Approved c-1.")
    told = presses(eva, "u")
    assert "nothing was taken back" in " ".join([told.says, *told.lines])


@pytest.mark.parametrize("letter", ["g", "x"])
def test_who_there_is_stands_beside_the_question_for_a_name(room: Room, letter: str) -> None:
    def read(question: Question) -> None:
        assert isinstance(question, Line)
        assert "Ana, Sam, Eva or billing" in question.asks

    presses(people(room).session("Sam"), letter, read)
