"""Notify: what our own people are told goes out, and systemd hears how the daemon is."""

from responder.notify.alerts import send_alerts
from responder.notify.digests import Desk, folder_of, send_again, send_digests
from responder.notify.errors import NotifyError
from responder.notify.folder import digest
from responder.notify.mail import MailServer
from responder.notify.sender import Sender
from responder.notify.systemd import systemd
from responder.notify.tell import Notice, tell

__all__ = [
    "Desk",
    "MailServer",
    "Notice",
    "NotifyError",
    "Sender",
    "digest",
    "folder_of",
    "send_again",
    "send_alerts",
    "send_digests",
    "systemd",
    "tell",
]
