"""What there is on our Reddit: communities, posts, comments and messages, and what people do with them."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

#: The account that a connector logs in as.
BRAND = "acme_care"
#: When the world begins, in seconds since 1970: some minutes before the tests' other clocks.
BEGINNING = 1_772_440_000.0
#: No listing holds more.
LISTED = 1000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    """Return a number as Reddit writes its ids."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


@dataclass(slots=True)
class Thing:
    """A post (t3), a comment (t1) or a private message (t4)."""

    name: str
    #: None when the account was deleted.
    author: str | None
    text: str
    created: float
    subreddit: str = ""
    title: str = ""
    #: Where a post leads, if it has no words of its own.
    link: str = ""
    #: The name of the post it belongs to, and of what it answers.
    thread: str = ""
    parent: str = ""
    #: When it was edited last.
    edited: float = 0.0
    #: Taken away by its author.
    deleted: bool = False
    #: Taken away by somebody else, and by whom: "moderator", "reddit" ...
    removed: str = ""
    #: Seen by its author only, who is not told.
    shadowed: bool = False
    locked: bool = False
    archived: bool = False
    #: The page of its author does not show it yet.
    unlisted: bool = False
    #: Its thread does not show it yet.
    unthreaded: bool = False
    #: The search does not find it yet.
    unindexed: bool = False

    @property
    def id(self) -> str:
        return self.name[3:]

    @property
    def is_post(self) -> bool:
        return self.name.startswith("t3_")


@dataclass
class World:
    """All of it. Whoever calls may do so from several threads."""

    brand: str = BRAND
    things: dict[str, Thing] = field(default_factory=dict)
    quarantined: set[str] = field(default_factory=set)
    private: set[str] = field(default_factory=set)
    #: Communities that do not let the brand comment.
    bans: set[str] = field(default_factory=set)
    #: New comments of the brand are hidden at once, and nobody tells.
    hides_ours: bool = False
    #: New posts are found by the search only after `index`.
    search_lags: bool = False
    now: float = BEGINNING
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: Iterator[int] = field(default_factory=lambda: count(36**5))

    def post(
        self, author: str, text: str, *, title: str = "", subreddit: str = "acme", link: str = ""
    ) -> Thing:
        """Let somebody post."""
        with self.lock:
            thing = self._new("t3", author, text, subreddit)
            thing.thread, thing.title, thing.link = thing.name, title, link
            thing.unindexed = self.search_lags
            return thing

    def comment(self, author: str, text: str, to: Thing) -> Thing:
        """Let somebody comment."""
        with self.lock:
            thing = self._new("t1", author, text, to.subreddit)
            thing.thread, thing.parent = to.thread, to.name
            thing.shadowed = self.hides_ours and author == self.brand
            return thing

    def message(self, author: str, text: str) -> Thing:
        """Let somebody write to the brand in private."""
        with self.lock:
            return self._new("t4", author, text, "")

    def edit(self, thing: Thing, text: str) -> None:
        """Let its author change it."""
        with self.lock:
            thing.text, thing.edited = text, self._tick()

    def delete(self, thing: Thing) -> None:
        """Let its author take it away."""
        thing.deleted = True

    def remove(self, thing: Thing, by: str = "moderator") -> None:
        """Let somebody else take it away."""
        thing.removed = by

    def delete_account(self, name: str) -> None:
        """Let an account vanish; its words stay."""
        with self.lock:
            for thing in self.things.values():
                if thing.author == name:
                    thing.author = None

    def index(self) -> None:
        """Let the search find everything."""
        for thing in self.things.values():
            thing.unindexed = False

    def by(self, author: str) -> list[Thing]:
        """Return what stands of what somebody wrote, the oldest first."""
        return [one for one in self.things.values() if one.author == author and not one.deleted]

    def answers(self, to: Thing) -> list[Thing]:
        """Return the comments right beneath a thing."""
        return [one for one in self.things.values() if one.parent == to.name]

    def _new(self, kind: str, author: str, text: str, subreddit: str) -> Thing:
        name = f"{kind}_{base36(next(self._numbers))}"
        thing = Thing(name=name, author=author, text=text, created=self._tick(), subreddit=subreddit)
        self.things[name] = thing
        return thing

    def _tick(self) -> float:
        self.now += 1.0
        return self.now

    # --- what is listed, the newest first

    def inbox(self, kind: str = "inbox") -> list[Thing]:
        """Return what the brand finds in its inbox: all of it, or mentions, comments or selfreply."""
        kinds = {"mentions": "username_mention", "comments": "comment_reply", "selfreply": "post_reply"}
        wanted = kinds.get(kind)
        with self.lock:
            found = [one for one in self.things.values() if self.why_in_inbox(one)]
            found = [one for one in found if wanted in {None, self.why_in_inbox(one)} and not one.shadowed]
        return found[::-1][:LISTED]

    def why_in_inbox(self, thing: Thing) -> str:
        """Return by what a thing came into the brand's inbox; "" when it did not."""
        if thing.name.startswith("t4_"):
            return "unknown"
        if thing.author == self.brand or thing.is_post:
            return ""
        parent = self.things.get(thing.parent)
        if parent and parent.author == self.brand:
            return "post_reply" if parent.is_post else "comment_reply"
        return "username_mention" if f"u/{self.brand}" in thing.text else ""

    def listing(self, subreddits: str, *, posts: bool) -> list[Thing]:
        """Return the new posts or comments of communities (a+b)."""
        names = {one.casefold() for one in subreddits.split("+")}
        return self._listed(
            one for one in self.things.values() if one.is_post is posts and one.subreddit.casefold() in names
        )

    def found(self, query: str, subreddit: str) -> list[Thing]:
        """Return the posts that hold every word of a query; `*` finds them all."""
        words = query.casefold().replace("*", "").split()
        return self._listed(
            one
            for one in self.things.values()
            if one.is_post
            and not one.unindexed
            and (subreddit == "all" or one.subreddit.casefold() == subreddit.casefold())
            and all(word in f"{one.title} {one.text}".casefold() for word in words)
        )

    def comments_of(self, author: str, *, logged_in: bool) -> list[Thing]:
        """Return the comments on somebody's page."""
        theirs = (
            one
            for one in self.things.values()
            if one.author == author and one.name.startswith("t1_") and not one.unlisted
        )
        return self._listed(theirs, hidden=logged_in and author == self.brand)

    def _listed(self, things: Iterator[Thing], *, hidden: bool = False) -> list[Thing]:
        with self.lock:
            there = [one for one in things if not one.deleted and (hidden or not self._unseen(one))]
        return there[::-1][:LISTED]

    def _unseen(self, thing: Thing) -> bool:
        return bool(thing.shadowed or thing.removed)

    # --- what stands against a comment

    def objection(self, to: Thing, text: str) -> str:
        """Return the code by which a comment of the brand is refused; "" when nothing speaks against it."""
        post = self.things[to.thread]
        reasons = {
            "NO_TEXT": not text.strip(),
            "TOO_LONG": len(text) > 10_000,
            "DELETED_COMMENT": to.deleted and not to.is_post,
            "DELETED_LINK": to.deleted and to.is_post,
            "TOO_OLD": post.archived,
            "THREAD_LOCKED": post.locked or to.locked,
            "BANNED_FROM_SUBREDDIT": to.subreddit in self.bans,
        }
        return next((code for code, holds in reasons.items() if holds), "")
