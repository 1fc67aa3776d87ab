"""The doctor: each thing is ok, to know, or to mend, with what to do; and nothing is changed by looking."""

import os
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.model.blind import Cause
from responder.store.moves import record
from tests.cli.board import installed
from tests.cli.scene import Said, Scene
from tests.cli.test_json import documented, told
from tests.policy.books import RULE


@pytest.fixture
def board(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A scene with an account on `board` besides, whose key is good."""
    with installed(tmp_path_factory.mktemp("board") / "there"):
        folder = scene.folder / "secrets"
        folder.mkdir(mode=0o700)
        with scene.config.open("a", encoding="utf-8") as file:
            file.write(f'[secrets]\nfolder = "{folder}"\n[[accounts]]\nname = "forum"\nconnector = "board"\n')
        key(scene, "good")
        yield scene


def key(scene: Scene, value: str) -> None:
    file = scene.folder / "secrets" / "forum_token"
    file.write_text(value)
    file.chmod(0o600)


def found(said: Said, what: str) -> list[list[str]]:
    """Return the lines about one thing: state, what it showed, what to do."""
    return [[row[0], *row[2:]] for row in said.rows if row[1] == what]


def test_where_all_is_well_that_is_said(scene: Scene) -> None:
    said = scene.call("doctor")
    assert (said.code, {row[0] for row in said.rows}) == (0, {"ok"})
    assert [row[1] for row in said.rows] == [
        *("program", "config", "secrets", "policies", "database", "clock", "posting", "shop", "shop")
    ]
    assert scene.call("doctor", "shop", answers="").out.endswith("Everything is well.\n")


def test_what_is_not_well_reads_as_it_did(board: Scene, snapshot: SnapshotAssertion) -> None:
    key(board, "half")
    said = board.call("doctor")
    assert said.code == 1
    assert said.out.replace(str(board.folder), "/home/sam").partition("\n")[2] == snapshot


def test_at_a_terminal_what_to_do_stands_below_what_was_found(board: Scene) -> None:
    key(board, "half")
    said = board.call("doctor", "forum", answers="").out
    assert "fail  forum     lacks to post replies: tick Write in the board's settings\n" in said
    assert re.search(r"\n {16}Set it up anew: responder", said)
    assert said.endswith("1 thing to mend, 2 things to look at\n")


def test_looking_changes_nothing(scene: Scene) -> None:
    def held() -> dict[str, bytes]:
        return {str(file): file.read_bytes() for file in scene.folder.rglob("*") if file.is_file()}

    before = held()
    assert scene.call("doctor").code == 0
    assert held() == before


def test_what_a_network_took_for_the_look_is_noted_all_the_same(board: Scene) -> None:
    board.call("doctor", "forum")
    assert board.store.money.ledger("forum", board.now).days == {board.now.date(): 1000}


def test_a_database_that_is_not_there_is_not_made(empty: Scene) -> None:
    said = empty.call("doctor", "shop")
    assert said.code == 0
    assert found(said, "database")[0][0] == "warn"
    assert not (empty.folder / "r.db").exists()


@pytest.mark.parametrize(
    ("value", "state", "says", "todo"),
    [
        ("good", "ok", "signed in as @acme on board; may read mentions, post replies", ""),
        ("half", "fail", "lacks to post replies: tick Write", "responder --config"),
        ("wrong", "fail", "the board does not accept the key", "connect board --account forum"),
        ("down", "fail", "the board does not answer", "is the network reachable"),
        ("bug", "fail", "this is a bug in the connector: KeyError", ""),
    ],
)
def test_each_account_says_who_it_is_and_what_it_lacks(
    board: Scene, value: str, state: str, says: str, todo: str
) -> None:
    key(board, value)
    said = board.call("doctor", "forum")
    assert said.code == (state == "fail")
    assert any(
        row[0] == state and row[1].startswith(says) and todo in row[2] for row in found(said, "forum")
    ), said.out


def test_what_has_no_login_says_what_can_be_read(scene: Scene) -> None:
    inbox, secret = scene.folder / "inbox", scene.folder / "secrets" / "reviews_inbox_key"
    for folder in (inbox, secret.parent):
        folder.mkdir(mode=0o700)
    with scene.config.open("a", encoding="utf-8") as file:
        file.write(f'[secrets]\nfolder = "{secret.parent}"\n')
        file.write('[[accounts]]\nname = "reviews"\nconnector = "feed"\n')
        file.write(f'[accounts.options]\ninbox = "{inbox}"\n')
    said = scene.call("doctor", "reviews")
    assert said.code == 1
    assert found(said, "reviews")[1][1].startswith("lacks secrets: reviews_inbox_key: is missing")
    secret.write_text("k\n")
    secret.chmod(0o600)
    said = scene.call("doctor", "reviews")
    assert said.code == 0
    assert found(said, "reviews")[0] == ["ok", "without a login on feed; may read signed posts", ""]


def test_only_the_accounts_that_are_asked_for_are_looked_at(board: Scene) -> None:
    for which in ("forum", "board"):
        said = board.call("doctor", which)
        assert found(said, "forum")
        assert not found(said, "shop")
    assert board.call("doctor", "nobody").code == 2


def test_secrets_that_are_missing_or_open_to_others_are_to_mend(board: Scene) -> None:
    file = board.folder / "secrets" / "forum_token"
    file.chmod(0o644)
    said = board.call("doctor", "forum")
    assert any("can be read by others; type: chmod 600" in row[1] for row in found(said, "secrets"))
    assert found(said, "forum")[0][0] == "fail"
    file.unlink()
    said = board.call("doctor", "forum")
    assert found(said, "secrets") == [["ok", "none is set", ""]]
    assert found(said, "forum")[0][1].startswith("forum_token: is missing; put it in a file forum_token")


def test_a_folder_of_secrets_that_others_can_use_is_told(board: Scene) -> None:
    folder = board.folder / "secrets"
    for mode, state in ((0o755, "warn"), (0o777, "fail")):
        folder.chmod(mode)
        (line,) = found(board.call("doctor", "replay"), "secrets")
        assert (line[0], line[2]) == (state, f"Type: chmod 700 {folder}")


def test_settings_that_are_wrong_are_the_only_thing_that_can_be_looked_at(scene: Scene) -> None:
    scene.config.write_text("[postin]\n[digest]\nat = 7\n", encoding="utf-8")
    said = scene.call("doctor")
    assert said.code == 1
    assert [row[:2] for row in said.rows] == [["ok", "program"], ["fail", "config"], ["fail", "config"]]


def test_a_connector_that_is_not_there_does_not_stop_the_others(scene: Scene) -> None:
    with scene.config.open("a", encoding="utf-8") as file:
        file.write('[[accounts]]\nname = "two"\nconnector = "replya"\n')
    said = scene.call("doctor")
    assert said.code == 1
    assert "Did you mean replay?" in found(said, "two")[0][1]
    assert found(said, "shop")[0][0] == "ok"


def test_own_rules_that_are_wrong_are_to_mend(scene: Scene) -> None:
    folder = scene.folder / "ours" / "en"
    folder.mkdir(parents=True)
    (folder / "rules.toml").write_text(RULE.replace("No!!!", "No."), encoding="utf-8")
    with scene.config.open("a", encoding="utf-8") as file:
        file.write(f'[policies]\nfolders = ["{folder.parent}"]\n')
    said = scene.call("doctor")
    assert said.code == 1
    assert found(said, "policies")[0][0] == "fail"


@pytest.mark.parametrize("name", ["topics", "replies", "cues", "promises"])
def test_whatever_else_of_ours_is_wrong_is_to_mend(scene: Scene, name: str) -> None:
    folder = scene.folder / "ours" / "fr"
    folder.mkdir(parents=True)
    (folder / f"{name}.toml").write_text("[[nothing", encoding="utf-8")
    with scene.config.open("a", encoding="utf-8") as file:
        file.write(f'[policies]\nfolders = ["{folder.parent}"]\n')
    (level, says, todo), *_ = found(scene.call("doctor"), "policies")
    assert (level, todo) == ("fail", f"All of it: responder --config {scene.config} rules check")
    assert says.startswith(f"{folder / name}.toml:1: ")


def test_a_clock_that_cannot_be_right_is_to_mend(scene: Scene) -> None:
    scene.now = datetime(1970, 1, 2, tzinfo=UTC)
    assert "long ago" in found(scene.call("doctor", "replay"), "clock")[0][1]
    scene.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    store = scene.store
    with store.write() as connection:
        record(connection, [(None, "", "resumed", "sam", {})], scene.now + timedelta(hours=3))
    store.close()
    says = "it shows 2026-03-02 09:00 UTC, 3 h before the journal's last word"
    assert found(scene.call("doctor", "replay"), "clock")[0][:2] == ["fail", says]


def test_a_database_of_another_version_is_told(scene: Scene) -> None:
    for version, state in (("0005", "warn"), ("9999", "fail")):
        with sqlite3.connect(scene.folder / "r.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.close()
        said = scene.call("doctor", "shop")
        assert found(said, "database")[0][0] == state
        assert said.code == (state == "fail")


def test_a_file_that_is_no_database_is_to_mend(scene: Scene) -> None:
    (scene.folder / "r.db").write_bytes(b"Dear customer, " * 100)
    said = scene.call("doctor")
    assert (said.code, found(said, "database")[-1][0]) == (1, "fail")


@pytest.mark.skipif(os.geteuid() == 0, reason="rights mean nothing to root")
def test_a_database_that_cannot_be_written_to_is_to_mend(scene: Scene) -> None:
    (scene.folder / "r.db").chmod(0o400)
    assert found(scene.call("doctor", "replay"), "database")[0][0] == "fail"


def test_a_pause_and_the_mode_of_posting_are_told(scene: Scene) -> None:
    assert found(scene.call("doctor", "replay"), "posting")[0][1].startswith("off: approved replies stay")
    scene.call("pause")
    assert found(scene.call("doctor", "replay"), "posting")[0][:2] == ["warn", "all sending is paused by sam"]


def test_an_account_that_was_not_heard_for_long_is_told(board: Scene) -> None:
    last = found(board.call("doctor", "forum"), "forum")[-1]
    assert last[:2] == ["warn", "it was never read"]
    board.now += timedelta(hours=3)
    last = found(board.call("doctor", "shop"), "shop")[-1]
    assert last[:2] == ["warn", "it was read 3 h ago"]
    store = board.store
    store.intake.polled("shop", board.now, board.now, problem="it is down")
    assert (
        found(board.call("doctor", "shop"), "shop")[-1][1]
        == "the last poll failed: it is down (heard 3 h ago)"
    )
    store.intake.polled("shop", board.now, board.now, problem="who are you?", cause=Cause.CREDENTIAL)
    store.close()
    said = board.call("doctor", "shop")
    assert found(said, "shop")[-1][:2] == ["fail", "nothing is sent on it: who are you? (heard 3 h ago)"]


def test_what_an_account_may_spend_is_looked_at(board: Scene) -> None:
    assert ["warn", "its calls cost money, and nothing stops them"] in [
        row[:2] for row in found(board.call("doctor", "forum"), "forum")
    ]
    words = board.config.read_text(encoding="utf-8")
    board.config.write_text(words.replace('"board"', '"board"\nbudget_month = 0.9'), encoding="utf-8")
    assert not [row for row in found(board.call("doctor", "forum"), "forum") if "cost" in row[1]]
    store = board.store
    for micros, state, says in (
        (40_000, "warn", "at this pace the month would cost USD 1.32, more than it may"),
        (200_000, "warn", "nothing is read: today's share"),
        (900_000, "fail", "nothing is read or sent: the month's budget of USD 0.90 is used up"),
    ):
        store.money.note("forum", [("mention read", 1, micros)], board.now)
        said = board.call("doctor", "forum")
        assert any(row[0] == state and row[1].startswith(says) for row in found(said, "forum")), said.out
    store.close()


def test_a_program_is_told_the_same(board: Scene) -> None:
    document = board.call("doctor", "forum", "--json").document
    assert document["schema"] == "responder.doctor/1"
    assert told(document) == documented("responder.doctor/1")


def test_no_secret_is_shown_whatever_goes_wrong(board: Scene) -> None:
    key(board, "canary-8f21")
    said = board.call("doctor")
    assert "canary" not in said.out + said.err
    assert "canary" not in "".join(Path(file).name for file in board.folder.iterdir())
