"""The rarer deeds: what they ask, do and take back, at both faces."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.model.case import Stage as CaseStage
from responder.store.store import Store
from tests.cli.review.room import Room, presses
from tests.cli.review.stage import Stage, on_stage
from tests.desk import seen, stage
from tests.network import mention


@pytest.fixture
def pair(store: Store, tmp_path: Path) -> Room:
    """A room in which Ana wrote twice, and Bo once."""
    return Room(store, tmp_path).say(
        mention("1", "My parcel is lost.", author="ana", minutes=1),
        mention("2", "Where is my parcel?", author="ana", minutes=2),
        mention("3", "Where is my refund?", author="bo", minutes=3),
    )


def test_another_draft_is_written_at_once_by_what_is_known(room: Room) -> None:
    session = room.session()
    told = presses(session, "m", "d", "too vague", "f", "ours", "s", "we send a new one on Monday", "w")
    assert told.says == "Draft 2 of c-1 waits for you. u puts the one before back."
    case, draft = seen(room.store)
    assert case.facts.told() == {"fault": "ours", "solution": "we send a new one on Monday"}
    assert session.shown is not None
    assert session.shown.draft == draft
    presses(session, "u")
    assert seen(room.store)[1].text == "We got this wrong and we are sorry (c-1, 1, draft 1)."


@pytest.mark.parametrize("answers", [(None,), ("d", None), ("d", "vague", None), ("d", "vague", "f", "mine")])
def test_a_draft_that_is_not_asked_for_to_the_end_changes_nothing(
    room: Room, answers: tuple[str | None, ...]
) -> None:
    presses(room.session(), "m", *answers)
    assert seen(room.store)[0].draft_number == 1


def test_a_fact_of_no_known_kind_is_told_with_those_there_are(room: Room) -> None:
    told = presses(room.session(), "md", "vague", "f", "mine")
    assert told.says == "'mine' is not known here. Say one of: ours, vendor, unknown."


def test_triage_is_told_what_is_more_urgent_and_u_tells_it_the_opposite(room: Room) -> None:
    session = room.session()
    presses(session, "j")
    before = seen(room.store, 2)[0].tier
    told = presses(session, "m", "c", "m")
    assert told.says.startswith(f"c-2 is of tier {before + 1} now")
    presses(session, "u")
    assert seen(room.store, 2)[0].tier == before


def test_what_is_no_complaint_leaves_the_list_and_comes_back_by_u(room: Room) -> None:
    session = room.session()
    presses(session, "j")
    told = presses(session, "mc", "n")
    assert told.says == "c-2 is set aside as no complaint. u takes it back."
    assert stage(room.store, 2) is CaseStage.SET_ASIDE
    presses(session, "u")
    assert stage(room.store, 2) is CaseStage.WAITING


def test_a_case_belongs_to_another_of_the_same_author_without_a_question(pair: Room) -> None:
    session = pair.session()
    presses(session, "j")
    told = presses(session, "mm", "c-1")
    assert told.says == "c-2 belongs to c-1 and is set aside; u takes it back."
    assert seen(pair.store, 2)[0].merged_into == 1
    presses(session, "u")
    assert stage(pair.store, 2) is CaseStage.WAITING


@pytest.mark.parametrize(("sure", "merged"), [("y", 1), (None, 0)])
def test_what_different_people_wrote_is_one_matter_only_after_a_yes(
    pair: Room, sure: str | None, merged: int
) -> None:
    session = pair.session()
    presses(session, "j")
    presses(session, "j")
    presses(session, "mm", "1", sure)
    assert (seen(pair.store, 3)[0].merged_into or 0) == merged


@pytest.mark.parametrize("said", ["c-2", "the other one"])
def test_what_is_no_other_case_speaks_for_none(pair: Room, said: str) -> None:
    session = pair.session()
    presses(session, "j")
    assert presses(session, "mm", said).look == "care"
    assert not seen(pair.store, 2)[0].merged_into


def test_a_merged_case_that_is_looked_up_is_taken_apart(pair: Room) -> None:
    session = pair.session()
    presses(session, "j")
    presses(session, "mm", "1")
    presses(session, "/", "id:c-2 stage:all")
    told = presses(session, "m", "t")
    assert told.says == "c-2 stands for itself again. Draft 2 of c-2 waits for you."


def test_who_asked_not_to_be_answered_is_not_until_u(room: Room) -> None:
    session = room.session()
    presses(session, "j")
    assert "@bo is not answered from now on." in presses(session, "mo", "y").says
    assert seen(room.store, 2)[0].opted_out
    assert "@bo may be answered again." in presses(session, "u").says
    assert not seen(room.store, 2)[0].opted_out


def test_an_approval_of_an_earlier_day_is_taken_back_where_it_is_looked_up(room: Room) -> None:
    presses(room.session("eva"), "a")
    session = room.session()
    presses(session, "/", "stage:approved")
    assert presses(session, "mw").says == "c-1 is not sent; it waits for you again."
    assert stage(room.store) is CaseStage.WAITING


def test_what_was_set_aside_or_put_off_is_brought_back(room: Room) -> None:
    session = room.session()
    presses(session, "r", "s")
    presses(session, "s", "h")
    presses(session, "/", "stage:set-aside")
    assert presses(session, "mb").says == "c-1 needs a reply. Draft 2 of c-1 waits for you."
    presses(session, "/", "stage:snoozed")
    assert presses(session, "ms").says == "c-2 is back."


def test_the_menu_holds_what_can_be_done_with_this_card(room: Room) -> None:
    told = room.talk("space", "m", "n", "m", "", "md", "vague", "w", "a")
    assert "No case is chosen any more." in told
    assert "d  Have another draft written, by what you know about it." in told
    assert "t  Take it apart" not in told
    assert "Nothing was changed." in told
    assert "Draft 2 of c-2 waits for you." in told
    assert "Approved c-2." in told


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("letters", ["m", "md", "mc"])
def test_the_menus_look_as_they_did(
    room: Room, letters: str, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async def play(stage: Stage) -> None:
        await stage.press(*letters)
        if letters == "md":
            await stage.press(*"vague", "enter")
        assert stage.text == snapshot

    on_stage(room.session(), play, size)


@pytest.mark.slow
def test_the_palette_finds_a_rarer_deed_too(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("ctrl+p", *"opt out")
        await stage.pilot.pause(0.5)
        await stage.press("enter")
        await stage.settle()
        assert "@ana is not answered from now on" in stage.words

    on_stage(room.session(), play)
