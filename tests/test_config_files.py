"""The files in config/: they say what is true, and a person can go by them."""

import json
import re
import shutil
import subprocess
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from responder.settings import Settings, load, schema
from responder.settings.sections import LISTS, TABLES
from responder.settings.wording import keys_of

CONFIG = Path(__file__).parents[1] / "config"
TOML = (CONFIG / "responder.toml").read_text(encoding="utf-8")
SERVICE = (CONFIG / "responder.service").read_text(encoding="utf-8")
VALIDATOR = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def with_the_examples() -> str:
    """Return responder.toml with its examples of lists taken into use, as their comments tell people to."""
    text = TOML
    for name in LISTS:
        before, mark, after = text.partition(f"# [[{name}]]\n")
        example, blank, rest = after.partition("\n\n")
        text = before + re.sub("(?m)^# ?", "", mark + example) + blank + rest
    return text


def test_the_file_equals_the_defaults() -> None:
    assert load(CONFIG / "responder.toml", {}) == Settings()


def test_the_file_names_its_schema_for_editors() -> None:
    assert TOML.splitlines()[0] == "#:schema ./responder.schema.json"


def test_the_file_has_every_key_in_order_and_writes_it_as_the_schema_does() -> None:
    table = tomllib.loads(with_the_examples())
    assert list(table) == [*TABLES, "views", *LISTS] == list(schema()["properties"])
    for name, section in schema()["properties"].items():
        if name == "views":  # its keys are people's own
            continue
        told = section.get("items", section)["properties"]
        stands = table[name][0] if name in LISTS else table[name]
        assert tuple(stands) == keys_of(name)
        for key, about in told.items():
            if name not in LISTS or key == "every":
                assert stands[key] == about["default"], (name, key)


def test_a_comment_above_each_key_says_what_the_schema_says() -> None:
    comments: dict[str, str] = {}
    words: list[str] = []
    section = ""
    for line in with_the_examples().splitlines():
        if header := re.fullmatch(r"\[+([a-z_.]+)\]+", line):
            section = header[1]
            comments[section] = " ".join(words)
        elif key := re.match(r"([a-z_0-9]+) = ", line):
            comments[f"{section}.{key[1]}"] = " ".join(words)
        words = [*words, line.removeprefix("# ")] if line.startswith("#") else []
    for name, told in schema()["properties"].items():
        if name == "views":
            assert told["description"] in comments[name]
            continue
        for key, about in told.get("items", told)["properties"].items():
            assert about["description"] in comments[f"{name}.{key}"], (name, key)


def test_the_examples_work_when_they_are_taken_into_use(tmp_path: Path) -> None:
    file = tmp_path / "responder.toml"
    file.write_text(with_the_examples(), encoding="utf-8")
    server = {"RESPONDER_MAIL__HOST": "smtp.example", "RESPONDER_MAIL__SENDER": "responder@acme.example"}
    settings = load(file, server)
    (account,), (person,), (recipient,) = settings.accounts, settings.people, settings.recipients
    assert (recipient.name, recipient.mail, recipient.alerts) == ("ana", "ana@acme.example", "all")
    assert (person.name, person.role, person.teams) == ("Ana", "approver", ("billing",))
    assert (account.name, account.connector, account.every) == ("archive", "replay", timedelta(minutes=2))
    assert account.options["file"] == "posts.csv"


def test_every_command_and_section_that_the_comments_name_exists() -> None:
    assert set(re.findall(r"\[([a-z_]+)\]", TOML)) <= {*TABLES, "views", *LISTS}
    for table, key in re.findall(r"RESPONDER_([A-Z]+)__([A-Z_]+)", TOML + SERVICE):
        assert key.lower() in keys_of(table.lower())


def test_the_schema_file_is_the_schema() -> None:
    text = (CONFIG / "responder.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_schema_is_one_and_takes_the_file() -> None:
    Draft202012Validator.check_schema(schema())
    for text in (TOML, with_the_examples()):
        assert not list(VALIDATOR.iter_errors(tomllib.loads(text)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"companny": {}},
        {"posting": {"mod": "on"}},
        {"posting": {"mode": "yes"}},
        {"posting": {"mode": False}},
        {"posting": {"look_after": 120}},
        {"posting": {"look_after": "5 min"}},
        {"digest": {"at": "7:30"}},
        {"company": {"allow": "acme.example"}},
        {"database": {"url": "mysql://db.example/x"}},
        {"accounts": {"name": "a", "connector": "b"}},
        {"accounts": [{"name": "a"}]},
        {"views": {"My View": "tier:>3"}},
        {"views": {"mine": 3}},
        {"views": "tier:>3"},
        {"accounts": [{"name": "My Shop", "connector": "b"}]},
        {"people": [{"role": "agent"}]},
        {"people": [{"name": "Ana", "role": "boss"}]},
        {"people": [{"name": "A" * 101}]},
        {"approval": {"second_from_tier": 6}},
    ],
)
def test_an_editor_shows_what_reading_refuses(wrong: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(wrong))


def test_the_service_waits_longer_than_the_daemon_takes_for_a_piece_of_work() -> None:
    deadline = Settings().daemon.deadline
    for key in ("WatchdogSec", "TimeoutStopSec"):
        (minutes,) = re.findall(rf"(?m)^{key}=([0-9]+)min$", SERVICE)
        assert timedelta(minutes=int(minutes)) > deadline


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The service as systemd would see it where responder is installed."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    file = tmp_path / "responder.service"
    file.write_text(re.sub("(?m)^ExecStart=.*$", "ExecStart=/bin/true", SERVICE), encoding="utf-8")
    return file


def test_systemd_finds_nothing_wrong_in_the_service(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    unit.write_text(unit.read_text(encoding="utf-8").replace("PrivateTmp", "PrivatTmp"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert "PrivatTmp" in done.stderr


def test_reload_is_the_signal_that_the_daemon_reads_its_settings_by() -> None:
    assert "ExecReload=/bin/kill -HUP $MAINPID" in SERVICE.splitlines()


def test_the_service_is_as_closed_as_it_can_be(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    (score,) = re.findall(r"Overall exposure level for .*: ([0-9.]+)", done.stdout)
    assert float(score) <= 1.5
