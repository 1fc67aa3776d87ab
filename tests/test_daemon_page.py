"""What programs that watch the daemon are told over HTTP."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from responder.daemon import Daemon
from responder.daemon.answers import answers
from responder.daemon.page import CannotListen, listening
from responder.logs import set_up_logs
from tests.test_daemon_watch import NOW, app_in


@pytest.fixture
def some(tmp_path: Path) -> Iterator[Daemon]:
    set_up_logs(io.StringIO())
    (tmp_path / "feed.jsonl").write_text('{"id": "1", "text": "Ana Novak, lost!", "author": "ana_n"}\n')
    daemon = Daemon(app_in(tmp_path, "shop"), {}, now=lambda: NOW)
    daemon.once()
    yield daemon
    daemon.app.close()


def asked(daemon: Daemon, path: str) -> tuple[int, str]:
    with listening("127.0.0.1:0", answers(daemon)) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        response = connection.getresponse()
        told = response.status, response.read().decode()
        connection.close()
    return told


def test_while_all_is_well_it_says_ok(some: Daemon) -> None:
    assert asked(some, "/healthz") == (200, "ok\n")


def test_a_clock_that_does_not_tick_is_told(some: Daemon) -> None:
    some.ticked -= 1_000
    assert asked(some, "/healthz") == (503, "the clock does not tick any more\n")


def test_an_account_that_nothing_reads_is_told(some: Daemon) -> None:
    some.now = lambda: NOW + timedelta(minutes=3)
    status, said = asked(some, "/healthz")
    assert (status, said) == (503, "shop should have been polled at 2026-03-02T09:02:00+00:00\n")


def test_settings_that_were_refused_are_told(some: Daemon) -> None:
    some.signs.config_problem = "my.toml:3:1: posting.mode"
    assert asked(some, "/healthz")[0] == 503


def test_the_metrics_are_what_prometheus_reads_and_hold_nobodys_words(some: Daemon) -> None:
    status, said = asked(some, "/metrics")
    assert status == 200
    assert 'responder_cases{stage="WAITING",tier="1"} 1.0' in said
    assert 'responder_events_total{event="mention.heard"} 1.0' in said
    assert 'responder_ring_runs_total{outcome="well",ring="triage"} 1.0' in said
    assert 'responder_blind{account="shop"} 0.0' in said
    assert re.search(r'responder_poll_age_seconds\{account="shop"\} 0\.0', said)
    assert "ana" not in said.lower()
    assert len(said.splitlines()) < 150


@pytest.mark.parametrize("path", ["/", "/metrics/", "/../etc/passwd", "/healthzz"])
def test_nothing_else_is_answered(some: Daemon, path: str) -> None:
    assert asked(some, path) == (404, "there is nothing here\n")


def test_a_port_that_is_taken_is_told_and_no_address_opens_nothing(some: Daemon) -> None:
    with (
        listening("127.0.0.1:0", answers(some)) as port,
        pytest.raises(CannotListen, match=f"127.0.0.1:{port} cannot be had"),
        listening(f"127.0.0.1:{port}", answers(some)),
    ):
        pass
    with listening("", answers(some)) as none:
        assert none == 0
