"""What Reddit's headers leave us: a limiter of our own, that says when instead of sleeping."""

from collections.abc import Callable, Mapping

from connectors.once.passage import now
from responder.connector import Unavailable

#: Requests that reading leaves over for writing.
_SPARE = 3


class Limiter:
    """Asked before each request; all that an app does counts together.

    `clock` counts seconds. It is one that nobody sets, for the headers tell spans and no times.
    """

    def __init__(self, clock: Callable[[], float] = now) -> None:
        self._clock = clock
        self._left = float("inf")
        self._ends = 0.0

    def ask(self, *, writing: bool) -> None:
        """Raise Unavailable when the request to come would be one of the last of its window."""
        wait = self._ends - self._clock()
        if wait > 0 and self._left < (1 if writing else 1 + _SPARE):
            raise Unavailable("We have used up what Reddit allows us for now.", retry_after=wait)

    def note(self, headers: Mapping[str, str]) -> None:
        """Take note of what an answer told; one that tells nothing counts as one request."""
        try:
            left, wait = float(headers["x-ratelimit-remaining"]), float(headers["x-ratelimit-reset"])
        except (KeyError, ValueError):
            self._left -= 1
        else:
            self._left, self._ends = left, self._clock() + wait

    def rest(self, seconds: float) -> None:
        """Let nothing out for so long: Reddit said so."""
        self._left, self._ends = 0.0, self._clock() + seconds
