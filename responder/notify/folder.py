"""The folder: each day's digest as a file."""

import json
import os
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from responder.model.visible import visible
from responder.notify.errors import NotifyError


def digest(folder: Path, day: date, text: str, figures: Mapping[str, object]) -> Path:
    """Write digest-<day>.json and digest-<day>.txt into `folder`, and return the latter.

    Each file is there whole or not at all, readable by its owner alone, and on the disk when this returns;
    a second digest of a day takes the place of the first. Raises NotifyError.
    """
    # ASCII: what a stranger wrote cannot act on the terminal of who looks into the file
    document = json.dumps(figures, indent=2, ensure_ascii=True) + "\n"
    _write(folder / f"digest-{day.isoformat()}.json", document)
    return _write(folder / f"digest-{day.isoformat()}.txt", visible(text))


def _write(file: Path, text: str) -> Path:
    """Put `text` into `file` through a file beside it; raises NotifyError."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            Path(beside).replace(file)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _settle(file.parent)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise NotifyError(
            f"{file} could not be written: {reason}. Make room or give this user the right to write there,"
            " or name another folder in the settings, in [digest]."
        ) from error
    return file


def _settle(folder: Path) -> None:
    """Have the new name itself on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
