"""Stores for tests, emptied instead of made anew: an engine remembers its statements, and compiling
them takes longer than most tests."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.engine import URL

from responder.model.chain import START
from responder.store.store import HEAD, Store
from responder.store.tables import journal_head, metadata
from tests.postgres import statement
from tests.prepared import empty_into

#: Two folders of tests have a database each.
_NUMBERS = count(1)


def on(engine: Engine) -> Store:
    """Return a Store of its own on an engine that others used before."""
    store = Store("sqlite://")
    store.engine.dispose()
    store.engine = engine
    return store


def emptied(engine: Engine) -> Store:
    """Return a Store on `engine`, an SQLite, without rows."""
    empty_into(engine)
    return on(engine)


@pytest.fixture(scope="session")
def memory_engine() -> Iterator[Engine]:
    """An SQLite in memory, used by one test after the other."""
    store = Store("sqlite://")
    yield store.engine
    store.close()


@pytest.fixture(scope="session")
def file_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An SQLite in a file, used by one test after the other."""
    store = Store(f"sqlite:///{Path(tmp_path_factory.mktemp('reused')) / 'responder.db'}")
    yield store.engine
    store.close()


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: URL, postgres_template: str) -> Iterator[Engine]:
    """A PostgreSQL database, used by one test after the other."""
    name = f"{postgres_template}_reused_{next(_NUMBERS)}"
    statement(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    store = Store(postgres_server.set(database=name).render_as_string(hide_password=False))
    yield store.engine
    store.close()
    statement(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(memory_engine: Engine) -> Store:
    """The real Store, on SQLite in memory."""
    return emptied(memory_engine)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """An empty, prepared Store on each kind of database."""
    if request.param == "memory":
        return emptied(request.getfixturevalue("memory_engine"))
    if request.param == "sqlite":
        return emptied(request.getfixturevalue("file_engine"))
    return emptied_postgres(request.getfixturevalue("postgres_engine"))


def emptied_postgres(engine: Engine) -> Store:
    """Return a Store on `engine`, a PostgreSQL, without rows."""
    names = ", ".join(f'"{table}"' for table in metadata.tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        connection.execute(insert(journal_head).values(id=1, seq=0, hash=START))
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})
    return on(engine)
