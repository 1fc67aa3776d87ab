"""Mastodon: hears mentions, hashtags and searches on servers that speak its API, and answers there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.mastodon.length import PER_LINK, length
from connectors.mastodon.listening import Ear
from connectors.mastodon.options import checked
from connectors.mastodon.posts import Reading, Unreadable, moment
from connectors.mastodon.reply import ADDRESSING, Room, composed, warning_over
from connectors.mastodon.standing import standing
from connectors.mastodon.thread import Thread, Told, closed
from connectors.mastodon.wire import Missing, Wire
from responder.connector import (
    Answerable,
    Eligibility,
    Limits,
    Look,
    Malformed,
    Message,
    Page,
    Receipt,
    Refused,
    Secret,
    Shown,
    Sight,
    Standing,
    Unauthorised,
    Unavailable,
)
from responder.model.mention import Mention

__all__ = ["Mastodon"]

#: Our own posts are looked through so far back for an answer: pages, and time before what it answers.
_PAGES = 5
_SLACK = timedelta(days=1)


class Mastodon:
    """An account on a server of the fediverse; docs/connectors.md explains the options.

    The secret `access_token` is asked for when the first request is made.
    """

    network = "mastodon"

    def __init__(self, account: str, options: Mapping[str, Any], secret: Secret) -> None:
        self._account = account
        self._options = checked(options)
        self._wire = Wire(self._options.server, self._options.host, lambda: secret("access_token"))
        self._reading = Reading(account)
        self._ear = Ear(self._options, self._wire, self._reading)
        self._room = Room(self._options.length, PER_LINK)
        self._knows_room = False
        #: The post that was looked at last, and who may see it.
        self._looked = ("", "")
        self.limits = self._limits()

    def poll(self, cursor: str | None) -> Page:
        """Return what was said since `cursor`; the first poll looks back as far as `history` says.

        An idle account is one request, and one more for each hashtag and search. The first poll of a
        connector asks who we are and what the server takes, and each answer that is heard is asked for its
        conversation.
        """
        self._wire.me()
        self._ask_for_room()
        return self._ear.poll(cursor)

    def eligibility(self, mention: Mention) -> Eligibility:
        """Say that whoever this account heard may be answered; that somebody blocks us, a look tells."""
        if mention.account != self._account:
            return Eligibility(answerable=Answerable.NO, detail=f"{self._account} did not hear it")
        return Eligibility(answerable=Answerable.API)

    def look(self, mention: Mention) -> Look:
        """Read the target again, and then what was said below it.

        Two requests where it stands as it was: no single one tells both an edit and an answer. One where it
        was edited; where it is gone, one more to tell who deleted it from who blocks us.
        """
        try:
            thread = self._thread(mention)
            now = thread.now(self._reading)
            if why := closed(thread.told):
                return Look(sight=Sight.CLOSED, now=now, detail=why)
            if now.edit_mark != mention.edit_mark:
                return Look(sight=Sight.CHANGED, now=now, detail="its author edited it")
            below = self._below(mention)
        except Missing:
            return self._gone(mention)
        self._looked = (mention.external_id, str(thread.told.get("visibility")))
        if answers := thread.answers(below):
            return Look(
                sight=Sight.ANSWERED, now=now, detail=f"our answer is {thread.receipt(answers[0]).url}"
            )
        return Look(sight=Sight.PRESENT, now=now, since=thread.since(below, self._reading))

    def send(self, message: Message, to: Mention) -> Receipt:
        """Post `message` as an answer, addressed to its author, and seen by no more people than it.

        The key goes along as Idempotency-Key, and nothing rests on it: most servers ignore it, and those
        that know it forget it. A reply is single because the core calls once, one call at a time on an
        account, and looks before it calls again.
        """
        count = self.limits.count(message.text)
        if count > self.limits.length:
            raise Refused(f"The reply has {count} characters; {self.limits.length} is the limit. Shorten it.")
        direct = self._options.visibility == "direct"
        reply = composed(message, to, self._room, warn=self._options.warnings, direct=direct)
        visibility = "direct" if reply.direct else self._visibility(to)
        return self._wire.post(
            lambda client: client.status_post(
                reply.text,
                in_reply_to_id=to.external_id,
                visibility=visibility,
                spoiler_text=reply.warning or None,
                language=message.language or None,
                idempotency_key=message.key,
            ),
            Thread(to, "").receipt,
        )

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        """Look for our answers to `to` below it, and where none is, among our own posts; whatever their text.

        Where `to` is gone, servers forget what answered it: then our posts of these words to its author.
        """
        try:
            thread = self._thread(to)
            found = thread.answers(self._below(to)) or thread.answers(self._own(to))
        except Missing:
            thread, posts = Thread(to, str(self._wire.me()["id"])), self._own(to)
            found = thread.answers(posts) + thread.orphans(posts, message)
        return tuple({one.remote_id: one for one in map(thread.receipt, found)}.values())

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        """Read our answer back, also as somebody who is not logged in; one request each.

        Of a private answer strangers should see nothing: to_strangers is True when they do, else None.
        """
        thread = Thread(to, str(self._wire.me()["id"]))
        try:
            told = self._wire.ask(lambda client: client.status(receipt.remote_id), dict)
        except Missing:
            return Shown(text=None)
        if not thread.ours(told):
            return Shown(text=None)
        seen = self._wire.ask_unknown(lambda client: client.status(receipt.remote_id))
        private = told.get("visibility") not in {"public", "unlisted"}
        return Shown(text=thread.words(told), to_strangers=(seen or None) if private else seen)

    def whoami(self) -> Standing:
        """Ask who we are and what we may do; five requests at the most, which change nothing."""
        self._wire.me()
        self._ask_for_room()
        return standing(self._wire, self._options, self._room)

    def _thread(self, mention: Mention) -> Thread:
        """Return a post with what its server says of it now; raises Missing where it is gone."""
        told = self._wire.ask(lambda client: client.status(mention.external_id), dict)
        return Thread(mention, str(self._wire.me()["id"]), told)

    def _limits(self) -> Limits:
        return Limits(
            length=self._room.most - ADDRESSING,
            count=lambda text: length(text, self._room.per_link),
            besides=self._besides,
            hosts=(self._options.host,),
        )

    def _besides(self, words: str, to: Mention) -> str:
        """Tell of the content warning under which a reply goes out."""
        warning = warning_over(words, to, self._room) if self._options.warnings else ""
        return f"It goes out under their content warning: {warning}" if warning else ""

    def _ask_for_room(self) -> None:
        """Ask once what the server takes. One that takes less than `length` lowers the limit.

        One that takes more does not raise it: a process that never polls would not know, and would refuse
        what another one drafted.
        """
        if self._knows_room:
            return
        for ask in (lambda client: client.instance_v2(), lambda client: client.instance_v1()):
            try:
                told = self._wire.ask(ask, dict)
            except Unavailable:
                return  # the next poll asks again
            except Malformed:
                continue
            self._room = _room(told, self._room)
            self.limits = self._limits()
            break
        self._knows_room = True

    def _below(self, mention: Mention) -> list[Told]:
        """Return what was said below a post; raises Missing where it is gone."""
        context = self._wire.ask(lambda client: client.status_context(mention.external_id), dict)
        below = context.get("descendants")
        return [one for one in below if isinstance(one, Mapping)] if isinstance(below, list) else []

    def _own(self, to: Mention) -> list[Told]:
        """Return our own posts since `to` was written, some hundreds at the most."""
        asked: dict[str, Any] = {"id": str(self._wire.me()["id"]), "exclude_reblogs": True, "limit": 40}
        posts: dict[str, Told] = {}
        for _ in range(_PAGES):
            page = self._wire.ask(lambda client: client.account_statuses(**asked), list)
            fresh = {str(one["id"]): one for one in page if isinstance(one, Mapping) and one.get("id")}
            if fresh.keys() <= posts.keys():
                break
            posts |= fresh
            asked["max_id"] = list(fresh)[-1]
            if _time(fresh[asked["max_id"]]) < to.created_at - _SLACK:
                break
        return list(posts.values())

    def _gone(self, mention: Mention) -> Look:
        """Tell why a post is not there: a block hides it from us, and from nobody else."""
        author = mention.author.id
        try:
            told = self._wire.ask(lambda client: client.account_relationships([author]), list)
        except (Malformed, Unauthorised):  # a right of its own, which not every token has
            told = []
        if any(isinstance(one, Mapping) and one.get("blocked_by") is True for one in told):
            return Look(sight=Sight.CLOSED, detail="its author blocks us")
        return Look(sight=Sight.GONE, detail="it is not there any more")

    def _visibility(self, to: Mention) -> str:
        """Return who may see a reply to a public post: no more people than see that."""
        if self._options.visibility != "public":
            return self._options.visibility
        known, seen_by = self._looked
        if known != to.external_id:
            try:
                told = self._wire.ask(lambda client: client.status(to.external_id), dict)
            except Missing:
                raise Refused("The post is not there any more.") from None
            seen_by = str(told.get("visibility"))
        return "public" if seen_by == "public" else "unlisted"


def _room(told: Told, before: Room) -> Room:
    """Return what a server says that it takes, and no more than before."""
    configuration = told.get("configuration")
    statuses = configuration.get("statuses") if isinstance(configuration, Mapping) else None
    most, per_link = (
        statuses.get(key) if isinstance(statuses, Mapping) else None
        for key in ("max_characters", "characters_reserved_per_url")
    )
    return Room(
        most=min(before.most, most) if isinstance(most, int) and most > ADDRESSING else before.most,
        per_link=max(before.per_link, per_link) if isinstance(per_link, int) else before.per_link,
    )


def _time(post: Told) -> datetime:
    """Return when a post was written; one that tells no time is as young as can be."""
    try:
        return moment(post.get("created_at"))
    except Unreadable:
        return datetime.max.replace(tzinfo=UTC)
