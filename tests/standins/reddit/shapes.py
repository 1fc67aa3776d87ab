"""Things as they go over the wire, field by field as recorded."""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from tests.standins.reddit.world import Thing, World, base36


def account_id(name: str) -> str:
    """Return the lasting id of an account, without its kind."""
    return base36(crc32(name.casefold().encode()))


def listing(children: Sequence[dict[str, Any]], after: str | None = None) -> dict[str, Any]:
    """Return a listing."""
    data = {
        "after": after,
        "dist": len(children),
        "modhash": None,
        "geo_filter": "",
        "children": list(children),
        "before": None,
    }
    return {"kind": "Listing", "data": data}


class Shapes:
    """Things as one viewer sees them: the brand (`ours`), or somebody who is not logged in."""

    def __init__(self, world: World, *, ours: bool) -> None:
        self._world = world
        self._ours = ours

    def thing(self, one: Thing) -> dict[str, Any] | None:
        """Return a post or comment as listings and /api/info show it; None when it is not shown."""
        if one.shadowed and not self._is_mine(one):
            return None
        return {"kind": "t3", "data": self._post(one)} if one.is_post else self._comment(one)

    def things(self, many: Sequence[Thing]) -> list[dict[str, Any]]:
        """Return those of these that are shown."""
        return [shape for one in many if (shape := self.thing(one))]

    def tree(self, top: Thing, depth: int, limit: int) -> list[dict[str, Any]]:
        """Return what hangs beneath a thing, the newest first; what is too much is folded away."""
        if depth <= 0:
            return []
        below = [one for one in self._world.answers(top) if not (one.deleted and self._is_leaf(one))]
        below = [one for one in below if not one.unthreaded]
        shown = [shape for one in below[::-1][:limit] if (shape := self.thing(one))]
        for shape in shown:
            replies = self.tree(self._world.things[shape["data"]["name"]], depth - 1, limit)
            shape["data"]["replies"] = listing(replies) if replies else ""
        if len(below) > limit:
            more = {"count": len(below) - limit, "name": "t1__", "id": "_", "parent_id": top.name}
            shown.append({"kind": "more", "data": {**more, "depth": 0, "children": []}})
        return shown

    def inbox(self, one: Thing) -> dict[str, Any]:
        """Return a thing as the inbox shows it: without much of what it has elsewhere."""
        why = self._world.why_in_inbox(one)
        author, text = self._words(one, one.text)
        post = self._world.things.get(one.thread)
        context = ""
        if post:
            context = f"/r/{one.subreddit}/comments/{post.id}/{_slug(post)}/{one.id}/?context=3"
        data = {
            "first_message": None,
            "first_message_name": None,
            "subreddit": one.subreddit or None,
            "likes": None,
            "replies": "",
            "author_fullname": f"t2_{account_id(author)}" if author else None,
            "id": one.id,
            "subject": why.replace("_", " ") if post else "a message",
            "associated_awarding_id": None,
            "score": 1,
            "author": author,
            "num_comments": 3 if post else None,
            "parent_id": one.parent or None,
            "subreddit_name_prefixed": f"r/{one.subreddit}" if post else None,
            "new": True,
            "type": why,
            "body": text,
            "dest": self._world.brand,
            "was_comment": bool(post),
            "body_html": "",
            "name": one.name,
            "created": one.created,
            "created_utc": one.created,
            "context": context,
            "distinguished": None,
        }
        return {"kind": one.name[:2], "data": data | ({"link_title": post.title} if post else {})}

    def _is_mine(self, one: Thing) -> bool:
        return self._ours and one.author == self._world.brand

    def _is_leaf(self, one: Thing) -> bool:
        return not self._world.answers(one)

    def _words(self, one: Thing, text: str) -> tuple[str | None, str]:
        """Return author and words as they are shown."""
        if one.deleted:
            return None, "[deleted]"
        if one.removed and not self._is_mine(one):
            return None, "[removed]"
        return one.author, text

    def _comment(self, one: Thing) -> dict[str, Any]:
        author, text = self._words(one, one.text)
        post = self._world.things[one.thread]
        data = {
            "subreddit_id": f"t5_{account_id(one.subreddit)}",
            "link_id": one.thread,
            "likes": None,
            "replies": "",
            "saved": False,
            "id": one.id,
            "archived": post.archived,
            "author": author or "[deleted]",
            "parent_id": one.parent,
            "score": 1,
            "body": text,
            "edited": one.edited or False,
            "body_html": "",
            "stickied": False,
            "subreddit": one.subreddit,
            "score_hidden": False,
            "locked": one.locked,
            "permalink": f"/r/{one.subreddit}/comments/{post.id}/{_slug(post)}/{one.id}/",
            "name": one.name,
            "created": one.created,
            "created_utc": one.created,
            "collapsed": False,
            "distinguished": None,
        }
        known = {"author_fullname": f"t2_{account_id(author)}"} if author else {}
        return {"kind": "t1", "data": data | known}

    def _post(self, one: Thing) -> dict[str, Any]:
        author, text = self._words(one, one.text)
        path = f"/r/{one.subreddit}/comments/{one.id}/{_slug(one)}/"
        data = {
            "subreddit": one.subreddit,
            "selftext": text,
            "selftext_html": None,
            "title": one.title,
            "likes": None,
            "saved": False,
            "id": one.id,
            "author": author or "[deleted]",
            "score": 1,
            "over_18": False,
            "num_comments": len(self._world.answers(one)),
            "subreddit_id": f"t5_{account_id(one.subreddit)}",
            "edited": one.edited or False,
            "archived": one.archived,
            "removed_by_category": "deleted" if one.deleted else one.removed or None,
            "stickied": False,
            "is_self": not one.link,
            "permalink": path,
            "locked": one.locked,
            "name": one.name,
            "created": one.created,
            "url": one.link or f"https://www.reddit.com{path}",
            "quarantine": one.subreddit in self._world.quarantined,
            "created_utc": one.created,
            "distinguished": None,
        }
        return data | ({"author_fullname": f"t2_{account_id(author)}"} if author else {})


def _slug(post: Thing) -> str:
    words = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in post.title.lower())
    return words[:40] or "_"
