"""The rings of the daemon: in order, each for itself, quiet about what was said, and right on odd days."""

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep as rest
from zoneinfo import ZoneInfo

import pytest

from responder.daemon import LATER, STUCK, Daemon, Ring
from responder.logs import set_up_logs
from responder.model.case import Stage
from responder.model.mention import Mention
from responder.model.triage import Triage
from responder.notify import send_digests
from responder.settings import Settings
from responder.settings.running import DaemonSection
from responder.settings.sections import AccountSection, CompanySection, DatabaseSection, PostingSection
from responder.settings.telling import DigestSection
from responder.steps.report import Report, Stop
from responder.store.engine import IDLE
from responder.store.errors import StoreBusy, StoreLost
from responder.wiring import App
from tests.desk import approved
from tests.network import mention
from tests.paid import PaidNetwork, paid_account
from tests.policies import PlainPolicy
from tests.store.test_faults import held, kill_connections

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER_ON = NOW + timedelta(hours=2)
Make = Callable[..., App]


@pytest.fixture
def logs() -> io.StringIO:
    """What is logged."""
    stream = io.StringIO()
    set_up_logs(stream)
    return stream


@pytest.fixture
def make(tmp_path: Path, logs: io.StringIO) -> Iterator[Make]:
    """Make an app in a folder of its own; what is given stands in its settings."""
    made: list[App] = []

    def app(*posts: str, policy: PlainPolicy | None = None, **sections: object) -> App:
        lines = [f'{{"id": "{n}", "text": "{said}", "author": "a{n}"}}\n' for n, said in enumerate(posts)]
        (tmp_path / "feed.jsonl").write_text("".join(lines))
        options = {"file": str(tmp_path / "feed.jsonl"), "outbox": str(tmp_path / "out.jsonl")}
        settings = Settings(
            database=DatabaseSection(url=f"sqlite:///{tmp_path / 'x.db'}"),
            accounts=(AccountSection(name="shop", connector="replay", options=options),),
            digest=DigestSection(folder=tmp_path / "digests"),
        )
        one = App(replace(settings, **sections))  # type: ignore[arg-type]  # sections by name
        one.__dict__["policy"] = policy or PlainPolicy()  # a cached property, filled before its first use
        made.append(one)
        return one

    yield app
    for one in made:
        one.close()


def daemon(app: App, now: datetime = NOW) -> Daemon:
    return Daemon(app, {}, now=lambda: now)


def failing(error: Exception) -> Callable[[datetime, Stop], Report]:
    def work(_now: datetime, _stop: Stop) -> Report:
        raise error

    return work


# --- order, and each for itself --------------------------------------------------------------------------


def test_once_rings_everything_in_the_order_of_the_street(make: Make) -> None:
    some = daemon(make("Lost."))
    rung: list[str] = []
    for ring in some.rings:

        def noted(now: datetime, stop: Stop, ring: Ring = ring, work: object = ring.work) -> Report:
            rung.append(ring.name)
            return work(now, stop)  # type: ignore[operator, no-any-return]

        ring.work = noted
    assert some.once() == 0
    first = ["poll shop", "listen", "triage", "draft", "incidents", "post shop"]
    assert rung == [*first, "follow up", "promises", "afterwards", "alert", "digest"]


@pytest.mark.parametrize("error", [StoreBusy(), StoreLost(), RuntimeError("boom"), RecursionError()])
def test_a_ring_that_raises_is_told_and_the_next_tick_rings_it_again(
    make: Make, logs: io.StringIO, error: Exception
) -> None:
    some = daemon(make("Lost."))
    some.rings[0].work, work = failing(error), some.rings[0].work
    assert some.once() == LATER
    assert some.rings[0].began is None
    assert 'ring="poll shop"' in logs.getvalue()
    some.rings[0].work = work
    assert some.once() == 0
    assert len(some.app.store.views.page(Stage.WAITING)) == 1


def test_a_round_leaves_how_it_went_for_status(make: Make) -> None:
    app = make("Lost.")
    assert daemon(app).once() == 0
    (well,) = app.store.daemons.all()
    assert (well.by_rounds, well.silent(NOW + timedelta(minutes=59))) == (True, False)
    assert {one.problem for one in well.rings} == {""}
    for minutes in (5, 90):  # each is a process of its own
        later = daemon(app, NOW + timedelta(minutes=minutes))
        later.rings[0].work = failing(StoreBusy())
        assert later.once() == LATER
    (ill,) = app.store.daemons.all()
    assert ill.rings[0].problem_since == NOW + timedelta(minutes=5)
    assert ill.rings[0].well_at == NOW
    assert ill.every == timedelta(minutes=85).total_seconds()


def test_what_is_still_wrong_is_not_said_again_at_every_tick(make: Make, logs: io.StringIO) -> None:
    some = daemon(make())
    (ring,) = (one for one in some.rings if one.name == "post shop")
    ring.work, work = failing(StoreBusy()), ring.work
    for _ in range(3):
        assert some.ring(ring).problems != ()
    ring.work = work
    some.ring(ring)
    ring.work = failing(StoreBusy())
    some.ring(ring)
    assert logs.getvalue().count("locked by another process") == 2


def test_a_strangers_words_in_a_bug_do_not_act_on_who_reads_the_log(make: Make, logs: io.StringIO) -> None:
    some = daemon(make())
    some.ring(Ring("bug", failing(ValueError("\x1b]52;c;eA==\x07 \u202e\nlevel=info event=forged"))))
    said = logs.getvalue()
    assert not set(said) & set("\x1b\x07\u202e")
    assert len(said.splitlines()) == 2
    assert "this is a bug in responder" in said
    assert "Traceback" in said


def test_a_dry_run_is_no_problem_and_says_each_reply_once(make: Make, logs: io.StringIO) -> None:
    some = daemon(make("Lost.", "Broken.", posting=PostingSection(mode="dry-run")))
    assert some.once() == 0
    for case in some.app.store.views.page(Stage.WAITING):
        approved(some.app.store, case.id, minutes=0)
    for _ in range(3):
        assert some.once() == 0
    assert logs.getvalue().count("would be sent") == 2
    assert not (some.app.settings.digest.folder.parent / "out.jsonl").exists()


def test_an_account_that_saves_is_read_sooner_while_something_urgent_is_open(make: Make) -> None:
    app, net = make(), PaidNetwork()
    app.__dict__["accounts"] = {"shop": paid_account(net, 4.0)}
    app.store.intake.introduce({"shop": "scripted"})
    app.store.money.note("shop", [("mention read", 40, 200_000)], NOW)

    def rings(minutes: float) -> int:
        net.calls.clear()
        daemon(app, NOW + timedelta(minutes=minutes)).once()
        return net.calls.count("poll")

    assert [rings(minutes) for minutes in (0, 2, 3, 4)] == [1, 0, 0, 1]
    net.say(mention("1", "A fire!"))
    assert [rings(minutes) for minutes in (30, 31, 32, 33, 34)] == [1, 0, 1, 0, 1]


def test_posting_is_off_unless_somebody_says_otherwise(make: Make, tmp_path: Path) -> None:
    some = daemon(make("Lost."))
    some.once()
    approved(some.app.store, 1, minutes=0)
    assert some.once() == 0
    assert not (tmp_path / "out.jsonl").exists()


# --- the digest's day ------------------------------------------------------------------------------------


def digests(app: App, *moments: datetime) -> list[bool]:
    """Ring at each of these moments; return whether a digest was written then."""
    return [bool(send_digests(app.store, app.settings, app.sender, now).done) for now in moments]


@pytest.mark.parametrize(
    ("zone", "at", "moments"),
    [
        # clocks go forward at 02:00: 02:30 does not exist on that day, 03:00 is the moment after 01:59
        ("Europe/Ljubljana", time(2, 30), {"2026-03-29T00:59": False, "2026-03-29T01:00": True}),
        # clocks go back at 03:00: 02:30 is there twice
        (
            "Europe/Ljubljana",
            time(2, 30),
            {"2026-10-25T00:29": False, "2026-10-25T00:30": True, "2026-10-25T01:30": False},
        ),
        # the day begins elsewhere
        ("Pacific/Auckland", time(7, 30), {"2026-03-01T18:29": False, "2026-03-01T18:30": True}),
        ("America/Los_Angeles", time(0, 0), {"2026-03-02T08:00": True, "2026-03-03T07:59": False}),
        ("Asia/Kathmandu", time(23, 59), {"2026-03-02T18:13": False, "2026-03-02T18:14": True}),
    ],
)
def test_the_digests_hour_is_the_companys_also_when_the_clocks_change(
    make: Make, zone: str, at: time, moments: dict[str, bool]
) -> None:
    app = make(company=CompanySection(timezone=ZoneInfo(zone)))
    app = App(replace(app.settings, digest=replace(app.settings.digest, at=at)))
    said = digests(app, *(datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in moments))
    assert said == list(moments.values())
    app.close()


def test_every_day_of_a_year_has_its_one_digest(make: Make) -> None:
    app = make(company=CompanySection(timezone=ZoneInfo("Europe/Ljubljana")))
    begin = datetime(2026, 3, 27, 0, 0, tzinfo=UTC)  # over the day on which the clocks go forward
    assert sum(digests(app, *(begin + timedelta(hours=hour) for hour in range(24 * 5)))) == 5


def test_a_digest_waits_for_what_came_while_the_daemon_was_off(make: Make, tmp_path: Path) -> None:
    some = daemon(make("Lost."))
    *others, digest = some.rings
    some.ring(digest)  # its place between two ticks may be the first
    assert not (tmp_path / "digests").exists()
    for ring in others:
        some.ring(ring)
    some.ring(digest)
    assert "1 open" in (tmp_path / "digests" / "digest-2026-03-02.txt").read_text()


def test_a_ring_that_hangs_keeps_the_digest_no_longer_than_its_deadline(make: Make, tmp_path: Path) -> None:
    some = daemon(make("Lost.", daemon=DaemonSection(deadline=timedelta(0))))
    some.rings[-1].work(NOW, lambda: False)
    assert (tmp_path / "digests" / "digest-2026-03-02.txt").exists()


def test_a_digest_that_cannot_be_written_is_tried_again(
    make: Make, logs: io.StringIO, tmp_path: Path
) -> None:
    app = make()
    (tmp_path / "digests").write_text("in the way")
    assert daemon(app).once() == LATER
    assert "could not be written" in logs.getvalue()
    assert app.store.notices.due(["digest 2026-03-02 folder"], LATER_ON)
    (tmp_path / "digests").unlink()
    assert daemon(app).once() == 0  # not at every tick
    assert daemon(app, NOW + timedelta(minutes=1)).once() == 0
    assert (tmp_path / "digests" / "digest-2026-03-02.txt").exists()


# --- a database that does not answer ---------------------------------------------------------------------


def test_a_database_held_by_another_process_costs_a_ring_and_no_more(
    make: Make, logs: io.StringIO, tmp_path: Path
) -> None:
    app = make("Lost.")
    some = daemon(app)
    with app.store.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[union-attr]
    with held(tmp_path / "x.db"):
        assert some.once() == LATER
        assert some.health().startswith("0 open")
    assert "locked by another process" in logs.getvalue()
    assert some.once() == 0
    assert len(app.store.views.page(Stage.WAITING)) == 1


@pytest.mark.slow
def test_a_postgresql_that_drops_what_rests_costs_nothing(make: Make, postgres_url: str) -> None:
    app = make("Lost.", database=DatabaseSection(url=postgres_url))
    some = daemon(app)
    for ring in some.rings:
        kill_connections(postgres_url)
        rest(IDLE)
        assert some.ring(ring).problems == ()
    assert len(app.store.views.page(Stage.WAITING)) == 1
    kill_connections(postgres_url)
    rest(IDLE)
    assert some.health().startswith("1 open, 1 waiting")


# --- time ------------------------------------------------------------------------------------------------


def test_a_slow_judgement_comes_back_within_its_deadline_and_goes_on_at_the_next_tick(make: Make) -> None:
    class Slow(PlainPolicy):
        def weigh(
            self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
        ) -> Triage:
            threading.Event().wait(0.02)
            return super().weigh(mention, earlier, now, language=language)

    app = make(*["Lost."] * 30, policy=Slow(), daemon=DaemonSection(deadline=timedelta(seconds=0.4)))
    some = daemon(app)
    rings = {ring.name: ring for ring in some.rings}
    some.ring(rings["poll shop"])
    first = some.ring(rings["triage"]).done["triaged"]
    assert 0 < first < 30
    some.tick()  # no clock runs here
    assert some.stuck() == ""
    while len(app.store.views.page(Stage.NEEDS_REPLY)) < 30:
        assert some.ring(rings["triage"]).done["triaged"] > 0


class NoTick(Daemon):
    """A daemon whose clock died."""

    def tick(self) -> None:
        pass


def test_a_clock_that_died_ends_the_daemon(make: Make, logs: io.StringIO) -> None:
    app = make(daemon=DaemonSection(step_every=timedelta(seconds=60)))
    some = NoTick(app, {}, now=lambda: NOW)
    some.deadline = 0.2
    for ring in some.rings:
        ring.work = lambda _now, _stop: Report()
    assert some.run() == STUCK
    assert "the clock does not tick any more" in logs.getvalue()


def test_after_the_end_nothing_rings_any_more(make: Make) -> None:
    some = daemon(make(daemon=DaemonSection(step_every=timedelta(seconds=0.05))))
    rung: list[int] = []

    def counts(_now: datetime, _stop: Stop) -> Report:
        rung.append(1)
        return Report()

    some.rings = [Ring("count", counts)]
    threading.Timer(0.5, some.stopping.set).start()
    assert some.run() == 0
    ended = len(rung)
    assert ended > 3
    threading.Event().wait(0.2)
    assert len(rung) == ended


def test_a_ring_that_begins_after_the_end_does_nothing(make: Make, logs: io.StringIO) -> None:
    """The pool may come to a ring that was called before the end when it is over: nobody waits for it."""
    some = daemon(make("Lost."))
    some.stopping.set()
    assert [some.ring(ring) for ring in some.rings] == [Report()] * len(some.rings)
    assert some.app.store.views.figures(NOW, NOW).by_stage == {}
    assert not some.app.settings.digest.folder.exists()
    assert logs.getvalue() == ""


def test_a_ring_counts_as_begun_before_it_looks_whether_the_end_has_come(make: Make) -> None:
    some = daemon(make())
    ring = Ring("count", lambda _now, _stop: Report({"work": 1}))
    begun: list[bool] = []

    class Asked(threading.Event):
        def is_set(self) -> bool:
            begun.append(ring.began is not None)
            return super().is_set()

    some.stopping = Asked()
    assert some.ring(ring) == Report({"work": 1})
    assert begun == [True]


def test_the_health_line_says_what_is_open_and_who_is_ill(make: Make) -> None:
    app = make("Lost.", "Broken.")
    some = daemon(app)
    some.once()
    assert some.health() == "2 open, 2 waiting, 0 overdue; posting off; every account is well"
    app.store.control.pause("sam", NOW)
    app.store.intake.polled("shop", NOW, NOW, problem="no route")
    assert some.health() == "2 open, 2 waiting, 0 overdue; paused by sam; not well: shop"
