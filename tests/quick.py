"""Where tests keep what no disk has to hold: waiting for one made each new database ten times as slow."""

import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 (only folders of our own are made in it)
#: In a container it is often too small for one database.
_ROOM = 4 * 2**30


def quick_folder() -> Path | None:
    """Return a folder in memory with enough room; None where there is none, and the usual one must do."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM else None
