"""Page: /healthz and /metrics over HTTP, for programs that watch the daemon; nothing else is answered."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6

import structlog

from responder.store.errors import StoreError

log = structlog.stdlib.get_logger("responder.daemon")

#: Gives the status and the text of an answer.
Answer = Callable[[], tuple[HTTPStatus, bytes]]
#: Seconds that a caller may take over its request.
_PATIENCE = 5.0


class CannotListen(Exception):
    """The address of [daemon] listen cannot be had."""


@contextmanager
def listening(address: str, answers: dict[str, Answer]) -> Iterator[int]:
    """Answer on "host:port" ("": nowhere) while inside; gives the port. Raises CannotListen."""
    if not address:
        yield 0
        return
    host, _, port = address.rpartition(":")
    server = _server(host.strip("[]"), int(port), _handler(answers))
    thread = threading.Thread(target=server.serve_forever, name="page", daemon=True)
    thread.start()
    try:
        log.info("page.opened", address=address)
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join(_PATIENCE)


def _server(host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = AF_INET6 if ":" in host else AF_INET

        def server_bind(self) -> None:  # without asking a name server who we are
            self.socket.bind(self.server_address)
            self.server_address = self.socket.getsockname()
            self.server_name, self.server_port = host, int(self.server_address[1])

    try:
        return Server((host, port), handler)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotListen(
            f"[daemon] listen: {host}:{port} cannot be had: {reason}. Name another port, or none."
        ) from error


def _handler(answers: dict[str, Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE
        server_version, sys_version = "responder", ""

        def do_GET(self) -> None:
            answer = answers.get(self.path.partition("?")[0])
            try:
                status, body = answer() if answer else (HTTPStatus.NOT_FOUND, b"there is nothing here\n")
            except StoreError:
                status, body = HTTPStatus.SERVICE_UNAVAILABLE, b"the database does not answer\n"
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
            """Say nothing: a caller's words do not belong in our log."""

    return Handler
