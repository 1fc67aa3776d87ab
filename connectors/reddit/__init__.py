"""Reddit, over PRAW: what is said to us and about us, and one comment for each approved answer."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from connectors.once.answer import Answer
from connectors.once.passage import Bounds, now
from connectors.once.write import write
from connectors.reddit.asking import Asker, Barred, lacking_scope
from connectors.reddit.items import Item, Unreadable, community_of, read
from connectors.reddit.limiter import Limiter
from connectors.reddit.listening import Ear
from connectors.reddit.options import Options, checked
from connectors.reddit.refusals import refusal
from connectors.reddit.thread import Thread, children, path_of, read_info, read_thread
from responder.connector import (
    Answerable,
    ConnectorError,
    Eligibility,
    Limits,
    Look,
    Malformed,
    Page,
    Refused,
    Secret,
    Sight,
    Standing,
    Unauthorised,
    Unavailable,
)
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.mention import Audience, Mention

__all__ = ["Reddit"]

#: For one request. A page of a hundred long posts, each as text and as HTML, has room in this.
_BOUNDS = Bounds(size=24 << 20)
#: Listings hold ten pages at the most.
_PAGES = 10
#: Our clock and Reddit's may differ by this.
_DRIFT = timedelta(hours=1)
_SHOWN_BELOW = 200

_CLOSING = (
    "Reddit takes this API from apps that are not registered in January 2027, and closes the rest in March."
)


class Reddit:
    """Our account on Reddit; docs/connectors.md says what it reads and where it answers.

    `bounds` are those of each request; `clock` counts the seconds until Reddit lets us ask again.
    """

    network = "reddit"

    def __init__(
        self,
        account: str,
        options: Mapping[str, Any],
        secret: Secret,
        bounds: Bounds = _BOUNDS,
        clock: Callable[[], float] = now,
    ) -> None:
        self._account = account
        self._options = checked(options)
        self._secrets = (secret("client_secret"), secret("refresh_token"))
        self._bounds = bounds
        self._limiter = Limiter(clock)
        self.limits = Limits(
            length=10_000, private_messages=self._options.messages, hosts=self._options.hosts
        )

    def poll(self, cursor: str | None) -> Page:
        """Return what one listing brings that is new, one request; docs/connectors.md says which one."""
        whose = sha256("\n".join((self._options.username, self._secrets[1])).encode()).hexdigest()[:8]
        return self._ear.poll(cursor, whose, self._me)

    def eligibility(self, mention: Mention) -> Eligibility:
        """Say whether we may answer, with one request; by hand where answering is not set up."""
        if self._not_ours_to_answer(mention):
            return Eligibility(answerable=Answerable.BY_HAND, detail=mention.url)
        thread = self._info(mention)
        if thread.gone:
            return Eligibility(answerable=Answerable.NO, detail="it is not there any more")
        if thread.closed:
            return Eligibility(answerable=Answerable.NO, detail=thread.closed)
        return Eligibility(answerable=Answerable.API)

    def look(self, mention: Mention) -> Look:
        """Read the post, the thread's top and what was said beneath it, with one request.

        Where the thread does not show it, a second one asks for itself: threads lag behind.
        """
        try:
            thread = self._thread(mention)
        except Barred as error:
            if error.status == 400:
                raise Refused(str(error)) from None
            gone = error.status in {404, 410}
            return Look(sight=Sight.GONE if gone else Sight.CLOSED, detail=error.why)
        if thread.target is None and not self._info(mention).gone:
            raise Unavailable("Reddit does not show it in its thread yet.")
        if thread.target is None or thread.gone:
            return Look(sight=Sight.GONE, detail="Reddit does not show it any more")
        if thread.answers(self._options.username):
            return Look(sight=Sight.ANSWERED, detail="our account answered it on Reddit")
        if thread.closed:
            return Look(sight=Sight.CLOSED, detail=thread.closed)
        changed = thread.target.text != mention.text
        since = tuple(self._mention(one) for one in thread.since(mention))
        seen = thread.target.mention(self._account, self._options.bots, edited=changed)
        if changed:
            return Look(sight=Sight.CHANGED, now=seen, detail="its author edited it", since=since)
        return Look(sight=Sight.PRESENT, now=seen, since=since)

    def send(self, message: Message, to: Mention) -> Receipt:
        """Comment once, beneath `to`."""
        self._refuse(message, to)
        reddit = self._client  # a client that cannot be built is no write

        def comment() -> Receipt:
            # not by PRAW's reply(): it waits and sends again after some refusals
            words = {"thing_id": to.external_id, "text": message.text}
            return _receipt(reddit.request(method="POST", path="api/comment/", data=words), to)

        return write(comment, reading=self._reading, within=self._bounds.total)

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        """Look for our answers beneath `to` and among our own comments: a hidden one is only there."""
        found = {}
        try:
            thread = self._thread(to)
        except Barred:  # the community was closed since; what we wrote is listed as ours
            pass
        else:
            found = {one.name: one for one in thread.answers(self._options.username)}
        since = (message.planned_at - _DRIFT).timestamp()
        ours = (one for one in self._our_comments(since) if one.by(self._options.username))
        found |= {one.name: one for one in ours if one.parent == to.external_id}
        return tuple(
            Receipt(remote_id=one.name, url=one.url, text=one.text)
            for one in sorted(found.values(), key=lambda one: one.created)
        )

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        """Read our comment back as ourselves and, with `strangers`, as somebody who is not logged in."""
        ours = self._comment(self._ask, receipt.remote_id)
        if ours is None or ours.thread != to.thread:
            return Shown(text=None)
        if not self._options.strangers:
            return Shown(text=ours.text)
        theirs = self._comment(self._ask_as_stranger, receipt.remote_id)
        return Shown(text=ours.text, to_strangers=theirs is not None)

    def whoami(self) -> Standing:
        """Ask Reddit who we are; a permission that lacks is Unauthorised, which names it."""
        self._me()
        places = ", ".join(f"r/{place}" for place in sorted(self._options.answer_in))
        may = f"comment in {places}" if places else "comment nowhere: the option answer_in names no community"
        return Standing(handle=self._options.username, may=("read what speaks to us", may), notes=(_CLOSING,))

    # --- how

    @cached_property
    def _client(self) -> Any:
        """PRAW as ourselves. Reading and writing share it, and its access token.

        Its own retries are off for both: what could not be read, the next tick reads.
        """
        return self._built(self._secrets[1])

    def _built(self, refresh_token: str) -> Any:
        from connectors.reddit.client import Keys, client

        options = self._options
        keys = Keys(
            client_id=options.client_id,
            client_secret=self._secrets[0],
            refresh_token=refresh_token,
            user_agent=options.user_agent,
            oauth_url=options.oauth_url,
            reddit_url=options.reddit_url,
            scopes=_scopes(options) if refresh_token else frozenset(),
        )
        return client(keys, self._limiter, self._bounds)

    def _asker(self, reddit: Any) -> Asker:
        from connectors.reddit.client import keeper

        return Asker(reddit, keeper(reddit), self._limiter)

    @cached_property
    def _ask(self) -> Asker:
        return self._asker(self._client)

    @cached_property
    def _ask_as_stranger(self) -> Asker:
        return self._asker(self._built(""))

    @cached_property
    def _ear(self) -> Ear:
        return Ear(self._account, self._options, self._ask)

    def _me(self) -> str:
        """Return our own lasting id; Malformed or Unauthorised when we are not whom the config names."""
        said = self._ask.must("api/v1/me")
        name, number = (said.get(key) if isinstance(said, dict) else None for key in ("name", "id"))
        if not isinstance(name, str) or not isinstance(number, str) or not number:
            raise Malformed("Reddit does not say who we are.")
        if name.casefold() != self._options.username.casefold():
            raise Unauthorised(f"The refresh token belongs to another account than {self._options.username}.")
        return f"t2_{number.removeprefix('t2_')}"

    def _mention(self, item: Item) -> Mention:
        return item.mention(self._account, self._options.bots)

    def _info(self, mention: Mention) -> Thread:
        names = ",".join(dict.fromkeys((mention.external_id, mention.thread)))
        return read_info(self._ask.must("api/info/", id=names), mention.external_id)

    def _thread(self, mention: Mention) -> Thread:
        depth = 5 if mention.external_id.startswith("t1_") else 2
        asked: dict[str, str | int] = {"sort": "new", "depth": depth, "limit": _SHOWN_BELOW, "context": 0}
        return read_thread(self._ask.get(path_of(mention), **asked), mention.external_id)

    def _our_comments(self, since: float) -> Iterator[Item]:
        """Yield our own comments, the newest first, back to a time."""
        after = ""
        for _ in range(_PAGES):
            asked: dict[str, str | int] = {"sort": "new", "limit": 100}
            asked |= {"after": after} if after else {}
            said = self._ask.must(f"user/{self._options.username}/comments/", **asked)
            try:
                items = [read(one) for one in children(said)]
            except Unreadable as error:
                raise Malformed(f"Reddit lists our comments in a way that is not known: {error}.") from None
            yield from items
            after = said["data"].get("after") or ""
            if not after or not items or items[-1].created < since:
                return

    def _comment(self, ask: Asker, name: str) -> Item | None:
        """Return a comment as somebody sees it; None when they do not."""
        said = ask.must("api/info/", id=name)
        item = read_info(said, name).target
        return None if item is None or item.gone or not item.author else item

    def _not_ours_to_answer(self, mention: Mention) -> str:
        """Return why the config does not let us answer there; "" when it does."""
        place = community_of(mention.url)
        return "" if place in self._options.answer_in else f"r/{place or '?'} is not in answer_in"

    def _refuse(self, message: Message, to: Mention) -> None:
        """Refuse, before anything is asked, what must not be sent as it is."""
        length = self.limits.count(message.text)
        if length > self.limits.length:
            raise Refused(
                f"The reply has {length} characters; Reddit takes {self.limits.length}. Shorten it."
            )
        if not message.text.strip():
            raise Refused("The reply is empty.")
        if message.audience is not Audience.PUBLIC:
            raise Refused("It is not meant for the public, and on Reddit we only comment.")
        if not to.external_id.startswith(("t1_", "t3_")):
            raise Refused("What it answers is neither a post nor a comment.")
        if why := self._not_ours_to_answer(to):
            raise Refused(f"It may not be answered from here: {why}.")
        wanted = " ".join(self._options.disclosure.split())
        if wanted not in " ".join(message.text.split()):
            raise Refused(f"The reply lacks the line that every reply there has to hold: {wanted}")

    def _reading(self, answer: Answer) -> ConnectorError | None:
        """Say what Reddit's answer to a comment means, where that is more than its status tells."""
        if answer.status == 429 and answer.retry_after is not None:
            self._limiter.rest(answer.retry_after)
        return lacking_scope(answer, "api/comment") or refusal(answer)


def _scopes(options: Options) -> frozenset[str]:
    """Return the permissions that these options need."""
    needed = {"identity", "read"}
    needed |= {"privatemessages"} if options.inbox else set()
    return frozenset(needed | ({"submit", "history"} if options.answer_in else set()))


def _receipt(said: Any, to: Mention) -> Receipt:
    """Read what Reddit made of our comment; without a thing in it nobody knows what it made."""
    things = said["json"]["data"]["things"]
    data = things[0]["data"]
    name = f"t1_{str(data.get('name') or data['id']).removeprefix('t1_')}"
    if not re.fullmatch(r"t1_[0-9a-z]{1,20}", name):
        raise ValueError("its name is none")  # no proof that it is there
    path = data.get("permalink") or f"/comments/{to.thread.removeprefix('t3_')}/_/{name.removeprefix('t1_')}/"
    text = data.get("body")
    return Receipt(
        remote_id=name, url=f"https://www.reddit.com{path}", text=text if isinstance(text, str) else ""
    )
