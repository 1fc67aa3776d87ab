"""What a network answered, read whole, and how long it asks us to wait."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

#: No network is believed that asks for more, in seconds.
LONGEST_WAIT = 86_400.0
#: Where networks tell when the next request is welcome: as seconds, as epoch seconds or as a time.
_TIMES = ("retry-after", "x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
#: A larger number is no span of seconds but a time since 1970.
_EPOCH = 1e9


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was read to its end."""

    status: int
    #: By lower-case name.
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON, or None when it is not."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):  # brackets in brackets in brackets
            return None

    @property
    def retry_after(self) -> float | None:
        """The seconds we are asked to wait, a day at the most; None when not told.

        Times are held against the answer's own Date, so that no clock of ours has a say.
        """
        waits = [wait for name in _TIMES if (wait := self._wait(self.headers.get(name, ""))) is not None]
        return min(max(waits[0], 0.0), LONGEST_WAIT) if waits else None

    def _wait(self, told: str) -> float | None:
        try:
            seconds = float(told)
        except ValueError:
            return _between(moment(self.headers.get("date", "")), moment(told))
        if not math.isfinite(seconds):
            return None
        if seconds < _EPOCH:
            return seconds
        now = moment(self.headers.get("date", ""))
        return seconds - now.timestamp() if now else None


def _between(now: datetime | None, then: datetime | None) -> float | None:
    return (then - now).total_seconds() if now and then else None


def moment(told: str) -> datetime | None:
    """Return a time as HTTP or ISO 8601 writes it, in UTC; None when it is neither, or has no zone."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(told)
            if found.tzinfo:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):  # a year of twenty digits
            continue
    return None
