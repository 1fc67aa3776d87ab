"""Poll: who spoke to us, what our searches find, what was taken away; one request when nothing is new."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from connectors.bluesky.listening import Memory, recalled
from connectors.bluesky.options import Options
from connectors.bluesky.posts import Post, Unreadable, read, unread
from connectors.bluesky.threads import NAME as THREAD
from connectors.bluesky.wire import TooLarge, Wire
from responder.connector import ConnectorError, Malformed, Unavailable
from responder.model.page import Page, Unread

#: What is heard of all that the network notifies us of.
REASONS = ("mention", "reply", "quote")
_NOTES = "app.bsky.notification.listNotifications"
_SEARCH = "app.bsky.feed.searchPosts"

#: Requests on the way back through the list before the rest is given up, and told as a gap.
_FARTHEST = 100
#: Posts asked for where an answer with more of them was too large.
_FEW = 10
#: Posts that are missing from the list, and looked for, in one poll.
_LOST = 5
#: A search lists posts late: this far back from the last one they are news, in seconds.
_OVERLAP = 86_400.0


class Reader:
    """Reads one account from a cursor on."""

    def __init__(self, account: str, options: Options, wire: Wire) -> None:
        self._account = account
        self._options = options
        self._wire = wire

    def poll(self, cursor: str | None) -> Page:
        """Return the next part of what there is."""
        memory = recalled(cursor)
        gaps = [] if memory else ["its cursor cannot be read; all that is still listed is read again"]
        memory = memory or Memory()
        views, further = self._listed(memory)
        if views is None:
            gaps.append("the network would not list older posts; some may be missing")
        posts, aside = self._read(view for view in views or () if _reason(view) in REASONS)
        memory, malformed = memory.set_aside(aside)
        news = memory.news(posts, self._since(memory))
        if further and self._goes_on(memory, posts):
            walk = memory.farther(posts, further)
            if walk.parts < _FARTHEST:
                onward = replace(memory, walk=walk)
                return self._page(news, onward, malformed=malformed, more=True, gap="; ".join(gaps))
            most = _FARTHEST * self._options.page
            gaps.append(f"more than {most} posts since the last time; older ones were not read")
        arrived = memory.arrived(posts, max(200, 2 * self._options.page))
        missing = () if memory.walk else _missing(memory, posts, whole=not further)[:_LOST]
        removed = tuple(uri for uri in missing if self._is_gone(uri))
        found, arrived, told = self._search(arrived.without(missing))
        gaps += [told] if told else []
        news += found
        return self._page(news, arrived, malformed=malformed, removed=removed, gap="; ".join(gaps))

    def _page(self, news: Iterable[Post], memory: Memory, **parts: Any) -> Page:
        own = self._wire.sessions.current().did
        mentions = {one.here.uri: one.mention for one in news if one.mention.author.id != own}
        in_order = sorted(mentions.values(), key=lambda one: (one.created_at, one.external_id))
        return Page(mentions=tuple(in_order), cursor=memory.text(), own_id=own, **parts)

    def _listed(self, memory: Memory) -> tuple[list[Any] | None, str]:
        """Return one part of the list and the cursor of the next; None when it cannot be gone on with."""
        cursor = memory.walk.cursor if memory.walk else None
        try:
            return self._part(cursor)
        except (Unavailable, Malformed):
            if cursor is None:
                raise
        # A cursor that has become useless fails in any way; the network itself is asked by its newest part
        self._part(None)
        return None, ""

    def _part(self, cursor: str | None) -> tuple[list[Any], str]:
        for limit in (self._options.page, _FEW):
            try:
                told = self._wire.ask(
                    _NOTES, limit=limit, cursor=cursor, reasons=list(REASONS), priority="false"
                )
            except TooLarge:
                continue
            further = str(told.get("cursor") or "")
            return _list(told, "notifications"), "" if further == cursor else further
        raise Malformed(f"{self._wire.service} lists posts that are too large to read.")

    def _read(self, views: Iterable[Any]) -> tuple[list[Post], tuple[Unread, ...]]:
        posts, aside = [], []
        for view in views:
            try:
                posts.append(read(self._account, view))
            except Unreadable as problem:
                aside.append(unread(view, problem))
        return posts, tuple(aside)

    def _since(self, memory: Memory) -> float:
        """Return how old a post of the list may be and still be news, in epoch seconds."""
        if memory.known is None:
            return self._age(self._options.days * 86_400.0)
        return float("-inf") if memory.horizon is None else memory.horizon

    def _age(self, seconds: float) -> float:
        """Return the time so long ago, by the network's clock."""
        now = self._wire.date
        return now.timestamp() - seconds if now else float("-inf")

    def _goes_on(self, memory: Memory, posts: list[Post]) -> bool:
        """Whether there may be news beyond a part that held these posts."""
        if not posts:
            return True  # all of it was something else
        last = posts[-1]
        return last.indexed >= self._since(memory) and bool(memory.news([last], float("-inf")))

    def _is_gone(self, uri: str) -> bool:
        """Whether a post that is not listed any more was taken away, and not only kept from us."""
        return self._wire.find(THREAD, {"NotFound"}, uri=uri, depth=0, parentHeight=0) is None

    def _search(self, memory: Memory) -> tuple[list[Post], Memory, str]:
        """Make the search that is due, one a poll: (news, memory, what went wrong)."""
        now = self._wire.date
        at = now.timestamp() if now else 0.0
        last = memory.searched
        every, never = self._options.search_every, float("-inf")
        due = [one for one in self._options.searches if at - last.get(one, never) >= every]
        if not due:
            return [], memory, ""
        search = min(due, key=lambda one: last.get(one, never))
        try:
            told = self._wire.ask(_SEARCH, q=search, sort="latest", limit=self._options.page)
            posts, _ = self._read(_list(told, "posts"))  # what is no post speaks to nobody
        except ConnectorError as error:
            return [], *self._failed(memory, search, at, error)
        first = search not in last
        since = self._age(self._options.days * 86_400.0) if first else last[search] - _OVERLAP
        news = [one for one in memory.news(posts, since) if self._is_wanted(one)]
        after = memory.after_search(search, posts, at)
        full = not first and posts and len(news) == len(posts) == self._options.page
        gap = f"the search {search!r} found more posts than one answer holds" if full else ""
        return news, replace(after, failing=after.failing - {search}), gap

    def _failed(self, memory: Memory, search: str, at: float, error: Exception) -> tuple[Memory, str]:
        """Put a search off that did not work, and say so once: who speaks to us is heard all the same."""
        after = replace(memory.after_search(search, (), at), failing=memory.failing | {search})
        known = search in memory.failing
        return after, "" if known else f"the search {search!r} does not work: {error}"

    def _is_wanted(self, post: Post) -> bool:
        """Whether a post that only a search found is in a language of ours, or in one it does not tell."""
        wanted, told = self._options.languages, post.mention.language
        return not post.hidden and (not wanted or told is None or told in wanted)


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    found = told.get(name)
    if not isinstance(found, list):
        raise Malformed(f"The network gave no list of {name}.")
    return found


def _reason(view: object) -> object:
    """Return why we are told of a post; what is no object is set aside later."""
    return view.get("reason") if isinstance(view, Mapping) else REASONS[0]


def _missing(memory: Memory, posts: list[Post], *, whole: bool) -> list[str]:
    """Return known posts that the newest part of the list should show, and does not."""
    shown = {one.here.uri for one in posts}
    oldest = float("-inf") if whole else min((one.indexed for one in posts), default=float("inf"))
    return [one.uri for one in memory.known or () if one.indexed > oldest and one.uri not in shown]
