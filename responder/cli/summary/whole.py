"""Whole: a file is written whole or not at all, for its owner alone; which format its name tells."""

import os
import stat
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from responder.cli.failures import FAILED, USAGE, Trouble
from responder.model.visible import one_line


def write_whole(file: Path, lines: Iterable[str]) -> None:
    """Put text into `file`: beside it first, and over it once it is whole.

    A new file is for its owner alone; one that is there keeps what others may do with it. Trouble where it
    cannot be written: then what was there is as it was.
    """
    file = file.resolve() if file.is_symlink() else file
    if file.exists() and not file.is_file():
        raise Trouble(USAGE, f"{file} is no file.", todo="Give the name of a file: --out report.html")
    try:
        descriptor, beside = mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise _told(file, error) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as new:
            new.writelines(lines)
            new.flush()
            os.fsync(new.fileno())
        with suppress(FileNotFoundError):
            Path(beside).chmod(stat.S_IMODE(file.stat().st_mode) & 0o666)
        Path(beside).replace(file)
    except OSError as error:
        raise _told(file, error) from None
    finally:
        with suppress(OSError):  # it is there only when something went wrong
            Path(beside).unlink()


def named_form(out: Path, known: Collection[str]) -> str:
    """Return the format that a file's name tells, one of those known; Trouble where it tells none."""
    named = out.suffix.lower().lstrip(".")
    form = {"htm": "html", "markdown": "md", "txt": "text"}.get(named, named)
    if form not in known:
        what = f"{out.name} does not tell which format is meant."
        *most, last = known
        raise Trouble(USAGE, what, todo=f"Say it: --format {', '.join(most)} or {last}")
    return form


def _told(file: Path, error: OSError) -> Trouble:
    why = one_line(error.strerror or type(error).__name__, 80)
    return Trouble(FAILED, f"{file} cannot be written.", f"{why}.", "Give another place: --out FILE")
