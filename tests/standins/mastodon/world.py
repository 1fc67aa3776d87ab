"""Who is on a server and what was said there."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.standins.mastodon.markup import markup, paragraphs

HOST = "social.example"


@dataclass
class Person:
    """An account, of this server or of another one."""

    id: str
    #: "ana", or "ana@far.example" for somebody from another server.
    acct: str
    name: str = ""
    bot: bool = False
    followers: int = 0
    #: Ids of people this one blocks.
    blocks: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        user, _, host = self.acct.partition("@")
        return f"https://{host or HOST}/@{user}"


@dataclass
class Post:
    """A status."""

    id: str
    by: Person
    html: str
    at: datetime
    visibility: str = "public"
    warning: str = ""
    answers: str | None = None
    mentions: tuple[Person, ...] = ()
    edited: datetime | None = None
    language: str | None = "en"
    tags: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    #: As its author typed it, where that was here.
    source: str = ""


@dataclass
class Notification:
    id: int
    at: datetime
    kind: str
    by: Person
    post: str | None
    #: Kept back by the account's policy.
    filtered: bool = False


class World:
    """A server with one account of ours, `brand`, and everybody who speaks to it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.people: dict[str, Person] = {}
        self.posts: dict[str, Post] = {}
        self.told: list[Notification] = []
        self.most, self.per_link = 500, 23
        #: Honour Idempotency-Key; most servers do not.
        self.honours_keys = False
        self.keys: dict[str, str] = {}
        #: Whether what strangers say is kept back as a request.
        self.filters_strangers = False
        self.brand = self.person("brand")

    def person(self, acct: str, **what: Any) -> Person:
        """Return the person of this handle, who may be new."""
        for one in self.people.values():
            if one.acct == acct:
                return one
        made = Person(
            id=str(109_000_000_000_000_001 + len(self.people)), acct=acct, name=acct.title(), **what
        )
        self.people[made.id] = made
        return made

    def tick(self, minutes: float = 1 / 60) -> datetime:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)
        return self.now

    def say(self, by: Person, text: str, **what: Any) -> Post:
        """Let somebody write to us: what they say names us as apps do, without our handle in the words."""
        html = paragraphs(markup_escape(text))
        return self.publish(by, html, mentions=(self.brand,), **what)

    def publish(self, by: Person, html: str, **what: Any) -> Post:
        """Put a post there, and tell everybody it names who does not block its author."""
        self.tick()
        number = (int(self.now.timestamp() * 1000) << 16) + len(self.posts)
        post = Post(id=str(number), by=by, html=html, at=self.now, **what)
        self.posts[post.id] = post
        for person in post.mentions:
            if by.id not in person.blocks and person.id != by.id:
                kept = self.filters_strangers and person is self.brand
                self.told.append(
                    Notification(1000 + len(self.told), self.now, "mention", by, post.id, filtered=kept)
                )
        return post

    def typed(self, by: Person, text: str, **what: Any) -> Post:
        """Put a post there as somebody types it here: its handles are found, its ends stripped."""
        text = text.strip()
        named = {acct: one for one in self.people.values() for acct in self._names(one)}
        found = [named.get(acct.lower()) for acct in re.findall(r"(?<![\w/])@(\w+(?:@[\w.:-]+\w)?)", text)]
        mentions = tuple(dict.fromkeys(one.id for one in found if one))
        profile = {acct: one.url for acct, one in named.items()}
        html = markup(text, lambda acct: profile.get(acct.lower()))
        tags = tuple(re.findall(r"(?<![\w/])#(\w+)", text))
        people = tuple(self.people[one] for one in mentions)
        return self.publish(by, html, mentions=people, tags=tags, source=text, **what)

    def edit(self, post_id: str, text: str) -> None:
        """Let an author change a post."""
        html = paragraphs(markup_escape(text))
        self.posts[post_id] = replace(self.posts[post_id], html=html, edited=self.tick())

    def remove(self, post_id: str) -> None:
        """Let an author delete a post: notifications of it go, and what answers it answers nothing."""
        del self.posts[post_id]
        self.told = [one for one in self.told if one.post != post_id]
        for one in self.posts.values():
            if one.answers == post_id:
                one.answers = None

    def sees(self, person: Person | None, post: Post) -> bool:
        """Whether somebody (None: not logged in) may read a post."""
        if person and person.id in post.by.blocks:
            return False
        if post.visibility in {"public", "unlisted"}:
            return True
        return person is not None and (person is post.by or person in post.mentions)

    def ancestors(self, post: Post) -> list[Post]:
        """Return what a post answers, the first first."""
        above = self.posts.get(post.answers or "")
        return [*self.ancestors(above), above] if above else []

    def descendants(self, post: Post) -> list[Post]:
        """Return what answers a post, and what answers that."""
        found = []
        for one in self.posts.values():
            if one.answers == post.id:
                found += [one, *self.descendants(one)]
        return found

    def _names(self, person: Person) -> list[str]:
        local = "@" not in person.acct
        return [person.acct.lower(), *([f"{person.acct.lower()}@{HOST}"] if local else [])]


def markup_escape(text: str) -> str:
    """Return a text as HTML that shows it exactly."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
