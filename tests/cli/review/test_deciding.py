"""Yes, no, and taking either back: each key's law."""

from datetime import timedelta
from typing import Literal

import pytest

from responder.cli.review.questions import Choice, Line, Question, Sure
from responder.connector import Answerable, Eligibility
from responder.model.case import Stage
from responder.model.decision import Decision
from responder.model.delivery import DeliveryStage
from tests.cli.review.room import Room, presses
from tests.cli.review.test_session import at
from tests.desk import seen, stage
from tests.network import mention


def last(room: Room, number: int = 1) -> Decision:
    return room.store.views.card(number).decisions[-1]


def deliveries(room: Room, number: int = 1) -> list[DeliveryStage]:
    return [one.stage for one in room.store.views.card(number).deliveries]


def test_a_approves_exactly_these_words_and_goes_on(room: Room) -> None:
    session = room.session()
    words = seen(room.store)[1]
    told = presses(session, "a")
    assert told.says == "Approved c-1. It goes out in 20 s; u takes it back."
    assert at(session) == "c-2"
    assert (last(room).by, last(room).fingerprint) == ("sam", words.fingerprint)
    room.send()
    assert room.network.public == [("1", words.text)]


def test_an_approval_waits_for_the_time_to_take_it_back(room: Room) -> None:
    presses(room.session(), "a")
    planned = room.store.views.card(1).deliveries[0]
    assert planned.not_before == last(room).at + timedelta(seconds=20)
    room.send(minutes=0.1)
    assert room.network.public == []


def test_how_long_the_card_was_there_is_kept(room: Room) -> None:
    session = room.session()
    room.now += timedelta(seconds=30)
    presses(session, "a")
    with room.store.read() as connection:
        seconds = connection.exec_driver_sql("SELECT seconds FROM decision").scalar_one()
    assert 30 <= seconds < 60


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("a forbidden thing", "a forbidden word"),
        ("an endless story", "the reply is "),
    ],
)
def test_what_cannot_be_approved_switches_a_off_and_says_why(bare: Room, said: str, why: str) -> None:
    session = bare.say(mention("1", said)).session()
    told = presses(session, "a").says
    assert told.startswith(f"a is off: {why}")
    assert stage(bare.store) is Stage.WAITING


def test_over_the_limit_it_says_by_how_much(bare: Room) -> None:
    session = bare.say(mention("1", "an endless story")).session()
    assert session.shown
    over = len(session.shown.draft.text) - 120  # type: ignore[union-attr]
    assert f"{over} over the 120 characters" in presses(session, "a").says


def test_a_warning_asks_for_a_twice_and_for_the_reason(bare: Room) -> None:
    session = bare.say(mention("1", "a careless thing")).session()
    told = presses(session, "a")
    assert told.says == "1 warning: a careless word. a again approves all the same."
    assert stage(bare.store) is Stage.WAITING

    def asked(question: Question) -> str:
        assert isinstance(question, Line)
        assert "Why approve all the same?" in question.asks
        return "they asked for it"

    presses(session, "a", asked)
    assert stage(bare.store) is Stage.APPROVED
    assert last(bare).reason == "they asked for it"
    assert bare.store.views.overrides() == {"careless": 1}


@pytest.mark.parametrize("between", ["j", "k", "i", "y"])
def test_another_key_between_begins_the_warning_anew(bare: Room, between: str) -> None:
    bare.say(mention("1", "a careless thing"), mention("2", "another", author="bo", minutes=1))
    session = bare.session()
    presses(session, "a")
    presses(session, between, *([None] if between == "i" else []))
    presses(session, "k")
    assert "a again" in presses(session, "a").says


@pytest.mark.parametrize("answer", ["", None])
def test_a_warning_without_a_reason_stays(bare: Room, answer: str | None) -> None:
    session = bare.say(mention("1", "a careless thing")).session()
    presses(session, "a")
    assert presses(session, "a", answer).says == "Nothing was approved."
    assert stage(bare.store) is Stage.WAITING


def test_a_key_that_is_held_approves_one_card_and_no_more(room: Room) -> None:
    session = room.session(least=30)  # the clock goes on a second a look
    room.now += timedelta(seconds=40)
    assert presses(session, "a").says.startswith("Approved c-1")
    for _ in range(5):
        assert presses(session, "a").says == "c-2 has only just come up: read it, then a."
    room.now += timedelta(seconds=40)
    assert presses(session, "a").says.startswith("Approved c-2")


def test_words_that_come_up_under_ones_eyes_are_not_approved_by_the_key_for_those_before(room: Room) -> None:
    session, eva = room.session(), room.session("eva")
    presses(eva, "e", "Quite other words")
    assert presses(session, "a").says.startswith("c-1: eva put other words in its place")
    told = presses(session, "a").says
    assert told == "The words of c-1 changed while you looked: read them, then a."
    assert stage(room.store) is Stage.WAITING
    assert presses(session, "a").says.startswith("Approved c-1")


def test_what_the_network_has_closed_since_is_not_approved(room: Room) -> None:
    session = room.session()
    room.network.answerable = Eligibility(answerable=Answerable.NO, detail="the thread is locked")
    told = presses(session, "a").says
    assert "the thread is locked" in told
    assert stage(room.store) is Stage.WAITING


def test_where_the_network_lets_nobody_answer_a_says_why(bare: Room) -> None:
    bare.network.answerable = Eligibility(answerable=Answerable.NO, detail="the thread is locked")
    session = bare.say(mention("1")).session()
    assert presses(session, "a").says == "a is off: the thread is locked."
    assert presses(session, "e").says == "e is off: there is no draft."


@pytest.mark.parametrize(
    ("mode", "says"),
    [("off", "Posting is off: it stays in the outbox"), ("dry-run", "Posting is dry-run: it stays")],
)
def test_where_nothing_is_sent_it_says_so(room: Room, mode: Literal["off", "dry-run"], says: str) -> None:
    room.mode = mode
    assert says in presses(room.session(), "a").says


def test_while_sending_is_paused_it_says_so(room: Room) -> None:
    room.store.control.pause("eva", room.clock())
    assert "Sending is paused by eva: it stays in the outbox" in presses(room.session(), "a").says


# --- u


def test_u_takes_the_last_approval_back_and_shows_it_again(room: Room) -> None:
    session = room.session()
    presses(session, "a")
    assert presses(session, "u").says == "c-1 is not sent; it waits for you again."
    assert at(session) == "c-1"
    assert deliveries(room) == [DeliveryStage.VOID]
    room.send()
    assert room.network.public == []
    assert presses(session, "u").says.startswith("u is off")


def test_what_was_edited_after_an_undo_is_what_goes_out(room: Room) -> None:
    session = room.session()
    presses(session, "a")
    presses(session, "u")
    presses(session, "e", "We are sorry about the fire, and on our way.")
    presses(session, "a")
    room.send()
    assert room.network.public == [("1", "We are sorry about the fire, and on our way.")]
    assert deliveries(room) == [DeliveryStage.VOID, DeliveryStage.SENT]


def test_approvals_are_taken_back_one_by_one_the_last_first(room: Room) -> None:
    session = room.session()
    presses(session, "a")
    presses(session, "a")
    presses(session, "u")
    assert at(session) == "c-2"
    presses(session, "u")
    assert at(session) == "c-1"


def test_what_went_out_cannot_be_taken_back_and_u_says_so(room: Room) -> None:
    session = room.session()
    presses(session, "a")
    room.send()
    assert presses(session, "u").says == "c-1 is answered; its approval cannot be taken back."
    assert presses(session, "u").says.startswith("u is off")


def test_u_takes_back_only_what_was_done_here(room: Room) -> None:
    presses(room.session("sam"), "a")
    assert presses(room.session("eva"), "u").says == "u is off: you did nothing here yet."


# --- r


@pytest.mark.parametrize(
    ("letter", "more", "reason"),
    [
        ("n", [], "not a complaint"),
        ("s", [], "spam"),
        ("h", [], "handled elsewhere"),
        ("o", ["a test post"], "a test post"),
    ],
)
def test_r_asks_the_reason_keeps_it_and_goes_on(
    room: Room, letter: str, more: list[str], reason: str
) -> None:
    session = room.session()
    told = presses(session, "r", letter, *more)
    assert told.says == f"c-1 is set aside: {reason}. u takes it back."
    assert (stage(room.store), last(room).reason) == (Stage.SET_ASIDE, reason)
    assert at(session) == "c-2"


@pytest.mark.parametrize("answers", [[None], ["o", ""], ["o", None], ["b", None], ["b", ""]])
def test_without_a_reason_nothing_is_rejected(room: Room, answers: list[str | None]) -> None:
    session = room.session()
    assert presses(session, "r", *answers).says == "Nothing was changed."
    assert stage(room.store) is Stage.WAITING


def test_what_one_of_us_answered_by_hand_is_answered_at_its_address(room: Room) -> None:
    session = room.session()
    assert presses(session, "r", "b", "https://net.example/r1").says == "c-1 is answered, by hand."
    assert stage(room.store) is Stage.ANSWERED
    assert room.store.views.card(1).events[-1].detail["url"] == "https://net.example/r1"
    assert at(session) == "c-2"
    assert "is no address" in presses(session, "r", "b", "over there").says
    assert stage(room.store, 2) is Stage.WAITING


def test_no_complaint_tells_triage_and_u_tells_it_the_contrary(room: Room) -> None:
    session = room.session()
    presses(session, "j")
    presses(session, "r", "n")
    assert [str(one.what) for one in room.store.views.card(2).corrections] == ["not-a-complaint"]
    presses(session, "u")
    assert [str(one.what) for one in room.store.views.card(2).corrections][1:] == ["complaint"]
    assert stage(room.store, 2) is Stage.WAITING


def test_u_takes_a_rejection_back_with_the_words_it_had(room: Room) -> None:
    session = room.session()
    presses(session, "e", "My own words")
    presses(session, "r", "s")
    assert presses(session, "u").says == "c-1 waits for you again."
    assert at(session) == "c-1"
    assert (stage(room.store), seen(room.store)[1].text) == (Stage.WAITING, "My own words")


# --- several at once


def choose(room: Room, *texts: str) -> None:
    room.say(*(mention(str(n), text, author=f"a{n}", minutes=n) for n, text in enumerate(texts, 1)))


def test_space_chooses_and_goes_on_and_takes_out_again(room: Room) -> None:
    session = room.session()
    assert presses(session, " ").says.startswith("1 case chosen.")
    assert at(session) == "c-2"
    presses(session, "k")
    assert presses(session, " ").says == "c-1 is not chosen any more; 0 are."
    assert session.chosen == {}


def test_chosen_drafts_are_approved_after_one_question_that_shows_each(room: Room) -> None:
    session = room.session()
    presses(session, " ")
    presses(session, " ")

    def sure(question: Question) -> str:
        assert isinstance(question, Sure)
        assert question.asks == "Approve exactly these 2 drafts?"
        told = "\n".join(question.lines)
        assert "c-1  My heater is on fire" in told
        assert "draft 1: We got this wrong and we are sorry (c-2, 2, draft 1)." in told
        return "y"

    told = presses(session, "a", sure)
    assert told.says == "Approved c-1 and c-2. They go out in 20 s; u takes it back."
    assert at(session) == "c-3"
    assert session.chosen == {}
    room.send()
    room.send()
    assert len(room.network.public) == 2


def test_u_takes_all_of_them_back(room: Room) -> None:
    session = room.session()
    presses(session, " ")
    presses(session, " ")
    presses(session, "a", "y")
    presses(session, "u")
    assert [stage(room.store, number) for number in (1, 2, 3)] == [Stage.WAITING] * 3
    assert at(session) == "c-2"


def test_without_a_yes_nothing_is_approved(room: Room) -> None:
    session = room.session()
    presses(session, " ")
    assert presses(session, "a", None).says == "Nothing was approved."
    assert stage(room.store) is Stage.WAITING


def test_one_that_is_blocked_stops_them_all(bare: Room) -> None:
    choose(bare, "lost", "forbidden", "late")
    session = bare.session()
    for _ in range(3):
        presses(session, " ")
    told = presses(session, "a").says
    assert told.startswith("Nothing was approved. c-2: a forbidden word")
    assert at(session) == "c-2"
    assert stage(bare.store) is Stage.WAITING
    presses(session, " ")
    assert presses(session, "a", "y").says.startswith("Approved c-1 and c-3.")


def test_warnings_among_them_are_listed_and_need_one_reason(bare: Room) -> None:
    choose(bare, "lost", "careless")
    session = bare.session()
    presses(session, " ")
    presses(session, " ")

    def sure(question: Question) -> str:
        assert isinstance(question, Sure)
        assert any(line.strip().startswith("warn  a careless word") for line in question.lines)
        return "y"

    presses(session, "a", sure, "it is a joke of theirs")
    assert (last(bare, 1).reason, last(bare, 2).reason) == ("", "it is a joke of theirs")


def test_words_that_changed_since_they_were_chosen_are_not_approved(room: Room) -> None:
    session, eva = room.session(), room.session("eva")
    presses(session, " ")
    presses(session, " ")
    presses(eva, "e", "Quite other words")
    told = presses(session, "a").says
    assert told == "Nothing was approved. c-1: its words are not those you chose. space takes it out."
    assert stage(room.store, 2) is Stage.WAITING


def test_one_that_somebody_took_since_is_not_chosen_any_more(room: Room) -> None:
    session, eva = room.session(), room.session("eva")
    presses(session, " ")
    presses(session, " ")
    presses(eva, "a")
    told = presses(session, "a").says
    assert told == "Nothing was approved. c-1 is approved, in the outbox; it is not chosen any more."
    assert presses(session, "a", "y").says.startswith("Approved c-2.")


def test_one_that_somebody_takes_while_the_question_stands_does_not_stop_the_others(room: Room) -> None:
    session, eva = room.session(), room.session("eva")
    presses(session, " ")
    presses(session, " ")

    def sure(_: Question) -> str:
        presses(eva, "a")
        return "y"

    told = presses(session, "a", sure)
    assert told.says.startswith("Approved c-2.")
    assert told.lines[0].startswith("c-1: ")
    room.send()
    room.send()
    assert len(room.network.public) == 2


def test_chosen_cases_are_rejected_with_one_reason(room: Room) -> None:
    session = room.session()
    presses(session, " ")
    presses(session, " ")

    def why(question: Question) -> str:
        assert isinstance(question, Choice)
        assert "these 2 cases" in question.asks
        return "s"

    assert presses(session, "r", why).says == "c-1 and c-2 are set aside: spam. u takes it back."
    assert [stage(room.store, number) for number in (1, 2)] == [Stage.SET_ASIDE] * 2
    presses(session, "u")
    assert [stage(room.store, number) for number in (1, 2)] == [Stage.WAITING] * 2
