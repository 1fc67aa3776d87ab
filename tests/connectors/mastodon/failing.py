"""Every way in which a server is known to fail, and what each must become."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from responder.connector import (
    ConnectorError,
    Malformed,
    Refused,
    Unauthorised,
    Unavailable,
    Unsure,
)
from tests.connectors.stage import Failure
from tests.standins.proxy import Deed, Fault, Proxy, closes, resets, says, stops_short

READS = ("poll", "look", "find_sent", "shown")
_GATEWAY = "<html><body>Bad Gateway</body></html>"
_Kind = type[ConnectorError]


def _error(status: int, words: str) -> Deed:
    return says(status, f'{{"error":"{words}"}}')


#: Answers in place of the server's -> what they are to a read, and to a write; None: only one of them.
_ANSWERS: dict[str, tuple[Deed, _Kind | None, _Kind | None]] = {
    "401, revoked": (_error(401, "The access token was revoked"), Unauthorised, Unauthorised),
    "403, suspended": (_error(403, "Your login is currently disabled"), Unauthorised, Unauthorised),
    "403, unconfirmed": (_error(403, "is missing a confirmed e-mail address"), Unauthorised, Unauthorised),
    "403, no right": (_error(403, "outside the authorized scopes"), Unauthorised, Unauthorised),
    "403, a wall before it": (says(403, "<html>Blocked</html>"), Unavailable, Refused),
    "422, nobody": (_error(422, "This method requires an authenticated user"), Unauthorised, Unauthorised),
    "422, nothing": (says(422, ""), Unauthorised, Refused),
    "429": (says(429, '{"error":"Throttled"}', "Retry-After: 77"), Unavailable, Unavailable),
    "408": (says(408), Unavailable, Unsure),
    "500": (_error(500, "oops"), Unavailable, Unsure),
    "502": (says(502, _GATEWAY, kind="text/html"), Unavailable, Unsure),
    "503": (says(503, _GATEWAY, "Retry-After: 5", kind="text/html"), Unavailable, Unsure),
    "504": (says(504, ""), Unavailable, Unsure),
    "a redirect": (says(302, "{}", "Location: http://127.0.0.1:9/login"), Malformed, Unsure),
    "junk": (says(200, "<html>Welcome</html>"), Malformed, Unsure),
    "nothing": (says(200, ""), Malformed, Unsure),
    "another JSON": (says(200, '"hello"'), Malformed, Unsure),
    "brackets in brackets": (says(200, "[" * 100_000), Malformed, Unsure),
    "a reset": (resets, Unavailable, Unsure),
    "an end": (closes, Unavailable, Unsure),
    "half an answer": (stops_short, Unavailable, Unsure),
    "an object without id": (says(200, "{}"), None, Unsure),
    "403, not allowed": (_error(403, "This action is not allowed"), None, Refused),
    "404": (_error(404, "Record not found"), None, Refused),
    "410": (_error(410, "Gone"), None, Refused),
    "422, too long": (_error(422, "Text character limit of 500 exceeded"), None, Refused),
    "422, something": (_error(422, "Validation failed"), None, Refused),
    "400": (_error(400, "Bad Request"), None, Refused),
    "422, had already": (_error(422, "Duplicate record"), None, Unsure),
}
#: What comes in place of the answer, after the reply is public.
_LOST: dict[str, Deed] = {
    "reset": resets,
    "ended": closes,
    "cut short": stops_short,
    "500": _error(500, "oops"),
    "502": says(502, _GATEWAY, kind="text/html"),
    "without id": says(200, "{}"),
}
_AWAY = "nobody listens"


def _table() -> dict[str, Failure]:
    table = {_AWAY: Failure(Unavailable, (*READS, "send"))}
    for name, (_, read, write) in _ANSWERS.items():
        if read:
            table[f"read: {name}"] = Failure(read, READS)
        if write:
            table[f"write: {name}"] = Failure(write, ("send",))
    return table | {f"after the effect: {name}": Failure(Unsure, ("send",)) for name in _LOST}


FAILURES: Mapping[str, Failure] = _table()


def broken(proxy: Proxy, failure: str) -> AbstractContextManager[None]:
    """Let the network fail in a way of FAILURES for as long as the context lasts."""
    if failure == _AWAY:
        return proxy.away()
    where, _, name = failure.partition(": ")
    after = where == "after the effect"
    deed = _LOST[name] if after else _ANSWERS[name][0]
    return faulty(proxy, Fault(deed, after=after, hits=proxy.is_write if after else lambda _: True))


@contextmanager
def faulty(proxy: Proxy, fault: Fault) -> Iterator[None]:
    """Let this happen to requests for as long as the context lasts."""
    before, proxy.fault = proxy.fault, lambda _: fault
    try:
        yield
    finally:
        proxy.fault = before


#: One of each kind, for suites that try each with everything.
FEW: Mapping[str, Failure] = {
    name: FAILURES[name]
    for name in (
        _AWAY,
        "read: 401, revoked",
        "read: 429",
        "read: 502",
        "read: a redirect",
        "read: junk",
        "write: 403, suspended",
        "write: 404",
        "write: a reset",
        "after the effect: ended",
        "after the effect: without id",
    )
}
