"""The wire: requests come in, answers go out whole, in part, slowly or never."""

import json
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.standins.reddit.answering import Answer
from tests.standins.reddit.failing import Fail


@dataclass(frozen=True, slots=True)
class Request:
    """One request that reached the server."""

    method: str
    path: str
    query: dict[str, str]
    #: The name that the client asked for.
    host: str
    form: dict[str, str]
    headers: dict[str, str]


#: Gives the answer to a request, headers for it, and how it fails.
Saying = Callable[[Request], tuple[Answer, dict[str, str], Fail | None]]


class Listener(socketserver.ThreadingTCPServer):
    """Listens on a port of 127.0.0.1 that somebody else may hold without listening."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    allow_reuse_port = True

    def __init__(self, port: int, saying: Saying, stopped: threading.Event) -> None:
        self.saying, self.stopped = saying, stopped
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *_: Any) -> None:
        """Say nothing when a client goes away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener

    def handle_one_request(self) -> None:
        """Take one request, by whatever verb."""
        self.raw_requestline = self.rfile.readline(65537)
        heard = bool(self.raw_requestline) and self.parse_request()
        self.close_connection = True
        if not heard:
            return
        answer, headers, fail = self.server.saying(self._request())
        if fail and fail.hangs:
            self._hang()
        else:
            self._say(_whole(answer, headers, fail), fail)

    def _request(self) -> Request:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        return Request(
            method=self.command,
            path=url.path,
            query=dict(parse_qsl(url.query)),
            host=self.headers.get("host", "").partition(":")[0],
            form=dict(parse_qsl(body.decode(), keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
        )

    def _hang(self) -> None:
        """Wait until the client or the server goes."""
        self.connection.settimeout(0.05)
        while not self.server.stopped.is_set():
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    return

    def _say(self, whole: bytes, fail: Fail | None) -> None:
        share = fail.share if fail else None
        said = whole if share is None else whole[: int(len(whole) * share)]
        if not (fail and fail.pace):
            self.wfile.write(said)
            return
        for at in range(0, len(said), 16):
            if self.server.stopped.wait(fail.pace):
                return
            self.wfile.write(said[at : at + 16])


def _whole(answer: Answer, headers: dict[str, str], fail: Fail | None) -> bytes:
    """Return an answer as it goes over the wire."""
    status, body = answer.status, json.dumps(answer.body).encode()
    headers = {"Content-Type": "application/json; charset=UTF-8"} | headers
    if fail and not fail.right:
        status, body = fail.status, fail.body
        headers |= dict(fail.headers)
    headers |= {"Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {status} Told", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
