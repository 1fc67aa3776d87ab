"""Chance that comes again."""

from collections.abc import Callable
from hashlib import sha256
from itertools import count


def chance(seed: int) -> Callable[[int], int]:
    """Return numbers under the one that is given, the same for the same seed."""
    turn = count()
    return lambda below: int.from_bytes(sha256(f"{seed} {next(turn)}".encode()).digest()) % below
