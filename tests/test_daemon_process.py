"""The daemon as a process: it ends when told to, in words and in time, and is ended when it hangs."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from responder.daemon import Daemon, serve
from responder.model.case import Stage
from responder.model.mention import Mention
from responder.model.triage import Triage
from responder.settings import Settings
from responder.settings.running import DaemonSection
from responder.settings.sections import AccountSection, DatabaseSection
from responder.settings.telling import DigestSection
from responder.steps.report import Report
from responder.store.store import Store
from responder.wiring import App
from tests.policies import PlainPolicy

POSTS = 60
ROOT = Path(__file__).parents[1]
#: So that two daemons of one run never tell the same listener.
_NUMBERS = count(1)


def app_in(folder: Path, policy: PlainPolicy, deadline: float = 20) -> App:
    """Return an app that reads a file, with a policy of the tests."""
    options = {"file": str(folder / "feed.jsonl"), "outbox": str(folder / "out.jsonl")}
    app = App(
        Settings(
            database=DatabaseSection(url=f"sqlite:///{folder / 'x.db'}"),
            accounts=(AccountSection(name="shop", connector="replay", options=options),),
            daemon=DaemonSection(step_every=timedelta(seconds=0.2), deadline=timedelta(seconds=deadline)),
            digest=DigestSection(folder=folder / "digests"),
        )
    )
    app.__dict__["policy"] = policy  # a cached property, filled before its first use
    return app


class Thorough(PlainPolicy):
    """Takes its time over each case."""

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        time.sleep(0.1)
        return super().weigh(mention, earlier, now, language=language)


class Lost(PlainPolicy):
    """Never comes back."""

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        time.sleep(3600)
        return super().weigh(mention, earlier, now, language=language)


POLICIES = {"plain": PlainPolicy, "thorough": Thorough, "lost": Lost}


@dataclass
class Running:
    """A daemon in a process of its own, and what it tells whoever watches it."""

    process: subprocess.Popen[str]
    watcher: socket.socket
    heard: list[str] = field(default_factory=list)

    def hear(self, wanted: str) -> None:
        """Wait until it has told this."""
        while wanted not in self.heard:
            self.heard.append(self.watcher.recv(4096).decode())

    def rest(self) -> None:
        """Hear what is left when it has ended."""
        self.watcher.setblocking(False)
        while True:
            try:
                self.heard.append(self.watcher.recv(4096).decode())
            except BlockingIOError:
                return


@contextmanager
def running(folder: Path, policy: str, deadline: float = 20) -> Iterator[Running]:
    """Run a daemon over a feed until the end of the test."""
    lines = [f'{{"id": "{n}", "text": "Lost.", "author": "a{n}"}}\n' for n in range(POSTS)]
    (folder / "feed.jsonl").write_text("".join(lines))
    address = f"\0responder-test-{os.getpid()}-{next(_NUMBERS)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as watcher:
        watcher.bind(address)
        watcher.settimeout(30)
        command = [
            sys.executable,
            "-W",
            "error",
            "-m",
            "tests.test_daemon_process",
            str(folder),
            policy,
            str(deadline),
        ]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "NOTIFY_SOCKET": address.replace("\0", "@")},
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            yield Running(process, watcher)
            process.kill()


def weighed(folder: Path) -> int:
    store = Store(f"sqlite:///{folder / 'x.db'}")
    n = POSTS - len(store.views.page(Stage.NEW, limit=POSTS))
    assert store.views.verify() == []
    store.close()
    return n


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_finishes_the_case_in_hand_and_says_so(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, "thorough") as daemon:
        daemon.hear("READY=1")
        daemon.hear("WATCHDOG=1")
        time.sleep(1)
        begun = time.monotonic()
        daemon.process.send_signal(number)
        _, said = daemon.process.communicate(timeout=20)
        assert time.monotonic() - begun < 5
        daemon.rest()
    assert daemon.process.returncode == 0, said
    assert daemon.heard[0] == "READY=1"
    assert daemon.heard[-1] == "STOPPING=1"
    assert f"event=daemon.stopping signal={number.name}" in said
    assert said.rstrip().endswith("event=daemon.stopped")
    assert 0 < weighed(tmp_path) < POSTS  # all of this is there, and the rest is left for the next run


@pytest.mark.slow
def test_a_ring_that_never_comes_back_ends_the_process(tmp_path: Path) -> None:
    with running(tmp_path, "lost", deadline=1) as daemon:
        _, said = daemon.process.communicate(timeout=20)
    assert daemon.process.returncode == 1
    assert 'problem="triage takes longer than 1 s"' in said
    assert weighed(tmp_path) == 0


@pytest.mark.slow
def test_the_next_process_goes_on_where_the_last_was_killed(tmp_path: Path) -> None:
    with running(tmp_path, "thorough") as daemon:
        daemon.hear("WATCHDOG=1")
        time.sleep(0.5)
        daemon.process.kill()
    with running(tmp_path, "plain") as daemon:
        daemon.hear("WATCHDOG=1")
        while weighed(tmp_path) < POSTS:
            time.sleep(0.1)
        daemon.process.terminate()
        assert daemon.process.wait(20) == 0


def test_a_signal_in_the_middle_of_anything_cannot_lock_the_daemon_up(tmp_path: Path) -> None:
    """A handler runs between two instructions of the main thread, whatever lock that holds just then."""
    (tmp_path / "feed.jsonl").write_text("")
    app = app_in(tmp_path, PlainPolicy())
    daemon = Daemon(app, {})
    for ring in daemon.rings:
        ring.work = lambda _now, _stop: Report()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        daemon.listen()
        with daemon.stopping._cond:  # type: ignore[attr-defined]  # as in the middle of a wait
            signal.raise_signal(signal.SIGTERM)
        assert daemon.run() == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        app.close()


if __name__ == "__main__":
    sys.exit(serve(app_in(Path(sys.argv[1]), POLICIES[sys.argv[2]](), float(sys.argv[3]))))
