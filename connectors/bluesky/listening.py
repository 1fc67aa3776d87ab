"""What has been heard of a list that shows the newest first and knows no "since": our own memory of it.

The network's cursor is handed back as it came and never looked into. What was read is known by its address
and its hash, so the same posts may come again, in any order, and one that turns up late is still news.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from connectors.bluesky.posts import Post
from responder.model.page import Unread

_VERSION = 1
#: Signs of a post's hash that tell one version of it from another.
_MARK = 10
#: Posts of searches that are remembered, and things that could not be read.
_FOUND = 300
_ASIDE = 100


@dataclass(frozen=True, slots=True)
class Known:
    """A post that was heard."""

    uri: str
    mark: str
    #: Epoch seconds, by the network.
    indexed: float

    @classmethod
    def of(cls, post: Post) -> "Known":
        """Return what is remembered of a post."""
        return cls(post.here.uri, post.here.cid[-_MARK:], post.indexed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A way back through the list, from its newest to what is known, over several polls."""

    #: The network's, for the next part.
    cursor: str
    parts: int
    #: What was heard on the way, the newest first.
    heard: tuple[Known, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the cursor of an account says."""

    #: The newest first; None while nothing was ever read.
    known: tuple[Known, ...] | None = None
    walk: Walk | None = None
    found: tuple[Known, ...] = ()
    #: By search, when it was made last, in epoch seconds.
    searched: Mapping[str, float] = field(default_factory=dict)
    #: Searches that failed the last time.
    failing: frozenset[str] = frozenset()
    #: What could not be read, by a mark of it.
    aside: tuple[str, ...] = ()

    def text(self) -> str:
        """Return it as a cursor."""
        told: dict[str, Any] = {"v": _VERSION, "known": None if self.known is None else _pack(self.known)}
        if self.walk:
            walk = self.walk
            told["walk"] = {"cursor": walk.cursor, "parts": walk.parts, "heard": _pack(walk.heard)}
        if self.searched:
            told["found"], told["searched"] = _pack(self.found), dict(self.searched)
        if self.failing:
            told["failing"] = sorted(self.failing)
        if self.aside:
            told["aside"] = self.aside
        return json.dumps(told, separators=(",", ":"))

    def news(self, posts: Iterable[Post], since: float) -> list[Post]:
        """Return those of these posts, not older than `since`, that were not heard as they are now."""
        before = (*(self.walk.heard if self.walk else ()), *(self.known or ()), *self.found)
        heard = {(one.uri, one.mark) for one in before}
        fresh = (post for post in posts if post.indexed >= since)
        return [post for post in fresh if (post.here.uri, Known.of(post).mark) not in heard]

    @property
    def horizon(self) -> float | None:
        """The time of the oldest post remembered, in epoch seconds: before it, all is known."""
        return self.known[-1].indexed if self.known else None

    def farther(self, posts: Iterable[Post], cursor: str) -> Walk:
        """Return the way back with one more part behind it."""
        before = self.walk or Walk(cursor="", parts=0, heard=())
        return Walk(cursor=cursor, parts=before.parts + 1, heard=(*before.heard, *map(Known.of, posts)))

    def set_aside(self, unread: Iterable[Unread]) -> tuple["Memory", tuple[Unread, ...]]:
        """Return it with what could not be read, and that of it which is not known yet."""
        marks = {sha256(f"{one.place} {one.body}".encode()).hexdigest()[:_MARK]: one for one in unread}
        fresh = tuple(one for mark, one in marks.items() if mark not in self.aside)
        kept = tuple(dict.fromkeys((*self.aside, *marks)))[-_ASIDE:]
        return (replace(self, aside=kept) if fresh else self), fresh

    def arrived(self, posts: Iterable[Post], room: int) -> "Memory":
        """Return it at the end of a walk whose last part held these posts."""
        heard = (*(self.walk.heard if self.walk else ()), *map(Known.of, posts), *(self.known or ()))
        latest: dict[str, Known] = {}
        for one in heard:
            latest.setdefault(one.uri, one)
        kept = sorted(latest.values(), key=lambda one: -one.indexed)[:room]
        return replace(self, known=tuple(kept), walk=None)

    def without(self, uris: Iterable[str]) -> "Memory":
        """Return it without posts that are not shown to us any more."""
        gone = set(uris)
        return replace(self, known=tuple(one for one in self.known or () if one.uri not in gone))

    def after_search(self, search: str, posts: Iterable[Post], at: float) -> "Memory":
        """Return it after a search that found these posts."""
        found = {one.uri: one for one in (*self.found, *map(Known.of, posts))}
        searched = {**self.searched, search: at}
        return replace(self, found=tuple(found.values())[-_FOUND:], searched=searched)


def recalled(cursor: str | None) -> Memory | None:
    """Return what a cursor says, or None when it cannot be read."""
    if cursor is None:
        return Memory()
    try:
        told = json.loads(cursor)
        if told["v"] != _VERSION:
            return None
        walk = told.get("walk")
        return Memory(
            known=None if told["known"] is None else _unpack(told["known"]),
            walk=walk and Walk(cursor=walk["cursor"], parts=walk["parts"], heard=_unpack(walk["heard"])),
            found=_unpack(told.get("found", ())),
            searched=dict(told.get("searched", {})),
            failing=frozenset(told.get("failing", ())),
            aside=tuple(told.get("aside", ())),
        )
    except (ValueError, TypeError, KeyError):
        return None


def _pack(posts: Iterable[Known]) -> list[list[str | float]]:
    return [[one.uri.removeprefix("at://"), one.mark, one.indexed] for one in posts]


def _unpack(told: Iterable[Any]) -> tuple[Known, ...]:
    return tuple(Known(f"at://{uri}", mark, indexed) for uri, mark, indexed in told)
