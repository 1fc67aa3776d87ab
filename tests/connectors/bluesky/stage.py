"""Bluesky's stage: a brand and strangers on a network, and a proxy that breaks what lies between."""

import json
import os
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from connectors.bluesky import Bluesky
from responder.connector import Malformed, Refused, Unauthorised, Unavailable, Unsure
from tests.connectors.stage import ACCOUNT, Failure, Safe, Stage
from tests.standins.bluesky.people import PASSWORD, Person
from tests.standins.proxy import Fault, Proxy, Request, closes, resets, says, stops_short

LOGINS = ("/xrpc/com.atproto.server.createSession", "/xrpc/com.atproto.server.refreshSession")
_READS = ("poll", "look", "find_sent", "shown")
_ALL = (*_READS, "send")
_NUMBERS = count(1)


def unused_handle(name: str) -> str:
    """Return a handle that nobody has, in this process or another one of the same run."""
    return f"{name}{next(_NUMBERS)}{os.environ.get('PYTEST_XDIST_WORKER', '')}.test"


def error(name: str) -> str:
    """Return the body of an answer that declines."""
    return json.dumps({"error": name, "message": "made up by a test"})


#: What happens to every request before the network hears of it -> what reads and sends become by it.
BEFORE: Mapping[str, tuple[Fault, Failure]] = {
    "401": (Fault(says(401, error("AuthenticationRequired"))), Failure(Unauthorised, _ALL)),
    "403": (Fault(says(403, error("Forbidden"))), Failure(Refused, _ALL)),
    "404": (Fault(says(404, "<p>", kind="text/html")), Failure(Malformed, _READS)),
    "408": (Fault(says(408)), Failure(Unavailable, ("poll",))),
    "429": (Fault(says(429, error("RateLimitExceeded"), "Retry-After: 0")), Failure(Unavailable, _ALL)),
    "500": (Fault(says(500, error("InternalServerError"))), Failure(Unavailable, _READS)),
    "302": (Fault(says(302, "", "Location: /elsewhere")), Failure(Malformed, ("poll",))),
    "junk": (Fault(says(200, "<p>Welcome</p>", kind="text/html")), Failure(Malformed, _READS)),
    "junk for JSON": (Fault(says(200, "{oops")), Failure(Malformed, ("poll",))),
    "another object": (Fault(says(200, '{"a": 1}')), Failure(Malformed, _READS)),
    "no session holds": (Fault(says(400, error("ExpiredToken"))), Failure(Unauthorised, _READS)),
    "the session just ended": (Fault(says(400, error("ExpiredToken"))), Failure(Unavailable, ("send",))),
    "declined": (Fault(says(400, error("InvalidRequest"))), Failure(Malformed, ("look",))),
    "refused": (Fault(says(400, error("InvalidRequest"))), Failure(Refused, ("send",))),
    "lost request": (Fault(closes), Failure(Unavailable, _READS)),
}
#: What happens to a write, most often after its effect.
AFTER: Mapping[str, Fault] = {
    "lost answer": Fault(resets, after=True),
    "half an answer": Fault(stops_short, after=True),
    "created, then 503": Fault(says(503, "<p>Busy</p>", kind="text/html"), after=True),
    "created, without an id": Fault(says(200, "{}"), after=True),
    "lost write": Fault(closes),
}
FAILURES: Mapping[str, Failure] = {
    "no connection": Failure(Unavailable, _ALL),
    **{name: failure for name, (_, failure) in BEFORE.items()},
    **dict.fromkeys(AFTER, Failure(Unsure, ("send",))),
}


class BlueskyStage(Stage):
    """A network at a port of this machine, a brand on it, and strangers."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._headers = headers
        self.network = f"http://127.0.0.1:{port}"
        self.proxy = Proxy(port, LOGINS, headers)
        self.brand = self.person("brand")
        self.safe = Safe(app_password=PASSWORD)
        self._authors: dict[str, Person] = {}
        #: Our own posts that no connector sent.
        self.native: list[str] = []

    @property
    def secrets(self) -> tuple[str, ...]:  # type: ignore[override]
        session = json.loads(self.safe.secrets.get("session", "{}"))
        return (*(session[name] for name in ("access", "refresh") if name in session), PASSWORD)

    def connector(self, **options: Any) -> Bluesky:
        return self.hasty(**options)

    def hasty(self, **options: Any) -> Bluesky:
        """Build the connector as it is, which waits for nothing."""
        given = {"handle": self.brand.handle, "service": self.proxy.url, "page": 5, **options}
        return Bluesky(ACCOUNT, given, self.safe)

    def person(self, name: str = "ana") -> Person:
        """Return somebody who did nothing in this test yet."""
        return Person(self.network, unused_handle(name), self._headers)

    def say(self, text: str, *, by_us: bool = False, answering: str = "") -> str:
        author = self.brand if by_us else self.person()
        uri = author.say(text, to=None if by_us or answering else self.brand, answering=answering)
        self._authors[uri] = author
        self.native += [uri] if by_us else []
        self.settle(uri)
        return uri

    def author(self, uri: str) -> Person:
        """Return who wrote a post."""
        return self._authors[uri]

    def edit(self, external_id: str, text: str) -> None:
        self.author(external_id).edit(external_id, text)

    def remove(self, external_id: str) -> None:
        self.author(external_id).delete(external_id)

    def settle(self, uri: str) -> None:
        """Wait until the network shows a post to everybody."""

    def sent(self) -> list[tuple[str, str]]:
        kind = "app.bsky.feed.post"
        told = self.brand.get("com.atproto.repo.listRecords", repo=self.brand.did, collection=kind, limit=100)
        ours = [one["value"] for one in told["records"] if one["uri"] not in self.native]
        return [(one["reply"]["parent"]["uri"], one["text"]) for one in ours]

    def trace(self) -> Hashable:
        return len(self.proxy.writes)

    def hosts(self) -> list[str]:
        return [one.host for one in self.proxy.requests]

    @contextmanager
    def broken(self, failure: str) -> Iterator[None]:
        if failure == "no connection":
            with self.proxy.away():
                yield
            return
        fault = AFTER.get(failure) or BEFORE[failure][0]
        hits = self.proxy.is_write if failure in AFTER else lambda _: True

        def found(request: Request) -> Fault | None:
            return fault if hits(request) else None

        self.proxy.fault = found
        yield
        self.proxy.fault = lambda _: None

    def close(self) -> None:
        """Let go of everything."""
        self.proxy.close()


def asked(stage: BlueskyStage) -> list[str]:
    """Return the last words of what was asked for, and forget it."""
    names = [one.path.rpartition(".")[2] for one in stage.proxy.requests]
    stage.proxy.requests.clear()
    return names


def ago(**span: float) -> str:
    """Return the time so long ago, as the network writes it."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
