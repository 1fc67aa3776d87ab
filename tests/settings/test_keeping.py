"""Keeping a secret that a person brought: in a file for its owner alone, and it is the one that is found."""

import stat
from pathlib import Path

import pytest

from responder.settings import SecretError, Secrets
from responder.settings.keeping import keep, make_room, others_see


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "etc" / "secrets"
    make_room(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not others_see(folder)
    make_room(folder)


@pytest.mark.parametrize("mode", [0o777, 0o720, 0o702])
def test_a_folder_that_others_write_to_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(SecretError, match=f"type: chmod 700 {tmp_path}"):
        make_room(tmp_path)
    tmp_path.chmod(0o755)
    make_room(tmp_path)
    assert others_see(tmp_path)


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("")
    with pytest.raises(SecretError, match="cannot be used"):
        make_room(tmp_path / "secrets")


def test_a_secret_is_whole_in_its_file_and_is_found(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {})
    for value in ("first", '{"access_token": "é"}'):
        keep(secrets, tmp_path, "x-main_oauth2", value)
        assert secrets("x-main_oauth2") == value
        assert stat.S_IMODE((tmp_path / "x-main_oauth2").stat().st_mode) == 0o600
    assert secrets.names() == ("x-main_oauth2",)


def test_one_that_another_place_hides_is_told(tmp_path: Path) -> None:
    (tmp_path / "systemd").mkdir()
    other = tmp_path / "systemd" / "x_token"
    other.write_text("old")
    other.chmod(0o600)
    secrets = Secrets(tmp_path, {"CREDENTIALS_DIRECTORY": str(tmp_path / "systemd")})
    with pytest.raises(SecretError, match="another one comes before it"):
        keep(secrets, tmp_path, "x_token", "canary-new")
    keep(Secrets(tmp_path, {"RESPONDER_SECRET_X_TOKEN": "old"}), tmp_path, "x_token", "new")


@pytest.mark.parametrize("name", ["../x", "a b", ""])
def test_a_name_that_is_none_is_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(SecretError):
        keep(Secrets(tmp_path / "in", {}), tmp_path / "in", name, "canary")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["", "two\nlines\n"])
def test_what_does_not_come_back_as_it_was_is_told_without_being_shown(tmp_path: Path, value: str) -> None:
    with pytest.raises(SecretError) as caught:
        keep(Secrets(tmp_path, {}), tmp_path, "x_token", value)
    assert "two" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
