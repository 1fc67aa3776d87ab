"""What status tells, also of a daemon that is stuck, was killed, or never ran."""

import os
import platform
from dataclasses import replace
from datetime import timedelta

from responder.model.blind import Blind, Cause
from responder.model.running import DaemonState, RingState
from tests.cli.scene import Scene

AGAIN = "end it, and start it again"


def daemon(scene: Scene, *, minutes: float = 0, pid: int | None = None, **more: object) -> DaemonState:
    """Leave a sign of life of so many minutes ago."""
    seen = scene.now - timedelta(minutes=minutes)
    rings = (
        RingState(name="poll shop", well_at=seen),
        RingState(name="triage", next_at=seen + timedelta(seconds=5), well_at=seen),
    )
    known = {"rings": rings} | more
    one = DaemonState(
        name="here:1", host=platform.node(), pid=pid or os.getpid(), version="1", started_at=seen,
        seen_at=seen, **known,  # type: ignore[arg-type]  # by name
    )  # fmt: skip
    store = scene.store
    store.daemons.seen(one)
    store.close()
    return one


def wrong(scene: Scene) -> list[str]:
    """Return what is wrong, each in a sentence; the exit code says the same."""
    said = scene.call("status")
    found = [row[3] for row in said.rows if row[0] == "wrong"]
    assert said.code == (1 if found else 0)
    document = scene.call("status", "--json").document["items"][0]
    assert document["wrong"] == found
    assert document["well"] is not bool(found)
    return found


def test_all_is_well(scene: Scene) -> None:
    daemon(scene)
    assert wrong(scene) == []
    rows = scene.call("status").rows
    assert ["ring", "triage", "well", ""] in rows
    assert ["queue", "WAITING", "4", ""] in rows


def test_without_a_daemon_it_is_not_well(scene: Scene) -> None:
    assert wrong(scene) == ["no daemon is running; start it: responder daemon"]


def test_rounds_that_cron_starts_will_do(scene: Scene) -> None:
    store, cron = scene.store, daemon(scene, minutes=50, every=1200.0)
    store.daemons.seen(replace(cron, name="here:once", pid=0))
    store.daemons.stopped("here:1", scene.now)
    assert wrong(scene) == []
    assert "here:once, last round 50 min ago\n" in scene.call("status", answers="").out
    store.daemons.seen(replace(cron, name="here:once", pid=0, seen_at=scene.now - timedelta(hours=2)))
    (said,) = wrong(scene)
    assert said.startswith("here:once did no round for 2 h: look at the cron job that starts it;")
    daemon(scene)  # it needs no rounds any more
    assert wrong(scene) == []
    store.close()


def test_one_that_ended_of_its_own_will_does_not_run(scene: Scene) -> None:
    daemon(scene, stopped_at=scene.now)
    assert wrong(scene) == ["no daemon is running; start it: responder daemon"]


def test_one_that_hangs_is_told_with_its_process(scene: Scene) -> None:
    daemon(scene, minutes=2.9)
    assert wrong(scene) == []
    daemon(scene, minutes=5)
    assert wrong(scene) == [
        f"here:1 gave no sign of life for 5 min: process {os.getpid()} is there, and stuck; {AGAIN}"
    ]


def test_one_that_was_killed_is_told(scene: Scene) -> None:
    daemon(scene, minutes=5, pid=2**22 + 7)  # no machine counts its processes so far
    assert wrong(scene) == [
        "here:1 gave no sign of life for 5 min: its process is gone; start it: responder daemon"
    ]


def test_one_on_another_machine_is_looked_after_there(scene: Scene) -> None:
    store = scene.store
    one = daemon(scene)
    far = replace(one, name="far:1", host="far.example", seen_at=scene.now - timedelta(hours=1))
    store.daemons.seen(far)
    store.close()
    assert wrong(scene) == ["far:1 gave no sign of life for 60 min: look on far.example"]


def test_settings_that_were_refused_are_told(scene: Scene) -> None:
    daemon(scene, config_problem="my.toml:3:1: posting.mode: must be off")
    (said,) = wrong(scene)
    assert said.endswith("those in the file are wrong: my.toml:3:1: posting.mode: must be off")


def test_a_ring_that_is_not_well_for_long_is_told(scene: Scene) -> None:
    since = scene.now - timedelta(minutes=20)
    daemon(scene, rings=(RingState(name="draft", problem="it is full", problem_since=since),))
    assert wrong(scene) == ["draft has not been well for 20 min: it is full"]


def test_who_is_blind_comes_first_and_the_gap_last(scene: Scene) -> None:
    store = scene.store
    store.blindness.note(
        Blind(account="shop", since=scene.now, cause=Cause.CREDENTIAL, says="who are you?"), scene.now
    )
    store.close()
    first, second = wrong(scene)
    assert first == "shop has been blind since 10:00: who are you?"
    assert second.startswith("no daemon")
    assert scene.call("status").rows[-1][:3] == ["gap", "shop", "open"]
    assert any("blind since" in check["says"] for check in scene.call("doctor", "--json").document["items"])


def letter_lost(scene: Scene, *, minutes: float, again: bool, recipient: str = "ana") -> None:
    """Let the alert for somebody fail so many minutes ago."""
    then = scene.now - timedelta(minutes=minutes)
    store = scene.store
    claim = store.notices.claim(f"alert 1 {recipient} mail", "alert", recipient, then)
    assert claim
    store.notices.failed(claim, "550 nobody of this name", then, again_at=then if again else None)
    store.close()


MAIL = ("[mail]", 'host = "smtp.example"', 'sender = "r@acme.example"')
ANA = ("[[recipients]]", 'name = "ana"', 'mail = "ana@acme.example"')


def test_whom_no_letter_reaches_is_told(scene: Scene) -> None:
    scene.configure(*MAIL, *ANA)
    daemon(scene)
    letter_lost(scene, minutes=1, again=False)
    assert wrong(scene) == ["the alert for ana did not go out by mail: 550 nobody of this name"]


def test_a_letter_that_is_tried_again_is_no_trouble_for_a_while(scene: Scene) -> None:
    scene.configure(*MAIL, *ANA)
    daemon(scene)
    letter_lost(scene, minutes=14, again=True)
    assert wrong(scene) == []
    scene.now += timedelta(minutes=1)
    daemon(scene)
    assert wrong(scene) == ["the alert for ana did not go out by mail: 550 nobody of this name"]


def test_who_is_listed_no_more_misses_nothing(scene: Scene) -> None:
    scene.configure(*MAIL, *ANA)
    daemon(scene)
    letter_lost(scene, minutes=1, again=False, recipient="bo")
    assert wrong(scene) == []


def test_an_account_that_the_settings_name_no_more_is_not_missed(scene: Scene) -> None:
    scene.configure(shop2="bluesky")
    scene.now += timedelta(hours=5)
    daemon(scene)
    assert wrong(scene) == []
    assert "blind" not in scene.call("digest").out
    scene.configure()
    assert "shop has been blind" in " ".join(wrong(scene))
    assert "shop has been blind" in scene.call("digest").out
