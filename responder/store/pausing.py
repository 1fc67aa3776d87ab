"""Pausing: whether a file stops all sending; it is asked anew each time, and needs no database."""

import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG

#: So much is read of what somebody wrote into the file.
_READ = 400


def file_pauses(path: Path | None) -> bool:
    """Say whether the file at `path` stops all sending.

    It does while anything of that name is there, whatever it is, and while nobody can tell: no right to look,
    a disk that does not answer, a folder that is gone. Only a folder that is there and does not hold the name
    lets sending go on.
    """
    return path is not None and _in_the_way(path) is not None


def note_of(path: Path | None) -> str | None:
    """Return what people read about a file that stops sending; None where it stops nothing.

    Its first words, or why it cannot be looked at.
    """
    return None if path is None else _in_the_way(path, read=True)


def _in_the_way(path: Path, *, read: bool = False) -> str | None:
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return _without_folder(path.parent)
    except OSError as error:
        return f"it cannot be looked at: {error.strerror or type(error).__name__}"
    except ValueError:  # a name that no system takes
        return "it cannot be looked at"
    return _words(path) if read and S_ISREG(found.st_mode) else ""


def _without_folder(folder: Path) -> str | None:
    """Return why nobody could have put a file there; None where somebody could, and did not."""
    try:
        if S_ISDIR(os.stat(folder).st_mode):  # noqa: PTH116 (beside lstat)
            return None
    except OSError:
        pass
    return "its folder is not there"


def _words(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return " ".join(file.read(_READ).decode("utf-8", "replace").split())
    except OSError:
        return ""
