"""The switch that stops all sending, at the desk."""

from pathlib import Path

from responder.cli.review import drawing
from tests.cli.review.room import Room, presses


def test_all_sending_is_stopped_by_two_keys_and_the_header_says_so(room: Room) -> None:
    session = room.session()
    assert presses(session, "m", "!").says.startswith("All sending is stopped.")
    assert room.store.control.paused()
    assert "SENDING IS PAUSED by sam" in drawing.top(session, 80).plain


def test_sending_goes_on_only_after_a_question(room: Room) -> None:
    room.store.control.pause("ana", room.now)
    session = room.session()
    presses(session, "m", "!", None)
    assert room.store.control.paused()
    assert presses(session, "m", "!", "y").says == "Sending goes on."
    assert not room.store.control.paused()
    assert "PAUSED" not in drawing.top(session, 80).plain


def test_a_file_still_stops_what_the_switch_lets_go(room: Room, tmp_path: Path) -> None:
    room.store.control.pause("ana", room.now)
    room.store.pause_file = tmp_path / "pause"
    room.store.pause_file.touch()
    session = room.session()
    assert "still paused by the file" in presses(session, "m!", "y").says
    assert "SENDING IS PAUSED by the file" in drawing.top(session, 80).plain


def test_a_pause_that_somebody_else_pressed_is_seen_at_the_next_look(room: Room) -> None:
    session = room.session()
    assert not session.pause
    room.store.control.pause("ana", room.now)
    session.look_again()
    assert session.pause.by == "ana"
