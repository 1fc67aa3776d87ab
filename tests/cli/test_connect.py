"""Setting an account up: keys are asked for unseen, kept for their owner alone, and proven by the network."""

import http.client
import os
import re
import signal
import socket
import stat
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pexpect
import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.board import installed, laid_out
from tests.cli.scene import Said, Scene

KEY = "canary-key-77b1"


@pytest.fixture
def board(empty: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A scene in which the network `board` can be set up."""
    with installed(tmp_path_factory.mktemp("board") / "there"):
        yield empty


def walked(scene: Scene, *answers: str, tokens: tuple[str, ...] = ()) -> Said:
    """Walk through the questions with these answers."""
    typed = "".join(f"{answer}\n" for answer in answers)
    return scene.call("connect", "board", *tokens, answers=typed, width=400)


def modes(folder: Path) -> dict[str, str]:
    return {file.name: oct(stat.S_IMODE(file.stat().st_mode)) for file in folder.iterdir()}


def test_a_walk_through_reads_as_it_did(board: Scene, snapshot: SnapshotAssertion) -> None:
    said = walked(board, "", "", "key", KEY, "y")
    assert said.code == 0, said.err
    # where lines break, the length of the path decides: nothing but the words is compared
    words = re.sub(r"[\s│]", "", said.out).replace(re.sub(r"\s", "", str(board.folder)), "/home/sam")
    assert words == snapshot
    assert KEY not in said.out + said.err


def test_secrets_are_files_for_their_owner_alone_and_the_account_is_in_the_config(board: Scene) -> None:
    before = board.config.read_text(encoding="utf-8")
    assert walked(board, "shop-board", "Cakes", "key", KEY, "y").code == 0
    folder = board.folder / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes(folder) == {"shop-board_token": "0o600", ".shop-board_token.lock": "0o600"}
    assert (folder / "shop-board_token").read_text() == f"{KEY}\n"
    after = board.config.read_text(encoding="utf-8")
    assert after.startswith(before)
    table = tomllib.loads(after)
    assert table["secrets"] == {"folder": str(folder)}
    assert table["accounts"][1:] == [
        {"name": "shop-board", "connector": "board", "options": {"topic": "Cakes"}}
    ]
    assert board.call("config", "check").code == 0
    assert board.call("poll", "shop-board").code == 0


def test_where_the_account_is_to_be_written_by_hand_nothing_is_added(board: Scene) -> None:
    before = board.config.read_text(encoding="utf-8")
    said = walked(board, "", "", "key", KEY, "n")
    assert said.code == 0
    assert 'connector = "board"' in said.out
    assert board.config.read_text(encoding="utf-8") == before


def test_what_it_costs_to_ask_who_we_are_is_noted(board: Scene) -> None:
    walked(board, "", "", "key", KEY, "y")
    assert board.store.money.ledger("board", board.now).days == {board.now.date(): 1000}


@pytest.mark.parametrize(
    ("key", "code", "says"),
    [
        ("half", 1, "lacks  to post replies: tick Write in the board's settings"),
        ("wrong", 4, "The board does not accept the key."),
        ("down", 75, "The board does not answer."),
        ("bug", 1, "This is a bug in responder: KeyError"),
    ],
)
def test_what_the_network_says_about_the_keys_is_told_and_they_are_kept(
    board: Scene, key: str, code: int, says: str
) -> None:
    said = walked(board, "", "", "key", key, "y")
    assert said.code == code
    assert says in said.out + said.err
    assert (board.folder / "secrets" / "board_token").read_text() == f"{key}\n"


def test_after_a_key_that_the_network_does_not_take_the_command_to_begin_anew_is_told(board: Scene) -> None:
    said = walked(board, "forum", "", "key", "wrong", "y")
    assert said.err.splitlines() == [
        "The board does not accept the key.",
        "  The keys are kept as you gave them.",
        f"  Begin anew: responder --config {board.config} connect board --account forum",
    ]


def test_after_a_login_that_is_refused_on_the_way_nothing_is_kept_and_the_command_is_told(
    board: Scene,
) -> None:
    before = board.config.read_text(encoding="utf-8")
    said = walked(board, "forum", "", "key", "refused")
    assert said.code == 4
    assert said.err.splitlines() == [
        "The board does not let us in.",
        "  Nothing was kept or changed.",
        f"  Begin anew: responder --config {board.config} connect board --account forum",
    ]
    assert list((board.folder / "secrets").iterdir()) == []
    assert board.config.read_text(encoding="utf-8") == before


def test_secrets_that_are_there_are_replaced_only_after_a_yes(board: Scene) -> None:
    walked(board, "", "", "key", KEY, "y")
    file = board.folder / "secrets" / "board_token"
    said = walked(board, "", "n")
    assert said.code == 3
    assert "There are secrets of board already: board_token. Replace them?" in said.out
    assert "What was there stays as it was." in said.err
    assert file.read_text() == f"{KEY}\n"
    assert walked(board, "", "y", "", "key", "another", "y").code == 0
    assert file.read_text() == "another\n"


def test_an_account_that_is_known_keeps_its_options_and_is_not_added_twice(board: Scene) -> None:
    walked(board, "", "Cakes", "key", KEY, "y")
    before = board.config.read_text(encoding="utf-8")
    said = walked(board, "", "y", "", "key", KEY)
    assert said.code == 0
    assert "needs this" not in said.words
    said = walked(board, "", "y", "Pies", "key", KEY)
    assert "please put it there" in said.words
    assert 'topic = "Pies"' in said.out
    assert board.config.read_text(encoding="utf-8") == before


def test_what_the_connector_does_not_take_stays_out_of_the_settings(board: Scene) -> None:
    before = board.config.read_text(encoding="utf-8")
    said = walked(board, "", "Spam!", "key", KEY, "y")
    assert said.code == 2
    assert "topic: is no word" in said.err
    assert board.config.read_text(encoding="utf-8") == before


def test_a_name_is_asked_for_until_it_is_one(board: Scene) -> None:
    said = walked(board, "My Board", "my-board", "", "key", KEY, "n")
    assert said.code == 0
    assert 'write one like "x-main"' in said.out
    assert (board.folder / "secrets" / "my-board_token").exists()


def test_who_goes_away_leaves_nothing_behind(board: Scene) -> None:
    before = board.config.read_text(encoding="utf-8")
    said = walked(board, "", "", "key")
    assert (said.code, said.err.splitlines()[0]) == (3, "Nothing more was set up.")
    assert list((board.folder / "secrets").iterdir()) == []
    assert board.config.read_text(encoding="utf-8") == before


def test_a_browser_on_another_machine_is_sent_there_and_its_address_pasted(board: Scene) -> None:
    said = walked(board, "", "", "browser", "elsewhere", "http://127.0.0.1:8723/?code=evil", tokens=())
    assert said.code == 3
    assert "https://board.example/agree?state=" in said.out
    assert "This is the answer to another question." in said.out
    assert "evil" not in said.out


@pytest.mark.parametrize(
    ("tokens", "code", "says"),
    [
        (("connect", "baord"), 2, "There is no network 'baord' to connect to. Did you mean board?"),
        (("connect", "replay"), 2, "Replay asks for no keys: write its account into the config"),
        (("connect", "board", "--port", "0"), 2, "Must be >= 1"),
        (("connect", "board", "--account", "shop"), 2, "shop is the name of an account on replay."),
    ],
)
def test_what_cannot_be_set_up_is_told_before_anything_is_asked(
    board: Scene, tokens: tuple[str, ...], code: int, says: str
) -> None:
    said = board.call(*tokens, answers="")
    assert (said.code, says.lower() in said.err.lower()) == (code, True), said.err


def test_where_nobody_can_be_asked_that_is_said(board: Scene) -> None:
    assert "Keys are asked for at a terminal." in board.call("connect", "board", piped="\n\n").err
    assert board.call("connect", "board", "--json", answers="").document["items"][0]["code"] == 2


def test_a_folder_that_others_can_write_to_is_not_used(board: Scene) -> None:
    folder = board.folder / "secrets"
    folder.mkdir()
    folder.chmod(0o777)
    said = walked(board, "")
    assert said.code == 4
    assert f"chmod 700 {folder}" in said.err


def at_a_terminal(board: Scene, *tokens: str) -> "pexpect.spawn[str]":
    """Start responder at a real terminal."""
    where = {"PYTHONPATH": f"{laid_out(board.folder / 'package')}{os.pathsep}{Path(__file__).parents[2]}"}
    command = ["-m", "responder", "--config", str(board.config), *tokens]
    environ = {**os.environ, **where, "NO_COLOR": "1", "TERM": "xterm", "COLUMNS": "100"}
    return pexpect.spawn(
        sys.executable,
        command,
        env=environ,
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 100),
        preexec_fn=_interruptible,
    )


def _interruptible() -> None:
    """Hear Ctrl-C, which what a shell starts in the background does not, nor what that starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_at_a_real_terminal_a_key_is_never_seen(empty: Scene) -> None:
    child = at_a_terminal(empty, "connect", "board")
    seen: list[str] = []
    for question, answer in (
        ("A short name for the account", "board"),
        ("The topic", ""),
        ("How do you sign in", "key"),
        ("The key", KEY),
        ("Add it to .*", "y"),
    ):
        child.expect(question)
        seen.append(str(child.before) + str(child.after))
        child.sendline(answer)
    child.expect(pexpect.EOF)
    seen.append(str(child.before))
    child.close()
    whole = "".join(seen)
    assert child.exitstatus == 0, whole
    assert "Signed in as @acme" in whole
    assert KEY not in whole
    assert (empty.folder / "secrets" / "board_token").read_text() == f"{KEY}\n"


@pytest.mark.slow
def test_at_a_real_terminal_ctrl_c_ends_it_and_the_terminal_shows_again(empty: Scene) -> None:
    child = at_a_terminal(empty, "connect", "board")
    for question, answer in (("A short name", ""), ("The topic", ""), ("How do you sign in", "")):
        child.expect(question)
        child.sendline(answer)
    child.expect("The key")
    child.waitnoecho(5)
    assert not child.getecho()
    child.sendintr()
    child.expect(pexpect.EOF)
    assert child.getecho()
    child.close()
    assert child.exitstatus == 130


@pytest.mark.slow
def test_at_a_real_terminal_a_browser_on_this_machine_comes_back(empty: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    child = at_a_terminal(empty, "connect", "board", "--account", "board", "--port", str(port))
    for question, answer in (("The topic", ""), ("How do you sign in", "browser"), ("Where is your", "here")):
        child.expect(question)
        child.sendline(answer)
    child.expect(r"https://board\.example/agree\?state=([^&\s]+)&to=(\S+)")
    assert isinstance(child.match, re.Match)
    state, back = child.match.groups()
    assert back == f"http://127.0.0.1:{port}/"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as browser:
        browser.request("GET", f"/?state={state}&code={KEY}")
        assert browser.getresponse().status == 200
    child.expect("Add it to .*")
    child.sendline("y")
    child.expect(pexpect.EOF)
    assert "Signed in as @acme" in str(child.before)
    child.close()
    assert child.exitstatus == 0
    folder = empty.folder / "secrets"
    assert (folder / "board_token").read_text() == f"{KEY}\n"
    assert (folder / "board_session").read_text().startswith("since ")
