"""Where tests keep what they fetch for slow suites, and whether they may do without it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest


def folder() -> Path:
    """Return the folder for what is fetched once: RESPONDER_TEST_CACHE, else one in the home folder."""
    named = os.environ.get("RESPONDER_TEST_CACHE")
    found = Path(named) if named else Path.home() / ".cache" / "complaint-responder-tests"
    found.mkdir(parents=True, exist_ok=True)
    return found


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Keep other processes from fetching the same thing at the same time."""
    from filelock import FileLock

    with FileLock(folder() / f".{name}.lock"):
        yield


def do_without(why: str) -> NoReturn:
    """Skip what cannot be had here; where SLOW_TESTS=all says that all must be had, fail."""
    if os.environ.get("SLOW_TESTS") == "all":
        pytest.fail(why)
    pytest.skip(why)
