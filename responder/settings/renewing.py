"""Renewing: a secret in a file gives way to the next one, whoever else wants the same at that moment."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from responder.model.visible import one_line
from responder.settings.secret import SecretError

#: Nobody waits longer for another process that renews the same secret, in seconds.
_PATIENCE = 60.0
#: Room that is taken on the disk before the old secret is spent, in bytes.
_ROOM = 65_536


def replaced(file: Path, read: Callable[[], str], old: str, by: Callable[[str], str]) -> str:
    """Put `by(old)` into `file`, unless what `read` gives is another one already; return the one in force.

    It is on disk, readable by its owner alone, before this returns. Raises SecretError when the folder
    cannot be written to (before `by` is called) or another process holds the lock for a minute.
    """
    from filelock import FileLock

    lock = FileLock(file.with_name(f".{file.name}.lock"), timeout=_PATIENCE, mode=0o600)
    with _in_words(file):
        file.parent.stat()  # the lock would make it, open to all
        lock.acquire()
    try:
        current = read()
        return current if current != old else _exchanged(file, old, by)
    finally:
        lock.release()


def _exchanged(file: Path, old: str, by: Callable[[str], str]) -> str:
    """Write what `by(old)` gives: beside the file first, and moved over it when it is whole."""
    with _in_words(file):
        descriptor, beside = mkstemp(prefix=f".{file.name}.", dir=file.parent)  # readable by its owner alone
    try:
        with os.fdopen(descriptor, "r+", encoding="utf-8", newline="") as new:
            with _in_words(file):
                _write(new.fileno(), bytes(_ROOM))
            value = by(old)
            with _in_words(file):
                _write(new.fileno(), f"{value}\n".encode())
        with _in_words(file):
            Path(beside).replace(file)
            _settle(file.parent)
    finally:
        with suppress(OSError):  # it is there only when something went wrong
            Path(beside).unlink()
    return value


def _write(descriptor: int, content: bytes) -> None:
    """Let a file hold this and nothing else, on the disk itself."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
    os.ftruncate(descriptor, len(content))
    os.fsync(descriptor)


def _settle(folder: Path) -> None:
    """Have the move itself on disk, where folders can be asked for that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    """Tell a failing disk as SecretError."""
    try:
        yield
    except TimeoutError:
        raise SecretError(file.name, f"is being renewed by another process; try again ({file})") from None
    except OSError as error:
        reason = one_line(error.strerror or type(error).__name__, 80).lower()
        says = f"cannot be renewed in {file.parent} ({reason}); let this user write there"
        raise SecretError(file.name, says) from None
