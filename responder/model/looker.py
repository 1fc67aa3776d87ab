"""Looker: somebody who has a card open, as others are told."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """A person and since when they look at a case; a courtesy to others, never a lock."""

    by: str
    since: datetime
