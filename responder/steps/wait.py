"""Wait: how long to stay away from a network that asked for it, whatever number it gave."""

from datetime import timedelta

_SHORTEST, _LONGEST = 1, 86_400


def wait(seconds: float) -> timedelta:
    """Return so many seconds, but at least one (no tight loop) and at most a day (no silence for ever)."""
    if _SHORTEST <= seconds <= _LONGEST:
        return timedelta(seconds=seconds)
    return timedelta(seconds=_LONGEST if seconds > _LONGEST else _SHORTEST)
