"""Putting off, giving, passing on, noting, and who has a card open: what several people need."""

from datetime import timedelta

import pytest

from responder.cli.review.questions import Choice, Question
from responder.model.case import Stage
from responder.model.event import Event
from responder.steps.assign import assign
from tests.cli.review.room import Room, presses
from tests.cli.review.test_session import at, names
from tests.desk import stage
from tests.network import mention


def last(room: Room, number: int = 1) -> Event:
    return room.store.views.card(number).events[-1]


@pytest.mark.parametrize(
    ("answers", "hours", "says"),
    [
        (["h"], 1, "c-1 comes back 11:00, or when they write; u takes it back."),
        (["t"], 23, "c-1 comes back Tue 3 Mar 09:00, or when they write; u takes it back."),
        (["o", "14:30"], 4.5, "c-1 comes back 14:30, or when they write; u takes it back."),
        (["a"], 14 * 24, "c-1 comes back when they answer, or Mon 16 Mar 10:00 at the latest; u takes it"),
    ],
)
def test_s_puts_a_case_off_and_goes_on(room: Room, answers: list[str], hours: float, says: str) -> None:
    session = room.session()
    before = room.now
    assert presses(session, "s", *answers).says.startswith(says)
    assert at(session) == "c-2"
    until = room.store.casework.get(1).snoozed_until
    assert until
    assert abs(until - before - timedelta(hours=hours)) < timedelta(minutes=1)
    presses(session, "k")
    assert names(room.session()) == ["c-2", "c-3"]


def test_what_was_put_off_comes_back_in_its_time(room: Room) -> None:
    session = room.session()
    presses(session, "s", "h")
    room.now += timedelta(hours=2)
    presses(session, "a")
    assert at(session) == "c-1"


def test_u_takes_a_case_up_again(room: Room) -> None:
    session = room.session()
    presses(session, "s", "h")
    assert presses(session, "u").says == "c-1 is back."
    assert at(session) == "c-1"
    assert room.store.casework.get(1).snoozed_until is None


@pytest.mark.parametrize("answers", [[None], ["o", ""], ["o", None]])
def test_without_a_time_nothing_is_put_off(room: Room, answers: list[str | None]) -> None:
    session = room.session()
    assert presses(session, "s", *answers).says == "Nothing was changed."
    assert at(session) == "c-1"


def test_what_is_no_time_is_said_and_nothing_is_put_off(room: Room) -> None:
    assert presses(room.session(), "s", "o", "noon").says.startswith("'noon' is no time.")
    assert presses(room.session(), "s", "o", "900d").says.startswith("A case is put off for 14 days")


def test_who_wrote_again_can_be_put_off_until_the_same_time(room: Room) -> None:
    session = room.session()
    presses(session, "s", "o", "2026-03-05 09:00")
    room.say(mention("9", "Thank you, I wait then. Fire!", thread="1", author="ana", minutes=70))
    session = room.session()

    def same(question: Question) -> str:
        assert isinstance(question, Choice)
        assert ("s", "until when it was put off before") in question.options
        return "s"

    assert at(session) == "c-1"
    assert "Thu 5 Mar 09:00" in presses(session, "s", same).says


def test_several_are_put_off_at_once(room: Room) -> None:
    session = room.session()
    presses(session, " ")
    presses(session, " ")
    assert presses(session, "s", "h").says.startswith("c-1 and c-2 come back")
    assert at(session) == "c-3"
    presses(session, "u")
    assert names(room.session()) == ["c-1", "c-2", "c-3"]


def test_g_gives_a_case_to_somebody_and_u_takes_it_back(room: Room) -> None:
    assign(room.store, room.store.casework.get(1), "eva", "eva", room.clock())
    session = room.session()
    assert presses(session, "g", "billing").says == "c-1 is with billing; u takes it back."
    assert at(session) == "c-2"
    assert room.store.casework.get(1).owner == "billing"
    assert presses(session, "u").says == "c-1 is with eva again."
    assert at(session) == "c-1"
    assert presses(session, "g", "-").says == "c-1 is with nobody; u takes it back."


def test_x_passes_a_case_on_with_what_is_asked(room: Room) -> None:
    session = room.session()
    told = presses(session, "x", "legal", "May we say this?")
    assert told.says == "c-1 is with legal, with your note; u takes it back."
    assert (last(room).action, last(room).detail) == (
        "escalated",
        {"to": "legal", "note": "May we say this?"},
    )
    presses(session, "u")
    assert room.store.casework.get(1).owner == ""


@pytest.mark.parametrize(
    ("letter", "answers"), [("g", [""]), ("x", [None]), ("x", ["legal", ""]), ("N", [""])]
)
def test_nothing_said_is_nothing_done(room: Room, letter: str, answers: list[str | None]) -> None:
    session = room.session()
    before = last(room)
    assert presses(session, letter, *answers).says == "Nothing was changed."
    assert last(room) == before


def test_a_note_stands_on_the_card_and_moves_nothing(room: Room) -> None:
    session = room.session()
    assert presses(session, "N", "I know them from the phone").says == "Noted on c-1."
    assert last(room).detail == {"note": "I know them from the phone"}
    assert at(session) == "c-1"
    assert presses(session, "a").says.startswith("Approved c-1")


def test_who_has_a_card_open_is_told_to_others_until_they_leave_it(room: Room) -> None:
    sam, eva = room.session("sam"), room.session("eva")
    assert eva.shown
    assert [one.by for one in eva.shown.sheet.looking] == ["sam"]
    presses(sam, "j")
    eva.look_again()
    assert eva.shown.sheet.looking == []
    presses(eva, "j")
    assert eva.shown.case.name == "c-2"
    assert [one.by for one in eva.shown.sheet.looking] == ["sam"]
    sam.leave()
    eva.look_again()
    assert eva.shown.sheet.looking == []


def test_a_card_that_is_looked_at_for_long_stays_open_to_others(room: Room) -> None:
    sam = room.session("sam")
    for _ in range(5):
        room.now += timedelta(minutes=1)
        sam.look_again()
    eva = room.session("eva")
    assert eva.shown
    assert [one.by for one in eva.shown.sheet.looking] == ["sam"]


def test_a_card_that_somebody_has_open_can_be_approved_by_another(room: Room) -> None:
    room.session("sam")
    eva = room.session("eva")
    presses(eva, "a")
    assert stage(room.store) is Stage.APPROVED
