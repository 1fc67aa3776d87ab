"""Caps: how much may go out, and to whom nothing does."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Numbers that sending keeps to; 0 is no cap."""

    #: Public and private replies of an account within an hour.
    per_hour: int = 0
    #: Replies of an account to one person within a day.
    per_person: int = 0
    #: Replies of ours to one person in one thread, ever: after that it belongs in private.
    per_thread: int = 0
    #: Until when nothing goes out but what is grave; None: all may.
    closed_until: datetime | None = None
    #: Handles of people who asked us not to answer, and of our own: lower case, without the @.
    spared: frozenset[str] = frozenset()
