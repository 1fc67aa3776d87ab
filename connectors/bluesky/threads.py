"""A post with what is beneath it: whether we may answer, whether we did, and what its author wrote since."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from connectors.bluesky.posts import Post, Unreadable, read, replies
from connectors.bluesky.wire import TooLarge, Wire
from responder.connector import Malformed
from responder.model.mention import Mention

NAME = "app.bsky.feed.getPostThread"


@dataclass(frozen=True, slots=True)
class Thread:
    """What there is at the address of a post."""

    #: The post; None where the network keeps it from us.
    post: Post | None
    #: Every post beneath it that could be read.
    beneath: tuple[Post, ...]
    #: Why we may not answer, in words; "" when we may.
    closed: str

    def answered(self, own: str) -> Post | None:
        """Return our first answer to the post, if there is one."""
        here = self.post.here.uri if self.post else ""
        ours = (
            one for one in self.beneath if one.mention.author.id == own and one.mention.in_reply_to == here
        )
        return min(ours, key=lambda one: one.indexed, default=None)

    def since(self) -> tuple[Mention, ...]:
        """Return what the author of the post wrote beneath it, the oldest first."""
        if self.post is None:
            return ()
        author = self.post.mention.author.id
        later = (one.mention for one in self.beneath if one.mention.author.id == author)
        return tuple(sorted(later, key=lambda one: (one.created_at, one.external_id)))


def thread_at(wire: Wire, account: str, uri: str, depth: int) -> Thread | None:
    """Read the thread beneath a post with one request; None when there is no such post."""
    try:
        told = wire.find(NAME, {"NotFound"}, uri=uri, depth=depth, parentHeight=0)
    except TooLarge:  # a crowd is beneath it
        told = wire.find(NAME, {"NotFound"}, uri=uri, depth=1, parentHeight=0)
    view = told.get("thread") if told else None
    if told is None or (isinstance(view, Mapping) and view.get("notFound")):
        return None
    if not isinstance(view, Mapping):
        raise Malformed("The network gave a thread that is none.")
    if "post" not in view:
        return Thread(None, (), _kept_from_us(view))
    try:
        post = read(account, view["post"])
    except Unreadable as problem:
        raise Malformed(f"The network gave a post that {problem}.") from None
    return Thread(post, tuple(_readable(account, view)), _closed(post, view["post"]))


def _readable(account: str, view: Mapping[str, Any]) -> Iterator[Post]:
    for one in replies(view):
        with suppress(Unreadable):
            yield read(account, one)


def _closed(post: Post, view: Mapping[str, Any]) -> str:
    viewer = view.get("viewer") or {}
    if viewer.get("replyDisabled"):
        return "its author lets only some people reply, and not us"
    if post.hidden:
        return f"the network hides it ({post.hidden})"
    return ""


def _kept_from_us(view: Mapping[str, Any]) -> str:
    viewer = (view.get("author") or {}).get("viewer") or {}
    if viewer.get("blockedBy"):
        return "its author blocked us"
    if viewer.get("blocking") or viewer.get("blockingByList"):
        return "we block its author"
    return "the network does not show it to us"
