"""What X's answers say of the time and of how much more it takes."""

import math
import re
from collections.abc import Callable, Mapping
from threading import Lock
from zlib import crc32

from connectors.once.answer import moment
from responder.connector import Unavailable

#: How the headers of a window begin: of a quarter of an hour, of a day for the app, of a day for the account.
_WINDOWS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")
#: How long to wait where X asks for it and does not say for how long: its short window.
QUARTER = 900.0
#: It is never believed that it asks for more, in seconds.
_LONGEST = 86_400.0

#: Seconds on a clock that nobody sets.
Ticking = Callable[[], float]


class Hour:
    """The time as X's answers tell it, so that a wrong clock of ours changes nothing.

    It is needed for when a token ends, when a limit ends, and on which day a post is paid for.
    """

    def __init__(self, ticking: Ticking) -> None:
        self._ticking = ticking
        self._ahead: float | None = None

    def heard(self, headers: Mapping[str, str]) -> None:
        """Set it by the Date of an answer."""
        if told := moment(headers.get("date", "")):
            self._ahead = told.timestamp() - self._ticking()

    def now(self) -> float | None:
        """Return seconds since 1970, UTC; None before the first answer."""
        return None if self._ahead is None else self._ahead + self._ticking()

    def day(self) -> int:
        """Return the number of the day, 0 before the first answer."""
        return int((self.now() or 0.0) // 86_400)


class Limiter:
    """Keeps requests back that X would refuse, by what it said of the endpoint before."""

    def __init__(self, account: str, hour: Hour, ticking: Ticking) -> None:
        self._hour = hour
        self._ticking = ticking
        #: So that accounts of one app do not come back in the same second.
        self._jitter = crc32(account.encode()) % 500 / 100
        self._lock = Lock()
        self._ends: dict[str, float] = {}

    def ask(self, method: str, route: str) -> None:
        """Raise Unavailable while a limit of this endpoint is used up."""
        with self._lock:
            left = self._ends.get(_endpoint(method, route), 0.0) - self._ticking()
        if left > 0:
            raise Unavailable("X's limit for this is used up; nothing was asked or sent.", retry_after=left)

    def heard(self, method: str, route: str, headers: Mapping[str, str]) -> None:
        """Take down what an answer says of the endpoint's limits; the one that ends last counts."""
        wait = self.wait(headers)
        with self._lock:
            if wait is None:
                self._ends.pop(_endpoint(method, route), None)
            else:
                self._ends[_endpoint(method, route)] = self._ticking() + wait

    def wait(self, headers: Mapping[str, str]) -> float | None:
        """Return in how many seconds the last of the limits ends that are used up; None where none is."""
        now, waits = self._hour.now(), []
        for window in _WINDOWS:
            left, reset = (_number(headers.get(f"{window}-{part}", "")) for part in ("remaining", "reset"))
            if left is not None and left <= 0:
                waits.append(QUARTER if reset is None or now is None else reset - now)
        return min(max(*waits, 0.0) + self._jitter, _LONGEST) if waits else None


def _endpoint(method: str, route: str) -> str:
    return f"{method} {re.sub('/[0-9]{2,}', '/:id', route)}"


def _number(told: str) -> float | None:
    try:
        number = float(told)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
