"""How values are written: what is taken, what is refused, and in which words."""

import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.settings import kinds
from responder.settings.kinds import Kind, Wrong, quoted, written


def kind(alias: Any) -> Kind:
    found = next(part for part in get_args(alias) if isinstance(part, Kind))
    assert isinstance(found, Kind)
    return found


DURATION = kind(kinds.Duration)
TIME = kind(kinds.TimeOfDay)
ZONE = kind(kinds.Zone)
LINE = kind(kinds.Line)
DATABASE = kind(kinds.Database)
FOLDER = kind(kinds.Folder)
EVERY_KIND = [kind(alias) for alias in vars(kinds).values() if hasattr(alias, "__metadata__")]

toml_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def refusal(a_kind: Kind, value: object) -> str:
    with pytest.raises(Wrong) as caught:
        a_kind.read(value)
    return str(caught.value)


def said(a_kind: Kind, value: object) -> str:
    try:
        a_kind.read(value)
    except Wrong as wrong:
        return str(wrong)
    return "taken"


@given(st.integers(1, 3650 * 86_400))
def test_a_length_of_time_is_read_as_it_was_written(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert DURATION.read(written(length)) == length


@given(st.from_regex(DURATION.told["pattern"].replace("{0,8}", "{0,2}"), fullmatch=True))
def test_what_the_schema_takes_for_a_length_of_time_is_one(text: str) -> None:
    assert isinstance(DURATION.read(text), timedelta)


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_time_of_day_is_read_as_it_was_written(moment: time) -> None:
    assert TIME.read(written(moment)) == moment


@given(toml_values)
def test_every_kind_takes_a_value_or_says_what_is_wrong(value: object) -> None:
    assert all(said(each, value) for each in EVERY_KIND)


@pytest.mark.slow
@given(st.text(alphabet="abcdefghijkmnpqrstuvwxyz0123456789", min_size=25, max_size=80))
def test_a_long_text_is_never_shown_since_it_may_be_a_key_in_the_wrong_place(pasted: str) -> None:
    assert all(pasted not in said(each, pasted) for each in EVERY_KIND)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (300, '300 has no unit; write a length of time like "90s", "5m", "2h" or "1d"'),
        (0.5, '0.5 has no unit; write a length of time like "90s", "5m", "2h" or "1d"'),
        ("5 min", '"5 min" is not a length of time; write "5m"'),
        ("02 Hours", '"02 Hours" is not a length of time; write "2h"'),
        ("1h30m", '"1h30m" is not a length of time; write one above zero, like "90s", "5m", "2h" or "1d"'),
        ("0s", '"0s" is not a length of time; write one above zero, like "90s", "5m", "2h" or "1d"'),
        (True, 'true is not a length of time; write one above zero, like "90s", "5m", "2h" or "1d"'),
        ("3651d", '"3651d" is longer than ten years; write a shorter time'),
        ("٣m", '"٣m" is not a length of time; write one above zero, like "90s", "5m", "2h" or "1d"'),
    ],
)
def test_a_wrong_length_of_time_is_told_with_the_right_one(value: object, says: str) -> None:
    assert refusal(DURATION, value) == says


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("7:30", '"7:30" is not a time of day; write "07:30"'),
        ("7.30", '"7.30" is not a time of day; write "07:30"'),
        (time(7, 30), 'this is not a time of day; write it in quotes, "07:30"'),
        ("24:00", '"24:00" is not a time of day; write one from "00:00" to "23:59"'),
        (730, '730 is not a time of day; write one from "00:00" to "23:59"'),
    ],
)
def test_a_wrong_time_of_day_is_told_with_the_right_one(value: object, says: str) -> None:
    assert refusal(TIME, value) == says


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Ljubljana", 'did you mean "Europe/Ljubljana"?'),
        ("europe/stockholm", 'did you mean "Europe/Stockholm"?'),
        ("new york", 'did you mean "America/New_York"?'),
        ("Europe", 'write one like "Europe/Ljubljana"'),
        ("CEST", 'write one like "Europe/Ljubljana"'),
        ("/etc/passwd", 'write one like "Europe/Ljubljana"'),
    ],
)
def test_an_unknown_time_zone_is_told_with_near_ones(name: str, hint: str) -> None:
    assert refusal(ZONE, name) == f'"{name}" is not a time zone; {hint}'


def test_time_zones_go_by_their_names_and_utc_needs_no_database() -> None:
    assert ZONE.read("Europe/Ljubljana") == ZoneInfo("Europe/Ljubljana")
    assert ZONE.read("UTC") is UTC
    assert written(ZONE.read("Europe/Ljubljana")) == "Europe/Ljubljana"


@pytest.fixture
def no_zones() -> Iterator[None]:
    """A machine without a time zone database."""
    if find_spec("tzdata"):
        pytest.skip("the package tzdata is installed")
    zoneinfo.reset_tzpath(to=())
    ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()


def test_a_machine_without_time_zones_is_told_as_such(no_zones: None) -> None:
    assert ZONE.read("UTC") is UTC
    assert refusal(ZONE, "Europe/Ljubljana") == (
        'this machine has no time zone database; install the package tzdata, or write "UTC"'
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\nb", "this text has a line break; write it on one line"),
        ("a" * 201, "this text is too long; it can have 200 characters"),
        ("Ac\u202eme", "this text holds something that cannot be read, <U+202E>; type it anew"),
        ("Ac\x1bme", "this text holds something that cannot be read, <U+001B>; type it anew"),
        (
            "a" + "\u0301" * 9,
            "this text holds something that cannot be read, a pile of accents; type it anew",
        ),
        (7, '7 is not a text; write it in quotes, like "7"'),
        ([], 'a list is not a text; write it in quotes, like "Acme"'),
    ],
)
def test_a_text_that_customers_will_see_is_one_clean_line(text: object, says: str) -> None:
    assert refusal(LINE, text) == says


def test_accents_are_taken_however_they_were_typed() -> None:
    assert LINE.read("Jose\u0301 \U0001f44d") == "Jos\u00e9 \U0001f44d"


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("sqlite:///responder.db", "sqlite:///responder.db"),
        ("sqlite:////var/lib/responder/responder.db", "sqlite:////var/lib/responder/responder.db"),
        ("postgresql://me@db.example/responder", "postgresql+psycopg://me@db.example/responder"),
        ("postgres://db.example:5432/responder", "postgresql+psycopg://db.example:5432/responder"),
        ("postgresql+psycopg:///x?host=/run/pg", "postgresql+psycopg:///x?host=/run/pg"),
    ],
)
def test_a_database_is_a_file_or_a_postgresql_server(address: str, taken: str) -> None:
    assert DATABASE.read(address) == taken


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://db.example/x", "begins with"),
        ("postgresql+asyncpg://db.example/x", "begins with"),
        ("responder.db", "begins with"),
        ("sqlite://responder.db", "three slashes"),
        ("sqlite:///x.db?mode=memory", "three slashes"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("postgresql://db.example", "does not name a database"),
        ("postgresql://db.example:70000/x", "cannot be read"),
        ("postgresql://db.example:0/x", "cannot be read"),
        ("postgresql://[::1/x", "cannot be read"),
        ("postgresql://me:hunter2@db.example/x", "as the secret `database_password`"),
        ("postgresql://db.example/x?password=hunter2", "as the secret `database_password`"),
        (5432, "is not a text"),
    ],
)
def test_a_wrong_address_is_refused_without_showing_it(address: object, says: str) -> None:
    message = refusal(DATABASE, address)
    assert says in message
    assert "hunter2" not in message


def test_a_folder_may_begin_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert FOLDER.read("~/secrets") == tmp_path / "secrets"
    assert FOLDER.read("~other") == Path("~other")
    assert kind(kinds.FolderOrNone).read("") is None
    assert refusal(FOLDER, " ") == 'no folder is named; write one, like "digests"'
    assert refusal(FOLDER, "a\0b") == "this is not the name of a folder; type it anew"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (False, "false"),
        ("a\x1b[2J", '"a<U+001B>[2J"'),
        (10**30, "this"),
        ({"a": 1}, "a table"),
        ("x" * 24, '"' + "x" * 24 + '"'),
        ("x" * 25, "this"),
    ],
)
def test_a_value_in_an_error_is_short_and_harmless(value: object, shown: str) -> None:
    assert quoted(value) == shown


def test_names_are_spelt_as_they_can_be_typed() -> None:
    name = kind(kinds.AccountName)
    assert name.read("x-main") == "x-main"
    assert "small letters, digits and hyphens" in refusal(name, "My Shop")
    assert re.search('write one like "en"', refusal(kind(kinds.Language), "english"))


@pytest.mark.parametrize("amount", [0, 0.01, 25, 25.5, 1_000_000])
def test_an_amount_of_money_is_a_number_from_a_hundredth(amount: float) -> None:
    assert kind(kinds.Amount).read(amount) == amount


@pytest.mark.parametrize("amount", [-1, 0.001, 1_000_001, float("nan"), float("inf"), True, "25", None])
def test_what_is_no_amount_is_refused_with_one(amount: object) -> None:
    says = "is not an amount of money; write 0, or a number from 0.01 to 1000000, like 25.0"
    assert refusal(kind(kinds.Amount), amount).endswith(says)
    assert 'write one like "USD"' in refusal(kind(kinds.Currency), "usd")
