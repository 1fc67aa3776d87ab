"""The server of our X: it hears requests, lets them have their effect, and answers, well or not."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.connectors import loopback
from tests.standins.x.answering import Answer, Request
from tests.standins.x.keys import Keys
from tests.standins.x.limits import Limits
from tests.standins.x.posting import Customs, Posting
from tests.standins.x.reading import Habits, Reading
from tests.standins.x.world import World

#: Where a token is renewed.
TOKEN_PATH = "/2/oauth2/token"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a request."""

    #: Said in the place of the right answer.
    says: Answer | None = None
    #: Done with the connection in the place of an answer.
    does: loopback.Answering | None = None
    #: The request has had its effect before.
    after: bool = False


@dataclass(frozen=True)
class Exchange:
    """One request and the answer to it."""

    request: Request
    answer: Answer


@dataclass
class Server:
    """An X of our own."""

    world: World = field(default_factory=World)
    habits: Habits = field(default_factory=Habits)
    customs: Customs = field(default_factory=Customs)
    #: Every request in order, those that were not answered well among them.
    requests: list[Request] = field(default_factory=list)
    #: Those that were answered well, with the answers.
    exchanges: list[Exchange] = field(default_factory=list)
    #: What goes wrong with a request, if anything.
    failing: Callable[[Request], Fault | None] = lambda _: None
    url: str = ""
    #: Nobody listens for as long as its context lasts.
    away: Callable[[], AbstractContextManager[None]] = nullcontext

    def __post_init__(self) -> None:
        self.keys = Keys(self.world)
        self.limits = Limits(self.world)
        #: What X says of the keys: "read", "read-write"; "" says nothing.
        self.access = ""
        self._reading = Reading(self.world, self.habits)
        self._posting = Posting(self.world, self.customs)

    @property
    def writes(self) -> list[Request]:
        """The requests that would change something."""
        return [one for one in self.requests if one.writes]

    @contextmanager
    def broken(self, fault: Fault, only: Callable[[Request], bool] = lambda _: True) -> Iterator[None]:
        """Let something go wrong with these requests for as long as the context lasts."""
        before = self.failing
        self.failing = lambda request: fault if only(request) else before(request)
        try:
            yield
        finally:
            self.failing = before

    def right(self, request: Request) -> Answer:
        """Let a request have its effect and return the right answer to it."""
        with self.world.lock:
            if request.path == TOKEN_PATH:
                return self.keys.renew(request)
            full, told = self.limits.take(request)
            refused = self.keys.refused(request) or full
            answer = refused or (self._posting if request.writes else self._reading).answer(request)
            access = {"x-access-level": self.access} if self.access else {}
            return Answer(answer.status, answer.body, {**told, **access, **answer.headers})

    def hear(self, request: Request, connection: socket.socket) -> Answer | None:
        """Answer a request; None where the connection was dealt with in another way."""
        with self.world.lock:
            self.requests.append(request)
        fault = self.failing(request)
        answer = self.right(request) if fault is None or fault.after else Answer(500, {})
        if fault and fault.does:
            fault.does(connection, loopback.Server(loopback.says(200), answer.body))
            return None
        if fault and fault.says:
            return fault.says
        with self.world.lock:
            self.exchanges.append(Exchange(request, answer))
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    x: Server
    #: A client that says nothing is let go.
    timeout = 30

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        request = Request(self.command, url.path, query, headers, body, self.x.url)
        with suppress(OSError):
            answer = self.x.hear(request, self.connection)
            if answer is None:
                self.close_connection = True
            else:
                self._write(answer)

    def _write(self, answer: Answer) -> None:
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        kind = {"Content-Type": "application/json; charset=utf-8"}
        self.send_response_only(answer.status)
        hour = {"Date": format_datetime(self.x.world.now, usegmt=True), "Content-Length": str(len(body))}
        for name, value in {**kind, **hour, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """Say nothing: that a client goes away is a part of the play."""


@contextmanager
def served(x: Server, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Let an X listen on the loopback for as long as the context lasts."""
    with ExitStack() as stack:
        port = stack.enter_context(_listening(x, 0, tls))
        x.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        x.away = lambda: _away(x, stack, port)
        yield x


@contextmanager
def _listening(x: Server, port: int, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    listening = _Listening(("127.0.0.1", port), type("Handler", (_Handler,), {"x": x}))
    if tls:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, args=(0.001,), daemon=True)
    thread.start()
    try:
        yield listening.server_address[1]
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(5)


@contextmanager
def _away(x: Server, stack: ExitStack, port: int) -> Iterator[None]:
    """Let nobody listen for as long as the context lasts; the port stays ours."""
    stack.pop_all().close()
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
        yield
    stack.enter_context(_listening(x, port))
