"""The daemon: everything rings, nothing hangs unseen, and it ends after the case in hand."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from responder.daemon import LATER, STUCK, Daemon, Ring, serve
from responder.logs import set_up_logs
from responder.model.case import Stage
from responder.policy.rulebook import RulebookError
from responder.settings import Settings
from responder.settings.running import DaemonSection
from responder.settings.sections import AccountSection, CompanySection, DatabaseSection
from responder.settings.telling import DigestSection
from responder.steps.report import Report, Stop
from responder.wiring import App
from tests.policies import PlainPolicy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER_ON = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def quiet_logs() -> None:
    set_up_logs(io.StringIO())


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """An app with one account that reads a file, and a digest due at 07:30 in Ljubljana."""
    (tmp_path / "feed.jsonl").write_text('{"id": "1", "text": "My parcel is lost.", "author": "ana"}\n')
    options = {"file": str(tmp_path / "feed.jsonl"), "outbox": str(tmp_path / "out.jsonl")}
    made = App(
        Settings(
            company=CompanySection(name="Acme", timezone=ZoneInfo("Europe/Ljubljana")),
            database=DatabaseSection(url=f"sqlite:///{tmp_path / 'x.db'}"),
            accounts=(AccountSection(name="shop", connector="replay", options=options),),
            daemon=DaemonSection(step_every=timedelta(seconds=0.1), deadline=timedelta(seconds=2)),
            digest=DigestSection(folder=tmp_path / "digests"),
        )
    )
    made.__dict__["policy"] = PlainPolicy()  # a cached property, filled before its first use
    yield made
    made.close()


def daemon(app: App, now: datetime = NOW) -> Daemon:
    return Daemon(app, {}, now=lambda: now)


def test_once_reads_weighs_drafts_and_writes_the_digest(app: App, tmp_path: Path) -> None:
    assert daemon(app).once() == 0
    assert len(app.store.views.page(Stage.WAITING)) == 1
    assert (tmp_path / "digests" / "digest-2026-03-02.txt").read_text().startswith("1 open")


def test_a_ring_that_fails_does_not_stop_the_others(app: App) -> None:
    def breaks(_now: datetime, _stop: Stop) -> Report:
        raise RuntimeError("boom")

    some = daemon(app)
    some.rings.insert(0, Ring("broken", breaks))
    assert some.once() == LATER
    assert len(app.store.views.page(Stage.WAITING)) == 1


def test_an_account_out_of_reach_is_a_problem_and_no_more(app: App, tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").unlink()
    assert daemon(app).once() == LATER
    assert "feed.jsonl" in daemon(app).app.store.views.health()[0].problem
    assert "not well: shop" in daemon(app).health()


def test_an_account_is_polled_when_it_is_due_and_not_before(app: App, tmp_path: Path) -> None:
    daemon(app).once()
    with (tmp_path / "feed.jsonl").open("a") as feed:
        feed.write('{"id": "2", "text": "Mine too.", "author": "bo"}\n')
    daemon(app, NOW + timedelta(seconds=60)).once()
    assert len(app.store.views.page(Stage.WAITING)) == 1
    daemon(app, NOW + timedelta(seconds=121)).once()
    assert len(app.store.views.page(Stage.WAITING)) == 2


def test_the_digest_is_written_once_a_local_day_also_after_a_sleep(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "digests"
    early = datetime(2026, 3, 2, 6, 29, tzinfo=UTC)  # 07:29 in Ljubljana
    daemon(app, early).once()
    assert not folder.exists()
    daemon(app, early + timedelta(minutes=1)).once()
    first = (folder / "digest-2026-03-02.txt").stat().st_mtime_ns
    daemon(app, early + timedelta(hours=10)).once()
    assert (folder / "digest-2026-03-02.txt").stat().st_mtime_ns == first
    daemon(app, early + timedelta(days=2, hours=9)).once()  # it slept over a day, and over the hour
    assert not app.store.notices.due(["digest 2026-03-04 folder"], LATER_ON)
    assert app.store.notices.due(["digest 2026-03-03 folder"], LATER_ON)


def test_a_ring_over_its_deadline_ends_the_daemon(app: App) -> None:
    some = daemon(app)
    some.deadline = 0.3

    def hangs(_now: datetime, _stop: Stop) -> Report:
        time.sleep(2)
        return Report()

    some.rings.append(Ring("stuck", hangs))
    begun = time.monotonic()
    assert some.run() == STUCK
    assert time.monotonic() - begun < 60  # it did not wait for what hangs
    some.stopping.set()


def test_a_clock_that_does_not_tick_is_noticed(app: App) -> None:
    some = daemon(app)
    assert some.stuck() == ""
    some.ticked -= 1_000
    assert "clock" in some.stuck()


def test_work_under_way_is_asked_to_come_back_before_its_deadline(app: App) -> None:
    some = daemon(app)
    asked: list[bool] = []

    def long_backlog(_now: datetime, stop: Stop) -> Report:
        asked.append(stop())
        some.rings[-1].began = time.monotonic() - some.deadline
        asked.append(stop())
        return Report()

    some.rings.append(Ring("backlog", long_backlog))
    some.ring(some.rings[-1])
    assert asked == [False, True]


class Wrong(PlainPolicy):
    """Has rules that contradict each other, in a language that nobody wrote in yet."""

    def prove(self) -> None:
        raise RulebookError(["sl/rules.toml:1: it catches what it should spare"])


def test_a_daemon_with_wrong_rules_does_not_start_and_one_for_cron_reads_only_what_it_needs(app: App) -> None:
    app.__dict__["policy"] = Wrong()
    with pytest.raises(RulebookError, match="it catches what it should spare"):
        serve(app)
    assert app.store.views.page(Stage.WAITING) == []
    assert serve(app, once=True) == 0
    assert len(app.store.views.page(Stage.WAITING)) == 1


@pytest.mark.slow
def test_a_real_daemon_tells_systemd_and_ends_by_sigterm(tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").write_text(
        "".join(f'{{"id": "{n}", "text": "Lost {n}", "author": "a{n}"}}\n' for n in range(20))
    )
    (tmp_path / "my.toml").write_text(
        f'[database]\nurl = "sqlite:///{tmp_path / "x.db"}"\n[digest]\nfolder = "{tmp_path / "digests"}"\n'
        '[daemon]\nstep_every = "1s"\n[[accounts]]\nname = "shop"\nconnector = "replay"\n'
        f'[accounts.options]\nfile = "{tmp_path / "feed.jsonl"}"\n'
    )
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        address = f"\0responder-test-{os.getpid()}-{time.monotonic_ns()}"
        listening.bind(address)
        listening.settimeout(90)
        process = subprocess.Popen(
            [sys.executable, "-m", "responder", "--config", str(tmp_path / "my.toml"), "daemon"],
            env={**os.environ, "NOTIFY_SOCKET": "@" + address[1:]},
            stderr=subprocess.PIPE,
            text=True,
        )
        heard: list[str] = []
        try:
            while "WATCHDOG=1" not in heard:
                heard.append(listening.recv(4096).decode())
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
        listening.setblocking(False)
        while True:
            try:
                heard.append(listening.recv(4096).decode())
            except BlockingIOError:
                break
    assert process.returncode == 0, said
    assert heard[0] == "READY=1"
    assert heard[-1] == "STOPPING=1"
    assert "event=daemon.stopped" in said
