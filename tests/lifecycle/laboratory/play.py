"""Playing one schedule: the faulty part, the calm after it, and the verdict."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import text

from responder.connector import Account
from responder.model.case import Stage as CaseStage
from responder.model.people import NotAllowed, Roster
from responder.steps.approve import approve, settle
from responder.steps.draft import draft
from responder.steps.poll import poll
from responder.steps.post import Mode, post
from responder.steps.triage import triage
from responder.store.errors import Conflict
from responder.store.tables import metadata
from tests.lifecycle.laboratory.actors import (
    ACCOUNT,
    FIRST,
    POLICY,
    Machine,
    Person,
    Weather,
    first_post,
)
from tests.lifecycle.laboratory.laws import Laws
from tests.lifecycle.laboratory.networks import PEOPLE, TWO, Line, Net, Wishes
from tests.lifecycle.laboratory.schedule import Kind, Plan
from tests.lifecycle.laboratory.stage import Actor, Stage
from tests.lifecycle.laboratory.watched import WatchedStore
from tests.lifecycle.world import TARGETS
from tests.network import START, ScriptedNetwork

MACHINES = ("daemon 1", "daemon 2")
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a schedule came to."""

    plan: Plan
    broken: tuple[str, ...]
    log: tuple[tuple[int, float, str, str, str], ...]
    struck: tuple[tuple[int, str], ...]
    #: How often each thing was so in the end.
    counts: Counter[str]
    journal: str

    @property
    def fingerprint(self) -> str:
        """The hash of all that happened and of the journal: the same for the same plan."""
        return sha256(repr((self.log, self.journal)).encode()).hexdigest()


@dataclass
class Bed:
    """Databases that schedules are played on, one after the other; each begins with empty tables.

    `mutate` changes each Store once, as a tempting mistake would; `careless` the lines to the network.
    """

    folder: Path
    mutate: Callable[[WatchedStore], None] = lambda _: None
    wire: Callable[[Line], Line] = lambda line: line
    stores: dict[str, WatchedStore] = field(default_factory=dict)

    def __post_init__(self) -> None:
        url = f"sqlite:///{self.folder / 'laboratory.db'}"
        for name in (*MACHINES, *PEOPLE, "calm"):
            store = WatchedStore(url)
            store.pause_file = self.pause_file
            store.salt = lambda: ""  # a seed gives the same journal, byte for byte
            if not self.stores:
                store.prepare()
                with store.engine.begin() as connection:  # the tables are emptied for every schedule
                    for trigger in ("event_is_kept", "event_stays"):
                        connection.execute(text(f"DROP TRIGGER {trigger}"))
            self.stores[name] = store
            self.mutate(store)

        self._morning = self._first_posts_wait()

    def _first_posts_wait(self) -> list[tuple[str, list[tuple[object, ...]]]]:
        """Let the first posts be heard and drafted; return every row of every table."""
        store = self.stores["calm"]
        network = ScriptedNetwork()
        network.say(*(first_post(number) for number in range(FIRST)))
        store.intake.introduce({ACCOUNT: "laboratory"})
        poll(store, Account(name=ACCOUNT, connector=network, every=20), START)
        triage(store, POLICY, TARGETS, START)
        draft(store, POLICY, {ACCOUNT: Account(name=ACCOUNT, connector=network)}, START)
        case = store.casework.get(1)
        shown = store.casework.draft(case)
        assert shown is not None
        approve(store, Account(name=ACCOUNT, connector=network), (case, shown), PEOPLE[0], START)
        self.approved = (case.target.external_id, shown.text, case.target.text)
        with driver_of(store) as driver:
            return [
                (table.name, driver.execute(f"SELECT * FROM {table.name}").fetchall())
                for table in metadata.sorted_tables
            ]

    @property
    def pause_file(self) -> Path:
        """The file that stops all sending while it is there."""
        return self.folder / "pause"

    def lay(self) -> None:
        """Bring every table back to the morning, in which one reply is approved and the others wait."""
        self.pause_file.unlink(missing_ok=True)
        with driver_of(self.stores["calm"]) as driver:
            driver.execute("BEGIN IMMEDIATE")
            for name, _ in reversed(self._morning):
                driver.execute(f"DELETE FROM {name}")
            for name, rows in self._morning:
                if rows:
                    places = ", ".join("?" * len(rows[0]))
                    driver.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
            driver.execute("COMMIT")

    def close(self) -> None:
        """Give back every connection."""
        for store in self.stores.values():
            store.close()


@contextmanager
def driver_of(store: WatchedStore) -> Iterator[Any]:
    """Give the driver's own connection: what has to be quick and is not under test."""
    with store.engine.connect() as connection:
        yield connection.connection.driver_connection


def play(plan: Plan, bed: Bed) -> Outcome:
    """Play a schedule and judge it."""
    schedule = Schedule(plan, bed)
    schedule.play()
    return schedule.outcome()


class Schedule:
    """One schedule, set up."""

    def __init__(self, plan: Plan, bed: Bed) -> None:
        self.bed, self.stage = bed, Stage(plan)
        swarm = self.stage.dice.swarm
        honours = plan.kind is Kind.UNRELIABLE and swarm.random() < 0.5
        lag, sees_own = swarm.choice((0.0, 5.0, 45.0)), swarm.random() < 0.5
        self.net = Net(self.stage, plan.kind, honours, lag, sees_own)
        self.wishes = Wishes({1: bed.approved})
        self.laws = Laws(self.stage, self.net, self.wishes)
        self.stage.clock.booted, self.stage.clock.named = -50_000.0, swarm.random() < 0.75
        for name in MACHINES:
            self.stage.clock.skew[name] = swarm.choice((0, 0, 0, 1.5, -40, 600, -600))
        self.wishes.two = swarm.random() < 0.25
        for store in bed.stores.values():
            store.roster = TWO if self.wishes.two else Roster()
        bed.lay()
        self.laws.know(bed.stores["calm"])
        self._cast()

    def _cast(self) -> None:
        weather = Weather(self.net)
        self.stage.weather = weather.happens
        for name in (*MACHINES, *PEOPLE):
            store = self.bed.stores[name]
            actor = Actor(self.stage, name, lambda _: None)
            line = self._line(store, actor)
            account = Account(name=ACCOUNT, connector=line, every=20)
            if name in MACHINES:
                machine = Machine(store, account, self.laws)
                actor.live, actor.buried = machine.live, store.close
                weather.machines.append(actor)
            else:
                actor.live = Person(store, account, self.net, self.wishes, self.laws).live
            store.actor, store.judge = actor, self.laws.commit
            store.lease_clock = self.stage.clock.lease
            self.stage.actors.append(actor)
        calm = self.bed.stores["calm"]
        calm.judge, calm.lease_clock = self.laws.commit, self.stage.clock.lease
        for number in range(FIRST):
            weather.enter(first_post(number), -9_999.0)

    def _line(self, store: WatchedStore, actor: Actor) -> Line:
        def idle() -> None:
            if store.busy:
                self.laws.broke("the network was asked in the middle of a transaction")

        return self.bed.wire(Line(self.net, actor, partial(self.laws.begin, store), idle))

    def play(self) -> None:
        """Play the faulty part and, unless a law is broken, the calm after it."""
        try:
            self.stage.play()
        finally:
            for store in self.bed.stores.values():
                store.actor = None
        self.laws.replied()
        if not self.stage.broken:
            self._settle_down()

    # --- the calm ------------------------------------------------------------------------------------

    def _settle_down(self) -> None:
        """Let every request arrive and every clock be right; then machine, and people, do their work."""
        store, clock = self.bed.stores["calm"], self.stage.clock
        still = Actor(self.stage, "calm", lambda _: None)
        still.moment = lambda what: self.stage.note("calm", what)  # type: ignore[method-assign]
        account = Account(name=ACCOUNT, connector=self._line(store, still), every=20)
        clock.seconds += 2 * _DAY
        clock.set_right()
        self.net.arrive_late()
        store.control.pause("ana", clock.true(), on=False)
        self.bed.pause_file.unlink(missing_ok=True)
        self.wishes.switched = self.wishes.filed = False
        poll(store, account, clock.true())
        self._work(store, account)
        clock.seconds += _DAY
        self._work(store, account)  # what a dead sender had in hand is looked for only now
        for post_id in self.laws.unsure(store):
            if self.net.ours(post_id):
                self.laws.broke(f"the reply to {post_id} is public, and looking did not find it")
        self._people_do_their_part(store, account)
        clock.seconds += _DAY
        self._work(store, account)
        self._work(store, account)  # a look of the round before may have shown new words
        self._settle_by_hand(store)
        clock.seconds += _DAY
        post(store, {ACCOUNT: account}, Mode.ON, clock.true())  # what is public is read back
        self.laws.end(store)

    def _work(self, store: WatchedStore, account: Account) -> None:
        now, stands = self.stage.clock.true(), self.laws.stands
        if stands("NEW"):
            triage(store, POLICY, TARGETS, now)
        if stands("NEEDS_REPLY"):
            draft(store, POLICY, {ACCOUNT: account}, now)
        if stands("PLANNED", "SENDING", "UNSURE"):
            post(store, {ACCOUNT: account}, Mode.ON, now)

    def _people_do_their_part(self, store: WatchedStore, account: Account) -> None:
        """Settle what is unsure, and approve what waits then."""
        self._settle_by_hand(store)
        for case in store.views.page(CaseStage.WAITING) if self.laws.stands("WAITING") else ():
            shown = store.casework.draft(case)
            assert shown is not None
            wanted = (case.target.external_id, shown.text, case.target.text)
            for name in PEOPLE:
                self.wishes.yes(case.id, wanted, name)
                with suppress(Conflict, NotAllowed):  # this very post is answered: it was edited since
                    now = store.casework.get(case.id)
                    approve(store, account, (now, shown), name, self.stage.clock.true())

    def _settle_by_hand(self, store: WatchedStore) -> None:
        # the oldest of a case first: it is the one that what is said is taken for
        for one in store.views.unsettled() if self.laws.stands("UNSURE") else ():
            post_id = one.target.external_id
            public = self.net.ours(post_id)
            url = f"https://net.example/{public[0].id}" if public else None
            settle(store, store.casework.get(one.case_id), url, "ana", self.stage.clock.true())
            self.wishes.settled(one.case_id, post_id)
            if not public:
                self.wishes.denied[post_id] = len(self.net.writes)

    def outcome(self) -> Outcome:
        """Return what it came to."""
        with driver_of(self.bed.stores["calm"]) as driver:
            journal = repr(driver.execute("SELECT * FROM event ORDER BY id").fetchall())
        counts = Counter(f"case {stage}" for stage, _ in self.laws.cases.values())
        counts += Counter(f"delivery {stage}" for stage in self.laws.deliveries.values())
        counts += Counter(
            {
                "writes": len(self.net.writes), "public replies": len(self.net.replies),
                "doubles beyond the horizon": len(self.laws.doubles), "doubles told": self.laws.told,
                "events": self.stage.dice.event,
            }
        )  # fmt: skip
        struck = tuple(self.stage.dice.struck)
        counts += Counter(f"fault: {name}" for _, name in struck)
        return Outcome(
            self.stage.plan, tuple(self.stage.broken), tuple(self.stage.log), struck, counts, journal
        )
