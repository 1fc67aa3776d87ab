"""A scripted network for tests: it keeps the contract, remembers every write, and fails when told to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from responder.connector import Account, Answerable, Eligibility, Limits, Look, Page, Sight
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.mention import Author, Mention

#: When every test begins.
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Return the time so many minutes after the start."""
    return START + timedelta(minutes=minutes)


def mention(
    external_id: str,
    text: str = "My parcel is lost.",
    *,
    thread: str = "",
    author: str = "ana",
    minutes: float = 0,
) -> Mention:
    """Return a post somebody might have written on account "shop"."""
    return Mention(
        account="shop",
        external_id=external_id,
        thread=thread or external_id,
        author=Author(id=f"id-{author}", handle=author, name=author.title()),
        text=text,
        created_at=at(minutes),
        language="en",
        url=f"https://net.example/{external_id}",
    )


@dataclass
class ScriptedNetwork:
    """What is public, and a script of failures for the calls to come."""

    network: str = "scripted"
    limits: Limits = field(default_factory=lambda: Limits(length=500))
    #: Everything ever said, in order; an edit or removal is a later entry.
    feed: list[Mention | str] = field(default_factory=list)
    #: Replies that are public: (target, text), in the order they arrived.
    public: list[tuple[str, str]] = field(default_factory=list)
    #: Called before and after the effect of a send; raising makes it fail there.
    before_effect: list[Callable[[], None]] = field(default_factory=list)
    after_effect: list[Callable[[], None]] = field(default_factory=list)
    answerable: Eligibility = field(default_factory=lambda: Eligibility(answerable=Answerable.API))
    #: Raised by every read while set.
    unreachable: Exception | None = None
    #: Posts a colleague answered natively.
    answered: set[str] = field(default_factory=set)
    #: Posts that nobody may answer any more.
    closed: set[str] = field(default_factory=set)
    #: Our replies are hidden from strangers, without a word.
    shadowed: bool = False

    def say(self, *posts: Mention) -> None:
        """Let customers write."""
        self.feed.extend(posts)

    def edit(self, external_id: str, text: str, mark: str) -> None:
        """Let an author change what they wrote."""
        self.feed.append(replace(self.now(external_id), text=text, edit_mark=mark))

    def remove(self, external_id: str) -> None:
        """Let an author take a post away."""
        self.feed.append(external_id)

    def now(self, external_id: str) -> Mention:
        """Return a post as it reads now."""
        return [one for one in self.feed if isinstance(one, Mention) and one.external_id == external_id][-1]

    def gone(self, external_id: str) -> bool:
        """Whether a post was taken away."""
        return external_id in self.feed

    def since(self, one: Mention) -> tuple[Mention, ...]:
        """Return what the author of a post wrote in its thread after it."""
        later = (post for post in self.feed if isinstance(post, Mention) and not self.gone(post.external_id))
        return tuple(
            post
            for post in later
            if (post.thread, post.author.id) == (one.thread, one.author.id)
            and post.created_at > one.created_at
        )

    def poll(self, cursor: str | None) -> Page:
        if self.unreachable:
            raise self.unreachable
        start = int(cursor or 0)
        new = self.feed[start : start + 50]
        return Page(
            mentions=tuple(one for one in new if isinstance(one, Mention)),
            removed=tuple(one for one in new if isinstance(one, str)),
            cursor=str(start + len(new)),
            more=start + len(new) < len(self.feed),
        )

    def eligibility(self, mention: Mention) -> Eligibility:
        return self.answerable

    def look(self, mention: Mention) -> Look:
        if self.unreachable:
            raise self.unreachable
        if self.gone(mention.external_id):
            return Look(sight=Sight.GONE)
        now = self.now(mention.external_id)
        if (now.text, now.edit_mark) != (mention.text, mention.edit_mark):
            return Look(sight=Sight.CHANGED, now=now)
        if mention.external_id in self.answered:
            return Look(sight=Sight.ANSWERED, detail="by a colleague")
        if mention.external_id in self.closed:
            return Look(sight=Sight.CLOSED, detail="its author locked it")
        return Look(sight=Sight.PRESENT, now=now, since=self.since(now))

    def send(self, message: Message, to: Mention) -> Receipt:
        if self.before_effect:
            self.before_effect.pop(0)()
        self.public.append((to.external_id, message.text))
        number = len(self.public)
        if self.after_effect:
            self.after_effect.pop(0)()
        return Receipt(remote_id=f"r{number}", url=f"https://net.example/r{number}", text=message.text)

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        if self.unreachable:
            raise self.unreachable
        return tuple(
            Receipt(remote_id=f"r{number}", url=f"https://net.example/r{number}", text=text)
            for number, (target, text) in enumerate(self.public, 1)
            if target == to.external_id
        )

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        if self.unreachable:
            raise self.unreachable
        texts = [text for number, (_, text) in enumerate(self.public, 1) if receipt.remote_id == f"r{number}"]
        return Shown(text=texts[0] if texts else None, to_strangers=bool(texts) and not self.shadowed)


def account(network: ScriptedNetwork) -> Account:
    """Return the account under which the tests know a scripted network."""
    return Account(name="shop", connector=network, every=60)
