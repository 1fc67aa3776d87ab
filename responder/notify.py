"""Notify: the digest goes out to a folder, and systemd hears how the daemon is."""

import json
import os
import socket
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from responder.model.visible import one_line, visible


class NotifyError(Exception):
    """A digest could not be written; the message says where, why, and what to do."""


def digest(folder: Path, day: date, text: str, figures: Mapping[str, object]) -> Path:
    """Write digest-<day>.json and digest-<day>.txt into `folder`, and return the latter.

    Each file is there whole or not at all, readable by its owner alone, and on the disk when this returns;
    a second digest of a day takes the place of the first. Raises NotifyError.
    """
    # ASCII: what a stranger wrote cannot act on the terminal of who looks into the file
    document = json.dumps(figures, indent=2, ensure_ascii=True) + "\n"
    _write(folder / f"digest-{day.isoformat()}.json", document)
    return _write(folder / f"digest-{day.isoformat()}.txt", visible(text))


def systemd(state: str, environ: Mapping[str, str]) -> bool:
    """Tell systemd one thing, like "READY=1", "WATCHDOG=1", "STATUS=...", "STOPPING=1"; never raises.

    Returns False when nobody listens: no NOTIFY_SOCKET in `environ`, or nothing behind it.
    (sd_notify(3): one datagram; a name that begins with "@" is an abstract socket.)
    """
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    # One assignment a line: a line break in a status could smuggle in a second one
    message = one_line(state).encode()
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)  # a daemon does not wait for whoever watches it
        out.sendto(message, "\0" + address[1:] if address.startswith("@") else address)
        return True
    return False


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
