"""The daemon as a good citizen: one on an SQLite, settings read again, signs of life, rules proven once."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from responder.connector import Charge
from responder.daemon import AlreadyRunning, Daemon
from responder.daemon.lock import alone
from responder.daemon.proving import prove
from responder.logs import set_up_logs
from responder.model.running import DaemonState, RingState
from responder.settings import Problem, Settings, SettingsError
from responder.settings.running import DaemonSection
from responder.settings.secret import Secrets
from responder.settings.sections import AccountSection, DatabaseSection
from responder.settings.telling import DigestSection
from responder.store.store import Store
from responder.wiring import App
from tests.network import at
from tests.policies import PlainPolicy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Proven(PlainPolicy):
    """Counts how often it was proven."""

    times = 0

    def prove(self) -> None:
        self.times += 1


def app_in(folder: Path, *accounts: str, policy: PlainPolicy | None = None) -> App:
    (folder / "feed.jsonl").touch()
    options = {"file": str(folder / "feed.jsonl"), "outbox": str(folder / "out.jsonl")}
    app = App(
        Settings(
            database=DatabaseSection(url=f"sqlite:///{folder / 'x.db'}"),
            accounts=tuple(
                AccountSection(name=name, connector="replay", options=options) for name in accounts
            ),
            daemon=DaemonSection(step_every=timedelta(seconds=0.05), deadline=timedelta(seconds=5)),
            digest=DigestSection(folder=folder / "digests"),
        )
    )
    app.__dict__["policy"] = policy or PlainPolicy()  # a cached property, filled before its first use
    return app


@pytest.fixture
def logs() -> io.StringIO:
    stream = io.StringIO()
    set_up_logs(stream)
    return stream


@pytest.fixture
def some(tmp_path: Path, logs: io.StringIO) -> Iterator[Daemon]:
    daemon = Daemon(app_in(tmp_path, "shop"), {}, now=lambda: NOW)
    yield daemon
    daemon.app.close()


# --- one on an SQLite --------------------------------------------------------------------------------------


def test_a_second_daemon_is_kept_off_and_told_who_is_there(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    with alone(database):
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"), alone(database):
            pass
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"), alone(database):
            pass  # who was kept off changed nothing
    with alone(database):
        pass


@pytest.mark.slow
def test_who_was_killed_holds_no_lock(tmp_path: Path) -> None:
    hold = (
        "import sys, time\nfrom pathlib import Path\nfrom responder.daemon.lock import alone\n"
        "with alone(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(600)\n"
    )
    database = tmp_path / "x.db"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(database)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match=str(process.pid)), alone(database):
            pass
        process.send_signal(signal.SIGKILL)
    with alone(database):
        pass


def test_several_may_work_on_a_server() -> None:
    with alone(None), alone(None):
        pass


# --- settings read again -----------------------------------------------------------------------------------


def test_settings_that_are_right_take_effect_and_lose_nothing(
    some: Daemon, tmp_path: Path, logs: io.StringIO
) -> None:
    owed = Charge(kind="mention read", units=1, micros=5)
    some.app.accounts["shop"].owed.append(owed)
    some.read = lambda _: app_in(tmp_path, "shop", "forum")
    some._begin()
    assert some.reread()
    some.scheduler.shutdown(wait=True)
    assert [ring.name for ring in some.rings if ring.name.startswith("poll")] == ["poll shop", "poll forum"]
    assert list(some.app.accounts["shop"].owed) == [owed]
    assert "event=config.reread" in logs.getvalue()


@pytest.mark.parametrize("right", [True, False])
def test_the_secrets_of_both_settings_are_kept_out_of_the_log(
    some: Daemon, tmp_path: Path, logs: io.StringIO, right: bool
) -> None:
    new = app_in(tmp_path, "shop")
    name = "x.db" if right else "y.db"
    new = App(
        replace(
            new.settings,
            database=DatabaseSection(url=f"sqlite:///{tmp_path / name}"),
            secret=Secrets(None, {"RESPONDER_SECRET_SHOP_TOKEN": "the new one"}),
        )
    )
    new.__dict__["policy"] = PlainPolicy()
    some.app.settings.secret.keep_out("the old one")
    some.read = lambda _: new
    some._begin()
    assert some.reread() is right
    some.scheduler.shutdown(wait=True)
    assert set(some.app.settings.secret.known()) == {"the new one", "the old one"}


@pytest.mark.parametrize(
    "error", [SettingsError([Problem("my.toml:3:1", "posting.mode", "must be off")]), None]
)
def test_settings_that_are_wrong_leave_the_old_ones_in_force(
    some: Daemon, tmp_path: Path, logs: io.StringIO, error: Exception | None
) -> None:
    def read(_: App) -> App:
        if error:
            raise error
        other = app_in(tmp_path, "shop")
        return App(replace(other.settings, database=DatabaseSection(url=f"sqlite:///{tmp_path / 'y.db'}")))

    some.read = read
    some._begin()
    before, rings = some.app, some.rings
    assert not some.reread()
    some.scheduler.shutdown(wait=True)
    assert (some.app, some.rings) == (before, rings)
    key = "posting.mode" if error else "database.url"
    assert key in logs.getvalue()
    assert key in some.signs.config_problem
    assert "older than those in the file" in some.health()
    assert some.signs.of(some.app, some.rings, NOW).config_problem == some.signs.config_problem


# --- signs of life -----------------------------------------------------------------------------------------


def test_while_nothing_changes_nothing_is_written(some: Daemon) -> None:
    some.once()
    assert some.signs.give(some.app, some.rings, NOW)
    assert [some.signs.give(some.app, some.rings, NOW) for _ in range(50)] == [False] * 50
    some.rings[0].problem = "it is down"
    assert not some.signs.give(some.app, some.rings, NOW)  # not twice within a moment
    assert some.signs._told is not None
    some.signs._told -= 10
    assert some.signs.give(some.app, some.rings, NOW)
    some.signs._told -= 59
    assert not some.signs.give(some.app, some.rings, NOW)
    some.signs._told -= 2
    assert some.signs.give(some.app, some.rings, NOW)


def test_how_a_daemon_is_can_be_read_elsewhere(some: Daemon) -> None:
    some.once()
    some.signs.give(some.app, some.rings, NOW)
    (known,) = [one for one in some.app.store.daemons.all() if not one.by_rounds]
    assert known == some.signs.of(some.app, some.rings, NOW)
    assert {ring.well_at for ring in known.rings} == {NOW}
    some.app.store.daemons.stopped(known.name, NOW)
    (stopped,) = [one for one in some.app.store.daemons.all() if not one.by_rounds]
    assert stopped.stopped_at == NOW


def state(name: str, host: str, minutes: float) -> DaemonState:
    return DaemonState(
        name=name, host=host, pid=1, version="1", started_at=at(0), seen_at=at(minutes),
        rings=(RingState(name="poll shop"), RingState(name="triage", problem="x\0", problem_since=at(1))),
    )  # fmt: skip


def test_daemons_come_and_go_in_the_database(any_store: Store) -> None:
    for one in (state("a:1", "a", 0), state("a:2", "a", 9), state("b:1", "b", 0), state("b:1", "b", 8)):
        any_store.daemons.seen(one)
    assert [one.name for one in any_store.daemons.all()] == ["a:2", "b:1", "a:1"]
    assert [ring.name for ring in any_store.daemons.all()[1].rings] == ["poll shop", "triage"]
    any_store.daemons.tidy("a", at(10))
    assert [one.name for one in any_store.daemons.all()] == ["a:2", "b:1"]
    any_store.daemons.tidy("c", at(9) + timedelta(days=7))
    assert [one.name for one in any_store.daemons.all()] == ["a:2"]


# --- rules proven once -------------------------------------------------------------------------------------


def test_the_same_rules_are_proven_once_and_others_anew(tmp_path: Path) -> None:
    policy = Proven()
    app = app_in(tmp_path, policy=policy)
    assert [prove(app, NOW) for _ in range(3)] == [True, False, False]
    assert policy.times == 1
    app.store.control.remember("proven", f"{policy.version} another code", NOW)
    assert prove(app, NOW)
    app.close()


def test_where_only_one_can_run_it_forgets_all_others(any_store: Store) -> None:
    for one in (state("a:1", "a", 9), state("b:1", "b", 9)):
        any_store.daemons.seen(one)
    any_store.daemons.tidy("a", at(10), sole=True)
    assert any_store.daemons.all() == []
