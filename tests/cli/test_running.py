"""The daemon is started from the command line, and the switch stops all sending."""

import subprocess
import sys

import pytest

from tests.cli.conftest import POSTS
from tests.cli.scene import Scene
from tests.network import at


def test_the_switch_holds_and_says_what_it_does(scene: Scene) -> None:
    said = scene.call("pause", answers="")
    assert "All sending is stopped." in said.out
    assert "resume" in said.out
    assert scene.store.control.paused()
    assert "All sending is paused by sam." in scene.call("digest").out
    assert "But posting is off: nothing is sent." in scene.call("resume", answers="").out
    assert not scene.store.control.paused()


def test_going_on_tells_what_waits(scene: Scene) -> None:
    scene.configure(mode="on")
    scene.call("approve", "c-1", "--draft", "1")
    assert "1 approved reply waits in the outbox." in scene.call("resume", answers="").out


def test_who_pressed_it_is_kept(scene: Scene) -> None:
    document = scene.call("pause", "--json", who="kim").document
    assert document["items"][0]["by"] == "kim"


@pytest.mark.slow
def test_the_daemon_does_everything_once_for_cron(empty: Scene) -> None:
    empty.say(*POSTS)
    command = [sys.executable, "-m", "responder", "--config", str(empty.config), "daemon", "--once"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert len(empty.call("queue").rows) == 4


def test_a_file_stops_all_sending_and_every_place_says_so(scene: Scene) -> None:
    scene.configure(mode="on")
    scene.call("approve", "c-1", "--draft", "1")
    file = scene.folder / "responder.pause"
    file.write_text("wrong prices\n")
    whose = f"paused by the file {file} (wrong prices)"
    assert whose in scene.call("post").err
    assert not scene.outbox.exists()
    assert "ALL SENDING IS PAUSED by the file" in scene.call("queue", answers="").words
    assert f"ALL SENDING IS PAUSED {whose[7:]}" in scene.call("queue").err
    assert scene.call("queue", "--json").document["paused_by"] == whose.removeprefix("paused ")
    assert scene.call("show", "c-2", "--json").document["items"][0]["paused_by"]
    assert f"All sending is paused by {file} (wrong prices)." in scene.call("digest").words
    assert f"still {whose}" in scene.call("resume").out
    file.unlink()
    scene.now = at(70)  # the time to take it back is over
    scene.call("post")
    assert scene.outbox.exists()


def test_where_the_switch_cannot_be_pressed_the_file_is_made(scene: Scene) -> None:
    database = scene.folder / "r.db"
    kept = database.read_bytes()
    database.write_text("no database any more " * 100)
    said = scene.call("pause", "--json")
    assert said.code == 0
    assert "by the file" in said.document["items"][0]["says"]
    database.write_bytes(kept)
    assert "All sending is paused by" in scene.call("digest").out
    assert "(sam pressed pause)" in scene.call("digest").words


def test_without_a_file_in_the_settings_a_switch_that_cannot_be_pressed_says_so(scene: Scene) -> None:
    scene.configure('pause_file = ""')
    (scene.folder / "r.db").write_text("no database any more " * 100)
    said = scene.call("pause")
    assert said.code == 1
    assert not (scene.folder / "responder.pause").exists()


@pytest.mark.slow
def test_the_file_lies_beside_the_database_wherever_responder_is_started(scene: Scene) -> None:
    (scene.folder / "responder.pause").touch()
    command = [sys.executable, "-m", "responder", "--config", str(scene.config), "queue"]
    said = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "ALL SENDING IS PAUSED by the file" in said.stderr
