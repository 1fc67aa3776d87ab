"""Redirect: a browser that was sent to a network comes back to this machine, once, with a code."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from responder.cli.failures import FAILED, LATER, Trouble
from responder.model.visible import one_line
from responder.setup import Declined

#: The only address it listens on: nobody from outside comes in.
HOST = "127.0.0.1"
#: Who connects and says nothing (browsers do, to be quick later) is not waited for, in seconds.
_SILENCE = 2.0
_THANKS = "This is done. You can close this page and go back to responder."
_REFUSED = "This did not work. Go back to responder: it says why."


class Strange(Trouble):
    """An answer, but not to our question."""


@dataclass
class Landing:
    """Where the browser lands."""

    server: "_Server"

    @property
    def uri(self) -> str:
        """The address to send it to."""
        return uri(self.server.server_port)

    def code(self, state: str, patience: float) -> str:
        """Wait for the browser, so many seconds, and return its code; see `code_of` for what is raised."""
        self.server.state = state
        until = time.monotonic() + patience
        while self.server.answer is None:
            left = until - time.monotonic()
            if left <= 0:
                raise Trouble(
                    LATER, "No browser came back in time.", todo="Begin again with the same command."
                )
            self.server.timeout = min(left, 1.0)
            self.server.handle_request()
        if isinstance(self.server.answer, str):
            return self.server.answer
        raise self.server.answer


def uri(port: int) -> str:
    """Return the address that a browser on this machine comes back to."""
    return f"http://{HOST}:{port}/"


@contextmanager
def landing(port: int) -> Iterator[Landing]:
    """Listen on a port of this machine; Trouble where another program does already."""
    try:
        server = _Server((HOST, port), _Handler)
    except OSError as error:
        why = (error.strerror or "").lower()
        todo = "Take another one, and register its address with the network: --port"
        raise Trouble(FAILED, f"Port {port} cannot be listened on ({why}).", todo=todo) from error
    with server:
        yield Landing(server)


def code_of(address: str, state: str) -> str:
    """Return the code in the address a browser was sent back to.

    Raises Declined when the person said no there, and Strange when it is not the answer to our question.
    """
    try:
        query = parse_qs(urlsplit(address.strip()).query)
    except ValueError:
        raise Strange(FAILED, "This is no address.", todo="Copy the whole of it.") from None
    told = {name: values[0] for name, values in query.items() if len(values) == 1}
    if not compare_digest(told.get("state", "").encode(), state.encode()):
        why = "It may be a page of an earlier try, or somebody else's."
        raise Strange(FAILED, "This is the answer to another question.", why, "Begin again.")
    if problem := told.get("error"):
        says = one_line(told.get("error_description") or problem, 200)
        raise Declined(f"The network says: {says}")
    if not told.get("code"):
        raise Trouble(FAILED, "The browser came back without a code.", todo="Begin again.")
    return told["code"]


class _Server(HTTPServer):
    """Takes one answer: that of the first request which knows our state."""

    state = ""
    answer: str | Trouble | Declined | None = None

    def handle_error(self, *_: object) -> None:
        """Say nothing: whoever comes here on this machine has no business on the person's terminal."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SILENCE

    def do_GET(self) -> None:  # its name is HTTP's
        """Take the answer, and say that it was taken."""
        if self.path.partition("?")[0] != "/" or self.server.answer is not None:
            self._say(404, "There is nothing here.")  # the little picture beside an address, say
            return
        try:
            self.server.answer = code_of(self.path, self.server.state)
        except Strange:
            self._say(400, _REFUSED)  # anybody's page can send a browser here: it goes on waiting
        except (Trouble, Declined) as error:
            self.server.answer = error
            self._say(400, _REFUSED)
        else:
            self._say(200, _THANKS)

    def _say(self, status: int, words: str) -> None:
        body = f"{words}\n".encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),  # the address holds the code
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Name ourselves and no version."""
        return "responder"

    def log_message(self, *_: object) -> None:
        """Log nothing: the address holds the code."""
