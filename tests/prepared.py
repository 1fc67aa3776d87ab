"""Empty databases with their tables: copied, because making the tables costs more than most tests."""

from functools import cache

from sqlalchemy import Engine

from responder.store.store import Store


@cache
def empty() -> Engine:
    """Return a prepared SQLite in memory, that nobody writes to."""
    store = Store("sqlite://")
    store.prepare()
    return store.engine


def empty_into(engine: Engine) -> None:
    """Make the SQLite behind `engine` an empty one with its tables."""
    with empty().connect() as unused, engine.connect() as used:
        source, to = unused.connection.driver_connection, used.connection.driver_connection
        source.backup(to)  # type: ignore[union-attr]  # both are SQLite's


def prepared(url: str = "sqlite://") -> Store:
    """Return a Store on an empty database with its tables: an SQLite, or a PostgreSQL copied from such."""
    store = Store(url)
    if store.engine.dialect.name == "sqlite":
        empty_into(store.engine)
    return store
