"""Wiring: one place builds, each thing when it is first needed, and the log carries no secret."""

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
import structlog

from responder.logs import set_up_logs
from responder.settings import Settings, SettingsError
from responder.settings.response import ResponseSection
from responder.settings.running import DaemonSection
from responder.settings.sections import (
    AccountSection,
    CompanySection,
    DatabaseSection,
    PoliciesSection,
    PostingSection,
)
from responder.settings.telling import MailSection
from responder.steps.post import Mode
from responder.store.store import Store
from responder.wiring import App, clock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """One account that reads a file."""
    (tmp_path / "feed.jsonl").write_text("")
    options = {"file": str(tmp_path / "feed.jsonl"), "outbox": str(tmp_path / "out.jsonl"), "network": "x"}
    return Settings(
        database=DatabaseSection(url=f"sqlite:///{tmp_path / 'x.db'}"),
        accounts=(
            AccountSection(name="shop", connector="replay", options=options, every=timedelta(minutes=3)),
        ),
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    made = App(settings)
    yield made
    made.close()


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes; what was set up before comes back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    said = io.StringIO()
    set_up_logs(said)
    yield said
    root.handlers[:] = handlers
    root.setLevel(level)


def test_the_clock_is_aware_and_in_utc() -> None:
    assert clock().tzinfo is UTC


def test_nothing_is_opened_before_it_is_needed(settings: Settings, tmp_path: Path) -> None:
    app = App(settings)
    app.close()
    assert not (tmp_path / "x.db").exists()


def test_the_store_is_ready_when_it_is_given_and_the_same_each_time(app: App) -> None:
    assert app.store is app.store
    assert app.store.views.health() == []


def test_the_accounts_of_the_config_are_known_to_the_store(app: App) -> None:
    (account,) = app.accounts.values()
    assert (account.name, account.every, account.connector.network) == ("shop", 180, "x")
    assert [(one.name, one.network) for one in app.store.views.health()] == [("shop", "x")]


def test_an_account_that_left_the_config_keeps_its_cases(settings: Settings) -> None:
    first = App(settings)
    assert list(first.accounts) == ["shop"]
    first.close()
    without = App(replace(settings, accounts=()))
    assert without.accounts == {}
    assert [one.name for one in without.store.views.health()] == ["shop"]
    without.close()


@pytest.mark.parametrize(
    ("connector", "options", "says"),
    [("replya", {}, "Did you mean replay"), ("replay", {"file": 7}, "file")],
)
def test_a_wrong_account_is_told_as_a_mistake_in_the_settings(
    settings: Settings, connector: str, options: dict[str, object], says: str
) -> None:
    app = App(
        replace(settings, accounts=(AccountSection(name="shop", connector=connector, options=options),))
    )
    with pytest.raises(SettingsError, match=says):
        _ = app.accounts
    app.close()


def test_the_companys_voice_and_rules_reach_the_policy(settings: Settings, tmp_path: Path) -> None:
    company = CompanySection(
        name="Lindenrowe", contact="care@lindenrowe.example", signature="^Ana", allow=("x.example",)
    )
    response = ResponseSection(update_within=timedelta(hours=5))
    app = App(
        replace(settings, company=company, response=response, policies=PoliciesSection(folders=(tmp_path,)))
    )
    voice = app.policy.voice
    assert (voice.company, voice.signature, voice.contact) == (
        "Lindenrowe",
        "^Ana",
        "care@lindenrowe.example",
    )
    assert voice.update_within == 5
    assert app.policy.allowed == ("x.example", "care@lindenrowe.example")
    assert app.policy_folders[-1] == tmp_path
    assert app.policy_folders[0].name == "policies"


@pytest.mark.parametrize(("minutes", "hours"), [(1, 1), (60, 1), (240, 4)])
def test_a_promise_is_made_in_whole_hours_and_never_in_none(
    settings: Settings, minutes: int, hours: int
) -> None:
    app = App(replace(settings, response=ResponseSection(update_within=timedelta(minutes=minutes))))
    assert app.policy.voice.update_within == hours


def test_a_reply_may_name_our_contact_only_when_there_is_one(settings: Settings) -> None:
    assert App(settings).policy.allowed == ()


def test_posting_is_off_unless_the_settings_say_otherwise(settings: Settings) -> None:
    assert App(settings).mode is Mode.OFF
    assert App(replace(settings, posting=PostingSection(mode="on"))).mode is Mode.ON


def test_targets_and_patience_are_those_of_the_settings(settings: Settings) -> None:
    posting = PostingSection(look_after=timedelta(minutes=1), give_up_after=timedelta(minutes=9))
    app = App(replace(settings, posting=posting))
    assert app.targets.targets == settings.response.targets()
    assert (app.terms.patience.look_after, app.terms.patience.give_up_after) == (
        timedelta(minutes=1),
        timedelta(minutes=9),
    )


def test_the_log_is_one_line_of_key_and_value_for_each_event(stream: io.StringIO) -> None:
    structlog.stdlib.get_logger("responder.daemon").info("rang", ring="post", sent=3, said="a b\nc")
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("timestamp=")
    assert 'level=info event=rang ring=post sent=3 said="a b\\nc"' in line


def test_what_libraries_whisper_is_not_logged_for_some_whisper_tokens(stream: io.StringIO) -> None:
    for name in ("tweepy.client", "urllib3.connectionpool", "prawcore", "sqlalchemy.engine"):
        logging.getLogger(name).debug("Authorization: Bearer canary")
        logging.getLogger(name).info("Authorization: Bearer canary")
        logging.getLogger(name).warning("slow down")
    assert "canary" not in stream.getvalue()
    assert stream.getvalue().count("slow down") == 4


def test_a_password_of_the_database_is_in_no_repr(settings: Settings) -> None:
    store = Store("postgresql://sam:canary@127.0.0.1:1/responder")
    assert "canary" not in repr(store)
    store.close()


def test_building_nothing_loads_nothing_heavy() -> None:
    heavy = {"sqlalchemy", "textblob", "apscheduler", "structlog", "pydantic", "alembic"}
    words = (
        f"import sys, responder.wiring as w; w.App(w.Settings()); print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("deadline", "talk"), [(120, 40.0), (600, 40.0), (30, 10.0)])
def test_no_mail_server_keeps_a_ring_until_the_daemon_is_taken_for_stuck(
    settings: Settings, deadline: int, talk: float
) -> None:
    mail = MailSection(host="smtp.example", sender="r@acme.example")
    daemon = DaemonSection(deadline=timedelta(seconds=deadline))
    server = App(replace(settings, mail=mail, daemon=daemon)).sender.server
    assert server
    assert (server.talk, server.step) == (talk, 10.0)
