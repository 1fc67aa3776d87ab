"""Pace: how accounts keep out of each other's way, and how long to leave one alone that fails.

Nothing here is drawn by chance: the same account always has the same place.
"""

from hashlib import sha256

#: A failing account is asked again at the latest after this, in seconds, or after its own interval.
_LONGEST = 900.0
#: ... and never in a tight loop.
_SHORTEST = 15.0
#: Accounts that failed together come back apart, by up to this share of the wait.
_APART = 0.2


def phase(name: str) -> float:
    """Return an account's own place between 0 and 1, by its name."""
    return int.from_bytes(sha256(name.encode()).digest()[:6], "big") / 2**48


def back_off(name: str, every: float, failures: int) -> float:
    """Return seconds to wait after so many failures in a row (1 or more), `every` between polls that work.

    The first wait is about the interval, each after it twice as long, up to a quarter of an hour, or the
    interval where that is longer; a part of it is the account's own.
    """
    longest = max(every, _LONGEST)
    wait = min(longest, max(every, _SHORTEST) * 2.0 ** min(max(failures, 1) - 1, 20))
    return wait * (1 - _APART * phase(f"{name}/{failures}"))
