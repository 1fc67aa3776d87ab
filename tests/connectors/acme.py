"""A made-up network behind requests, and a connector for it: the contract's suite is tried on them."""

import logging
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from responder.connector import (
    Answerable,
    Eligibility,
    Limits,
    Look,
    Page,
    Refused,
    Sight,
    Unauthorised,
    Unavailable,
    Unsure,
)
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.mention import Author, Mention
from tests.connectors.stage import ACCOUNT, PLANNED, Failure, Stage

HOST = "api.acme.example"
TOKEN = "canary-token-5e1d"
READS = ("poll", "look", "find_sent", "shown")
FAILURES: Mapping[str, Failure] = {
    "no connection": Failure(Unavailable, (*READS, "send")),
    "401": Failure(Unauthorised, (*READS, "send")),
    "403": Failure(Refused, ("send",)),
    "lost request": Failure(Unsure, ("send",)),
    "lost answer": Failure(Unsure, ("send",)),
}


@dataclass
class Post:
    """One public post."""

    id: str
    author: str
    text: str
    answers: str = ""
    version: int = 0
    gone: bool = False


@dataclass
class Server:
    """What the network holds, and what was asked of it."""

    posts: list[Post] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    writes: int = 0
    failure: str = ""

    def request(self, host: str, *, writes: bool, effect: Callable[[], None] = lambda: None) -> list[Post]:
        """Answer one request; what goes wrong is a TimeoutError, a ConnectionError or a PermissionError."""
        self.hosts.append(host)
        if self.failure == "no connection":
            raise ConnectionError("refused")
        if self.failure in {"401", "403"}:
            raise PermissionError(self.failure)
        self.writes += writes
        if writes and self.failure == "lost request":
            raise TimeoutError("on the way there")
        effect()
        if writes and self.failure == "lost answer":
            raise TimeoutError("on the way back")
        return [post for post in self.posts if not post.gone]

    def publish(self, author: str, text: str, answers: str) -> str:
        """Add a post and return its id."""
        post = Post(str(1000 + len(self.posts)), author, text, answers)
        self.posts.append(post)
        return post.id


class Acme:
    """A connector as it should be; the mutants in test_contract.py each spoil one thing."""

    network = "acme"
    limits = Limits(length=60, hosts=(HOST,))

    def __init__(self, server: Server, token: str) -> None:
        self.server = server
        self.token = token

    def poll(self, cursor: str | None) -> Page:
        start = int(cursor or 0)
        posts = self.ask(writes=False)
        mentions = tuple(map(self.mention, filter(self.heard, posts[start : start + 2])))
        end = min(start + 2, len(posts))
        return Page(mentions=mentions, cursor=str(end), more=end < len(posts))

    def eligibility(self, mention: Mention) -> Eligibility:
        return Eligibility(answerable=Answerable.API)

    def look(self, mention: Mention) -> Look:
        posts = {post.id: post for post in self.ask(writes=False)}
        if any(self.ours(post) and post.answers == mention.external_id for post in posts.values()):
            return Look(sight=Sight.ANSWERED, detail="we answered it")
        if mention.external_id not in posts:
            return Look(sight=Sight.GONE, detail="it was removed")
        now = self.mention(posts[mention.external_id])
        if now.edit_mark != mention.edit_mark:
            return Look(sight=Sight.CHANGED, now=now)
        return Look(sight=Sight.PRESENT)

    def send(self, message: Message, to: Mention) -> Receipt:
        if self.limits.count(message.text) > self.limits.length:
            raise Refused("The reply is too long.")
        ids: list[str] = []
        self.ask(
            writes=True,
            effect=lambda: ids.append(self.server.publish(ACCOUNT, message.text, to.external_id)),
        )
        return Receipt(remote_id=ids[0], url="")

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        return tuple(
            Receipt(remote_id=post.id, url="", text=post.text)
            for post in self.ask(writes=False)
            if self.ours(post) and post.answers == to.external_id
        )

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        texts = [post.text for post in self.ask(writes=False) if post.id == receipt.remote_id]
        return Shown(text=texts[0] if texts else None, to_strangers=bool(texts))

    def ask(self, *, writes: bool, effect: Callable[[], None] = lambda: None) -> list[Post]:
        """Make one request; every failure becomes an error of the contract."""
        logging.getLogger("acme").debug("asking %s", HOST)
        try:
            return self.server.request(HOST, writes=writes, effect=effect)
        except TimeoutError as error:
            raise Unsure("No answer came.") from error
        except PermissionError as error:
            raise (Unauthorised() if str(error) == "401" else Refused()) from error
        except ConnectionError as error:
            raise Unavailable(f"{HOST} could not be reached.") from error

    def ours(self, post: Post) -> bool:
        return post.author == ACCOUNT

    def heard(self, post: Post) -> bool:
        return not self.ours(post)

    def mention(self, post: Post) -> Mention:
        return Mention(
            account=ACCOUNT,
            external_id=post.id,
            thread=post.answers or post.id,
            author=Author(id=f"id-{post.author}", handle=post.author),
            text=post.text,
            created_at=PLANNED - timedelta(minutes=1),
            edit_mark=str(post.version or ""),
        )


class AcmeStage(Stage):
    """The made-up network, with Acme or a mutant of it on it."""

    secrets = (TOKEN,)

    def __init__(self, kind: type[Acme] = Acme) -> None:
        self._kind = kind
        self._server = Server()

    def connector(self) -> Acme:
        return self._kind(self._server, TOKEN)

    def say(self, text: str, *, by_us: bool = False, answering: str = "") -> str:
        author = ACCOUNT if by_us else f"ana{len(self._server.posts)}"
        return self._server.publish(author, text, answering)

    def edit(self, external_id: str, text: str) -> None:
        post = self._post(external_id)
        post.text, post.version = text, post.version + 1

    def remove(self, external_id: str) -> None:
        self._post(external_id).gone = True

    def sent(self) -> list[tuple[str, str]]:
        return [(post.answers, post.text) for post in self._server.posts if post.author == ACCOUNT]

    def trace(self) -> Hashable:
        return self._server.writes

    def hosts(self) -> list[str]:
        return self._server.hosts

    @contextmanager
    def broken(self, failure: str) -> Iterator[None]:
        self._server.failure = failure
        yield
        self._server.failure = ""

    def _post(self, external_id: str) -> Post:
        return next(post for post in self._server.posts if post.id == external_id)
