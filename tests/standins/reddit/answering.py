"""What our Reddit answers to each address, and to whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.standins.reddit.shapes import Shapes, account_id, listing
from tests.standins.reddit.world import Thing, World


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what goes with it; `body` goes as JSON."""

    status: int
    body: Any


FORBIDDEN = Answer(403, {"message": "Forbidden", "error": 403})
NOT_FOUND = Answer(404, {"message": "Not Found", "error": 404})
_PRIVATE = Answer(403, {"reason": "private", "message": "Forbidden", "error": 403})


class Office:
    """Answers questions and takes comments; who asks is told by `ours`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def read(self, path: str, query: dict[str, str], *, ours: bool) -> Answer:
        """Answer a GET."""
        with self._world.lock:
            match path.strip("/").split("/"):
                case ["api", "v1", "me"]:
                    return self._me() if ours else FORBIDDEN
                case ["api", "info"]:
                    return self._info(query, ours=ours)
                case ["message", kind]:
                    return self._inbox(kind, query) if ours else FORBIDDEN
                case ["user", name, "comments"]:
                    things = self._world.comments_of(name, logged_in=ours)
                    return self._page(things, query, Shapes(self._world, ours=ours).thing)
                case ["r", places, kind]:
                    return self._community(places, kind, query, ours=ours)
                case ["comments", number, *below]:
                    return self._thread(number, below[1:], query, ours=ours)
                case _:
                    return NOT_FOUND

    def comment(self, form: dict[str, str]) -> Answer:
        """Take a comment of the brand's."""
        with self._world.lock:
            to = self._world.things.get(form.get("thing_id", ""))
            if to is None:
                return _refused("NO_THING_ID", "id not specified", "parent")
            if to.subreddit in self._world.private:
                return _PRIVATE
            if code := self._world.objection(to, form.get("text", "")):
                return _refused(code, "Das geht so nicht", "parent")
            said = self._world.comment(self._world.brand, form["text"], to)
            hidden = to.subreddit in self._world.quarantined  # it is made, and not given back
            things = [] if hidden else [Shapes(self._world, ours=True).thing(said)]
            return Answer(200, {"json": {"errors": [], "data": {"things": things}}})

    def _me(self) -> Answer:
        brand = self._world.brand
        return Answer(200, {"name": brand, "id": account_id(brand), "created_utc": 1.4e9, "is_mod": False})

    def _inbox(self, kind: str, query: dict[str, str]) -> Answer:
        if kind not in {"inbox", "unread", "mentions", "comments", "selfreply"}:
            return NOT_FOUND
        return self._page(self._world.inbox(kind), query, Shapes(self._world, ours=True).inbox)

    def _community(self, places: str, kind: str, query: dict[str, str], *, ours: bool) -> Answer:
        if set(places.split("+")) <= self._world.private:
            return _PRIVATE
        if kind == "search":
            things = self._world.found(query.get("q", ""), places)
        elif kind in {"new", "comments"}:
            things = self._world.listing(places, posts=kind == "new")
        else:
            return NOT_FOUND
        return self._page(things, query, Shapes(self._world, ours=ours).thing)

    def _info(self, query: dict[str, str], *, ours: bool) -> Answer:
        names = query.get("id", "").split(",")[:100]
        known = [thing for name in names if (thing := self._world.things.get(name))]
        return Answer(200, listing(Shapes(self._world, ours=ours).things(known)))

    def _thread(self, number: str, below: Sequence[str], query: dict[str, str], *, ours: bool) -> Answer:
        post = self._world.things.get(f"t3_{number}")
        if post is None:
            return NOT_FOUND
        if post.subreddit in self._world.private:
            return _PRIVATE
        shapes = Shapes(self._world, ours=ours)
        depth, limit = int(query.get("depth", "8")), int(query.get("limit", "200"))
        if below:
            one = self._world.things.get(f"t1_{below[0]}")
            there = one if one and one.thread == post.name and not self._vanished(one) else None
            shown = shapes.things([there] if there else [])
            for shape in shown:
                replies = shapes.tree(there, depth - 1, limit) if there else []
                shape["data"]["replies"] = listing(replies) if replies else ""
        else:
            shown = shapes.tree(post, depth, limit)
        return Answer(200, [listing(shapes.things([post])), listing(shown)])

    def _vanished(self, one: Thing) -> bool:
        """A deleted comment without answers is not even shown as deleted, and a new one not yet."""
        return one.unthreaded or (one.deleted and not self._world.answers(one))

    def _page(
        self,
        things: Sequence[Thing],
        query: dict[str, str],
        shape: Callable[[Thing], dict[str, Any] | None],
    ) -> Answer:
        """Return one page of a listing; from a name that it does not hold nobody gets on."""
        limit = max(1, min(int(query.get("limit", "25")), 100))
        names = [one.name for one in things]
        begin, end = 0, limit
        if name := query.get("after"):
            begin = names.index(name) + 1 if name in names else len(names)
            end = begin + limit
        elif name := query.get("before"):
            end = names.index(name) if name in names else 0
            begin = max(0, end - limit)
        shown = things[begin:end]
        more = bool(shown) and begin + len(shown) < len(things)
        children = [made for one in shown if (made := shape(one))]
        return Answer(200, listing(children, shown[-1].name if more else None))


def _refused(code: str, text: str, where: str) -> Answer:
    return Answer(200, {"json": {"errors": [[code, text, where]]}})
