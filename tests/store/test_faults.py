"""A database that fails: told in words, nothing half done, and the same call again does the rest once."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from responder.connector import Page
from responder.model.case import Stage
from responder.steps.poll import poll
from responder.steps.post import Mode, post
from responder.store.engine import BUSY_TIMEOUT, IDLE, sqlite_driver
from responder.store.errors import StoreBusy, StoreError, StoreFull, StoreLost
from responder.store.store import Store
from tests.desk import approved, stage, street, waiting
from tests.network import ScriptedNetwork, account, at, mention
from tests.postgres import statement


def rows(store: Store, table: str) -> int:
    with store.read() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


# --- full ------------------------------------------------------------------------------------------------


def pages(store: Store, most: int | None) -> None:
    """Let an SQLite grow by so many pages from here, or (None) as it likes."""
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        used = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count = {1_000_000 if most is None else used + most}")


@pytest.mark.parametrize("room", range(0, 12, 2))
def test_a_full_disk_keeps_what_was_there_and_goes_on_when_there_is_room(tmp_path: Path, room: int) -> None:
    store = Store(f"sqlite:///{tmp_path / 'small.db'}")
    store.prepare()
    net = ScriptedNetwork()
    net.say(mention("first"))
    street(store, accounts := {"shop": account(net)})
    net.say(*(mention(str(n), "words " * 50, author=f"a{n}") for n in range(100)))
    pages(store, room)
    with pytest.raises(StoreFull, match="make room, then go on"):
        street(store, accounts, 2)
    assert stage(store) is Stage.WAITING
    heard = rows(store, "mention")
    assert heard in {1, 51, 101}  # whole pages of the network, or none of one
    pages(store, None)
    street(store, accounts, 20)
    assert rows(store, "mention") == rows(store, "cases") == 101
    assert len(store.views.page(Stage.WAITING, limit=200)) == 101
    assert store.views.verify() == []
    store.close()


def test_a_disk_without_room_for_the_intention_sends_nothing(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'small.db'}")
    store.prepare()
    net, accounts = waiting(store, mention("1"))
    approved(store)
    pages(store, 0)
    with suppress(StoreFull):
        while True:  # until the pages that are there are full
            keep_more(store)
    sent = 0
    with suppress(StoreFull):
        sent = post(store, accounts, Mode.ON, at(3)).done.get("sent", 0)
    assert len(net.public) == sent
    pages(store, None)
    post(store, accounts, Mode.ON, at(3))
    assert len(net.public) == 1
    store.close()


def keep_more(store: Store) -> None:
    before = store.intake.cursor("shop")
    post = mention(f"more {before}", "words " * 100, author=f"a{before}")
    store.intake.keep("shop", before, Page(mentions=(post,), cursor=f"{before}+"), at(2))


# --- locked ----------------------------------------------------------------------------------------------


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Let another process hold the write lock of an SQLite."""
    module, _ = sqlite_driver()
    words = (
        f"import {module.__name__} as sqlite, sys; held = sqlite.connect(sys.argv[1], isolation_level=None);"
        "held.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", words, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        assert other.stdin is not None
        other.stdin.close()


def impatient(file: Path) -> Store:
    store = Store(f"sqlite:///{file}")

    @event.listens_for(store.engine, "connect")
    def no_patience(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50").close()

    return store


def test_a_database_held_by_another_process_is_told_and_the_next_try_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "shared.db"
    store = impatient(file)
    store.prepare()
    net = ScriptedNetwork()
    net.say(mention("1"))
    accounts = {"shop": account(net)}
    store.intake.introduce({"shop": "scripted"})
    with held(file):
        with pytest.raises(StoreBusy, match="locked by another process"):
            poll(store, accounts["shop"], at(1))
        with pytest.raises(StoreBusy):
            store.control.pause("sam", at(1))
        assert store.intake.cursor("shop") is None
        assert store.views.page(Stage.NEW) == []  # readers do not wait for a writer
    street(store, accounts, 2)
    assert stage(store) is Stage.WAITING
    store.close()


def test_a_writer_gets_the_lock_when_it_is_free_and_keeps_its_patience(tmp_path: Path) -> None:
    file = tmp_path / "shared.db"
    store = Store(f"sqlite:///{file}")
    store.prepare()
    with ThreadPoolExecutor(1) as person:
        with held(file):
            paused = person.submit(store.control.pause, "sam", at(1))
            with pytest.raises(TimeoutError):
                paused.result(timeout=0.2)
        paused.result(timeout=BUSY_TIMEOUT / 1000)
    with store.read() as connection:
        assert connection.scalar(text("PRAGMA busy_timeout")) == BUSY_TIMEOUT
    assert store.control.paused()
    store.close()


def test_only_what_is_read_whole_is_of_one_moment(tmp_path: Path) -> None:
    file = tmp_path / "shared.db"
    one, other = Store(f"sqlite:///{file}"), Store(f"sqlite:///{file}")
    one.prepare()
    for whole in (True, False):
        with one.read(whole=whole) as connection:
            before = connection.scalar(text("SELECT count(*) FROM event"))
            other.control.pause("sam", at(1), on=whole)
            after = connection.scalar(text("SELECT count(*) FROM event"))
        assert (before == after) is whole
    one.close()
    other.close()


# --- a connection that is cut ----------------------------------------------------------------------------


def kill_connections(server: str) -> None:
    """End every connection to a database, as an administrator or a restart of the server would."""
    other = Store(server)
    with other.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.close()


def test_a_connection_that_died_while_it_rested_is_replaced_unnoticed(postgres_url: str) -> None:
    store = Store(postgres_url)
    net, accounts = waiting(store, mention("1"))
    for go_on in (lambda: approved(store), lambda: None):
        kill_connections(postgres_url)
        time.sleep(IDLE)
        go_on()
    assert post(store, accounts, Mode.ON, at(3)).done == {"sent": 1}
    assert len(net.public) == 1
    store.close()


@pytest.mark.parametrize("at_statement", range(5, 45, 5))
def test_a_connection_cut_at_any_statement_loses_nothing_and_sends_nothing_twice(
    postgres_url: str, at_statement: int
) -> None:
    store = Store(postgres_url)
    net = ScriptedNetwork()
    net.say(mention("1"))
    accounts = {"shop": account(net)}
    seconds = [0.0]
    store.lease_clock = lambda: ("server", seconds[0])
    count = [0]

    @event.listens_for(store.engine, "before_cursor_execute")
    def cut(*_: object) -> None:
        count[0] += 1
        if count[0] == at_statement:
            kill_connections(postgres_url)

    def life(minutes: float) -> None:
        street(store, accounts, minutes)
        for case in store.views.page(Stage.WAITING):
            approved(store, case.id, minutes)
        post(store, accounts, Mode.ON, at(minutes))

    with pytest.raises(StoreLost, match="connection to the database was lost"):
        life(1)
    for minutes in (10, 20, 30, 40):
        seconds[0] += 100
        life(minutes)
    assert len(net.public) == len(store.views.page(Stage.ANSWERED)) == 1
    assert store.views.verify() == []
    store.close()


# --- words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("database is locked", StoreBusy),
        ("canceling statement due to lock timeout", StoreBusy),
        ("deadlock detected\nDETAIL: my secret illness", StoreBusy),
        ("database or disk is full", StoreFull),
        ('could not extend file "base/1": No space left on device', StoreFull),
        ("terminating connection due to administrator command", StoreLost),
        ("consuming input failed: server closed the connection unexpectedly", StoreLost),
        ("canceling statement due to statement timeout\nCONTEXT: my secret illness", StoreError),
    ],
)
def test_an_error_of_the_database_is_told_by_what_to_do_and_shows_no_customers_words(
    store: Store, said: str, kind: type[StoreError]
) -> None:
    def fails() -> None:
        with store.write():
            raise OperationalError("INSERT", {}, Exception(said))

    with pytest.raises(kind) as told:
        fails()
    assert type(told.value) is kind
    assert "secret illness" not in str(told.value)
    assert told.value.__cause__ is None


# --- gone ------------------------------------------------------------------------------------------------


@pytest.fixture
def on_server(postgres_url: str) -> Iterator[Store]:
    store = Store(postgres_url)
    yield store
    store.close()


def hang_up(store: Store) -> None:
    """Let the server end every connection of this store, as its restart does."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    statement(store.engine.url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


def test_a_connection_that_ended_while_it_rested_is_replaced_without_a_word(on_server: Store) -> None:
    street(on_server, {"shop": account(ScriptedNetwork())})
    hang_up(on_server)
    time.sleep(IDLE)
    assert on_server.views.page(Stage.NEW) == []


def test_one_that_ended_in_the_midst_of_work_is_told_and_the_next_one_works(on_server: Store) -> None:
    street(on_server, {"shop": account(ScriptedNetwork())})
    hang_up(on_server)
    with suppress(StoreLost):
        on_server.views.page(Stage.NEW)
    assert on_server.views.page(Stage.NEW) == []
