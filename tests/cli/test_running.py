"""The daemon is started from the command line, and the switch stops all sending."""

import subprocess
import sys

from tests.cli.conftest import POSTS
from tests.cli.scene import Scene


def test_the_switch_holds_and_says_what_it_does(scene: Scene) -> None:
    said = scene.call("pause", answers="")
    assert "All sending is stopped." in said.out
    assert "resume" in said.out
    assert scene.store.control.paused()
    assert "ALL SENDING IS PAUSED" in scene.call("digest").out
    assert "But posting is off: nothing is sent." in scene.call("resume", answers="").out
    assert not scene.store.control.paused()


def test_going_on_tells_what_waits(scene: Scene) -> None:
    scene.configure(mode="on")
    scene.call("approve", "c-1", "--draft", "1")
    assert "1 approved reply waits in the outbox." in scene.call("resume", answers="").out


def test_who_pressed_it_is_kept(scene: Scene) -> None:
    document = scene.call("pause", "--json", who="kim").document
    assert document["items"][0]["by"] == "kim"


def test_the_daemon_does_everything_once_for_cron(empty: Scene) -> None:
    empty.say(*POSTS)
    command = [sys.executable, "-m", "responder", "--config", str(empty.config), "daemon", "--once"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert len(empty.call("queue").rows) == 4
