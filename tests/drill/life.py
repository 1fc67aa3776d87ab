"""Lives of a real daemon process, ended by kill -9; run as a program, so that forks start warm and alone.

    python -m tests.drill.life points FOLDER POSTS [careless]
    python -m tests.drill.life moments FOLDER LIVES SEED

`points` ends a life before and after every commit that wrote and every call, one after the other (careless:
those of a mutant); where nothing was written in between, two deaths leave the same behind, and are one point.
`moments` ends lives of one long replay at random moments. Each says what it did, and exits with 1 when a
post is missing, double or unapproved afterwards.
"""

import io
import json
import os
import random
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from sqlalchemy import event, select, update

from responder.daemon import Daemon
from responder.logs import set_up_logs
from responder.model.case import Stage
from responder.model.draft import Message
from responder.model.mention import Mention
from responder.settings import Settings
from responder.settings.running import DaemonSection
from responder.settings.sections import AccountSection, DatabaseSection, PostingSection
from responder.settings.telling import DigestSection
from responder.steps.approve import Blocked, approve, settle
from responder.store.errors import Conflict, StoreError
from responder.store.outbox import Outbox
from responder.store.tables import decision, delivery
from responder.store.tables import draft as drafts
from responder.wiring import App
from tests.policies import PlainPolicy

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = "shop"
#: Whether the daemon of this run is the mutant below, which the drill has to catch.
CARELESS = "careless" in sys.argv


def write_feed(folder: Path, posts: int) -> None:
    """Write a feed of complaints, some of them follow-ups in one thread."""
    folder.mkdir(parents=True)
    with (folder / "feed.jsonl").open("w") as feed:
        for number in range(posts):
            owner = number - 1 if number % 4 == 3 else number
            thread, author = f"t{owner}", f"a{owner}"
            feed.write(
                json.dumps({
                    "id": f"p{number}", "text": f"Parcel {number} is lost.", "thread": thread,
                    "author": author, "author_id": author, "created_at": BEGIN.isoformat(),
                }) + "\n"
            )  # fmt: skip


def prepare(folder: Path) -> None:
    """Make the tables, which every life would have to make else."""
    app = app_in(folder, page=2)
    app.store.views.page(Stage.NEW)
    app.close()


def address(folder: Path) -> str:
    """Return the address of a life's database: the one its folder names, else a file in it."""
    named = folder / "address"
    return named.read_text() if named.exists() else f"sqlite:///{folder / 'responder.db'}"


def app_in(folder: Path, page: int) -> App:
    """Return the application of one life: a file database, a replay, posting on."""
    options = {"file": str(folder / "feed.jsonl"), "outbox": str(folder / "outbox.jsonl"), "page": page}
    section = AccountSection(name=ACCOUNT, connector="replay", every=timedelta(seconds=1), options=options)
    settings = Settings(
        database=DatabaseSection(url=address(folder)),
        posting=PostingSection(mode="on"),
        accounts=(section,),
        daemon=DaemonSection(step_every=timedelta(seconds=0.05)),
        digest=DigestSection(folder=folder / "digests"),
    )
    app = App(settings)
    if CARELESS:
        app.store.outbox = Careless(app.store)
    app.__dict__["policy"] = PlainPolicy()  # a cached property, filled before its first use
    return app


def person_approves(app: App, now: datetime) -> int:
    """Approve every draft that waits, exactly as it stands."""
    done = 0
    for case in app.store.views.page(Stage.WAITING, limit=20):
        shown = app.store.casework.draft(case)
        with suppress(Conflict, Blocked):
            if shown:
                approve(app.store, app.accounts[case.account], (case, shown), "sam", now)
                done += 1
    return done


def person_settles(app: App, folder: Path, now: datetime) -> None:
    """Look into the outbox and say of each unsure reply whether it is there."""
    public = {line["in_reply_to"] for line in outbox(folder)}
    for one in app.store.views.unsettled():
        url = "outbox.jsonl" if one.target.external_id in public else None
        with suppress(Conflict):
            settle(app.store, app.store.casework.get(one.case_id), url, "sam", now)


def outbox(folder: Path) -> list[dict[str, str]]:
    """Return the whole lines of the outbox: a torn one was not sent."""
    file = folder / "outbox.jsonl"
    lines = file.read_bytes().split(b"\n") if file.exists() else []
    whole = []
    for line in lines:
        with suppress(ValueError):
            whole.append(json.loads(line))
    return whole


class Careless(Outbox):
    """A tempting mutant: what a dead process left in hand is simply sent again."""

    def expire(self, now: datetime, look_at: datetime) -> int:
        with self._store.write() as connection:
            stale = update(delivery).where(delivery.c.stage == "SENDING").values(stage="PLANNED")
            return connection.execute(stale).rowcount


class Calls:
    """Counts every commit, begin and call, before and after; ends the process at the chosen one."""

    def __init__(self, app: App, folder: Path, last: int) -> None:
        self.last, self.count = last, 0
        #: The first point of each state that a death may leave: what is committed, sent and in files.
        self.points: list[int] = []
        self._folder, self._kept, self._writes = folder, 0, False
        self._left: tuple[object, ...] = ()
        event.listen(app.store.engine, "begin", self._pass)
        event.listen(app.store.engine, "after_cursor_execute", self._executed)
        event.listen(app.store.engine, "commit", self._committing)
        connector = app.accounts[ACCOUNT].connector
        for name in ("poll", "look", "send", "find_sent"):
            setattr(connector, name, self._counted(getattr(connector, name)))

    def _pass(self, _connection: object = None) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        files = sorted(one for one in self._folder.rglob("*") if not one.name.startswith("responder.db"))
        left = (self._kept, *((one.name, one.stat().st_size) for one in files))
        if left != self._left:
            self.points.append(self.count)
            self._left = left

    def _executed(self, _connection: object, _cursor: object, words: str, *_: object) -> None:
        self._writes |= not words.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN"))

    def _committing(self, _connection: object) -> None:
        self._pass()  # here it is not committed yet
        self._kept += self._writes
        self._writes = False

    def _counted(self, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: Message | Mention | str | None) -> object:
            self._pass()
            result = call(*arguments)
            self._pass()
            return result

        return counted


def one_life(folder: Path, last: int, day: int) -> list[int]:
    """Live once from reading to posting, as on day `day`; die at point `last`, where that is not 0.

    Returns the points whose deaths leave different states, as does the file `points`, for a fork's parent.
    """
    app = app_in(folder, page=2)
    app.store.lease_clock = lambda: ("boot", day * 86_400.0)
    calls = Calls(app, folder, last)
    now = BEGIN + timedelta(days=day)
    for _ in range(3):
        Daemon(app, {}, now=lambda now=now: now).once()  # type: ignore[misc]
        person_approves(app, now)
        person_settles(app, folder, now)
        now += timedelta(hours=1)
    app.close()
    (folder / "points").write_text(json.dumps(calls.points))
    return calls.points


def faults(folder: Path, posts: int) -> list[str]:
    """Return what is missing, double, unapproved or stuck in `folder` after everything came to rest."""
    app = app_in(folder, page=50)
    said = [f"p{number}" for number in range(posts)]
    kept = {
        post.external_id
        for stage in Stage
        for case in app.store.views.page(stage, limit=10 * posts)
        for post in app.store.views.card(case.id).posts
    }
    found = [f"{post} was said and is not in the store" for post in said if post not in kept]
    sent = Counter(line["in_reply_to"] for line in outbox(folder))
    found += [f"{target} was answered {n} times" for target, n in sent.items() if n > 1]
    same = (decision.c.case_id == drafts.c.case_id) & (decision.c.fingerprint == drafts.c.fingerprint)
    approvals = select(drafts.c.text).join(decision, same).where(decision.c.verdict == "approve")
    with app.store.read() as connection:
        words = set(connection.scalars(approvals))
        stuck = connection.scalars(
            select(delivery.c.id).where(delivery.c.stage.in_(["PLANNED", "SENDING", "UNSURE"]))
        )
        found += [f"delivery {number} is stuck" for number in stuck]
    found += [
        f"sent without approval: {line['text']}" for line in outbox(folder) if line["text"] not in words
    ]
    answered = {case.target.external_id for case in app.store.views.page(Stage.ANSWERED, limit=posts)}
    found += [f"{target} is answered in the store, not in public" for target in answered - set(sent)]
    waiting = [
        stage for stage in (Stage.NEW, Stage.NEEDS_REPLY, Stage.APPROVED) if app.store.views.page(stage)
    ]
    found += [f"cases stay {stage}" for stage in waiting]
    found += app.store.views.verify()
    app.close()
    return found


def forked(life: Callable[[], object]) -> int:
    """Run `life` in a process of its own; return how it ended: 0, or the signal as a negative number."""
    child = os.fork()
    if child == 0:
        try:
            life()
        except BaseException as error:  # noqa: BLE001 (a fork must not run its parent's code any further)
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def every_point(folder: Path, posts: int, step: int = 1) -> int:
    """End a life in each state that it passes, or every `step`th; let the next one take over, and judge."""
    begun, whole = folder / "begun", folder / "whole"
    write_feed(begun, posts)
    prepare(begun)
    shutil.copytree(begun, whole)
    points = one_life(whole, 0, 0)
    bad = len(faults(whole, posts))
    for last in points[::step]:
        here = folder / f"point{last}"
        shutil.copytree(begun, here)
        if forked(lambda here=here, last=last: one_life(here, last, 0)) != -signal.SIGKILL:  # type: ignore[misc]
            sys.stdout.write(f"point {last}: the life did not end there\n")
            bad += 1
        ended = forked(lambda here=here: one_life(here, 0, 1))  # type: ignore[misc]
        found = faults(here, posts) + (["the next life failed"] if ended else [])
        sys.stdout.writelines(f"point {last}: {fault}\n" for fault in found)
        bad += len(found)
        shutil.rmtree(here)
        if bad and CARELESS:
            break  # caught
    sys.stdout.write(f"{len(points)} points, {bad} faults\n")
    return 1 if bad else 0


def long_life(folder: Path, day: int) -> None:
    """Run the real daemon, its clock and threads, with a person approving beside it, until killed."""
    app = app_in(folder, page=4)
    born = time.monotonic()
    app.store.lease_clock = lambda: ("boot", day * 86_400 + (time.monotonic() - born) * 500)
    daemon = Daemon(app, {}, now=lambda: BEGIN + timedelta(days=day, minutes=(time.monotonic() - born) * 20))

    def approving() -> None:
        while True:
            with suppress(StoreError):
                person_approves(app, daemon.now())
            time.sleep(0.1)

    threading.Thread(target=approving, daemon=True).start()
    daemon.run()


def _small_life(folder: Path) -> float:
    """Return how many seconds a life with four posts takes here, at most one: the measure of the others."""
    write_feed(folder, 4)
    prepare(folder)
    born = time.monotonic()
    one_life(folder, 0, 0)
    return min(1.0, time.monotonic() - born)


def random_moments(folder: Path, lives: int, seed: int) -> int:
    """End `lives` lives of one replay at random moments, then let it come to rest, and judge."""
    chance, posts = random.Random(seed), 300  # noqa: S311 (chance, not secrecy)
    write_feed(folder / "warm", 4)
    one_life(folder / "warm", 0, 0)  # whatever is imported late is imported now, not in every life
    import_module("apscheduler.schedulers.background")
    small = _small_life(folder / "small")
    write_feed(folder / "long", posts)
    for day in range(lives):
        child = os.fork()
        if child == 0:
            long_life(folder / "long", day)
            os._exit(0)
        time.sleep(small * chance.uniform(1, 8))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    done = len(outbox(folder / "long"))
    app = app_in(folder / "long", page=200)
    for hours in range(60):
        now = BEGIN + timedelta(days=lives + 1, hours=hours)
        app.store.lease_clock = lambda hours=hours: ("boot", (lives + 1) * 86_400.0 + hours * 3600)
        Daemon(app, {}, now=lambda now=now: now).once()  # type: ignore[misc]
        person_approves(app, now)
        person_settles(app, folder / "long", now)
    app.close()
    found = faults(folder / "long", posts)
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.stdout.write(f"{lives} lives, {done} replies sent between the deaths, {len(found)} faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    set_up_logs(io.StringIO())
    if sys.argv[1] == "points":
        sys.exit(every_point(Path(sys.argv[2]), *(int(told) for told in sys.argv[3:] if told.isdigit())))
    sys.exit(random_moments(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
