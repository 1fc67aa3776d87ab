"""Times to answer in: by tier, by network, and the words for what is wrong with them."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from responder.policy.complaint_rules import complaint_rules
from responder.settings import SettingsError, load

ACCOUNT = '[[accounts]]\nname = "a"\nconnector = "x"\n'


def read(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "responder.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_network_has_its_own_times_and_else_those_of_all(tmp_path: Path) -> None:
    text = (
        '[response]\ntier_5 = "20m"\nnext = { tier_5 = "5m" }\nsettle = { tier_5 = "1d" }\n'
        f'[response.networks.x]\ntier_5 = "10m"\nsettle = {{ tier_4 = "2d" }}\n{ACCOUNT}'
    )
    response = load(read(tmp_path, text), {}).response
    usual, own = response.targets(), response.targets("x")
    assert (usual.first[5], own.first[5]) == (timedelta(minutes=20), timedelta(minutes=10))
    assert usual.first[4] == own.first[4] == timedelta(hours=1)
    assert own.next == usual.next == {5: timedelta(minutes=5)}
    assert own.settle == {5: timedelta(days=1), 4: timedelta(days=2)}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('next = "2h"', "is not a table of tiers"),
        ('next = { tier_7 = "2h" }', "is not a tier"),
        ('next = { tier_5 = "2 h" }', "is not a length of time"),
        ('settle = { tier_5 = "2h", tier_3 = "1h" }', "tier_5 is more urgent than tier_3"),
        ('networks = { x = "2h" }', "is not a table of networks"),
        ('networks = { mastodon = { tier_5 = "5m" } }', "no account is on"),
        ('complaint_rule = "uk-none"', "is no rule we know"),
        ("round_the_clock_from = 6", "tier"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load(read(tmp_path, f"[response]\n{line}\n{ACCOUNT}"), {})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('holidays = "XX"', "has no holidays that we know"),
        ('closed = ["13-01"]', "is not a day"),
        ('closed = ["2026-02-29"]', "is not a day"),
    ],
)
def test_a_day_or_place_that_is_none_is_refused(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load(read(tmp_path, f"[company]\n{line}\n"), {})


def test_days_are_written_with_a_year_or_without(tmp_path: Path) -> None:
    settings = load(read(tmp_path, '[company]\nholidays = "DE-BY"\nclosed = ["02-29", "2026-12-24"]\n'), {})
    assert settings.company.closed == ("02-29", "2026-12-24")
    assert settings.company.timezone is UTC


def test_every_rule_says_what_it_wants_and_where_that_is_written() -> None:
    for rule in complaint_rules().values():
        assert rule.days > 0
        assert rule.says
        assert rule.source
        assert rule.url.startswith("https://")
        assert rule.as_of
