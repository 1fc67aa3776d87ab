"""The imitation of Bluesky: its calls, served over HTTP on the loopback."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standins.bluesky.methods import Methods
from tests.standins.bluesky.state import No, State

#: Parameters that may be given more than once.
_LISTS = {"uris", "reasons"}


class Imitation:
    """One network, made for one test."""

    def __init__(self) -> None:
        self.state = State()
        self.methods = Methods(self.state)
        #: By the last word of a call's name, what its answers say is left: (remaining, seconds to the reset).
        self.left: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, name: str, told: dict[str, Any], token: str) -> tuple[int, Any]:
        """Answer one call with a status and a body."""
        with self._lock:
            try:
                return 200, self.methods.call(name, told, token)
            except No as no:
                return no.status, {"error": no.name, "message": no.said}
            except (KeyError, ValueError) as error:
                return 400, {"error": "InvalidRequest", "message": f"Error: {error}"}

    def limits(self, name: str) -> dict[str, str]:
        """Return the headers that tell what is left."""
        left, seconds = self.left.get(name.rpartition(".")[2], (2999, 300))
        reset = int(time.time()) + seconds
        return {"RateLimit-Remaining": str(left), "RateLimit-Reset": str(reset), "RateLimit-Limit": "3000"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        network = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                given = parse_qs(urlsplit(self.path).query)
                self._answer({name: value if name in _LISTS else value[0] for name, value in given.items()})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self._answer(json.loads(body or b"{}"))

            def _answer(self, told: dict[str, Any]) -> None:
                name = urlsplit(self.path).path.rpartition("/")[2]
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                status, said = network.answer(name, told, token)
                body = json.dumps(said, ensure_ascii=False).encode()
                with suppress(OSError):
                    self.send_response(status)
                    for header, value in {"Content-Type": "application/json", **network.limits(name)}.items():
                        self.send_header(header, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
