"""A month of the daemon's life: its real rings with a moved clock, crashes, jumps, dead feeds and bursts.

From mid-March to mid-April: the clocks go forward in Ljubljana on the 29th, and back in Sydney on 5 April.
"""

import gc
import io
import os
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import event

from responder.connector import Account, Unauthorised
from responder.daemon import Daemon
from responder.logs import set_up_logs
from responder.model.case import Stage
from responder.model.letter import Letter
from responder.model.recipient import Recipient, Way
from responder.settings import Settings
from responder.settings.response import ResponseSection
from responder.settings.sections import AccountSection, CompanySection, DatabaseSection, PostingSection
from responder.settings.telling import DigestSection, MailSection, RecipientSection
from responder.steps.approve import approve
from responder.wiring import App
from tests.network import ScriptedNetwork, mention
from tests.policies import PlainPolicy

BEGIN = datetime(2026, 3, 15, 0, 0, tzinfo=UTC)
DAYS = 30
TICK = timedelta(minutes=10)
HOME = ZoneInfo("Europe/Ljubljana")
#: Days from BEGIN: a thousand eyes on one fault, hours nobody hears, a clock that is wrong.
BURST, DEAD, REFUSED, AHEAD, BEHIND = 9, 16, 20, 12, 22
ACCOUNTS = ("shop", "clockwork", "keyed")
#: So many complaints of the burst.
MANY = 500


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Out:
    """A letter that reached somebody."""

    at: datetime
    to: str
    key: str
    subject: str


@dataclass(frozen=True)
class Held:
    """What the process held at some moment, in bytes and pieces."""

    memory: int
    threads: int
    files: int
    database: int
    #: What the journal holds: the measure of what there is to keep.
    events: int


@dataclass
class Month:
    """The world, its people, and what they were told."""

    folder: Path
    seed: int = 1
    #: Seconds since boot, which no one sets, and what the wall clock shows beside it.
    passed: timedelta = timedelta(0)
    wrong: timedelta = timedelta(0)
    out: list[Out] = field(default_factory=list)
    crashes: int = 0
    #: How many commits are left to this life; None: it lives.
    left: int | None = None
    #: What was held at the beginning of each day.
    held: list[Held] = field(default_factory=list)
    #: What each letter said.
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        set_up_logs(io.StringIO())
        self.chance = Random(self.seed)  # noqa: S311 (chance, not secrecy)
        self.networks = {name: ScriptedNetwork() for name in ACCOUNTS}
        self.n = 0
        self.app = self._app()
        self.daemon = self._daemon()

    @property
    def true_now(self) -> datetime:
        """Return the time it is."""
        return BEGIN + self.passed

    def now(self) -> datetime:
        """Return the time the machine thinks it is."""
        return self.true_now + self.wrong

    def live(self) -> None:
        """Live the whole month."""
        while self.passed < timedelta(days=DAYS):
            if self.passed % timedelta(days=1) == timedelta(0):
                self.held.append(self.holds())
            self.happen()
            self.ring()
            if self.chance.random() < 0.02:  # a second daemon, for a moment
                self.ring(self._daemon())
            self.passed += TICK

    def holds(self) -> Held:
        """Return what this process holds now."""
        gc.collect()
        rss = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        head = self.app.store.audit.head()
        return Held(
            memory=rss,
            threads=threading.active_count(),
            files=len(list(Path("/proc/self/fd").iterdir())),
            database=(self.folder / "month.db").stat().st_size,
            events=head.seq if head else 0,
        )

    def happen(self) -> None:
        """Let customers write, people work, and things go wrong."""
        day, hour = self.passed // timedelta(days=1), self.true_now.astimezone(HOME).hour
        if (
            self.passed % timedelta(hours=1) == timedelta(0)
            and not DEAD <= self.passed / timedelta(days=1) < DEAD + 2
        ):
            self.say("clockwork", "My parcel is late.")
        if 8 <= hour < 20 and self.chance.random() < 0.05:
            self.say("shop", "A fire!" if self.chance.random() < 0.1 else "My parcel is lost.")
        if self.passed == timedelta(days=BURST, hours=13):
            for _ in range(MANY):
                self.say("shop", "Your app is down, nobody can pay!")
        taken = timedelta(days=REFUSED, hours=9) <= self.passed < timedelta(days=REFUSED, hours=15)
        self.networks["keyed"].unreachable = Unauthorised("the key was taken back") if taken else None
        ahead = day == AHEAD and hour == 3
        behind = day == BEHIND and 11 <= hour < 14
        self.wrong = timedelta(hours=3) if ahead else timedelta(hours=-2) if behind else timedelta(0)
        if 9 <= hour < 17 and self.passed % timedelta(hours=2) == timedelta(0):
            self.work()
        self.left = self.chance.randrange(1, 12) if self.chance.random() < 0.03 else None

    def work(self) -> None:
        """Let a person approve the most urgent of what waits, not all of it."""
        store = self.app.store
        for case in store.views.page(Stage.WAITING, limit=40)[:: 1 if self.chance.random() < 0.7 else 3]:
            shown = store.casework.draft(case)
            if shown:
                approve(store, self.app.accounts[case.account], (case, shown), "sam", self.now())

    def ring(self, daemon: Daemon | None = None) -> None:
        """Let every ring ring once; a crash ends the process, and another one begins."""
        try:
            (daemon or self.daemon).once()
        except Crash:
            self.crashes += 1
            self.left = None
            self.app.store.engine.dispose()
            self.app = self._app()
            self.daemon = self._daemon()

    def say(self, name: str, text: str) -> None:
        """Let a new customer write on an account."""
        self.n += 1
        post = mention(f"m{self.n}", text, author=f"a{self.n}")
        self.networks[name].say(replace(post, account=name, created_at=self.true_now))

    def send(self, letter: Letter, recipient: Recipient, _way: Way, key: str, _now: datetime) -> None:
        """Take a letter, as the mail server does; at times the process ends just then."""
        self.out.append(Out(self.true_now, recipient.name, key, letter.subject))
        self.texts.setdefault(key, letter.text)
        if self.left is not None and self.chance.random() < 0.3:
            raise Crash

    def _commit(self, _connection: object) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                raise Crash

    def _daemon(self) -> Daemon:
        return Daemon(self.app, {}, now=self.now)

    def _app(self) -> App:
        app = App(settings(self.folder))
        app.store.lease_clock = lambda: ("boot", self.passed.total_seconds())
        event.listen(app.store.engine, "commit", self._commit)
        app.__dict__["policy"] = PlainPolicy()
        app.__dict__["sender"] = self
        app.__dict__["accounts"] = {
            name: Account(name=name, connector=net, every=600) for name, net in self.networks.items()
        }
        app.store.intake.introduce(dict.fromkeys(self.networks, "scripted"))
        return app


def settings(folder: Path) -> Settings:
    """Return who is told, when and where."""
    to: list[tuple[str, str, str, time]] = [
        ("ana", "Europe/Ljubljana", "sl", time(7, 30)),
        ("night", "Europe/Ljubljana", "en", time(2, 30)),  # an hour that is missing on the 29th
        ("rick", "America/New_York", "en", time(8, 0)),
        ("syd", "Australia/Sydney", "en", time(2, 40)),  # an hour that comes twice on 5 April
    ]
    return Settings(
        company=CompanySection(name="Acme", timezone=HOME),
        database=DatabaseSection(url=f"sqlite:///{folder / 'month.db'}"),
        accounts=tuple(AccountSection(name=name, connector="scripted") for name in ACCOUNTS),
        posting=PostingSection(mode="on", per_hour=0, undo=timedelta(0)),
        response=ResponseSection(),
        digest=DigestSection(at=time(7, 30), folder=folder / "digests"),
        mail=MailSection(host="127.0.0.1", sender="responder@acme.example", security="none"),
        recipients=tuple(
            RecipientSection(
                name=name, mail=f"{name}@acme.example", timezone=ZoneInfo(zone), language=code, digest=at
            )
            for name, zone, code, at in to
        ),
    )


def dates(zone: str, at: time) -> list[date]:
    """Return the local dates whose hour lies in the month."""
    where, end = ZoneInfo(zone), BEGIN + timedelta(days=DAYS)
    first = BEGIN.astimezone(where).date()
    days = (first + timedelta(days=n) for n in range(DAYS + 2))
    return [day for day in days if BEGIN <= datetime.combine(day, at, where).astimezone(UTC) < end - TICK]


def most_within(times: list[datetime], span: timedelta) -> int:
    """Return the most of these that lie within so long."""
    times = sorted(times)
    counts = (sum(one <= other < one + span for other in times[at:]) for at, one in enumerate(times))
    return max(counts, default=0)


def by_key(out: list[Out]) -> Counter[str]:
    """Count how often each letter went out."""
    return Counter(one.key for one in out)
