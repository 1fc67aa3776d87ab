"""Incidents at the desk: one is opened, joined and left, and its replies are approved together."""

from datetime import timedelta

import pytest

from responder.model.case import Stage
from responder.model.incident import Kind
from responder.steps.incident import say
from responder.steps.tell import Teller
from responder.store.gathering import Said
from tests.cli.review.room import Room, presses
from tests.desk import seen, stage


@pytest.fixture
def opened(room: Room) -> Room:
    """A room with an incident about its first two cases, that all are told of."""
    session = room.session()
    presses(session, " ")
    presses(session, " ")
    told = presses(session, "m", "i", "n", "the app is down")
    assert told.says == "c-1 and c-2 belong to i-1: the app is down."
    one = room.store.incidents.get(1)
    said = Said(kind=Kind.STATEMENT, language="en", text="We broke it.")
    say(room.store, Teller(room.judge, room.accounts, "sam", room.now), one, said)
    return room


def test_all_replies_of_an_incident_are_read_and_approved_together(opened: Room) -> None:
    session = opened.session()
    assert presses(session, "m", "a").says.startswith("2 cases chosen.")
    opened.now += timedelta(minutes=1)
    presses(session, "a", "y")
    assert {stage(opened.store, 1), stage(opened.store, 2)} == {Stage.APPROVED}


def test_a_case_is_taken_out_from_its_card_and_needs_words_of_its_own(opened: Room) -> None:
    session = opened.session()
    number = session.shown.case.id if session.shown else 0
    assert "It gets words of its own." in presses(session, "m", "l").says
    assert stage(opened.store, number) is Stage.NEEDS_REPLY


def test_another_case_joins_what_is_open(opened: Room) -> None:
    session = opened.session()
    while session.shown and session.shown.sheet.incident:
        session.step(1)
    assert session.shown
    number = session.shown.case.id
    assert presses(session, "m", "i", "1").says == f"c-{number} belongs to i-1: the app is down."
    assert seen(opened.store, number)[0].draft_number == 1  # told by the next round, not by joining


def test_who_leaves_the_question_changes_nothing(room: Room) -> None:
    presses(room.session(), "m", "i", None)
    presses(room.session(), "m", "i", "n", None)
    assert room.store.incidents.listed() == []
