"""The daemon: a clock rings, each ring asks the database what is due, and a watch sees that all ring.

APScheduler is only the clock (memory store; due times live in our tables). Its thread can die without a
word and a job can hang for ever, so the main thread watches: a ring that overruns its deadline or a clock
that stops ticking ends the process, and its supervisor starts it again. Nothing is lost by that: every
step can be cut anywhere.
"""

import logging
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

from responder import letter, notify
from responder.connector import Account
from responder.model.visible import one_line, visible
from responder.steps.digest import digest
from responder.steps.draft import draft
from responder.steps.follow_up import follow_up
from responder.steps.meter import hurried
from responder.steps.poll import poll
from responder.steps.post import post
from responder.steps.report import Report, Stop
from responder.steps.triage import triage
from responder.store.errors import StoreError
from responder.wiring import App, clock, set_up_logs

log = structlog.stdlib.get_logger("responder.daemon")

#: Exit codes: a ring or the clock is stuck; something could not be done now (with --once).
STUCK, LATER = 1, 75
#: A step is asked to come back after this share of its deadline: a long backlog is not a hang.
_BREATHER = 0.5


@dataclass
class Ring:
    """One thing the clock rings for."""

    name: str
    work: Callable[[datetime, Stop], Report]
    #: Seconds (of a clock nobody sets) at which the work under way began; None while idle.
    began: float | None = None
    #: What its last run said, to be said again only once something else was.
    said: frozenset[str] = frozenset()

    def overrun(self, deadline: float) -> bool:
        """Whether the work under way takes longer than `deadline` seconds."""
        began = self.began
        return began is not None and time.monotonic() - began > deadline


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
    #: What the last dry run said of each account: it is said once, not at every tick.
    would: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        app = self.app
        store, policy, accounts = app.store, app.policy, app.accounts
        self.deadline = app.settings.daemon.deadline.total_seconds()
        quiet, longest = app.settings.response.close_after, app.settings.review.longest_snooze
        self.rings = [Ring(f"poll {name}", self._poll(account)) for name, account in accounts.items()]
        self.rings += [
            Ring("triage", lambda now, stop: triage(store, policy, app.targets, now, stop=stop)),
            Ring("draft", lambda now, stop: draft(store, policy, accounts, now, stop=stop)),
            # each account waits for its own network only
            *(Ring(f"post {name}", self._post(account)) for name, account in accounts.items()),
            Ring("follow up", lambda now, stop: follow_up(store, quiet, now, longest=longest, stop=stop)),
            Ring("digest", lambda now, _: self._digest(now)),
        ]

    def _poll(self, account: Account) -> Callable[[datetime, Stop], Report]:
        def when_due(now: datetime, stop: Stop) -> Report:
            store = self.app.store
            if store.intake.due([account.name], now) or hurried(store, account, now):
                return poll(store, account, now, stop=stop)
            return Report()

        return when_due

    def _post(self, account: Account) -> Callable[[datetime, Stop], Report]:
        app, accounts = self.app, {account.name: account}

        def send(now: datetime, stop: Stop) -> Report:
            report = post(app.store, accounts, app.mode, now, terms=app.terms, stop=stop)
            # a dry run ends its report with what would be sent, which is no problem and nothing done
            problems = len(report.problems) - report.done.get("would send", 0)
            would = frozenset(report.problems[problems:])
            for words in sorted(would - self.would.get(account.name, frozenset())):
                log.info("dry run", says=one_line(words, 300))
            self.would[account.name] = would
            done = {what: n for what, n in report.done.items() if what != "would send"}
            return Report(done, report.problems[:problems])

        return send

    def _digest(self, now: datetime) -> Report:
        """Write today's digest once its hour has come; a laptop that slept writes it when it wakes."""
        app = self.app
        zone, wanted = app.settings.company.timezone, app.settings.digest
        local = now.astimezone(zone)
        if local.time() < wanted.at or app.store.control.digest_made(local.date()):
            return Report()
        made = digest(app.store, now - timedelta(days=1), now, allowances=app.settings.allowances)
        words = letter.text(made, app.settings.company.name, zone)
        notify.digest(wanted.folder, local.date(), words, letter.figures(made))
        app.store.control.note_digest(local.date(), now)
        return Report({"digest": 1})

    def ring(self, ring: Ring) -> Report:
        """Do a ring's work now, under its deadline; what goes wrong is logged, and the next tick goes on."""
        ring.began = time.monotonic()

        def stop() -> bool:
            return self.stopping.is_set() or ring.overrun(self.deadline * _BREATHER)

        try:
            # one that was called before the end and begins after it: the pool had not come to it
            report = Report() if self.stopping.is_set() else ring.work(self.now(), stop)
        except (StoreError, notify.NotifyError) as error:
            report = Report(problems=(f"{ring.name}: {error}",))
        except Exception as error:  # noqa: BLE001 (the other rings go on)
            trace = visible(traceback.format_exc())  # it may hold a stranger's words
            log.error("this is a bug in responder", ring=ring.name, trace=trace)  # noqa: TRY400 (shown above)
            report = Report(problems=(f"{ring.name}: this is a bug in responder: {type(error).__name__}",))
        finally:
            ring.began = None
        if report.done:
            log.info("rang", ring=ring.name, **{what.replace(" ", "_"): n for what, n in report.done.items()})
        for problem in report.problems:
            if problem not in ring.said:
                log.warning("problem", ring=ring.name, problem=one_line(problem, 300))
        ring.said = frozenset(report.problems)
        return report

    def once(self) -> int:
        """Ring everything once, in order, for cron; 75 when something has to be tried again."""
        problems = [problem for ring in self.rings for problem in self.ring(ring).problems]
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
        state = "paused" if self.app.store.control.paused() else f"posting {self.app.mode}"
        accounts = f"not well: {', '.join(ill)}" if ill else "every account is well"
        opened = sum(figures.open_by_tier.values())
        return f"{opened} open, {waiting} waiting, {figures.overdue} overdue; {state}; {accounts}"

    def tick(self) -> None:
        """Note that the clock ticks."""
        self.ticked = time.monotonic()

    def run(self) -> int:
        """Ring until told to stop; the case in hand is finished first."""
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        every = self.app.settings.daemon.step_every.total_seconds()
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(self.rings) + 1)},
            # late or missed ticks are one tick; a ring never overlaps itself
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        scheduler.add_job(self.tick, "interval", seconds=min(1.0, every))
        for ring in self.rings:
            scheduler.add_job(self.ring, "interval", [ring], seconds=every, next_run_time=clock())
        scheduler.start()
        notify.systemd("READY=1", self.environ)
        log.info("ready", rings=len(self.rings), database=repr(self.app.store), posting=str(self.app.mode))
        code = self._watch()
        if code == STUCK:
            scheduler.pause()  # what hangs is not waited for
        else:
            notify.systemd("STOPPING=1", self.environ)
            scheduler.shutdown(wait=False)
            self._wait_for_rings()
        return code

    def _watch(self) -> int:
        """Look after the rings until told to stop (0) or something is stuck (1)."""
        health_every = self.app.settings.daemon.health_every.total_seconds()
        told = -health_every
        while not self._told_to_stop():
            if stuck := self.stuck():
                log.error("stuck", problem=stuck, todo="ends now, to be started again")
                return STUCK
            notify.systemd("WATCHDOG=1", self.environ)
            if time.monotonic() - told >= health_every:
                told = time.monotonic()
                try:
                    line = self.health()
                except StoreError as error:
                    line = f"the database does not answer: {error}"
                log.info("health", says=line)
                notify.systemd(f"STATUS={line}", self.environ)
        return 0

    def _told_to_stop(self) -> bool:
        """Wait half a second, or until a signal comes; say whether to stop."""
        with suppress(Empty):
            log.info("stopping", signal=signal.Signals(self.signals.get(timeout=0.5)).name)
            self.stopping.set()
        return self.stopping.is_set()

    def listen(self) -> None:
        """Let SIGTERM and SIGINT end the daemon after the case in hand."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: self.signals.put(number))

    def _wait_for_rings(self) -> None:
        """Let what is under way come to its end; no longer than the deadline."""
        until = time.monotonic() + self.deadline
        while time.monotonic() < until and any(ring.began is not None for ring in self.rings):
            time.sleep(0.02)


def serve(app: App, *, once: bool = False) -> int:
    """Run the daemon and return its exit code; SIGTERM and SIGINT end it after the case in hand."""
    set_up_logs()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # "max instances reached" is our design
    daemon = Daemon(app, os.environ)
    if once:  # cron would pay for every language each time
        return daemon.once()

    app.policy.prove()  # now, not with the first complaint in some language
    daemon.listen()
    code = daemon.run()
    if code == STUCK:
        os._exit(code)  # a hung thread would keep the process for ever
    log.info("stopped")
    return code
