"""How fast the network lets us go: what its answers say is left, kept to before the next request."""

from collections import deque
from enum import StrEnum

from connectors.once.answer import Answer
from connectors.once.passage import now
from responder.connector import Unavailable

#: The network takes 30 logins in five minutes and 300 a day. We make five, and then one in five minutes.
_LOGINS = 5
_LOGIN_EVERY = 300.0


class Kind(StrEnum):
    """What is counted apart."""

    READ = "read"
    WRITE = "write"
    LOGIN = "login"


class Pace:
    """Lets requests out only where something is left; it counts by seconds since boot, which nobody sets."""

    def __init__(self) -> None:
        self._until: dict[Kind, float] = {}
        self._logins: deque[float] = deque(maxlen=_LOGINS)

    def begin(self, kind: Kind) -> None:
        """Take note of a request about to go out; raises Unavailable when it must not."""
        wait = self._until.get(kind, 0.0) - now()
        if kind is Kind.LOGIN and len(self._logins) == _LOGINS:
            wait = max(wait, self._logins[0] + _LOGINS * _LOGIN_EVERY - now())
        if wait > 0:
            raise Unavailable(f"Bluesky's limit of {kind}s is used up; nothing was asked.", retry_after=wait)
        if kind is Kind.LOGIN:
            self._logins.append(now())

    def heard(self, kind: Kind, answer: Answer) -> None:
        """Take note of what an answer says is left."""
        spent = answer.headers.get("ratelimit-remaining", "").strip() == "0"
        if (spent or answer.status == 429) and (wait := answer.retry_after):
            self._until[kind] = now() + wait
