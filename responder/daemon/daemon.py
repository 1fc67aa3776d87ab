"""A clock rings, each ring asks the database what is due, and a watch sees that all ring.

APScheduler is only the clock (memory store; due times live in our tables). Its thread can die without a
word and a job can hang for ever, so the main thread watches: a ring that overruns its deadline or a clock
that stops ticking ends the process, and its supervisor starts it again. Nothing is lost by that: every
step can be cut anywhere.
"""

import logging
import math
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

import structlog

from responder import notify
from responder.daemon.answers import answers
from responder.daemon.lock import alone
from responder.daemon.page import listening
from responder.daemon.proving import prove
from responder.daemon.reread import Refused, reread
from responder.daemon.ring import EVENTS, Ring
from responder.daemon.rings import rings_of
from responder.daemon.signs import Signs
from responder.logs import set_up_logs
from responder.model.pace import phase
from responder.model.visible import one_line, visible
from responder.steps.report import Report
from responder.store.engine import file_of
from responder.store.errors import StoreError
from responder.wiring import App, clock

log = structlog.stdlib.get_logger("responder.daemon")

#: Exit codes: a ring or the clock is stuck; something could not be done now (with --once).
STUCK, LATER = 1, 75
#: A step is asked to come back after this share of its deadline: a long backlog is not a hang.
_BREATHER = 0.5
#: "Read the settings again"; None where there is no such signal.
_HANG_UP = getattr(signal, "SIGHUP", None)


@dataclass
class Daemon:
    """The rings of one App, and whether they still ring."""

    app: App
    environ: Mapping[str, str]
    stopping: threading.Event = field(default_factory=threading.Event)
    #: Signals that came. A handler runs in the middle of anything: an Event it sets, or a log line it
    #: writes, may need the very lock that the main thread holds; this queue needs none.
    signals: SimpleQueue[int] = field(default_factory=SimpleQueue)
    #: When the clock last ticked.
    ticked: float = field(default_factory=time.monotonic)
    now: Callable[[], datetime] = clock
    #: Gives the App by the settings as they are now; None: by the file that this one was built from.
    read: Callable[[App], App] | None = None
    #: The rings are asked to come back, for others will take their place.
    changing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.deadline = self.app.settings.daemon.deadline.total_seconds()
        self.rings = rings_of(self.app)
        self.signs = Signs(started_at=self.now(), config_at=self.now())

    def ring(self, ring: Ring) -> Report:
        """Do a ring's work now, under its deadline; what goes wrong is logged, and the next tick goes on."""
        ring.began, now = time.monotonic(), self.now()

        def stop() -> bool:
            return self._ending() or ring.overrun(self.deadline * _BREATHER)

        try:
            # one that was called before the end and begins after it: the pool had not come to it
            report = Report() if self._ending() else ring.work(now, stop)
        except (StoreError, notify.NotifyError) as error:
            report = Report(problems=(f"{ring.name}: {error}",))
        except Exception as error:  # noqa: BLE001 (the other rings go on)
            trace = visible(traceback.format_exc())  # it may hold a stranger's words
            log.error("ring.broke", says="this is a bug in responder", ring=ring.name, trace=trace)  # noqa: TRY400 (shown above)
            report = Report(problems=(f"{ring.name}: this is a bug in responder: {type(error).__name__}",))
        except BaseException:
            ring.began = None
            raise
        ring.ended(report, now)
        for what, n in report.done.items():
            log.info(EVENTS.get(what, f"ring.{what.replace(' ', '_')}"), ring=ring.name, n=n)
        for problem in report.problems:
            if problem not in ring.said:
                log.warning("ring.failed", ring=ring.name, problem=one_line(problem, 300))
        ring.said = frozenset(report.problems)
        return report

    def once(self) -> int:
        """Ring everything once, in order, for cron; 75 when something has to be tried again."""
        problems = [problem for ring in self.rings for problem in self.ring(ring).problems]
        with suppress(StoreError):  # what it did is done
            self.signs.give_round(self.app, self.rings, self.now())
        return LATER if problems else 0

    def stuck(self) -> str:
        """Say what is stuck; "" when all is well."""
        for ring in self.rings:
            if ring.overrun(self.deadline):
                return f"{ring.name} takes longer than {self.deadline:.0f} s"
        if time.monotonic() - self.ticked > self.deadline:
            return "the clock does not tick any more"
        return ""

    def health(self) -> str:
        """Return one line: what is open, and how each account is."""
        figures = self.app.store.views.figures(self.now(), self.now() - timedelta(days=1))
        ill = [one.name for one in self.app.store.views.health() if one.problem or one.stopped]
        waiting = figures.by_stage.get("WAITING", 0)
        pause = self.app.store.control.pausing()
        state = f"paused {pause.whose}" if pause else f"posting {self.app.mode}"
        accounts = f"not well: {', '.join(ill)}" if ill else "every account is well"
        if self.signs.config_problem:
            accounts += "; the settings in force are older than those in the file, which are wrong"
        opened = sum(figures.open_by_tier.values())
        return f"{opened} open, {waiting} waiting, {figures.overdue} overdue; {state}; {accounts}"

    def tick(self) -> None:
        """Note that the clock ticks."""
        self.ticked = time.monotonic()

    def run(self) -> int:
        """Ring until told to stop; the case in hand is finished first."""
        self._begin()
        notify.systemd("READY=1", self.environ)
        log.info(
            "daemon.ready", rings=len(self.rings), database=repr(self.app.store), posting=str(self.app.mode)
        )
        code = self._watch()
        if code == STUCK:
            self.scheduler.pause()  # what hangs is not waited for
        else:
            notify.systemd("STOPPING=1", self.environ)
            self.scheduler.shutdown(wait=False)
            self._wait_for_rings()
            with suppress(StoreError):
                self.app.store.daemons.stopped(self.signs.name, self.now())
        return code

    def reread(self) -> bool:
        """Let the settings as they are now take effect; where they cannot, the old ones stay in force."""
        try:
            new = reread(self.app, self.read)
        except Refused as error:
            return self._keep(str(error))
        if not self._let_go():
            new.close()
            return self._keep("a ring did not come to its end; try again")
        old, self.app = self.app, new
        self.deadline = new.settings.daemon.deadline.total_seconds()
        self.rings = rings_of(new)
        self.signs.config_at, self.signs.config_problem = self.now(), ""
        self.changing.clear()
        self._begin()
        old.close()
        log.info("config.reread", file=str(new.settings.path or ""), rings=len(self.rings))
        return True

    def _keep(self, why: str) -> bool:
        """Leave the old settings in force, and say why."""
        self.signs.config_problem = why
        for line in why.splitlines():
            log.error("config.refused", problem=line, todo="the old settings stay in force")
        return False

    def _begin(self) -> None:
        """Let the clock ring; each account at its own place between two ticks."""
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        every = self.app.settings.daemon.step_every.total_seconds()
        self.scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(self.rings) + 1)},
            # late or missed ticks are one tick; a ring never overlaps itself
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        self.scheduler.add_job(self.tick, "interval", seconds=min(1.0, every))
        for ring in self.rings:
            first = clock() + timedelta(seconds=every * phase(ring.name))
            self.scheduler.add_job(self.ring, "interval", [ring], seconds=every, next_run_time=first)
        self.scheduler.start()

    def _let_go(self) -> bool:
        """Have what is under way come to its end and begin nothing; False when it does not in time."""
        self.scheduler.pause()
        self.changing.set()
        self._wait_for_rings()
        if any(ring.began is not None for ring in self.rings):
            self.changing.clear()
            self.scheduler.resume()
            return False
        self.scheduler.shutdown(wait=False)
        return True

    def _ending(self) -> bool:
        """Whether nothing is to be begun any more."""
        return self.stopping.is_set() or self.changing.is_set()

    def _watch(self) -> int:
        """Look after the rings until told to stop (0) or something is stuck (1)."""
        told = -math.inf
        while not self._told_to_stop():
            if stuck := self.stuck():
                log.error("daemon.stuck", problem=stuck, todo="ends now, to be started again")
                return STUCK
            notify.systemd("WATCHDOG=1", self.environ)
            with suppress(StoreError):  # the next sign tells
                self.signs.give(self.app, self.rings, self.now())
            if time.monotonic() - told >= self.app.settings.daemon.health_every.total_seconds():
                told = time.monotonic()
                self._tell_health()
        return 0

    def _tell_health(self) -> None:
        """Write the line about health, and let systemd show it."""
        try:
            line = self.health()
        except StoreError as error:
            line = f"the database does not answer: {error}"
        log.info("daemon.health", says=line)
        notify.systemd(f"STATUS={line}", self.environ)

    def _told_to_stop(self) -> bool:
        """Wait half a second, or until a signal comes; say whether to stop."""
        with suppress(Empty):
            number = self.signals.get(timeout=0.5)
            if number == _HANG_UP:
                notify.systemd("RELOADING=1", self.environ)
                self.reread()
                notify.systemd("READY=1", self.environ)
            else:
                log.info("daemon.stopping", signal=signal.Signals(number).name)
                self.stopping.set()
        return self.stopping.is_set()

    def listen(self) -> None:
        """Let SIGTERM and SIGINT end the daemon after the case in hand, and SIGHUP read the settings."""
        for number in filter(None, (signal.SIGTERM, signal.SIGINT, _HANG_UP)):
            signal.signal(number, lambda number, _frame: self.signals.put(number))

    def _wait_for_rings(self) -> None:
        """Let what is under way come to its end; no longer than the deadline."""
        until = time.monotonic() + self.deadline
        while time.monotonic() < until and any(ring.began is not None for ring in self.rings):
            time.sleep(0.02)


def serve(app: App, *, once: bool = False, now: Callable[[], datetime] = clock) -> int:
    """Run the daemon and return its exit code; SIGTERM and SIGINT end it after the case in hand.

    Raises AlreadyRunning where another one works on the same SQLite.
    """
    set_up_logs(form=app.settings.daemon.log, known=app.settings.secret.known)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # "max instances reached" is our design
    with alone(file_of(app.settings.database.url)):
        daemon = Daemon(app, os.environ, now=now)
        # asked anew for each line: those of settings that are read later too
        set_up_logs(form=app.settings.daemon.log, known=lambda: daemon.app.settings.secret.known())  # noqa: PLW0108
        if once:  # cron would pay for every language each time
            return daemon.once()
        return _stay(daemon)


def _stay(daemon: Daemon) -> int:
    """Run until told to stop."""
    store = daemon.app.store
    alone_here = file_of(daemon.app.settings.database.url) is not None
    store.daemons.tidy(daemon.signs.host, clock(), sole=alone_here)
    daemon.signs.give(daemon.app, daemon.rings, clock())
    try:
        prove(daemon.app, clock())  # now, not with the first complaint in some language
    except BaseException:
        store.daemons.stopped(daemon.signs.name, clock())
        raise
    daemon.listen()
    with listening(daemon.app.settings.daemon.listen, answers(daemon)):
        code = daemon.run()
    if code == STUCK:
        os._exit(code)  # a hung thread would keep the process for ever
    log.info("daemon.stopped")
    return code
