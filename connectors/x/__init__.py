"""X: reads mentions and saved searches, and answers who names or quotes us."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from connectors.once.passage import now as ticking_since_boot
from connectors.once.write import write
from connectors.x import cursor as cursors
from connectors.x.answers import KeysRefused, unknown
from connectors.x.archive import Archive
from connectors.x.cursor import Cursor
from connectors.x.feeds import Feeds
from connectors.x.limiter import Ticking
from connectors.x.links import links
from connectors.x.memory import Memory
from connectors.x.options import checked
from connectors.x.posts import Post, span
from connectors.x.prices import Meter
from connectors.x.texts import names, quotes
from connectors.x.way import Way
from connectors.x.weighing import weight
from connectors.x.wire import id_of
from responder.connector import (
    Answerable,
    Charge,
    Eligibility,
    Limits,
    Look,
    Page,
    Refused,
    Secret,
    Sight,
    Standing,
    Unauthorised,
    Unavailable,
    Unsure,
)
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.mention import Audience, Mention
from responder.model.visible import one_line

__all__ = ["X"]

_POSTS = "/2/tweets"
#: Where the button under a reply leads, which opens a private message to us.
_COMPOSE = "https://x.com/messages/compose?recipient_id="
#: For so many seconds at the most an author may edit a post: an hour, and a little more.
_EDITABLE = 7_200.0
_LOST = "the place where reading went on was lost; everything there is, is read again"
_READS_ONLY = (
    "post replies: give the app the permission Read and write in X's console, then make the access token anew"
)
_UNTOLD = "Whether it may post, X tells only when it does: the app needs the permission Read and write."
_SUMMONED = "X lets an app answer only posts that name or quote us; others are answered by hand."
_ONLY_SOME = "its author lets only some people reply, and does not name us"


class X:
    """One of our accounts on X; docs/connectors.md explains every option and secret.

    `ticking` gives seconds on a clock that nobody sets: limits that X told of are waited for by it.
    """

    network = "x"

    def __init__(
        self, account: str, options: Mapping[str, Any], secret: Secret, ticking: Ticking = ticking_since_boot
    ) -> None:
        self._account = account
        self._options = checked(options)
        self._way = Way(account, self._options, secret, ticking)
        self._meter = Meter(self._options.prices, self._way.hour.day)
        self._memory = Memory()
        self._me = self._options.user_id or self._way.login.own_id
        self._archive = Archive(self._way, self._meter, self._options.vocabulary)
        self._feeds = Feeds(
            account=account,
            options=self._options,
            way=self._way,
            meter=self._meter,
            memory=self._memory,
            closed=self._closed,
        )
        self.limits = Limits(
            length=self._options.length, count=weight, unit="weighted characters", hosts=(self._way.host,)
        )

    def __repr__(self) -> str:
        return f"X({self._account!r}, @{self._options.handle})"

    def poll(self, cursor: str | None) -> Page:
        """Return one page of the mentions or of a saved search, by turns: one request.

        Where our own id is not known yet, the first poll only asks for that.
        """
        try:
            now, gap = cursors.read(cursor), ""
        except ValueError:
            now, gap = Cursor(), _LOST
        if not (self._me or now.me):
            me = self._who()
            return Page(mentions=(), cursor=replace(now, me=me).text(), more=True, own_id=me, gap=gap)
        self._me = self._me or now.me
        page = self._feeds.poll(replace(now, me=self._me))
        return replace(page, gap="; ".join(filter(None, (gap, page.gap))))

    def eligibility(self, mention: Mention) -> Eligibility:
        """Say whether X lets our app answer: only who names or quotes us in the words of the post.

        It is told by the mention and what reading showed, and costs no request. What X put before a reply is
        not among its words, and a post that only a search found is no mention to X until it lists it.
        """
        if mention.account != self._account:
            return Eligibility(answerable=Answerable.NO, detail=f"{self._account} did not hear it")
        seen, handle = self._memory.of(mention.external_id), self._options.handle
        if seen and seen.closed:
            return Eligibility(answerable=Answerable.NO, detail=_ONLY_SOME)
        of_us = bool(seen and seen.of_us) or not mention.url.startswith("https://x.com/i/")
        summoned = quotes(mention.text, handle) or (of_us and names(mention.text, handle))
        if summoned or self._options.enterprise:
            return Eligibility(answerable=Answerable.API)
        return Eligibility(answerable=Answerable.BY_HAND, detail=f"{_by_hand(mention)}&text={{words}}")

    def look(self, mention: Mention) -> Look:
        """Read the target again, with one request.

        Where X counts answers to it, a second one looks whether one of them is ours: no request tells both.
        """
        there = self._archive.lookup(mention.edit_mark or mention.external_id)
        if isinstance(there, str):
            return Look(sight=Sight.GONE, detail=there)
        post = there.post
        read = replace(post.mention(self._account), url=mention.url)
        if there.answered and (ours := [one for one in self._ours(mention) if one.answers in post.versions]):
            return Look(sight=Sight.ANSWERED, now=read, detail=f"we answered it: {_address(ours[-1].first)}")
        if read.edit_mark != mention.edit_mark:
            return Look(sight=Sight.CHANGED, now=read, detail="its author edited it")
        if self._closed(post):
            return Look(sight=Sight.CLOSED, now=read, detail=_ONLY_SOME)
        return Look(sight=Sight.PRESENT, now=read)

    def send(self, message: Message, to: Mention) -> Receipt:
        """Post `message` as the answer to the newest version of `to` that we know."""
        self._check(message)
        button = f"{_COMPOSE}{self._who()}" if self._options.dm_button else None
        self._way.ready(_POSTS)

        def reply() -> Receipt:
            answer = self._way.create_tweet(
                text=message.text,
                in_reply_to_tweet_id=to.edit_mark or to.external_id,
                direct_message_deep_link=button,
            )
            number = id_of(answer["data"]["id"])  # "" is no proof that it is there
            return Receipt(remote_id=number, url=_address(number))

        try:
            receipt = write(reply, reading=self._way.reading(_by_hand(to)))
        except Unsure:
            self._pay(message, to)
            raise
        except KeysRefused as refused:
            if self._way.login.renewed():
                raise Unavailable("X's token had ended and is renewed; nothing was sent.") from None
            raise Unauthorised(str(refused)) from None
        self._pay(message, to)
        return receipt

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:  # noqa: ARG002 (the contract's)
        """Look through all we posted since `to` for answers to it, whichever version of it they answer."""
        ours, known = self._ours(to), {to.external_id, to.edit_mark}
        if any(one.answers not in known and _may_answer(one, to) for one in ours):
            there = self._archive.lookup(to.edit_mark or to.external_id)
            known |= set() if isinstance(there, str) else set(there.post.versions)
        found = {one.first: one for one in ours if one.answers in known}
        return tuple(
            Receipt(remote_id=one.first, url=_address(one.first), text=one.text)
            for one in sorted(found.values(), key=lambda one: int(one.first))
        )

    def shown(self, receipt: Receipt, to: Mention) -> Shown:  # noqa: ARG002 (the contract's)
        """Read an answer back, as people see it; whether strangers do, X does not tell."""
        if not receipt.remote_id.isdigit():
            return Shown(text=None)
        there = self._archive.lookup(receipt.remote_id)
        return Shown(text=None if isinstance(there, str) else there.post.text)

    def spent(self) -> tuple[Charge, ...]:
        """Hand over what calls cost since this was asked last, in US dollars; rather too much."""
        return self._meter.spent()

    def whoami(self) -> Standing:
        """Ask X who we are; whether the keys may post, it tells with those of OAuth 1.0a only."""
        handle, access = self._introduced()[1], self._way.access
        reads, posts = "read mentions and searches", "post replies"
        if access == "read":
            return Standing(handle=handle, may=(reads,), lacks=(_READS_ONLY,), notes=(_SUMMONED,))
        if access.startswith("read-write"):
            return Standing(handle=handle, may=(reads, posts), notes=(_SUMMONED,))
        return Standing(handle=handle, may=(reads,), notes=(_UNTOLD, _SUMMONED))

    # --- how

    def _who(self) -> str:
        """Return our own id; X is asked once, where neither the keys nor the options tell it."""
        if not self._me:
            self._me = self._introduced()[0]
        return self._me

    def _introduced(self) -> tuple[str, str]:
        """Return our id and handle as X says; raises Unauthorised where they are not those of the options."""
        me = self._way.ask("/2/users/me", {}).get("data")
        if not isinstance(me, Mapping) or not {"id", "username"} <= me.keys():
            raise unknown("it does not say who we are")
        self._meter.read("author", [str(me["id"])])
        if str(me["username"]).lower() != self._options.handle.lower():
            raise Unauthorised(f"These are the keys of another account than @{self._options.handle}.")
        return str(me["id"]), str(me["username"])

    def _closed(self, post: Post) -> bool:
        """Whether only people whom a post names may answer it, and it does not name us."""
        return post.restricted and post.named.isdisjoint({self._me, self._options.handle.lower()})

    def _ours(self, to: Mention) -> list[Post]:
        return self._archive.ours(self._who(), to.external_id)

    def _check(self, message: Message) -> None:
        """Refuse what X would not take, or what we do not want it to."""
        if message.audience is not Audience.PUBLIC:
            raise Refused("Only public replies are sent on X.")
        if not message.text.strip():
            raise Refused("The reply is empty.")
        length, most = self.limits.count(message.text), self.limits.length
        if length > most:
            raise Refused(f"The reply has {length} {self.limits.unit}; X takes {most}. Shorten it.")
        if not self._options.links and (link := _link(message.text)):
            raise Refused(
                f"X makes a link of “{one_line(link, 60)}”, and a reply with a link costs 20 times as much. "
                "Put it in other words, or set the option `links`."
            )

    def _pay(self, message: Message, to: Mention) -> None:
        """Count a reply that went out, or may have."""
        summoned = self.eligibility(to).answerable is Answerable.API and not self._options.enterprise
        plain = "summoned_reply" if summoned else "reply"
        self._meter.count("link_reply" if _link(message.text) else plain)


def _link(text: str) -> str:
    """Return the first link that X would make of a text; "" when it makes none."""
    normal = normalize("NFC", text)
    first = next(links(normal), None)
    return normal[first.start : first.end] if first else ""


def _may_answer(ours: Post, to: Mention) -> bool:
    """Whether a post of ours may answer a version of `to` that we have not seen."""
    if not ours.answers or (ours.thread, ours.answers_user) != (to.thread, to.author.id):
        return False
    return 0 < int(ours.answers) - int(to.external_id) < span(_EDITABLE)


def _by_hand(to: Mention) -> str:
    """Return where a person may answer a post."""
    return f"https://x.com/intent/tweet?in_reply_to={to.edit_mark or to.external_id}"


def _address(number: str) -> str:
    return f"https://x.com/i/status/{number}"
