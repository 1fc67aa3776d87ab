"""Opening a database: the settings without which SQLite loses updates and PostgreSQL waits for ever."""

import os
import sqlite3
import time
from contextlib import suppress
from functools import cache
from importlib import import_module
from json import JSONEncoder
from math import inf
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, Float, create_engine, event, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.functions import FunctionElement

from responder.store.folding import HOLDS, holds

#: SQLite before this can corrupt a write-ahead log that two processes checkpoint at once.
WAL_IS_SAFE_FROM = (3, 51, 3)
#: What the clock of leases shows: its name and its seconds.
Reading = tuple[str, float]
#: Milliseconds a writer waits for another before "database is locked".
BUSY_TIMEOUT = 10_000
#: Seconds after which it asks again.
_ASKS = 0.001
#: Seconds after which a connection is asked whether it is alive, before it is used; where its rest began.
IDLE, _RESTS = 0.2, "responder rests since"
#: Statements a connection with SQLite keeps as they were planned; all of ours are some hundred.
_STATEMENTS = 500
_COMPACT = JSONEncoder(ensure_ascii=False, separators=(",", ":"))
#: PostgreSQL's patience, so that no step hangs on a lock or a lost client.
_POSTGRES_OPTIONS = (
    "-c timezone=UTC -c statement_timeout=60000 -c lock_timeout=10000 "
    "-c idle_in_transaction_session_timeout=60000"
)


def open_engine(url: str) -> Engine:
    """Return an engine for `url` with our transaction rules; connects lazily.

    A connection with the execution option `reading` takes no lock, and with `whole` shows everything as of
    one moment; every other one takes the write lock at once: a read that turns into a write fails half-way
    on SQLite.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    if address.get_backend_name() != "postgresql":
        raise ArgumentError("it must begin with sqlite:/// or postgresql://")
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(
        address,
        json_serializer=_json,
        hide_parameters=True,  # an exception's text must not carry a customer's words
        connect_args={"options": _POSTGRES_OPTIONS, "connect_timeout": 10},
    )
    _ask_the_idle(engine)
    return engine


def file_of(url: str) -> Path | None:
    """Return the file of an SQLite address; None where the database is a server, or in memory."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"}:
        return None
    return Path(str(address.database))


def sqlite_driver() -> tuple[ModuleType, bool]:
    """Return the SQLite module to use and whether its write-ahead log is safe between processes."""
    if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM:
        return sqlite3, True
    try:
        newer = import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3, False
    return newer, newer.sqlite_version_info >= WAL_IS_SAFE_FROM


class server_clock(FunctionElement[float]):  # noqa: N801 (it stands among SQL's functions)
    """The seconds that a shared server's clock shows while a row is read; NULL where no server is."""

    type = Float()
    inherit_cache = True


@compiles(server_clock)
def _no_server(*_: object, **__: object) -> str:
    return "NULL"


@compiles(server_clock, "postgresql")
def _by_the_server(*_: object, **__: object) -> str:
    return "extract(epoch FROM clock_timestamp())"


_CLOCK = select(server_clock())


def lease_clock(connection: Connection, shown: float | None = None) -> Reading:
    """Return the name and the seconds of a clock that nobody sets by hand.

    On one machine that is the time since boot; the name holds the boot's id, so a lease from before
    a restart is over. On PostgreSQL, where machines share, it is the server's clock: as a statement
    with `server_clock` in it has just `shown` it, which saves a trip, or asked.
    """
    if connection.dialect.name == "postgresql":
        return "server", float((connection.scalar(_CLOCK) if shown is None else shown) or 0)
    clock = getattr(time, "CLOCK_BOOTTIME", None) or time.CLOCK_MONOTONIC
    return _boot(), time.clock_gettime(clock)


@cache
def _boot() -> str:
    """Return the id of the machine's start, which no process outlives."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return boot.read_text().strip() if boot.exists() else "boot"


def _json(value: Any) -> str:
    """Most details of events are empty; an encoder made once serves the rest. Half a character is lost."""
    return "{}" if value == {} else _COMPACT.encode(value).encode("utf-8", "replace").decode()


def _ask_the_idle(engine: Engine) -> None:
    """Ask a connection that rested for a while whether it is alive; one just used is not asked."""

    @event.listens_for(engine, "checkin")
    def _rests(_connection: object, record: Any) -> None:
        record.info[_RESTS] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _alive(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get(_RESTS, inf) < IDLE:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            raise DisconnectionError  # the pool opens another


def _open_sqlite(address: URL) -> Engine:
    module, wal_is_safe = sqlite_driver()
    in_memory = address.database in {None, "", ":memory:"}
    connecting: dict[str, Any] = {"cached_statements": _STATEMENTS}
    options: dict[str, Any] = {"module": module, "hide_parameters": True, "json_serializer": _json}
    if in_memory:  # one database lives in one connection
        connecting["check_same_thread"] = False
        options["poolclass"] = StaticPool
    engine = create_engine(address, connect_args=connecting, **options)

    @event.listens_for(engine, "do_connect")
    def _make(*_: object) -> None:
        if not in_memory:
            _make_private(str(address.database))

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours: the driver's own begins too late
        # WAL is not for every file system or version; FULL keeps an approval through a power cut
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT}",
            f"journal_mode = {'WAL' if wal_is_safe else 'DELETE'}",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.create_function(HOLDS, 3, holds, deterministic=True)

    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("reading"):
        _lock(connection)
    elif options.get("whole"):
        connection.exec_driver_sql("BEGIN")


def _lock(connection: Connection) -> None:
    """Take the write lock of SQLite, asking for it every millisecond for as long as its patience lasts.

    SQLite itself asks ever less often, down to ten times a second: beside somebody who writes much, who
    waited longest would get it last.
    """
    driver: Any = connection.connection.driver_connection
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    until = time.monotonic() + patience / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except connection.dialect.loaded_dbapi.OperationalError as error:
                if "locked" not in str(error):
                    break
                time.sleep(_ASKS)
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # tells what is wrong as every other statement does
    finally:
        driver.execute(f"PRAGMA busy_timeout = {patience}")


def _make_private(file: str) -> None:
    """Make a database that is not there: customers' words are not for every account of the machine.

    A group that shares it by its umask still can; what SQLite puts beside it has the same rights.
    """
    with suppress(OSError):  # it is there already; of anything else SQLite itself tells
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o660))
