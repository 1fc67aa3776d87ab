"""One request on its way: it goes out once, within its time, and its answer is taken whole or not at all."""

import logging
import socket
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass

from connectors.once.answer import Answer

#: Requests by these methods change nothing.
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long one request may take, in seconds, and how large its answer may be, in bytes."""

    connect: float = 5.0
    #: Between one piece of the answer and the next.
    read: float = 10.0
    #: From the first step to the last byte.
    total: float = 20.0
    size: int = 1 << 20


class Stopped(RuntimeError):
    """A request was not let out, or was given up. To a library it is one more failure."""


@dataclass(slots=True)
class Fate:
    """What became of one request that is not a read."""

    host: str
    #: It is proved that not a byte of it went out. Silence is no proof.
    unsent: bool = False
    #: The name of the error that broke it off, if one did.
    broke: str = ""
    #: What the network said to it, once that was read to its end.
    answer: Answer | None = None


@dataclass(slots=True)
class Permission:
    """The leave to make one write request."""

    #: By `now()`: nothing goes out later.
    ends: float
    #: What became of the write; None while no library asked for one.
    write: Fate | None = None
    #: What became of the last login on the way there.
    login: Fate | None = None


#: The permission under which this thread sends, if any.
PERMISSION: ContextVar[Permission | None] = ContextVar("PERMISSION", default=None)


def now() -> float:
    """Return seconds since boot, sleep included: nobody sets this clock, and no closed lid stops it."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def hush(*names: str) -> None:
    """Keep libraries from logging what they send: headers with tokens, addresses with queries, our words."""
    for name in names:
        logging.getLogger(name).setLevel(logging.WARNING)


class Passage:
    """What a transport tells of one request, from before its connection to the end of its answer."""

    def __init__(self, bounds: Bounds, ends: float, fate: Fate) -> None:
        self.bounds = bounds
        self._ends = ends
        self._fate = fate
        self._socket: object = None
        self._left = False
        self._over = False
        self._lock = threading.Lock()

    def over(self, connection: object) -> None:
        """Remember the socket, so that it can be cut."""
        with self._lock:
            self._socket = connection

    def leave(self) -> None:
        """Let the first byte out; Stopped when it is too late, or the second time."""
        with self._lock:
            if self._left:
                raise Stopped("a request goes out once")
            if self._over or now() >= self._ends:
                self._fate.unsent = True
                raise Stopped("it took too long to connect")
            self._left = True

    def unreached(self) -> None:
        """Take note that no connection came about; it proves something only while nothing has left."""
        with self._lock:
            self._fate.unsent = not self._left

    def take(self, pieces: Iterable[bytes]) -> bytes:
        """Return the whole body; Stopped when it is too large or came too late."""
        body = bytearray()
        for piece in pieces:
            body += piece
            if len(body) > self.bounds.size:
                raise Stopped("the answer is too large")
        if self._over:  # a cut connection may look like one that ended well
            raise Stopped("the answer took too long")
        return bytes(body)

    def answered(self, answer: Answer) -> None:
        """Keep what the network said."""
        self._fate.answer = answer

    def cut(self) -> None:
        """End the request from another thread: who waits for the socket wakes up."""
        with self._lock:
            self._over = True
            connection = self._socket
        if isinstance(connection, socket.socket):
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # beneath TLS, which is in use


@dataclass(frozen=True, slots=True)
class Outline:
    """What has to be known of a request before it may pass."""

    method: str
    host: str
    path: str


@contextmanager
def passage(request: Outline, bounds: Bounds, logins: Collection[str]) -> Iterator[Passage]:
    """Let one request pass, cut it when its time is over, and note what broke it off.

    Everything is a write that does not read and goes to none of the paths in `logins`. A write uses up
    the permission of the call it is made in; without one, or with a used one, it is Stopped here.
    """
    permission, began = PERMISSION.get(), now()
    fate = Fate(request.host)
    if request.method.upper() not in _READS:
        _enter(fate, permission, login=request.path in logins)
    ends = min(began + bounds.total, permission.ends if permission else began + bounds.total)
    one = Passage(bounds, ends, fate)
    watch = threading.Timer(max(0.0, ends - began), one.cut)
    watch.daemon = True
    watch.start()
    try:
        yield one
    except Exception as error:
        fate.broke = type(error).__name__
        raise
    finally:
        watch.cancel()


def _enter(fate: Fate, permission: Permission | None, *, login: bool) -> None:
    """Put a request under a permission; a second write finds it used: by a retry, a redirect or a bug."""
    if login:
        if permission:
            permission.login = fate
        return
    if permission is None:
        raise Stopped("a write goes out through connectors.once.write only")
    if permission.write:
        raise Stopped("a second write in one call")
    permission.write = fate
