"""Telling systemd how the daemon is."""

import socket
from collections.abc import Mapping
from contextlib import suppress

from responder.model.visible import one_line


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
