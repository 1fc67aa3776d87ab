"""Lock: one daemon at a time on an SQLite, whatever ended the one before."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nothing keeps two apart there, and the database still does not send twice
    fcntl = None  # type: ignore[assignment]


class AlreadyRunning(Exception):
    """Another daemon works on this database."""

    def __init__(self, database: Path, pid: str) -> None:
        self.database, self.pid = database, pid
        whose = f" It is process {pid}." if pid else ""
        super().__init__(f"Another daemon works on {database}.{whose}")


@contextmanager
def alone(database: Path | None) -> Iterator[None]:
    """Hold the lock on a database's file, given back by the system however this process ends.

    Raises AlreadyRunning. None is a database that several may work on.
    """
    if database is None or fcntl is None:
        yield
        return
    place = database.with_name(f"{database.name}.daemon")
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(database, _pid(descriptor)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)  # the file stays: to remove it would let two hold two locks
    finally:
        with suppress(OSError):
            os.close(descriptor)


def _pid(descriptor: int) -> str:
    """Return the number that its holder wrote; "" where it had no time to."""
    told = os.pread(descriptor, 20, 0).strip()
    return told.decode() if told.isdigit() else ""
