"""Talking to a customer from the desk: a piece is shown, copied, and nothing of it is sent."""

from responder.cli.review.questions import Copy, Question
from responder.model.promise import PromiseStatus
from tests.cli.review.room import Room, presses
from tests.desk import seen


def test_the_call_of_a_grave_case_waits_for_its_worksheet(room: Room) -> None:
    told = presses(room.session(), "m", "k", "c")
    assert "first write down happened, effect, why" in told.says
    assert told.lines == ()


def test_a_piece_is_shown_and_copied(room: Room) -> None:
    room.worksheet_from_tier = 0
    session = room.session()

    def copies(question: Question) -> str:
        assert question == Copy("The call of c-1 by Sam.")
        return "y"

    told = presses(session, "m", "k", "c", copies)
    assert told.says.startswith("Call; nothing of it is sent. It is on the clipboard")
    assert told.lines == ("The call of c-1 by Sam.",)
    assert seen(room.store)[0].draft_number == 1


def test_news_go_into_the_word_on_where_it_stands(room: Room) -> None:
    told = presses(room.session(), "mk", "s", "it is in Graz", None)
    assert told.lines == ("The status of c-1 by Sam, it is in Graz.",)


def test_an_email_promises_the_call_and_without_a_reason_there_is_none(room: Room) -> None:
    room.worksheet_from_tier = 0
    session = room.session()
    assert presses(session, "mk", "e", "").says == "Nothing was changed."
    assert presses(session, "mk", None).says == "Nothing was changed."
    assert room.store.promises.of_case(1) == []
    told = presses(session, "mk", "e", "she has no phone", None)
    assert told.says.endswith("The call is promised: p-1.")
    assert room.store.promises.get(1).status is PromiseStatus.OPEN
