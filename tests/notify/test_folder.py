"""Going out: a digest is there whole or not at all, and systemd hears one thing at a time."""

import json
import os
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from responder import notify
from responder.notify import NotifyError

DAY = date(2026, 11, 22)


def test_a_digest_is_a_text_and_its_figures_readable_by_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "digests"
    file = notify.digest(folder, DAY, "3 open, 1 overdue\n", {"open": 3})
    assert file == folder / "digest-2026-11-22.txt"
    assert file.read_text(encoding="utf-8") == "3 open, 1 overdue\n"
    assert json.loads((folder / "digest-2026-11-22.json").read_text(encoding="utf-8")) == {"open": 3}
    assert sorted(entry.name for entry in folder.iterdir()) == [
        "digest-2026-11-22.json",
        "digest-2026-11-22.txt",
    ]
    assert {entry.stat().st_mode & 0o777 for entry in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_digest_of_a_day_takes_the_place_of_the_first(tmp_path: Path) -> None:
    notify.digest(tmp_path, DAY, "early", {"open": 9})
    file = notify.digest(tmp_path, DAY, "late", {"open": 1})
    assert file.read_text(encoding="utf-8") == "late"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_a_stranger_wrote_cannot_act_on_the_terminal_of_who_reads_it(tmp_path: Path) -> None:
    hostile = "\x1b]52;c;x\x07 \u202e\n"
    file = notify.digest(tmp_path, DAY, hostile, {"quote": hostile})
    figures = file.with_suffix(".json").read_text(encoding="utf-8")
    for text in (file.read_text(encoding="utf-8"), figures):
        assert all(line.isprintable() for line in text.splitlines())
    assert json.loads(figures) == {"quote": hostile}


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "digests").write_text("a file stands in the way", encoding="utf-8")
    with pytest.raises(NotifyError) as caught:
        notify.digest(tmp_path / "digests", DAY, "text", {})
    file = tmp_path / "digests" / "digest-2026-11-22.json"
    assert str(caught.value) == (
        f"{file} could not be written: file exists. Make room or give this user the right to write there, or"
        " name another folder in the settings, in [digest]."
    )


def test_a_failed_digest_leaves_the_old_one_and_nothing_half_written(tmp_path: Path) -> None:
    file = notify.digest(tmp_path, DAY, "early", {})
    (tmp_path / "digest-2026-11-22.txt").unlink()
    file.mkdir()  # the last step, the new name, fails
    with pytest.raises(NotifyError, match="is a directory"):
        notify.digest(tmp_path, DAY, "late", {})
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "digest-2026-11-22.json",
        "digest-2026-11-22.txt",
    ]


@pytest.fixture(params=["file", "abstract"])
def listener(request: pytest.FixtureRequest, short_folder: Path) -> Iterator[tuple[socket.socket, str]]:
    """A socket as systemd opens one, and what NOTIFY_SOCKET says of it."""
    name = (
        str(short_folder / "notify")
        if request.param == "file"
        else f"@responder-test-{os.getpid()}-{id(request)}"
    )
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(name.replace("@", "\0", 1) if name.startswith("@") else name)
        server.settimeout(5)
        yield server, name


def test_systemd_hears_each_state(listener: tuple[socket.socket, str]) -> None:
    server, name = listener
    for state in ("READY=1", "WATCHDOG=1", "STATUS=3 waiting, čakajo", "STOPPING=1"):
        assert notify.systemd(state, {"NOTIFY_SOCKET": name})
        assert server.recv(4096).decode() == state


def test_a_status_cannot_smuggle_in_a_second_state(listener: tuple[socket.socket, str]) -> None:
    server, name = listener
    assert notify.systemd("STATUS=posting to @a\nSTOPPING=1\x1b", {"NOTIFY_SOCKET": name})
    assert server.recv(4096) == b"STATUS=posting to @a STOPPING=1<U+001B>"


@pytest.mark.parametrize(
    "name", [None, "", "relative", "vsock:2:1234", "/nowhere/notify", "@nobody-listens", "/" * 300]
)
def test_without_a_listener_the_daemon_goes_on(name: str | None) -> None:
    assert not notify.systemd("READY=1", {} if name is None else {"NOTIFY_SOCKET": name})


def test_a_listener_that_does_not_read_does_not_hold_the_daemon_up(short_folder: Path) -> None:
    name = str(short_folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(name)
        told = [notify.systemd("WATCHDOG=1", {"NOTIFY_SOCKET": name}) for _ in range(5000)]
    assert told[0]
    assert not told[-1]
