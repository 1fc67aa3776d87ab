"""Renewing: whoever wants it, a secret is exchanged once, and it is on disk before it is used."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from responder.settings import SecretError, Secrets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = tmp_path / "x-main_session"
    file.write_text("first\n")
    file.chmod(0o600)
    return tmp_path


def test_the_new_one_is_in_the_file_for_its_owner_alone_and_nothing_is_left_beside_it(folder: Path) -> None:
    secret = Secrets(folder).of("x-main")
    assert secret.keeps("session")
    assert secret.renew("session", "first", lambda old: old + " and second") == "first and second"
    assert secret("session") == "first and second"
    assert stat.S_IMODE((folder / "x-main_session").stat().st_mode) == 0o600
    assert {file.name for file in folder.iterdir()} == {"x-main_session", ".x-main_session.lock"}
    assert Secrets(folder).names() == ("x-main_session",)


def test_where_another_renewed_it_that_one_is_used(folder: Path) -> None:
    secret = Secrets(folder).of("x-main")
    assert secret.renew("session", "zeroth", lambda _: pytest.fail("asked twice")) == "first"


def test_of_eight_at_once_one_asks_the_network(folder: Path) -> None:
    asked = []

    def by(old: str) -> str:
        asked.append(old)
        return "second"

    with ThreadPoolExecutor(8) as people:
        renewals = [
            people.submit(Secrets(folder).of("x-main").renew, "session", "first", by) for _ in range(8)
        ]
        assert {one.result() for one in renewals} == {"second"}
    assert asked == ["first"]


def test_one_that_was_never_there_can_be_made(folder: Path) -> None:
    secret = Secrets(folder).of("sky")
    assert secret.keeps("session")
    assert secret.renew("session", "", lambda old: f"made of {old!r}") == "made of ''"
    assert secret("session") == "made of ''"


def test_when_the_network_says_no_the_old_one_stays(folder: Path) -> None:
    secret = Secrets(folder).of("x-main")

    def by(_: str) -> str:
        raise ConnectionRefusedError("it is down")

    with pytest.raises(ConnectionRefusedError, match="it is down"):
        secret.renew("session", "first", by)
    assert secret("session") == "first"
    assert {file.name for file in folder.iterdir()} == {"x-main_session", ".x-main_session.lock"}


def test_where_it_cannot_be_kept_the_network_is_not_asked(folder: Path) -> None:
    elsewhere = Secrets(None, {"RESPONDER_SECRET_X_MAIN_SESSION": "first"}).of("x-main")
    assert not elsewhere.keeps("session")
    with pytest.raises(SecretError, match="keep it as a file in the folder named in"):
        elsewhere.renew("session", "first", lambda _: pytest.fail("spent"))
    nowhere = Secrets(folder / "none").of("x-main")
    with pytest.raises(SecretError, match=r"cannot be renewed in .*none \(no such file"):
        nowhere.renew("session", "", lambda _: pytest.fail("spent"))


def test_systemds_copy_cannot_be_renewed_for_it_would_come_back(folder: Path, tmp_path: Path) -> None:
    both = Secrets(folder, {"CREDENTIALS_DIRECTORY": str(tmp_path / "systemd")}).of("x-main")
    assert both.keeps("session")
    (tmp_path / "systemd").mkdir()
    copy = tmp_path / "systemd" / "x-main_session"
    copy.write_text("other")
    copy.chmod(0o600)
    assert not both.keeps("session")
