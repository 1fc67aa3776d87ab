"""A login on the loopback that trades codes for tokens, for the tests of setting accounts up."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Asked:
    """One request that reached it."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Login:
    """What it answers, by path: status and body, a body that is text going as it is."""

    answers: dict[str, tuple[int, Any]]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def login(answers: dict[str, tuple[int, Any]]) -> Iterator[Login]:
    """Let a login listen for as long as the context lasts."""
    desk = Login(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            desk.asked.append(Asked(self.command, self.path, headers, form))
            status, body = desk.answers.get(self.path, (404, {"error": "not_found"}))
            said = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        desk.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield desk
        finally:
            server.shutdown()
            thread.join(5)
