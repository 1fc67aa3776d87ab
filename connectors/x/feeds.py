"""Feeds: our mentions and the saved searches, read by turns, one request a poll."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from connectors.x import cursor
from connectors.x.answers import LostPlace, StaleCursor
from connectors.x.cursor import Cursor, Place
from connectors.x.memory import Memory
from connectors.x.options import Options
from connectors.x.posts import Post, id_at, moment_of, span
from connectors.x.prices import Meter
from connectors.x.vocabulary import FIELDS
from connectors.x.way import Way
from connectors.x.wire import Told, id_of, told
from responder.connector import ConnectorError, Page, Refused, Unauthorised, Unread

#: The name of the feed of our mentions.
_MENTIONS = "mentions"
#: X lists no more mentions than these, whatever it is asked for.
_CEILING = 800
#: The most posts that an answer holds.
_PAGE = "100"
#: A post may be listed so many seconds late, below ones that were read: that far back a feed is read again.
_LATE = {"mentions": 60.0, "search": 180.0}
#: After so many seconds without anything new a feed is read from a later id on: X does not go back for ever.
_STALE_AFTER = 86_400.0
#: What X takes as its oldest id moves on while we ask for it, in seconds.
_MARGIN = 600.0

_FULL = f"X shows the newest {_CEILING} mentions only; older ones since the last time may be missing"


@dataclass(frozen=True, slots=True)
class _Feed:
    """One list of posts."""

    name: str
    route: str
    #: "" for our mentions.
    query: str

    @property
    def of_us(self) -> bool:
        return not self.query

    @property
    def late(self) -> float:
        return _LATE["mentions" if self.of_us else "search"]

    def params(self, place: Place) -> dict[str, str]:
        """Return what to ask for; the same `since_id` with every page."""
        params = {"max_results": _PAGE}
        if self.query:
            params["query"] = self.query
        if place.since:
            params["since_id"] = place.since
        if place.next:
            params["pagination_token" if self.of_us else "next_token"] = place.next
        return params


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """Reads what is new for one account."""

    account: str
    options: Options
    way: Way
    meter: Meter
    memory: Memory
    #: Whether a post may not be answered by us, whatever it says.
    closed: Callable[[Post], bool]

    def poll(self, now: Cursor) -> Page:
        """Read one page of the feed whose turn it is."""
        feed = self._feed(now)
        place = now.place(feed.name)
        try:
            body = self.way.ask(feed.route, {**feed.params(place), **FIELDS[self.options.vocabulary]})
        except StaleCursor as stale:
            return self._begun_anew(now, feed, stale)
        except (Refused, Unauthorised) as problem:
            if place.next and not isinstance(problem, Unauthorised):
                again = replace(place, next="", until="", count=0)  # the next time from its first page
                moved = self._moved(now, feed, again, done=True)
                return Page(mentions=(), cursor=moved.text(), own_id=now.me)
            if feed.of_us or isinstance(problem, LostPlace):
                raise
            return self._passed_over(now, feed, problem)
        return self._page(now, feed, told(body))

    def _feed(self, now: Cursor) -> _Feed:
        queries = self.options.queries
        if not queries or now.turn % 2 == 0:
            return _Feed(_MENTIONS, f"/2/users/{now.me}/mentions", "")
        query = queries[now.turn // 2 % len(queries)]
        return _Feed(cursor.feed_of(query), "/2/tweets/search/recent", query)

    def _page(self, now: Cursor, feed: _Feed, told: Told) -> Page:
        place = now.place(feed.name)
        fresh = [one for one in told.posts if one.id not in place.seen and one.author.id != now.me]
        said = [one for one in reversed(fresh) if not one.repost and not one.protected]
        for one in said:
            self.memory.note(one, of_us=feed.of_us, closed=self.closed(one))
        told.pay(self.meter, "mention" if feed.of_us else "search")
        until = place.until or self._until(place, feed, told)
        broken = tuple(one for one in told.malformed if one.place not in place.seen)
        ids = (*(one.id for one in told.posts), *(one.place for one in broken if id_of(one.place)))
        late = tuple(one for one in ids if int(one) > int(until or 0))
        read = replace(place, seen=place.having(late), until=until, count=place.count + len(told.posts))
        # a query that is new would cost whatever was found in seven days
        more = told.next not in {"", place.next} and (feed.of_us or bool(place.since) or place.anew)
        full = feed.of_us and not more and read.count >= _CEILING
        moved = self._moved(now, feed, replace(read, next=told.next) if more else _ended(read), done=not more)
        return Page(
            mentions=tuple(one.mention(self.account, of_us=feed.of_us) for one in said),
            cursor=moved.text(),
            more=more,
            malformed=broken,
            removed=(*told.gone, *(one.first for one in fresh if one.protected)),
            own_id=now.me,
            gap=_FULL if full else "",
        )

    def _until(self, place: Place, feed: _Feed, told: Told) -> str:
        """Return up to which id everything is surely read once this reading ends.

        By the first page: what is posted while the others are read comes next time. Not up to its newest
        post, while an older one may still be listed late.
        """
        since, newest, hour = int(place.since or 0), int(told.newest or 0), self.way.hour.now()
        sure = id_at(hour - feed.late) if hour else max(newest - span(feed.late), 0)
        if told.empty and hour and since < id_at(hour - _STALE_AFTER):
            newest = sure
        return str(max(since, min(newest, sure)) or "")

    def _passed_over(self, now: Cursor, feed: _Feed, problem: ConnectorError) -> Page:
        """Leave a search that X does not take, say so once, and let the others have their turn."""
        place = now.place(feed.name)
        why = Unread(place="the option queries", problem=str(problem), body=feed.query)
        moved = self._moved(now, feed, replace(place, told=True), done=True)
        malformed = () if place.told else (why,)
        return Page(mentions=(), cursor=moved.text(), malformed=malformed, own_id=now.me)

    def _begun_anew(self, now: Cursor, feed: _Feed, stale: StaleCursor) -> Page:
        """Go on from the oldest post that X still gives, and say that something may be missing."""
        place = now.place(feed.name)
        told = stale.least is not None and not place.anew
        since = (stale.least or 0) + span(_MARGIN) if told else 0
        anew = Place(since=str(since or ""), seen=place.seen, anew=True)
        upto = f" up to {moment_of(since):%Y-%m-%d %H:%M} UTC" if since else ""
        whose = "our mentions" if feed.of_us else f"the search {feed.query}"
        gap = f"X does not go back to the last post we read of {whose}; what was said since{upto} is missing"
        moved = self._moved(now, feed, anew)
        return Page(mentions=(), cursor=moved.text(), more=True, own_id=now.me, gap=gap)

    def _moved(self, now: Cursor, feed: _Feed, place: Place, *, done: bool = False) -> Cursor:
        """Return the cursor with this feed's new place; when it is done, it is the next one's turn."""
        known = {_MENTIONS, *map(cursor.feed_of, self.options.queries)}
        places: dict[str, Any] = {name: one for name, one in now.places.items() if name in known}
        places[feed.name] = place
        turns = 2 * len(self.options.queries)
        turn = (now.turn + done) % turns if turns else 0
        return replace(now, turn=turn, places=places)


def _ended(read: Place) -> Place:
    """Return where the next reading begins."""
    since = read.until or read.since
    return Place(since=since, seen=tuple(one for one in read.seen if int(one) > int(since or 0)))
