"""One write request a call: each library, through our transports, against a server that misbehaves."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from connectors.once.passage import Bounds
from connectors.once.write import write
from responder.connector import ConnectorError, Refused, Unauthorised, Unavailable, Unsure
from responder.model.delivery import Receipt
from tests.connectors.libraries import LIBRARIES, Library
from tests.connectors.loopback import (
    Answering,
    Server,
    breaks_off,
    closes,
    hangs,
    large,
    never_ends,
    redirects,
    resets,
    says,
    served,
    serves_once_a_connection,
    trickles,
    unmeasured,
    zipped,
)

#: Long enough for a machine that is busy with other tests.
PATIENT = Bounds(connect=10.0, read=10.0, total=20.0)
#: Of what ends by its time.
QUICK = Bounds(connect=10.0, read=0.5, total=1.0)
BY_TIME = {"hangs", "trickles from the first byte", "trickles in the body", "answers rightly, and never ends"}
LATE = {"Date": "Mon, 02 Mar 2026 09:00:00 GMT"}

#: What the server does after the effect -> the error that the call must raise. One write reached it.
AFTER: dict[str, tuple[Answering, type[ConnectorError] | None]] = {
    "answers rightly": (says(200), None),
    "resets the connection": (resets, Unsure),
    "closes the connection": (closes, Unsure),
    "breaks off in the status line": (breaks_off(0.03), Unsure),
    "breaks off in the body": (breaks_off(0.9), Unsure),
    "hangs": (hangs, Unsure),
    "trickles from the first byte": (trickles(0.0), Unsure),
    "trickles in the body": (trickles(0.7), Unsure),
    "answers rightly, and never ends": (never_ends, Unsure),
    "answers with too much": (large, Unsure),
    "answers with too much, zipped": (zipped(8 << 20), Unsure),
    "answers rightly, zipped": (zipped(0), None),
    "answers rightly, in chunks": (unmeasured(1, chunked=True), None),
    "answers rightly, and tells no length": (unmeasured(1, chunked=False), None),
    "breaks off in a chunk": (unmeasured(0.8, chunked=True), Unsure),
    "breaks off, and tells no length": (unmeasured(0.8, chunked=False), Unsure),
    "500": (says(500, {"error": "oops"}), Unsure),
    "502": (says(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"}), Unsure),
    "503": (says(503, b"<html>Busy</html>", {"Content-Type": "text/html", "Retry-After": "1"}), Unsure),
    "504": (says(504, b""), Unsure),
    "408": (says(408, {"error": "slow"}), Unsure),
    "409": (says(409, {"error": "under way"}), Unsure),
    "302 to itself": (redirects(302), Unsure),
    "303 to itself": (redirects(303), Unsure),
    "307 to itself": (redirects(307), Unsure),
    "308 to itself": (redirects(308), Unsure),
    "307 elsewhere": (redirects(307, away=True), Unsure),
    "200 with junk": (says(200, b"<html>Welcome</html>"), Unsure),
    "200 with nothing": (says(200, b""), Unsure),
    "200 without an id": (says(200, {}), Unsure),
    "204": (says(204, b""), Unsure),
    "429": (says(429, {"title": "Too Many Requests"}), Unavailable),
    "429 with seconds": (says(429, {"error": "wait"}, {"Retry-After": "90"}), Unavailable),
    "429 with a time": (
        says(429, {"error": "wait"}, {**LATE, "X-Rate-Limit-Reset": "1772442090"}),
        Unavailable,
    ),
    "400": (says(400, {"error": "InvalidRequest", "message": "no"}), Refused),
    "401": (says(401, {"error": "ExpiredToken", "message": "no"}), Unauthorised),
    "402": (says(402, {"title": "CreditsDepleted"}), Refused),
    "403": (says(403, {"detail": "no"}), Refused),
    "404": (says(404, {"error": "gone"}), Refused),
    "422": (says(422, {"error": "no"}), Refused),
}
#: A name that fits into no DNS query: looking it up fails on this machine, and nothing is asked of another.
NO_NAME = f"http://{'.'.join(['n' * 63] * 5)}.invalid"

pytestmark = pytest.mark.parametrize("library", LIBRARIES, ids=lambda one: one.name)


@contextmanager
def network(library: Library, answer: Answering) -> Iterator[tuple[Server, Server]]:
    """Serve a network that misbehaves, and a second server that never does."""
    with ExitStack() as stack:
        fine = stack.enter_context(served(Server(says(200), library.good)))
        yield stack.enter_context(served(Server(answer, library.good, elsewhere=fine.url))), fine


def outcome(reply: Callable[[], Receipt]) -> ConnectorError | Receipt:
    """Make the one call as a connector does, and return what came of it."""
    try:
        return write(reply)
    except ConnectorError as error:
        return error


class TestEachLibrary:
    """The table: library x what happens -> writes that reached the server, and the error."""

    @pytest.mark.parametrize("mode", AFTER)
    def test_sends_one_write_whatever_happens_after_it(self, library: Library, mode: str) -> None:
        answer, error = AFTER[mode]
        with network(library, answer) as (server, fine):
            reply = library.once(server.url, fine.url, QUICK if mode in BY_TIME else PATIENT)
            began = time.monotonic()
            came = outcome(reply)
        assert mode not in BY_TIME or time.monotonic() - began < 5
        assert len(server.writes) == 1
        assert fine.writes == []
        assert type(came) is (error or Receipt), came

    @pytest.mark.parametrize("mode", ["429 with seconds", "429 with a time"])
    def test_tells_how_long_the_network_asks_to_wait(self, library: Library, mode: str) -> None:
        with network(library, AFTER[mode][0]) as (server, fine):
            came = outcome(library.once(server.url, fine.url, PATIENT))
        assert isinstance(came, Unavailable)
        assert came.retry_after == 90

    def test_sends_nothing_where_nobody_listens(self, library: Library) -> None:
        with socket.socket() as bound, served(Server(says(200), library.good)) as fine:
            bound.bind(("127.0.0.1", 0))  # taken, but nobody listens
            nobody = f"http://127.0.0.1:{bound.getsockname()[1]}"
            assert type(outcome(library.once(nobody, fine.url, PATIENT))) is Unavailable

    def test_sends_nothing_to_a_name_nobody_has(self, library: Library) -> None:
        with network(library, says(200)) as (_, fine):
            assert type(outcome(library.once(NO_NAME, fine.url, PATIENT))) is Unavailable

    def test_sends_nothing_without_a_safe_connection(self, library: Library) -> None:
        with network(library, says(200)) as (server, fine):
            safe = server.url.replace("http:", "https:")
            assert type(outcome(library.once(safe, fine.url, PATIENT))) is Unavailable
        assert server.writes == []

    def test_uses_no_connection_twice(self, library: Library) -> None:
        with network(library, serves_once_a_connection) as (server, fine):
            reply = library.once(server.url, fine.url, PATIENT)
            came = [outcome(reply), outcome(reply)]
        assert [type(one) for one in came] == [Receipt, Receipt]
        assert (len(server.writes), server.connections) == (2, 2)

    def test_writes_nothing_without_permission(self, library: Library) -> None:
        with network(library, says(200)) as (server, fine):
            reply = library.once(server.url, fine.url, PATIENT)
            with pytest.raises(Exception, match=r"connectors\.once\.write"):
                reply()
        assert server.writes == []

    def test_sends_nothing_once_its_time_is_over(self, library: Library) -> None:
        with network(library, says(200)) as (server, fine):
            reply = library.once(server.url, fine.url, PATIENT)

            def late() -> Receipt:
                time.sleep(0.2)
                return reply()

            with pytest.raises(Unavailable):
                write(late, within=0.1)
        assert server.writes == []
