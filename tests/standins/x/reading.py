"""What our X gives to whom reads: mentions, searches, posts by their ids, an account's posts."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice, takewhile
from typing import Any

from tests.standins.x.answering import NOT_FOUND, Answer, Request, invalid
from tests.standins.x.posting import names
from tests.standins.x.wire import Asked, Writing, visible
from tests.standins.x.world import BRAND_ID, Post, User, Version, World, id_of

#: X goes back so far in a search.
_BACK = timedelta(days=7)
_TOKEN = re.compile(r"7140dibdn([0-9]+)")


@dataclass
class Habits:
    """What tests change about how it answers."""

    #: The words its answers are written in; "" for those it was asked in.
    answers_in: str = ""
    #: The words it may be asked in.
    asked_in: frozenset[str] = frozenset({"tweet", "post"})
    #: It gives fewer posts a page than it was asked for.
    page: int = 100
    #: It lists no more mentions than so many.
    ceiling: int = 800
    #: A search finds posts so late.
    late: timedelta = timedelta(seconds=30)
    #: These lists do not go back for ever: "search", "mentions", "tweets".
    forgetful: set[str] = field(default_factory=lambda: {"search"})
    #: Other versions of a post do not come along, whatever it is asked for.
    alone: bool = False
    #: It knows no page any more.
    lost_pages: bool = False


class Reading:
    """Answers what is asked with GET."""

    def __init__(self, world: World, habits: Habits) -> None:
        self._world, self._habits = world, habits

    def answer(self, request: Request) -> Answer:
        """Answer a GET."""
        asked_in = {
            name.partition(".")[0] for name in request.query if name in {"tweet.fields", "post.fields"}
        }
        if wrong := asked_in - self._habits.asked_in:
            name = f"{wrong.pop()}.fields"
            return invalid(
                name, request.query[name], f"The query parameter [{name}] is not one of those known"
            )
        parts = request.path.strip("/").split("/")[1:]
        routes: dict[tuple[str, ...], Callable[[Request], Answer]] = {
            ("users", "me"): self._me,
            ("tweets", "search", "recent"): self._search,
            ("tweets",): self._by_ids,
        }
        if route := routes.get(tuple(parts)):
            return route(request)
        user = next((one for one in self._world.users.values() if one.id in parts[1:2]), None)
        if len(parts) == 3 and parts[0] == "users" and user:
            if parts[2] == "mentions":
                return self._mentions(request, user)
            if parts[2] == "tweets":
                return self._tweets(request, user)
        return NOT_FOUND

    def _writing(self, request: Request) -> Writing:
        asked = Asked.by(request.query, self._habits.answers_in)
        if self._habits.alone:
            asked = replace(asked, expansions=asked.expansions - {"versions"})
        return Writing(self._world, asked)

    def _me(self, request: Request) -> Answer:
        brand = next(one for one in self._world.users.values() if one.id == BRAND_ID)
        return Answer(200, {"data": self._writing(request).user(brand)})

    def _by_ids(self, request: Request) -> Answer:
        numbers = request.query.get("ids", "").split(",")
        found = {number: self._world.find(number) for number in numbers}
        shown = [(post, _version(post, number)) for number, post in found.items() if post and visible(post)]
        body = self._writing(request).posts(shown)
        errors = [
            self._writing(request).missing(number, "ids")
            for number, post in found.items()
            if post is None or not visible(post)
        ]
        return Answer(200, {**body, "errors": [*body.get("errors", []), *errors]} if errors else body)

    def _mentions(self, request: Request, user: User) -> Answer:
        def listed(post: Post) -> bool:
            about = post.author is not user and names(post.before + post.text, user.handle)
            return about and self._world.unlisted.isdisjoint(post.ids)

        return self._list(request, "mentions", listed, self._habits.ceiling)

    def _tweets(self, request: Request, user: User) -> Answer:
        return self._list(request, "tweets", lambda post: post.author is user, 3_200)

    def _search(self, request: Request) -> Answer:
        words = re.findall(r'"[^"]+"|\S+', request.query.get("query", ""))
        wanted, oldest = [_asked(self._world, word) for word in words], id_of(self._world.now - _BACK)

        def listed(post: Post) -> bool:
            late = self._habits.late * (3 if post.id in self._world.slow else 1)
            indexed = post.versions[-1].made <= self._world.now - late and int(post.id) > oldest
            return indexed and all(fits(post) for fits in wanted)

        return self._list(request, "search", listed, 1_000_000)

    def _list(self, request: Request, name: str, fits: Callable[[Post], bool], ceiling: int) -> Answer:
        """Return one page of a list, the newest first."""
        query = request.query
        since, token = int(query.get("since_id", 0)), query.get("pagination_token") or query.get("next_token")
        place = _TOKEN.fullmatch(token) if token else None
        if since and since < id_of(self._world.now - _BACK) and name in self._habits.forgetful:
            return self._forgotten(since)
        if token and (place is None or self._habits.lost_pages):
            key = "pagination_token" if "pagination_token" in query else "next_token"
            return invalid(key, token, f"The `{key}` query parameter value [{token}] is not valid")
        before = min(int(place[1]) if place else 1 << 63, int(query.get("until_id", 1 << 63)))
        size = min(int(query.get("max_results", 10)), self._habits.page)
        listed = (one for one in self._world.newest_first() if visible(one) and fits(one))
        wanted = takewhile(lambda one: int(one.id) > since, islice(listed, ceiling))
        page = list(islice((one for one in wanted if int(one.id) < before), size + 1))
        return self._page(request, page[:size], more=len(page) > size)

    def _forgotten(self, since: int) -> Answer:
        day = self._world.now - _BACK
        return invalid(
            "since_id",
            str(since),
            f"'since_id' must be a tweet id created after {day:%Y-%m-%dT%H:%MZ}. Please use a 'since_id' "
            f"that is larger than {id_of(day)}",
        )

    def _page(self, request: Request, posts: Sequence[Post], *, more: bool) -> Answer:
        meta: dict[str, Any] = {"result_count": len(posts)}
        if posts:
            meta |= {"newest_id": posts[0].id, "oldest_id": posts[-1].id}
        if more:
            meta["next_token"] = f"7140dibdn{posts[-1].id}"
        body = self._writing(request).posts([(one, one.versions[-1]) for one in posts])
        return Answer(200, {**body, "meta": meta})


def _version(post: Post, number: str) -> Version:
    return next(one for one in post.versions if one.id == number)


def _asked(world: World, word: str) -> Callable[[Post], bool]:
    """Return what one word of a search asks of a post."""
    no = word.startswith("-")
    word = word.removeprefix("-")
    kind, _, value = word.partition(":")
    wanted = word.strip('"').lower()

    def fits(post: Post) -> bool:
        parent = world.find(post.answers)
        known = {
            "is": value == "retweet" and post.repost,
            "from": post.author.handle == value,
            "conversation_id": post.conversation == value,
            "to": parent is not None and parent.author.handle == value,
        }
        return known.get(kind, wanted in (post.before + post.text).lower()) is not no

    return fits
