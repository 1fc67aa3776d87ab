"""The daemon: a clock rings, each ring asks the database what is due, and a watch sees that all ring."""

from responder.daemon.daemon import LATER, STUCK, Daemon, serve
from responder.daemon.lock import AlreadyRunning
from responder.daemon.page import CannotListen
from responder.daemon.ring import Ring

__all__ = ["LATER", "STUCK", "AlreadyRunning", "CannotListen", "Daemon", "Ring", "serve"]
