"""Opening a post, and replies that only a person can send."""

from dataclasses import replace

import pytest

from responder.cli.review.keys import keys
from responder.cli.review.questions import Copy, Open, Question, Read
from responder.connector import Answerable, Eligibility
from responder.model.case import Stage
from responder.model.delivery import DeliveryStage
from tests.cli.review.room import Room, presses
from tests.cli.review.test_session import at
from tests.desk import seen, stage
from tests.network import mention

WHERE = "https://net.example/answer?text={words}"


@pytest.fixture
def by_hand(room: Room) -> Room:
    """A room whose network lets only a person answer."""
    room.network.answerable = Eligibility(answerable=Answerable.BY_HAND, detail=WHERE)
    room.say(mention("4", "It burns, fire!", author="di", minutes=0.5))
    return room


def letters(room: Room) -> str:
    return "".join(one.letter for one in keys(room.session()))


@pytest.mark.parametrize(("answer", "says"), [("y", "Opened: "), (None, "It stands at: ")])
def test_o_opens_the_post_and_tells_its_address(room: Room, answer: str | None, says: str) -> None:
    def opens(question: Question) -> str | None:
        assert question == Open("https://net.example/1")
        return answer

    assert presses(room.session(), "o", opens).says == f"{says}https://net.example/1"


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd", "https://x.example/\u202e"])
def test_an_address_that_is_none_is_never_opened(bare: Room, url: str) -> None:
    session = bare.say(replace(mention("1"), url=url)).session()
    assert presses(session, "o").says.startswith("o is off: ")


def test_i_shows_the_thread_and_the_history(room: Room) -> None:
    def reads(question: Question) -> None:
        assert isinstance(question, Read)
        assert question.sheet.history
        assert question.sheet.card.case.name == "c-1"

    presses(room.session(), "i", reads)


def test_an_approval_by_hand_stays_on_the_card_and_offers_copy_and_the_address(by_hand: Room) -> None:
    session = by_hand.session()
    assert at(session) == "c-4"
    assert "c" not in letters(by_hand)
    told = presses(session, "a").says
    assert told.startswith("Approved c-4. Only a person can answer there: open https://net.example/answer?")
    assert at(session) == "c-4"
    assert {"c", "p"} <= {one.letter for one in keys(session)}
    text = seen(by_hand.store, 4)[1].text

    def copies(question: Question) -> str:
        assert question == Copy(text)
        return "y"

    assert presses(session, "c", copies).lines == (text,)
    assert presses(session, "c", None).lines == (text,)

    def opens(question: Question) -> None:
        assert isinstance(question, Open)
        assert question.url.startswith("https://net.example/answer?text=We%20got")

    presses(session, "o", opens)
    told = presses(session, "p", "https://net.example/r9").says
    assert told == "Noted: the reply of c-4 is public."
    assert at(session) == "c-1"
    (sent,) = by_hand.store.views.card(4).deliveries
    assert (sent.stage, sent.receipt and sent.receipt.url) == (DeliveryStage.SENT, "https://net.example/r9")
    assert stage(by_hand.store, 4) is Stage.ANSWERED
    by_hand.send()
    assert by_hand.network.public == []


def test_what_is_no_address_is_not_taken_for_one(by_hand: Room) -> None:
    session = by_hand.session()
    presses(session, "a")
    assert "is no address" in presses(session, "p", "I did it").says
    assert presses(session, "p", None).says == "Nothing was changed."
    assert presses(session, "p", "").says == "Nothing was changed."
    assert stage(by_hand.store, 4) is Stage.APPROVED


def test_an_approval_by_hand_can_be_taken_back(by_hand: Room) -> None:
    session = by_hand.session()
    presses(session, "a")
    assert presses(session, "u").says == "c-4 is not sent; it waits for you again."
    assert "c" not in {one.letter for one in keys(session)}


def test_one_goes_on_and_comes_back_to_a_reply_by_hand(by_hand: Room) -> None:
    session = by_hand.session()
    presses(session, "a")
    presses(session, "j")
    assert at(session) == "c-1"
    presses(session, "k")
    assert at(session) == "c-4"
    assert "p" in {one.letter for one in keys(session)}
