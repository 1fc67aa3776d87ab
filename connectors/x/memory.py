"""Memory: what reading showed of posts and no mention holds; it ends with the process, and may."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from connectors.x.posts import Post

#: The last so many posts are remembered.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of one post."""

    #: Its newest version when it was read.
    newest: str
    #: It stood in the timeline of our mentions.
    of_us: bool
    #: Only some people may answer it, and we are not among those it names.
    closed: bool


class Memory:
    """What was seen lately, by the ids of first versions; any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: OrderedDict[str, Seen] = OrderedDict()

    def note(self, post: Post, *, of_us: bool, closed: bool) -> None:
        """Remember a post; that it once was among our mentions holds."""
        with self._lock:
            before = self._seen.pop(post.first, None)
            of_us = of_us or (before is not None and before.of_us)
            self._seen[post.first] = Seen(post.newest, of_us, closed)
            if len(self._seen) > _MOST:
                self._seen.popitem(last=False)

    def of(self, first: str) -> Seen | None:
        """Return what is remembered of a post."""
        with self._lock:
            return self._seen.get(first)
