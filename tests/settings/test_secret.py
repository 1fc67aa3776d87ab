"""Secrets: found in their three places, refused where others can read them, and never shown."""

import os
import stat
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from responder.settings import SecretError, Secrets, Settings, SettingsError, load, show
from responder.settings.secret import looks_secret, variable
from responder.settings.sections import TABLES
from responder.settings.wording import keys_of

#: Stands wherever a person could have put a secret; nothing we say may hold it.
CANARY = "Zq7canary0f7a91b2c3d4e5f60718293a4b5c6d7e8f9"
SHORT = "hunter2"


def keep(folder: Path, name: str, value: str | bytes, mode: int = 0o600) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(value.encode() if isinstance(value, str) else value)
    file.chmod(mode)
    return file


def told(secrets: Secrets, name: str) -> str:
    with pytest.raises(SecretError) as caught:
        secrets(name)
    whole = "".join(traceback.format_exception(caught.value))
    assert CANARY not in whole
    return str(caught.value)


def test_systemd_comes_before_the_folder_and_the_folder_before_the_environment(tmp_path: Path) -> None:
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path / "systemd"), "RESPONDER_SECRET_X_MAIN_TOKEN": "third"}
    secrets = Secrets(tmp_path / "secrets", environ)
    assert secrets("x-main_token") == "third"
    keep(tmp_path / "secrets", "x-main_token", "second\n")
    assert secrets("x-main_token") == "second"
    keep(tmp_path / "systemd", "x-main_token", "first\r\n")
    assert secrets("x-main_token") == "first"
    assert secrets.of("x-main")("token") == "first"


def test_a_secret_may_have_lines_and_spaces_of_its_own(tmp_path: Path) -> None:
    keep(tmp_path, "key", " begin\nend \n")
    assert Secrets(tmp_path)("key") == " begin\nend "


def test_a_missing_secret_is_told_with_the_three_places_it_could_be_in(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert told(Secrets(folder), "x-main_token") == (
        f"secrets: x-main_token: is missing; put it in a file x-main_token in the folder {folder},"
        " hand it over as systemd's credential x-main_token, or set RESPONDER_SECRET_X_MAIN_TOKEN in the"
        " environment"
    )
    assert "the folder named in [secrets] (none is)" in told(Secrets(), "token")
    assert Secrets(None, {"RESPONDER_SECRET_TOKEN": ""}).find("token") is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_can_read_is_refused_with_what_to_type(mode: int, tmp_path: Path) -> None:
    file = keep(tmp_path / "my secrets", "token", CANARY, mode)
    secrets = Secrets(tmp_path / "my secrets", {"RESPONDER_SECRET_TOKEN": "not taken instead"})
    assert told(secrets, "token") == f"secrets: token: {file} can be read by others; type: chmod 600 '{file}'"


def test_systemd_may_give_its_files_by_an_access_list_that_shows_as_a_group(tmp_path: Path) -> None:
    file = keep(tmp_path, "token", CANARY, 0o440)
    secrets = Secrets(None, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert secrets("token") == CANARY
    file.chmod(0o444)
    assert "chmod 600" in told(secrets, "token")


def test_a_file_of_another_user_is_refused_with_what_to_type(tmp_path: Path) -> None:
    file = keep(tmp_path, "token", CANARY)
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(file, 12345, 12345)
    if not os.access(file, os.R_OK):
        pytest.skip("this root may not read what it gave away")
    assert told(Secrets(tmp_path), "token") == (
        f'secrets: token: {file} belongs to another user; type: sudo chown "$USER" {file}'
    )


def test_a_file_this_user_may_not_read_is_told_as_such(tmp_path: Path) -> None:
    if os.access(keep(tmp_path, "token", CANARY, 0), os.R_OK):
        pytest.skip("this user may read everything")
    assert "cannot be read (permission denied)" in told(Secrets(tmp_path), "token")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("\n", "is empty; write the secret into it"),
        (CANARY.encode() + b"\xff", "is not text in UTF-8"),
        (CANARY * 2000, "is too long"),
    ],
)
def test_a_file_that_holds_no_secret_is_told_as_such(value: str | bytes, says: str, tmp_path: Path) -> None:
    keep(tmp_path, "token", value)
    assert says in told(Secrets(tmp_path), "token")


def test_a_folder_or_a_pipe_is_no_secret_and_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "token").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert told(Secrets(tmp_path), "token").endswith("token is not a file")
    assert told(Secrets(tmp_path), "pipe").endswith("pipe is not a file")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize("name", ["../token", "a/b", "", "a.b", "x" * 101, "t\x1boken"])
def test_a_name_cannot_lead_out_of_the_folder(name: str, tmp_path: Path) -> None:
    keep(tmp_path, "token", CANARY)
    (tmp_path / "inner").mkdir()
    message = told(Secrets(tmp_path / "inner"), name)
    assert "is not a name for a secret" in message
    assert message.isprintable()


def test_names_and_states_tell_what_is_there_and_not_what_it_says(tmp_path: Path) -> None:
    keep(tmp_path, "x-main_token", CANARY)
    keep(tmp_path, "open", CANARY, 0o644)
    keep(tmp_path, ".hidden.swp", CANARY)
    environ = {"RESPONDER_SECRET_X_MAIN_TOKEN": CANARY, "RESPONDER_SECRET_OTHER": CANARY, "OTHER": CANARY}
    secrets = Secrets(tmp_path, environ)
    assert secrets.names() == ("open", "other", "x-main_token")
    assert secrets.state("other") == "set"
    assert secrets.state("none") == "missing"
    assert "chmod 600" in secrets.state("open")
    assert CANARY not in repr(secrets)
    assert Secrets(tmp_path / "nowhere").names() == ()


@pytest.mark.parametrize(
    "name",
    ["token", "bearer_token", "API_KEY", "apiKey", "client-secret", "app_password", "passwords", "privateKey",
     "access_token2", "Credentials", "db_pass"],
)  # fmt: skip
def test_a_key_that_holds_a_secret_is_known_by_its_name(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize(
    "name",
    ["token_file", "token_url", "key", "primary_key", "monkey", "tokens_left", "keyword", "", "compass"],
)
def test_a_key_that_tells_where_a_secret_is_does_not_hold_one(name: str) -> None:
    assert not looks_secret(name)


def test_a_number_that_is_called_after_tokens_is_no_secret(tmp_path: Path) -> None:
    options = 'max_tokens = 300\nfeed = "https://example.org:8443/a@b"\nempty_token = ""'
    file = tmp_path / "responder.toml"
    file.write_text(f'[[accounts]]\nname = "a"\nconnector = "b"\n[accounts.options]\n{options}\n', "utf-8")
    assert load(file, {}).accounts[0].options["max_tokens"] == 300


@pytest.mark.parametrize(
    ("options", "place", "name"),
    [
        (f'token = "{SHORT}"', "5:1", "options.token"),
        (f'deep = {{ login = {{ app_password = "{SHORT}" }} }}', "5:20", "options.deep.login.app_password"),
        (f'tokens = ["{SHORT}"]', "5:1", "options.tokens"),
        (f'proxy = "http://me:{SHORT}@proxy.example"', "5:1", "options.proxy"),
        (f'proxies = [{{ http = "http://:{SHORT}@proxy.example" }}]', "5:1", "options.proxies.http"),
    ],
)
def test_a_secret_among_the_options_is_refused_with_where_it_belongs(
    options: str, place: str, name: str, tmp_path: Path
) -> None:
    file = tmp_path / "responder.toml"
    file.write_text(f'[[accounts]]\nname = "a"\nconnector = "b"\n[accounts.options]\n{options}\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    assert str(caught.value).startswith(f"{file}:{place}: accounts.1.{name}: a ")
    assert " does not belong in " in str(caught.value)
    assert SHORT not in "".join(traceback.format_exception(caught.value))


PLACES = [f"[{table}]\n{key} = VALUE" for table in TABLES for key in (*keys_of(table), "unknown", "token")]
PLACES += [
    "[unknown]\nkey = VALUE",
    "VALUE",
    "key VALUE",
    "[posting]\nmode = VALUE more",
    "[[accounts]]\nname = VALUE\nconnector = VALUE\nevery = VALUE\noptions = VALUE\nunknown = VALUE",
    '[[accounts]]\nname = "a"\nconnector = "b"\n[accounts.options]\ntoken = VALUE\nlist = [{ pwd = VALUE }]',
    '[[accounts]]\nname = VALUE\nconnector = "b"\n[[accounts]]\nname = VALUE\nconnector = "b"',
    f'[database]\nurl = "postgresql://me:{CANARY}@db.example:99999/x"',
    f'[database]\nurl = "postgresql://me:{CANARY}@db.example/x"',
    f'[database]\nurl = "{CANARY}://x"',
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", ['"{}"', "'{}'", '["{}"]', '{{ "x" = "{}" }}'])
def test_no_error_shows_a_secret_wherever_a_person_put_it(place: str, form: str, tmp_path: Path) -> None:
    file = tmp_path / "responder.toml"
    file.write_text(place.replace("VALUE", form.format(CANARY)), encoding="utf-8")
    words = failure(file, {})
    assert CANARY not in words


@pytest.mark.parametrize(
    "name", [f"RESPONDER_{table}__{key}".upper() for table in TABLES for key in keys_of(table)]
)
def test_no_error_shows_a_secret_from_the_environment(name: str) -> None:
    assert CANARY not in failure(None, {name: CANARY})
    assert SHORT not in failure(None, {"RESPONDER_DATABASE__URL": f"postgresql://me:{SHORT}@db.example/x"})
    assert CANARY not in failure(None, {f"{name}X": CANARY})


def failure(path: Path | None, environ: Mapping[str, str]) -> str:
    """Return everything a failed reading says, with the errors behind it; "" when it was read."""
    try:
        load(path, environ)
    except SettingsError as error:
        return "".join(traceback.format_exception(error)) + repr(error) + repr(error.problems)
    return ""


def test_settings_show_no_secret_that_they_can_reach(tmp_path: Path) -> None:
    keep(tmp_path, "database_password", CANARY)
    environ = {
        "RESPONDER_SECRETS__FOLDER": str(tmp_path),
        "RESPONDER_DATABASE__URL": "postgresql://me@db.example/x",
        "RESPONDER_SECRET_X_TOKEN": CANARY,
    }
    settings = load(None, environ)
    shown = show(settings)
    assert "#   database_password: set\n#   x_token: set\n" in shown
    assert CANARY not in shown + repr(settings) + str(settings)
    assert settings.secret("x_token") == CANARY


@pytest.mark.parametrize(
    "address",
    ["me@db.example:5432/x", "db.example/x", "/x?host=/run/pg", "me@/x?application_name=a@b", "h/x?b=c@d"],
)
def test_the_store_gets_the_password_within_the_address(address: str) -> None:
    password = "p@ss/w:rd%é#?"
    environ = {"RESPONDER_DATABASE__URL": f"postgresql://{address}"}
    plain = load(None, environ)
    assert plain.database_url() == f"postgresql+psycopg://{address}"
    opened = make_url(load(None, {**environ, variable("database_password"): password}).database_url())
    assert opened.password == password
    assert opened._replace(password=None) == make_url(plain.database_url())._replace(username=opened.username)


def test_a_file_needs_no_password() -> None:
    assert load(None, {variable("database_password"): CANARY}).database_url() == Settings().database.url
