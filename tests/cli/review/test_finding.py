"""Going through a part of the queue: what some words describe, or one of the usual filters."""

import pytest

from responder.cli.review.questions import Choice, Question
from responder.model.case import Stage
from responder.steps.assign import assign
from tests.cli.review.room import Room, presses
from tests.cli.review.test_session import at, names
from tests.desk import stage


def test_a_search_shows_only_what_it_describes_and_nothing_ends_it(room: Room) -> None:
    session = room.session()
    assert presses(session, "/", "refund").says == "1 case for: refund. f, then a, is all that waits again."
    assert names(session) == ["c-3"]
    assert (session.listing.position, session.left) == (1, 1)
    assert presses(session, "/", "").says == "All that waits."
    assert names(session) == ["c-1", "c-2", "c-3"]


def test_the_grammar_is_that_of_the_queue(room: Room) -> None:
    session = room.session()
    assert presses(session, "/", "tier:<3 -author:bo").says.startswith("1 case for: ")
    assert at(session) == "c-3"
    told = presses(session, "/", "teir:3").says
    assert "teir" in told
    assert at(session) == "c-3"
    assert "No network 'moon' was ever polled." in presses(session, "/", "network:moon").says


def test_a_search_that_finds_nothing_leaves_one_where_one_was(room: Room) -> None:
    session = room.session()
    presses(session, "j")
    told = presses(session, "/", "piano").says
    assert told == "There is no case for: piano. You are where you were."
    assert at(session) == "c-2"


@pytest.mark.parametrize("answer", [None])
def test_leaving_the_question_changes_nothing(room: Room, answer: str | None) -> None:
    session = room.session()
    assert presses(session, "/", answer).says == presses(session, "f", answer).says == "Nothing was changed."
    assert session.search is None


def test_f_offers_what_is_asked_for_every_day(room: Room) -> None:
    assign(room.store, room.store.casework.get(2), "sam", "eva", room.clock())
    session = room.session()

    def mine(question: Question) -> str:
        assert isinstance(question, Choice)
        assert ("a", "all that waits") in question.options
        return "m"

    presses(session, "f", mine)
    assert names(session) == ["c-2"]
    presses(session, "f", "n")
    assert names(session) == ["c-1", "c-3"]
    presses(session, "f", "a")
    assert names(session) == ["c-1", "c-2", "c-3"]


def test_deeds_go_on_within_the_search(room: Room) -> None:
    session = room.session()
    presses(session, "/", "tier:<3")
    presses(session, "a")
    assert at(session) == "c-3"
    assert presses(session, "a").says.endswith("Nothing else waits for you.")
    assert stage(room.store) is Stage.WAITING


def test_other_stages_can_be_gone_through_where_they_are_named(room: Room) -> None:
    session = room.session()
    presses(session, "a")
    presses(session, "/", "stage:approved")
    assert names(session) == ["c-1"]
    assert presses(session, "a").says == "a is off: c-1 is approved, in the outbox."
    presses(session, "e", "Other words for the fire")
    assert stage(room.store) is Stage.WAITING
