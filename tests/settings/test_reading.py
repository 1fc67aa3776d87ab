"""Reading the settings: found, read, laid over by the environment, or every problem told at once."""

import os
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.settings import Settings, SettingsError, find, load, refused
from responder.settings.secret import belongs_elsewhere
from responder.settings.sections import LISTS, TABLES, Sections
from responder.settings.wording import keys_of

GOOD = """
[company]
name = "Acme"
timezone = "Europe/Ljubljana"
allow = ["acme.example", " @acme "]

[posting]
mode = "dry-run"

[[accounts]]
name = "archive"
connector = "replay"
every = "90s"
[accounts.options]
file = "posts.csv"
columns = { text = "body" }
page = 3
"""


def told(path: Path | None, environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(path, environ)
    return str(caught.value).splitlines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "responder.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_without_a_file_every_default_holds() -> None:
    assert load(None, {}) == Settings()
    assert Settings().posting.mode == "off"


def test_a_file_is_read_and_the_rest_stays_as_it_was(file: Path) -> None:
    settings = load(file, {})
    assert settings.company.allow == ("acme.example", "@acme")
    assert str(settings.company.timezone) == "Europe/Ljubljana"
    (account,) = settings.accounts
    assert (account.name, account.connector, account.every) == ("archive", "replay", timedelta(seconds=90))
    assert account.options == {"file": "posts.csv", "columns": {"text": "body"}, "page": 3}
    assert settings.response == Settings().response
    assert settings.path == file


def test_settings_cannot_be_changed(file: Path) -> None:
    settings = load(file, {})
    with pytest.raises(FrozenInstanceError):
        settings.posting.mode = "on"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        settings.posting = Settings().posting  # type: ignore[misc]


def test_the_sections_of_one_table_each_are_all_but_the_views_and_the_lists() -> None:
    assert [*TABLES, "views", *LISTS] == [section.name for section in fields(Sections)]
    assert all(isinstance(getattr(Settings(), name), table) for name, table in TABLES.items())


def test_the_environment_comes_before_the_file(file: Path) -> None:
    environ = {
        "RESPONDER_POSTING__MODE": "on",
        "RESPONDER_COMPANY__ALLOW": "shop.example, ,+386 1 555 0100,",
        "RESPONDER_DIGEST__AT": "06:00",
        "RESPONDER_CONFIG": "elsewhere.toml",
        "RESPONDER_TEST_PG": "postgresql://x",
        "RESPONDER_SECRET_ARCHIVE_TOKEN": "s",
        "RESPONDER_SERVICE_PORT_HTTP": "80",
        "RESPONDER_PORT_80_TCP_ADDR": "10.0.0.1",
        "OTHER": "x",
    }
    settings = load(file, environ)
    assert settings.posting.mode == "on"
    assert settings.company.allow == ("shop.example", "+386 1 555 0100")
    assert settings.company.name == "Acme"
    assert settings.digest.at.hour == 6


@given(st.sampled_from([(table, key) for table in TABLES for key in keys_of(table)]), st.text(max_size=9))
def test_every_key_can_be_set_from_the_environment_and_a_wrong_value_is_told_there(
    where: tuple[str, str], value: str
) -> None:
    name = f"RESPONDER_{where[0]}__{where[1]}".upper()
    try:
        settings = load(None, {name: value})
    except SettingsError as error:
        problems = error.problems
    else:
        problems = ()
        assert settings.origins == {".".join(where): name}
    assert {(problem.place, problem.key) for problem in problems} <= {("environment", name)}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("RESPONDER_COMPANY_NAME", "did you mean RESPONDER_COMPANY__NAME?"),
        ("RESPONDER_POLICY__FOLDER", "did you mean RESPONDER_POLICIES__FOLDERS?"),
        ("RESPONDER_MODE", "did you mean RESPONDER_POSTING__MODE?"),
        ("RESPONDER_CONFG", "did you mean RESPONDER_CONFIG?"),
        ("RESPONDER_FOO", "a key is set as RESPONDER_<SECTION>__<KEY>, with two underscores"),
        ("RESPONDER_DATABASE_PASSWORD", "a secret is set as RESPONDER_SECRET_DATABASE_PASSWORD"),
        ("RESPONDER_SECRETS_X_TOKEN", "a secret is set as RESPONDER_SECRET_X_TOKEN"),
        ("RESPONDER_ACCOUNTS__0__NAME", "accounts are set in the file alone"),
        ("RESPONDER_PEOPLE__0__ROLE", "people are set in the file alone"),
    ],
)
def test_a_name_in_the_environment_that_means_nothing_is_told_with_the_likely_one(
    name: str, hint: str
) -> None:
    assert told(None, {name: "hunter2"}) == [f"environment: {name}: means nothing to responder; {hint}"]


def test_every_problem_is_told_at_once_from_the_top_of_the_file_to_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "responder.toml"
    path.write_text(
        '[posting]\nlook_after = "5 min"\nmode = "yes"\n\n[[accounts]]\nname = "a"\nconnector = "replay"\n'
        '\n[[accounts]]\nname = "a"\nconnector = "replay"\noptions = { api_key = "hunter2" }\n\n[daemn]\n',
        encoding="utf-8",
    )
    environ = {"RESPONDER_POSTING__MODE": "1", "RESPONDER_DIGEST__AT": "noon", "RESPONDER_MODE": ""}
    wrong = told(path, environ)
    assert [line.removeprefix(f"{path}:") for line in wrong] == [
        '2:14: posting.look_after: "5 min" is not a length of time; write "5m"',
        '10:8: accounts.2.name: "a" is already the name of accounts.1; choose another',
        f"12:13: accounts.2.options.api_key: {belongs_elsewhere('a_api_key')}",
        "14:1: daemn: unknown section; did you mean [daemon]?",
        'environment: RESPONDER_POSTING__MODE: "1" is not one of "off", "dry-run" or "on"',
        'environment: RESPONDER_DIGEST__AT: "noon" is not a time of day; write one from "00:00" to "23:59"',
        "environment: RESPONDER_MODE: means nothing to responder; did you mean RESPONDER_POSTING__MODE?",
    ]


def test_two_keys_that_contradict_each_other_are_told_where_they_were_set(tmp_path: Path) -> None:
    path = tmp_path / "responder.toml"
    path.write_text('\n[posting]\nlook_after = "10m"\n[response]\ntier_3 = "9h"\n', encoding="utf-8")
    assert told(path, {}) == [
        f'{path}:2:1: posting: look_after ("10m") must be shorter than give_up_after ("10m")',
        f'{path}:4:1: response: tier_3 ("9h") is more urgent than tier_2 ("8h") and must not wait longer',
    ]
    (line,) = told(None, {"RESPONDER_POSTING__LOOK_AFTER": "1h"})
    assert line.startswith('environment: RESPONDER_POSTING__LOOK_AFTER: look_after ("1h") must be shorter')


def test_a_file_that_cannot_be_parsed_does_not_hide_what_is_wrong_in_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "responder.toml"
    path.write_text("[posting]\nmode = on\n", encoding="utf-8")
    first, second = told(path, {"RESPONDER_POSTING__MODE": "maybe"})
    assert first.startswith(f"{path}:2:8: this is not a value")
    assert second.startswith("environment: RESPONDER_POSTING__MODE:")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'[company]\nname = "Jos\xe9"\n', ":2:12: the byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("[company]".encode("utf-16"), ":1:1: the byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"#" * 1_000_001, ": the file is larger than 1 MB; this is not a file of settings"),
    ],
)
def test_a_file_that_is_no_text_is_told_as_such(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "responder.toml"
    path.write_bytes(content)
    assert told(path, {}) == [f"{path}{says}"]


def test_a_mark_at_the_start_of_the_file_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "responder.toml"
    path.write_text('\ufeff[company]\nname = "Acme"\n', encoding="utf-8")
    assert load(path, {}).company.name == "Acme"


def test_a_file_that_is_not_there_or_is_a_folder_is_told_as_such(tmp_path: Path) -> None:
    assert told(tmp_path, {}) == [f"{tmp_path}: this is a folder; name the file in it"]
    assert told(tmp_path / "no.toml", {}) == [f"{tmp_path / 'no.toml'}: there is no such file"]
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    (line,) = told(loop, {})
    assert line.startswith(f"{loop}: the file cannot be read (too many levels of symbolic links")


def test_a_file_this_user_may_not_read_is_told_as_such(file: Path) -> None:
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read everything")
    assert told(file, {}) == [
        f"{file}: the file cannot be read (permission denied); make it readable for this user"
    ]


def test_the_file_is_looked_for_in_the_order_that_the_file_itself_tells(tmp_path: Path) -> None:
    system, home, xdg, cwd = (tmp_path / name for name in ("etc", "home", "xdg", "cwd"))
    places = [
        system / "responder.toml",
        home / ".config" / "responder" / "responder.toml",
        cwd / "config" / "responder.toml",
        cwd / "named.toml",
        cwd / "given.toml",
    ]
    environ = {"HOME": str(home), "XDG_CONFIG_HOME": "not/absolute"}
    assert find(None, environ, cwd, system=system) is None
    for place in places[:3]:
        place.parent.mkdir(parents=True)
        place.touch()
        assert find(None, environ, cwd, system=system) == place
    places[3].touch()
    assert find(None, {**environ, "RESPONDER_CONFIG": "named.toml"}, cwd, system=system) == places[3]
    places[4].touch()
    assert find(Path("given.toml"), {"RESPONDER_CONFIG": "named.toml"}, cwd, system=system) == places[4]
    other = xdg / "responder" / "responder.toml"
    other.parent.mkdir(parents=True)
    other.touch()
    assert find(None, {"XDG_CONFIG_HOME": str(xdg), "HOME": str(home)}, tmp_path, system=system) == other


def test_a_file_that_was_named_and_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nope\.toml: there is no such file; --config names it"):
        find(Path("nope.toml"), {}, tmp_path)
    with pytest.raises(SettingsError, match=r"nope\.toml: there is no such file; RESPONDER_CONFIG names it"):
        find(None, {"RESPONDER_CONFIG": "nope.toml"}, tmp_path)


def test_a_file_that_cannot_be_looked_at_is_not_passed_over_for_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    loop = tmp_path / "config" / "responder.toml"
    loop.symlink_to(loop)
    assert find(None, {}, tmp_path, system=tmp_path) == loop


def test_what_a_connector_refuses_is_told_at_the_option_in_the_file(file: Path) -> None:
    settings = load(file, {})
    error = refused(settings, "archive", "page: is too small\ncolumns.text: is not known\nout of order")
    assert str(error).splitlines() == [
        f"{file}:14:1: accounts.1.options: out of order",
        f"{file}:16:20: accounts.1.options.columns.text: is not known",
        f"{file}:17:8: accounts.1.options.page: is too small",
    ]
    error = refused(settings, "archive", "there is no connector replay", "connector")
    assert str(error) == f"{file}:12:13: accounts.1.connector: there is no connector replay"


def test_what_a_connector_refuses_is_told_even_when_the_file_has_gone(file: Path) -> None:
    settings = load(file, {})
    file.unlink()
    error = refused(settings, "archive", "page: is too small")
    assert str(error) == f"{file}:1:1: accounts.1.options.page: is too small"


def test_a_reply_is_not_held_back_for_long(tmp_path: Path) -> None:
    path = tmp_path / "responder.toml"
    path.write_text('[posting]\nundo = "6m"\n', encoding="utf-8")
    assert told(path, {}) == [f'{path}:1:1: posting: undo ("6m") must be at most "5m": customers wait']
    path.write_text('[posting]\nundo = "0s"\n', encoding="utf-8")
    assert load(path, {}).posting.undo == timedelta(0)
