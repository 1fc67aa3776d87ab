"""Words of another reply planted on a card: somebody notices or not, and they never get anywhere."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from responder.cli.review.session import Session
from responder.model.case import Stage
from responder.model.correction import What
from responder.model.mention import Mention
from responder.model.triage import Triage
from responder.steps.approve import approve
from responder.steps.correct import Said, correct
from responder.steps.measure import measure_person
from responder.store.errors import Conflict
from tests.cli.review.room import Careful, Room, presses
from tests.lifecycle.world import TARGETS
from tests.network import at, mention


class Telling(Careful):
    """Knows what complaints are about."""

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        topic = "danger" if "fire" in mention.text else "late"
        return replace(super().weigh(mention, earlier, now, language=language), topic=topic)


@pytest.fixture
def room(bare: Room) -> Room:
    """A room in which c-1, a fire, waits, and c-2, which is not one; and words are planted on every card."""
    bare.judge, bare.planted = Telling(), 1
    return bare.say(
        mention("1", "My heater is on fire", author="ana", minutes=1),
        mention("2", "My parcel is lost.", author="bo", minutes=2),
    )


def words(session: Session) -> str:
    assert session.shown
    assert session.shown.draft
    return session.shown.draft.text


def noticed(room: Room) -> tuple[int, int]:
    told = measure_person(room.store, "sam", at(0))
    return told.noticed, told.planted


def test_who_approves_the_words_of_another_reply_approves_nothing_and_is_told(room: Room) -> None:
    session = room.session()
    assert "(c-2, 2, draft 1)" in words(session)
    said = presses(session, "a")
    assert said.says.startswith(
        "That was planted: the reply to c-2, which could never have gone out. Nothing"
    )
    assert "(c-1, 1, draft 1)" in words(session)
    assert room.store.views.figures(at(9), at(0)).by_stage == {Stage.WAITING: 2}
    assert noticed(room) == (0, 1)
    room.send()
    assert room.network.public == []


@pytest.mark.parametrize("letter", ["r", "e", "E", "n", "md"])
def test_who_does_not_want_them_has_noticed_and_decides_about_the_draft_that_is_meant(
    room: Room, letter: str
) -> None:
    session = room.session()
    assert "Well read" in presses(session, letter).says
    assert "(c-1, 1, draft 1)" in words(session)
    assert noticed(room) == (1, 1)
    assert "Approved c-1" in presses(session, "a").says


def test_in_the_menu_too_whoever_wants_another_draft_has_noticed(room: Room) -> None:
    session = room.session()
    assert "Well read" in presses(session, "m", "d").says
    assert noticed(room) == (1, 1)


def test_nothing_in_the_database_could_be_approved_in_those_words(room: Room) -> None:
    session = room.session()
    assert session.shown
    assert session.shown.draft
    shown = room.store.casework.get(1), session.shown.draft
    with pytest.raises(Conflict):
        approve(room.store, room.accounts["shop"], shown, "sam", at(9))


def test_they_stay_while_the_card_is_open_and_go_when_somebody_moves_the_case(room: Room) -> None:
    session = room.session()
    session.look_again()
    assert "(c-2, 2, draft 1)" in words(session)
    moved = room.store.casework.get(1)
    correct(room.store, TARGETS, moved, Said(What.LESS_URGENT, "ana"), room.clock())
    assert session.look_again()
    assert "(c-1, 1, draft" in words(session)
    assert "planted" not in presses(session, "a").says


def test_a_held_key_is_no_answer(room: Room) -> None:
    session = room.session(least=60.0)
    assert "only just come up" in presses(session, "a").says
    assert noticed(room) == (0, 0)
    room.now += timedelta(minutes=2)
    assert "Nothing was approved" in presses(session, "a").says


def test_a_choice_of_several_never_holds_such_words(room: Room) -> None:
    session = room.session()
    assert "Nothing was approved" in presses(session, " ").says
    assert session.chosen == {}
    presses(session, " ")
    assert "(c-2, 2, draft 1)" in words(session)
    assert session.shown
    assert session.shown.planted == ""


def test_chance_decides_about_each_card_and_none_is_planted_by_itself(room: Room) -> None:
    desk, chances = room.desk(), iter([0.9, 0.0])
    room.planted = 2
    session = Session(room.desk(), chance=lambda: next(chances))
    assert "(c-1, 1, draft 1)" in words(session)
    assert session.step(1)
    assert "(c-1, 1, draft 1)" in words(session)
    assert session.shown
    assert session.shown.planted == "c-1"
    assert desk.settings.review.planted == 1
    room.planted = 0
    assert "(c-1, 1, draft 1)" in words(room.session())
