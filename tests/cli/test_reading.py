"""The digest, what could not be read, and the proof of the kept figures."""

from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.scene import Scene


def test_the_digest_is_a_letter_for_a_person_and_for_a_pipe(scene: Scene) -> None:
    scene.now += timedelta(hours=4)
    letter = scene.call("digest").out
    assert letter == scene.call("digest", answers="").out
    first, _, title, *_ = letter.splitlines()
    assert first == "! shop has been blind since 10:00: nothing reads it: no daemon is running"
    assert title == "4 open, 4 overdue - Acme complaints, Mon 2 Mar"
    assert "c-3" in letter
    assert letter.rstrip().endswith("Answer: responder review")


def test_the_digest_reads_as_it_did(empty: Scene, snapshot: SnapshotAssertion) -> None:
    empty.call("poll")
    assert empty.call("digest").out == snapshot


def test_the_digest_is_figures_for_a_program(scene: Scene) -> None:
    document = scene.call("digest", "--json").document
    assert document["schema"] == "responder.digest/1"
    assert document["items"][0]["open"] == 4


@pytest.mark.parametrize(("since", "code"), [("24h", 0), ("7d", 0), ("90m", 0), ("1 day", 2), ("0h", 2)])
def test_since_is_a_length_of_time_as_in_the_config(scene: Scene, since: str, code: int) -> None:
    said = scene.call("digest", "--since", since)
    assert said.code == code
    if code:
        assert "is not a length of time" in said.err


def test_since_says_how_far_back_what_happened_goes(scene: Scene) -> None:
    scene.now += timedelta(days=2)
    day = scene.call("digest", "--json", "--since", "1h").document["items"][0]["happened"]
    week = scene.call("digest", "--json", "--since", "7d").document["items"][0]["happened"]
    assert day == {}
    assert week["heard"] == 5


def test_everything_that_could_be_read_is_a_kind_word(scene: Scene) -> None:
    assert scene.call("unread").out == ""
    assert scene.call("unread", answers="").out == "Everything could be read.\n"


def test_figures_that_agree_are_the_proof(scene: Scene) -> None:
    said = scene.call("verify", answers="")
    assert said.code == 0
    assert "agree" in said.out


def test_figures_that_differ_are_listed_and_fail(scene: Scene) -> None:
    with scene.store.write() as connection:
        connection.exec_driver_sql("UPDATE stage_tally SET n = n + 1 WHERE stage = 'WAITING'")
    said = scene.call("verify")
    assert said.code == 1
    assert any("WAITING" in row[0] and "kept" in row[0] for row in said.rows)
    assert "The kept figures are wrong" in scene.call("verify", answers="").out
    assert scene.call("verify", "--json").document["items"][0]["difference"]
