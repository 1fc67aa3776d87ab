"""What every test may ask for: a store on each database, and Hypothesis profiles."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import URL

from responder.store.store import Store
from tests.postgres import server, statement
from tests.prepared import prepared

settings.register_profile("ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("quick", settings.get_profile("ci"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

#: So that two databases of one run never share a name.
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL: the one RESPONDER_TEST_PG names, else one from pip, else the test is skipped."""
    with server(quick=True) as url:
        if url is None:
            pytest.skip("no PostgreSQL here: set RESPONDER_TEST_PG")
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> str:
    """An empty, prepared database that others are copied from."""
    name = f"responder_template_{os.getpid()}"
    statement(postgres_server, f"CREATE DATABASE {name}")
    store = Store(postgres_server.set(database=name).render_as_string(hide_password=False))
    store.prepare()
    store.close()
    return name


@pytest.fixture
def postgres_url(postgres_server: URL, postgres_template: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database."""
    name = f"responder_{os.getpid()}_{next(_NUMBERS)}"
    statement(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    statement(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose name leaves room for that of a socket, which may have some hundred bytes in all."""
    top = "/tmp" if os.access("/tmp", os.W_OK) else None  # noqa: S108 (the folder in it is made for us alone)
    with TemporaryDirectory(dir=top) as folder:
        yield Path(folder)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database, on each kind we promise to run on."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'responder.db'}"


@pytest.fixture
def any_store(any_url: str) -> Iterator[Store]:
    """A prepared Store on each kind of database."""
    store = prepared(any_url)
    yield store
    store.close()


@pytest.fixture
def store() -> Iterator[Store]:
    """The real Store, on SQLite in memory."""
    fresh = prepared()
    yield fresh
    fresh.close()
