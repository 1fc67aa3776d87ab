"""What a deed costs does not grow with the number of cases: each of a life, among few and among many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text, update

from responder.model.case import Case, Stage
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.model.draft import Draft
from responder.model.people import FourEyes, Roster
from responder.model.period import Period
from responder.model.search import parse
from responder.steps.approve import decide, edit
from responder.steps.correct import Said, correct
from responder.steps.digest import digest
from responder.steps.follow_up import follow_up
from responder.steps.poll import poll
from responder.steps.post import Mode, post
from responder.steps.sum_up import sum_up
from responder.store.store import Store
from responder.store.tables import cases
from tests.desk import approved, seen, street
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy
from tests.store.crowd import crowd
from tests.store.reused import emptied, emptied_postgres

FEW, MANY = 500, 10_000
Deed = Callable[[], object]


class Life:
    """One complaint's life beside all the others."""

    def __init__(self, store: Store) -> None:
        self.store, self.net = store, ScriptedNetwork()
        self.accounts = {"shop": account(self.net)}
        self.number = 0
        store.roster = Roster(four_eyes=FourEyes(legal=True, first=5))  # asks, and finds that one is enough

    def deeds(self) -> dict[str, Deed]:
        """Return everything that a step, a person or a digest asks of the store, in the order of a life."""
        store, views = self.store, self.store.views
        return {
            "poll": self.is_heard,
            "triage and draft": lambda: street(store, self.accounts, 2),
            "card": lambda: views.card(self.number),
            "correct": self.is_corrected,
            "edit": self.is_edited,
            "approve": lambda: approved(store, self.number, 4),
            "withdraw": lambda: self.decide(Verdict.WITHDRAW),
            "redo": lambda: self.decide(Verdict.REDO),
            "draft again": lambda: street(store, self.accounts, 5),
            "approve again": lambda: approved(store, self.number, 6),
            "post": lambda: post(store, self.accounts, Mode.ON, at(7)),
            "wrote again": self.writes_again,
            "look changed": self.looks_changed,
            "removed": self.removes,
            "nothing to post": lambda: post(store, self.accounts, Mode.ON, at(11)),
            "nothing to close": lambda: follow_up(store, timedelta(days=365), at(11)),
            "step aside": lambda: store.casework.step_aside(self.seen()[0], "boom", at(11)),
            "first page": lambda: views.page(Stage.WAITING),
            "next page": lambda: views.page(Stage.WAITING, after=views.page(Stage.WAITING)[-1].place),
            "a small account's page": lambda: views.page(Stage.WAITING, name="small", limit=1),
            "first page of who is awake": lambda: views.page(Stage.WAITING, now=at(11)),
            "next page of who is awake": self.turns_the_page,
            "a small account's awake": lambda: views.page(Stage.WAITING, name="small", limit=1, now=at(11)),
            "what sleeps": lambda: store.lists.asleep(at(11)),
            "what goes out by hand": store.lists.by_hand,
            "first yeses": lambda: store.yeses.first(one.id for one in views.page(Stage.WAITING)),
            "incidents of a page": lambda: store.incidents.of(one.id for one in views.page(Stage.WAITING)),
            "what is usual": lambda: store.incidents.usual("late", at(10), at(11)),
            "incidents due": lambda: store.incidents.due(at(11)),
            "incidents under way": store.incidents.listed,
            "latest replies": lambda: store.incidents.replies(60),
            "unread": views.unread,
            "unsettled": views.unsettled,
            "health": views.health,
        }

    def turns_the_page(self) -> None:
        page = self.store.views.page(Stage.WAITING, now=at(11))
        self.store.views.page(Stage.WAITING, after=page[-1].place, now=at(11))

    def seen(self) -> tuple[Case, Draft]:
        return seen(self.store, self.number)

    def is_heard(self) -> None:
        self.net.say(mention("mine", "A fire!"))
        poll(self.store, self.accounts["shop"], at(1))
        with self.store.read() as connection:
            self.number = int(connection.scalar(text("SELECT max(id) FROM cases")) or 0)

    def is_edited(self) -> None:
        edit(self.store, PlainPolicy(), self.accounts["shop"], self.seen(), ("better", "sam"), at(3))

    def is_corrected(self) -> None:
        said = Said(What.LESS_URGENT, "sam")
        correct(self.store, TARGETS, self.seen()[0], said, at(2))

    def decide(self, verdict: Verdict) -> None:
        decide(self.store, self.seen()[0], verdict, ("sam", ""), at(4))

    def writes_again(self) -> None:
        self.net.say(mention("mine too", "Again!", thread="mine", minutes=8))
        street(self.store, self.accounts, 8)

    def looks_changed(self) -> None:
        self.net.edit("mine too", "Again and again!", "e1")
        self.store.intake.seen_again([self.net.now("mine too")], at(9))

    def removes(self) -> None:
        self.net.remove("mine too")
        self.net.remove("mine")
        street(self.store, self.accounts, 10)


@contextmanager
def sqlite_work(engine: Engine) -> Iterator[Callable[[], int]]:
    """Count the instructions that an SQLite in memory executes, in hundreds."""
    count = [0]

    def one_more() -> int:
        count[0] += 1
        return 0

    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(one_more, 100)
    yield lambda: count[0]
    driver.set_progress_handler(None, 0)


@contextmanager
def postgres_work(engine: Engine) -> Iterator[Callable[[], int]]:
    """Count the rows that a PostgreSQL reads, from tables and from indexes.

    A server's processes tell what they read once a second; each is to tell at the end of its transaction
    here, or one deed would be charged with what was read before it.
    """
    words = text(
        "SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)"
        " + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)"
    )

    def tell(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")

    def read() -> int:
        with engine.connect() as connection:
            return int(connection.scalar(words) or 0)

    event.listen(engine, "begin", tell)
    yield read
    event.remove(engine, "begin", tell)


def costs(store: Store, size: int, *, known: bool, work: Callable[[], int]) -> dict[str, int]:
    """Return what each deed of a life costs among so many cases."""
    crowd(store, size, known=known)
    cost = {}
    for name, deed in Life(store).deeds().items():
        before = work()
        deed()
        cost[name] = work() - before
    return cost


@pytest.mark.parametrize("known", [True, False])
def test_no_deed_costs_more_among_many_cases_on_sqlite(memory_engine: Engine, known: bool) -> None:
    with sqlite_work(memory_engine) as work:
        few = costs(emptied(memory_engine), FEW, known=known, work=work)
        many = costs(emptied(memory_engine), MANY, known=known, work=work)
    assert {name: (few[name], n) for name, n in many.items() if n > 1.5 * few[name] + 15} == {}


def test_no_deed_reads_more_rows_among_many_cases_on_postgresql(postgres_engine: Engine) -> None:
    with postgres_work(postgres_engine) as work:
        many = costs(emptied_postgres(postgres_engine), MANY, known=True, work=work)
    assert {name: n for name, n in many.items() if n > 600} == {}


@pytest.mark.slow
def test_a_digest_reads_as_much_as_it_shows_and_no_more(memory_engine: Engine) -> None:
    cost = []
    for size in (MANY, 3 * MANY):
        store = emptied(memory_engine)
        crowd(store, size, known=False)
        with sqlite_work(memory_engine) as work:
            digest(store, at(-60), at(60))
            cost.append(work())
    assert cost[1] < 1.2 * cost[0]


@pytest.mark.slow
def test_a_look_for_a_burst_reads_the_newest_cases_and_no_more(memory_engine: Engine) -> None:
    cost = []
    for size in (MANY, 3 * MANY):
        store = emptied(memory_engine)
        crowd(store, size, known=False)
        with sqlite_work(memory_engine) as work:
            store.incidents.latest(at(-100_000), at(100_000))
            store.incidents.before(at(100_000))
            cost.append(work())
    assert cost[1] < 1.2 * cost[0] + 15


@pytest.mark.slow
@pytest.mark.parametrize("words", ["", "tier:3"])
def test_a_report_reads_the_days_it_tells_of_and_no_others(memory_engine: Engine, words: str) -> None:
    cost, yesterday = [], at(-1440).date()  # what is decided is decided today
    for size in (MANY, 3 * MANY):
        store = emptied(memory_engine)
        crowd(store, size, known=True)
        with sqlite_work(memory_engine) as work:
            made = sum_up(store, parse(words), Period(yesterday, yesterday, UTC), at(60))
            cost.append(work())
        assert made.came.cases > 50
    assert cost[1] < 1.2 * cost[0]


@pytest.mark.slow
def test_what_is_searched_for_every_day_is_read_and_no_more(memory_engine: Engine) -> None:
    searches = (
        *("stage:waiting", "stage:open tier:<3", "stage:waiting account:small tier:2", "network:x stage:all"),
        *("owner:sam stage:open", "stage:waiting parcel", "stage:waiting due:late", "stage:waiting due:<1m"),
        *("stage:waiting tier:>3", "stage:waiting tier:5 mark:edited", "id:c-400"),
    )
    cost: list[dict[str, int]] = []
    for size in (MANY, 3 * MANY):
        store = emptied(memory_engine)
        crowd(store, size, known=False)
        cost.append({})
        with store.write() as connection:  # they sleep, in the way of the others
            most_urgent = (cases.c.stage == "WAITING") & (cases.c.tier == 5)
            connection.execute(update(cases).where(most_urgent).values(snoozed_until=at(3000)))
        with sqlite_work(memory_engine) as work:
            for words in searches:
                before = work()
                found = store.finding.page(parse(words), at(1440), limit=5)
                cost[-1][words] = work() - before
                assert found or words in {"stage:waiting due:<1m", "stage:waiting tier:5 mark:edited"}
    assert {words: (cost[0][words], n) for words, n in cost[1].items() if n > 1.2 * cost[0][words] + 15} == {}
