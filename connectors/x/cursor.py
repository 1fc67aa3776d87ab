"""Cursor: how far each of an account's feeds was read, as the text that the store keeps for us."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

#: So many posts are remembered by their ids at the most; the store knows the others.
_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """How far one feed was read."""

    #: Everything up to this id was read; "" when nothing was.
    since: str = ""
    #: Ids above `since` that were read: what X lists late may come between them.
    seen: tuple[str, ...] = ()
    #: Where the next page is, in the middle of a reading; "" between two.
    next: str = ""
    #: What `since` becomes at the end of this reading, by its first page.
    until: str = ""
    #: Posts so far in this reading.
    count: int = 0
    #: X did not go back as far as `since`, and was asked anew.
    anew: bool = False
    #: X does not take this search, and that was told.
    told: bool = False

    def having(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return what is remembered once these were read too, the newest last."""
        known = sorted({*self.seen, *ids}, key=int)
        return tuple(known[-_REMEMBERED:])


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far everything was read."""

    #: Our own id; "" while it is not known.
    me: str = ""
    #: Whose turn it is: an even number is the mentions', an odd one a query's.
    turn: int = 0
    #: By the feed's name.
    places: Mapping[str, Place] = field(default_factory=dict)

    def place(self, feed: str) -> Place:
        """Return how far a feed was read."""
        return self.places.get(feed, Place())

    def text(self) -> str:
        """Return it for the store."""
        places = {
            name: {key: value for key, value in asdict(place).items() if value}
            for name, place in self.places.items()
        }
        kept = {"v": 1, "me": self.me, "turn": self.turn, "places": places}
        return json.dumps(kept, separators=(",", ":"), sort_keys=True)


def read(text: str | None) -> Cursor:
    """Read what was kept; raises ValueError when it is none of ours."""
    if text is None:
        return Cursor()
    kept = json.loads(text)
    if not isinstance(kept, dict) or kept.get("v") != 1:
        raise ValueError("a cursor of another kind")
    try:
        places = {str(name): _place(value) for name, value in kept["places"].items()}
        return Cursor(str(kept["me"]), int(kept["turn"]), places)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a cursor of another kind") from error


def _place(value: Any) -> Place:
    place = Place(**{**value, "seen": tuple(str(int(one)) for one in value.get("seen", ()))})
    if place.since:
        int(place.since)
    return place


def feed_of(query: str) -> str:
    """Return the name of a saved query's feed: a query that is changed begins anew."""
    return f"q:{sha256(query.encode()).hexdigest()[:12]}"
