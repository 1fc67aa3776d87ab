"""How far each source was read: what an account's cursor holds.

Reddit lists the newest first, a thousand at the most, and a name from which to go on may be deleted
meanwhile. So every reading begins at the newest, and goes down until it meets what was read before, which is
known by its name. What comes late into a listing (a search index lags, a moderator lets a post through) is
heard as long as it stands among the newest that one request brings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.reddit.items import Item

#: Names that are remembered of each source: what one request brings, twice.
REMEMBERED = 200
#: Names of the last page from which reading goes on: the first of them may be deleted meanwhile.
_FOOTHOLDS = 3
#: A reading whose footholds were all gone so often ends where it is.
_LOST = 3

#: What is remembered of a thing: when it was posted, and a check of its words.
Known = tuple[float, str]


@dataclass(slots=True)
class Walk:
    """A reading of more than one page that is under way, from the newest down."""

    #: The first of what it met, by name.
    met: dict[str, Known] = field(default_factory=dict)
    #: How many things it met.
    count: int = 0
    #: When the newest was posted of those that `met` does not hold.
    below: float = 0.0
    #: From where it goes on: the first name is tried first; none: from the top.
    footholds: list[str] = field(default_factory=list)
    #: How often all of them were gone.
    lost: int = 0

    def ends(self, items: Sequence[Item], after: str) -> bool:
        """Note where a page ended (`after`: more follows), and say whether nothing more is to be had.

        A page without anything follows the last one, or a name that was deleted: then the name before that
        gets on, and when there is none, the reading begins at the top again.
        """
        if items:
            names = (after, *(item.name for item in reversed(items[-_FOOTHOLDS:])))
            self.footholds = [one for one in dict.fromkeys(names) if one][:_FOOTHOLDS]
            return not after
        if not self.footholds:  # from the top
            return True
        self.footholds = self.footholds[1:]
        self.lost += not self.footholds
        return self.lost > _LOST


@dataclass(slots=True)
class Taken:
    """What one page brought that was not known."""

    #: The oldest first.
    fresh: list[Item] = field(default_factory=list)
    #: What was read before, with other words.
    changed: list[Item] = field(default_factory=list)
    #: Names of what was read before and is gone.
    removed: list[str] = field(default_factory=list)
    #: The time of the last that was read, where what was before it may be missing.
    gap: datetime | None = None


@dataclass(slots=True)
class Place:
    """How far one source was read."""

    seen: dict[str, Known] = field(default_factory=dict)
    #: What was posted until then is old; None: nothing was read yet.
    floor: float | None = None
    walk: Walk | None = None
    #: How often it could not be read since it was read last.
    fails: int = 0

    @property
    def after(self) -> str:
        """The name after which the next page begins; "" for the first page."""
        return self.walk.footholds[0] if self.walk and self.walk.footholds else ""

    def take(self, items: Sequence[Item], after: str, backlog: int) -> Taken:
        """Note a page (the newest first; `after`: more follows) and return what is new on it.

        Of a source that was never read before only the `backlog` newest are new.
        """
        walk, taken = self.walk or Walk(), Taken()
        first = self.floor is None
        met_known = False
        for item in items:
            met_known |= item.name in self.seen or (not first and item.created <= (self.floor or 0.0))
            if first and walk.count >= backlog:
                walk.below = max(walk.below, item.created)
                continue
            walk.count += item.name not in walk.met
            self._meet(item, walk, taken)
        taken.fresh.reverse()
        enough = walk.count >= backlog if first else met_known
        if not (enough or walk.ends(items, after)):
            self.walk = walk
            return taken
        if first and after and walk.met:
            walk.below = max(walk.below, self._oldest(walk))
        # a listing that ends sooner was not cut off: Reddit cuts at a thousand, in searches at some 250
        cut_off = walk.count > REMEMBERED or walk.lost > _LOST
        if not (first or enough) and self.seen and cut_off:
            taken.gap = datetime.fromtimestamp(self._oldest(walk), UTC)
        self._finish(walk)
        return taken

    def _meet(self, item: Item, walk: Walk, taken: Taken) -> None:
        """Sort one thing: new, changed, gone, known as it is, or old."""
        known = self.seen.get(item.name) or walk.met.get(item.name)
        if not known and self.floor is not None and item.created <= self.floor:
            return  # nor is it remembered: to another source it may be new
        if known and known[1] != item.check:
            if item.gone:
                taken.removed.append(item.name)
            else:
                taken.changed.append(item)
        elif not known and not item.gone:
            taken.fresh.append(item)
        if item.name in walk.met or len(walk.met) < REMEMBERED:
            walk.met[item.name] = (item.created, item.check)
        else:
            walk.below = max(walk.below, item.created)

    def _oldest(self, walk: Walk) -> float:
        return walk.below or min(created for created, _ in walk.met.values())

    def _finish(self, walk: Walk) -> None:
        """Remember the newest names of the walk and of before; everything older is old from now on."""
        every = walk.met | {name: known for name, known in self.seen.items() if name not in walk.met}
        newest = sorted(every.items(), key=lambda one: -one[1][0])
        cut = [created for _, (created, _) in newest[REMEMBERED:]]
        self.seen = dict(newest[:REMEMBERED])
        self.floor = max(self.floor or 0.0, walk.below, *cut)
        self.walk = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Place":
        """Return what `kept` says."""
        walk = kept.get("walk")
        return cls(
            seen=_known(kept["seen"]),
            floor=kept["floor"],
            walk=Walk(**{**walk, "met": _known(walk["met"])}) if walk else None,
            fails=int(kept.get("fails", 0)),
        )

    def kept(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        said: dict[str, Any] = {"floor": self.floor, "seen": self.seen}
        if self.walk:
            walk = self.walk
            said["walk"] = {
                "met": walk.met,
                "count": walk.count,
                "below": walk.below,
                "footholds": walk.footholds,
                "lost": walk.lost,
            }
        return said | ({"fails": self.fails} if self.fails else {})


def _known(kept: Mapping[str, Any]) -> dict[str, Known]:
    return {name: (float(created), str(check)) for name, (created, check) in kept.items()}


@dataclass(slots=True)
class Places:
    """All of a cursor."""

    #: Whom the refresh token belongs to: a mark of the token, and the account's lasting id.
    whose: str = ""
    own_id: str = ""
    #: Whose turn it is, counted on for ever.
    turn: int = 0
    by_source: dict[str, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str | None) -> "Places":
        """Return what a cursor says; raises ValueError when it says something else."""
        if cursor is None:
            return cls()
        try:
            kept = json.loads(cursor)
            places = {source: Place.of(one) for source, one in kept["places"].items()}
            return cls(kept["whose"], kept["own_id"], int(kept["turn"]), places)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("it is no cursor of this connector") from error

    def cursor(self) -> str:
        """Return it all as one line."""
        places = {source: place.kept() for source, place in self.by_source.items()}
        kept = {"whose": self.whose, "own_id": self.own_id, "turn": self.turn, "places": places}
        return json.dumps(kept, separators=(",", ":"))

    def next(self, sources: Sequence[str], turns: Sequence[str]) -> str:
        """Return the source to read: one half read, else one never read, else whose turn it is."""
        self.by_source = {one: self.by_source.get(one, Place()) for one in sources}
        self.turn %= len(turns)
        return next(iter(self._unfinished()), turns[self.turn])

    def unfinished(self) -> bool:
        """Whether a source is half read, or was never read; those that cannot be read wait for their turn."""
        return bool(self._unfinished())

    def _unfinished(self) -> list[str]:
        able = {source: place for source, place in self.by_source.items() if not place.fails}
        half = [source for source, place in able.items() if place.walk]
        return half + [source for source, place in able.items() if place.floor is None]

    def pass_on(self, source: str, turns: Sequence[str]) -> None:
        """End the turn of a source, if it was its turn."""
        if turns[self.turn] == source and not self.by_source[source].walk:
            self.turn = (self.turn + 1) % len(turns)

    def heard_elsewhere(self, item: Item, source: str) -> bool:
        """Whether another source brought a thing with these words."""
        return any(
            known[1] == item.check
            for other, place in self.by_source.items()
            if other != source
            for kept in (place.seen, place.walk.met if place.walk else {})
            if (known := kept.get(item.name))
        )
