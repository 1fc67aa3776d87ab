"""Bluesky: mentions, replies, quotes and saved searches; one reply under a record key of our own."""

from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from connectors.bluesky.options import checked
from connectors.bluesky.posts import Post, Unreadable, labels, read, web
from connectors.bluesky.reading import Reader
from connectors.bluesky.records import Records
from connectors.bluesky.standing import standing
from connectors.bluesky.threads import thread_at
from connectors.bluesky.wire import Wire
from connectors.bluesky.words import GRAPHEMES, POST, Ref, length, record_key, reply, whole
from responder.connector import (
    Answerable,
    ConnectorError,
    Eligibility,
    Look,
    Malformed,
    Page,
    Refused,
    Secret,
    Sight,
    Standing,
    Unavailable,
)
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.limits import Limits
from responder.model.mention import Audience, Mention

if find_spec("atproto") is None:
    raise ModuleNotFoundError("No module named 'atproto'; it comes with complaint-responder[bluesky]")

_POSTS = "app.bsky.feed.getPosts"
_RESOLVE = "com.atproto.identity.resolveHandle"
#: By this label we keep our own posts from who is not logged in.
_MEMBERS_ONLY = "!no-unauthenticated"
#: How deep beneath a post its author is looked for.
_DEPTH = 10
#: Threads whose first post is remembered.
_ROOTS = 500


class Bluesky:
    """One account on Bluesky, or on any server of the same protocol.

    Needs the secret `app_password`; keeps the secret `session` where secrets can be kept.
    """

    network = "bluesky"

    def __init__(self, account: str, options: Mapping[str, Any], secret: Secret) -> None:
        self._account = account
        self._options = checked(options)
        self.limits = Limits(
            length=GRAPHEMES,
            count=length,
            unit="graphemes",
            private_messages=self._options.messages,
            own_key=True,
            hosts=self._options.hosts,
        )
        self._wire = Wire(self._options.service, self._options.handle, secret, self._options.proxy)
        self._reader = Reader(account, self._options, self._wire)
        #: By a post, the first one of its thread: it is part of what the post's hash covers.
        self._roots: dict[Ref, Ref] = {}

    def __repr__(self) -> str:
        return f"Bluesky({self._account}, {self._options.handle})"

    def poll(self, cursor: str | None) -> Page:
        """Return what spoke to us since `cursor`, and what a search found; one request when nothing did."""
        return self._reader.poll(cursor)

    def eligibility(self, mention: Mention) -> Eligibility:
        """Ask whether we may reply to `mention`, where that needs no login; yes as long as nobody says no."""
        closed = ""
        if self._wire.sessions.at_hand:
            with suppress(ConnectorError):  # it is asked again before sending
                thread = thread_at(self._wire, self._account, mention.external_id, depth=0)
                closed = thread.closed if thread else "it is not there any more"
        return Eligibility(answerable=Answerable.NO if closed else Answerable.API, detail=closed)

    def look(self, mention: Mention) -> Look:
        """Read the post with what is beneath it: is it there, unedited, open, and unanswered by us?"""
        thread = thread_at(self._wire, self._account, mention.external_id, _DEPTH)
        if thread is None:
            return Look(sight=Sight.GONE, detail="its author deleted it, or the account is gone")
        if thread.post is None:
            return Look(sight=Sight.CLOSED, detail=thread.closed)
        self._remember(thread.post)
        now, sight, detail = thread.post.mention, Sight.PRESENT, ""
        if ours := thread.answered(self._wire.sessions.current().did):
            sight, detail = Sight.ANSWERED, f"by us: {web(ours.here.uri)}"
        elif thread.closed:
            sight, detail = Sight.CLOSED, thread.closed
        elif (now.edit_mark, now.text) != (mention.edit_mark, mention.text):
            sight, detail = Sight.CHANGED, "its author edited it"
        return Look(sight=sight, now=now, detail=detail, since=thread.since())

    def send(self, message: Message, to: Mention) -> Receipt:
        """Put the reply under the record key that belongs to `to`, where nothing may stand yet."""
        self._check(message)
        root, parent = self._place(to)
        record = reply(message, root, parent, lambda handle: self._who(handle, to))
        body = {"collection": POST, "rkey": record_key(message.key), "swapRecord": None, "record": record}

        def receipt(told: Any) -> Receipt:
            return Receipt(remote_id=str(told["uri"]), url=web(str(told["uri"])), text=message.text)

        return self._wire.write(body, receipt)

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        """Look through our own records for answers to `to`: the one under its key, and any other."""
        records = Records(self._wire)
        found = (*records.under(record_key(message.key)), *records.since(to.created_at))
        ours = {one.uri: one for one in found if one.answers == to.external_id}
        in_order = sorted(ours.values(), key=lambda one: (one.created, one.uri))
        return tuple(Receipt(remote_id=one.uri, url=web(one.uri), text=whole(one.value)) for one in in_order)

    def shown(self, receipt: Receipt, to: Mention) -> Shown:  # noqa: ARG002 (its address is all it takes)
        """Read a reply back as the network shows it, and, with `public_view`, whether a stranger sees it."""
        own = self._wire.sessions.current().did
        uri = receipt.remote_id
        uri = uri if uri.startswith("at://") else f"at://{own}/{POST}/{uri}"
        view = _the_post(self._wire.ask(_POSTS, uris=[uri]))
        if view is None:
            return Shown(text=None)
        return Shown(text=self._read(view).mention.text, to_strangers=self._is_public(view, uri))

    def whoami(self) -> Standing:
        """Ask the network who we are and what we may do."""
        return standing(self._wire, self._options)

    # --- how

    def _check(self, message: Message) -> None:
        """Raise Refused for what Bluesky takes in no case."""
        taken = self.limits.count(message.text)
        if taken > self.limits.length:
            raise Refused(
                f"The reply takes {taken} of {GRAPHEMES} graphemes (10 bytes count as one). Shorten it."
            )
        if not message.text.strip():
            raise Refused("The reply is empty.")
        if message.audience is not Audience.PUBLIC:
            raise Refused("On Bluesky everything we send is public; a private answer goes out by hand.")

    def _place(self, to: Mention) -> tuple[Ref, Ref]:
        """Return the first post of the thread and the post we answer, both as they were approved.

        A thread's first post is part of what the hash of a post covers, so it is the same at every attempt.
        """
        parent = Ref(to.external_id, to.edit_mark)
        if to.edit_mark and to.thread == to.external_id:
            return parent, parent
        if parent not in self._roots:
            thread = thread_at(self._wire, self._account, to.external_id, depth=0)
            if thread is None or thread.post is None or to.edit_mark not in {"", thread.post.here.cid}:
                raise Unavailable("The post is not as it was a moment ago; nothing was sent.")
            self._remember(thread.post)
            parent = thread.post.here
        return self._roots[parent], parent

    def _remember(self, post: Post) -> None:
        """Keep the first post of a thread for when we send."""
        self._roots[post.here] = post.root
        while len(self._roots) > _ROOTS:
            del self._roots[next(iter(self._roots))]

    def _who(self, handle: str, to: Mention) -> str:
        """Return the lasting id behind a handle in our words; "" when it is nobody's."""
        known = {
            to.author.handle.lower(): to.author.id,
            self._options.handle: self._wire.sessions.current().did,
        }
        if handle.lower() in known:
            return known[handle.lower()]
        told = self._wire.find(_RESOLVE, {"InvalidRequest", "HandleNotFound"}, handle=handle)
        return str(told.get("did", "")) if told else ""

    def _read(self, view: Mapping[str, Any]) -> Post:
        try:
            return read(self._account, view)
        except Unreadable as problem:
            raise Malformed(f"The network shows our reply as a post that {problem}.") from None

    def _is_public(self, view: Mapping[str, Any], uri: str) -> bool | None:
        """Whether somebody who is not logged in sees a post of ours; None where nobody can know."""
        if self._read(view).hidden:
            return False
        if not self._options.public_view:
            return None
        seen = _the_post(self._wire.ask_as_stranger(self._options.public_view, _POSTS, uris=[uri]))
        if seen is None or self._read(seen).hidden:
            return False
        return None if _MEMBERS_ONLY in labels(seen, seen["author"]) else True


def _the_post(told: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the one post that was asked for."""
    match told.get("posts"):
        case [Mapping() as post, *_]:
            return post
        case []:
            return None
        case _:
            raise Malformed("The network gave no list of posts.")
