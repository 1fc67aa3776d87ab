"""The stage on the real Bluesky network: as the imitation's, and patient where the network takes its time."""

import time
from collections.abc import Callable
from typing import Any

from connectors.bluesky import Bluesky
from responder.model.delivery import Receipt
from responder.model.draft import Message
from responder.model.mention import Mention
from tests.connectors.bluesky.stage import BlueskyStage, unused_handle
from tests.connectors.stage import ACCOUNT
from tests.standins.bluesky.people import Person
from tests.standins.bluesky.real import BYPASS, Real

COUNTED_BY_NOBODY = {"x-ratelimit-bypass": BYPASS}


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + 30
    while not what():
        assert time.monotonic() < ends, "the network does not show it"
        time.sleep(0.03)


class Patient(Bluesky):
    """Returns from a reply once the network shows it."""

    stage: "RealStage"

    def send(self, message: Message, to: Mention) -> Receipt:
        receipt = super().send(message, to)
        self.stage.settle(receipt.remote_id)
        return receipt


class Settled(Person):
    """Does nothing more before the network shows the brand what was done."""

    stage: "RealStage"

    def say(self, text: str, *, to: Person | None = None, answering: str = "", **more: Any) -> str:
        uri = super().say(text, to=to, answering=answering, **more)
        self.stage.settle(uri)
        return uri

    def edit(self, uri: str, text: str) -> None:
        super().edit(uri, text)
        wait_for(lambda: (self.stage.seen(uri) or {})["record"]["text"] == text)

    def delete(self, uri: str) -> None:
        super().delete(uri)
        wait_for(lambda: self.stage.seen(uri) is None)
        wait_for(lambda: uri not in [told for _, told in self.stage.brand.told()])

    def block(self, other: Person) -> str:
        uri = super().block(other)
        wait_for(lambda: self.blocks(other))
        return uri

    def unblock(self, block: str) -> None:
        super().unblock(block)
        wait_for(lambda: not self.blocks(self.stage.brand))

    def close_thread(self, uri: str) -> None:
        super().close_thread(uri)
        wait_for(lambda: "threadgate" in self.get("app.bsky.feed.getPostThread", uri=uri, depth=0))

    def blocks(self, other: Person) -> bool:
        """Whether the network shows that one of both blocks the other."""
        viewer = self.get("app.bsky.actor.getProfile", actor=other.did)["viewer"]
        return bool(viewer.get("blocking") or viewer.get("blockedBy"))


class RealStage(BlueskyStage):
    """A brand of its own for each test, among strangers that all tests share: people are slow to make."""

    def __init__(self, network: Real, strangers: list[Settled]) -> None:
        self._strangers = strangers
        self._met = 0
        super().__init__(network.port, COUNTED_BY_NOBODY)
        self.real = network

    def connector(self, **options: Any) -> Patient:
        given = {"handle": self.brand.handle, "service": self.proxy.url, "page": 5, **options}
        connector = Patient(ACCOUNT, given, self.safe)
        connector.stage = self
        return connector

    def person(self, name: str = "ana") -> Person:
        """Return somebody who did nothing in this test yet."""
        if name == "brand":
            return self.newcomer(name)
        self._met += 1
        if self._met > len(self._strangers):
            self._strangers.append(self.newcomer(name))
        one = self._strangers[self._met - 1]
        one.stage = self
        return one

    def newcomer(self, name: str) -> Settled:
        """Return somebody whom no other test will meet."""
        one = Settled(self.network, unused_handle(name), COUNTED_BY_NOBODY)
        one.stage = self
        return one

    def settle(self, uri: str) -> None:
        wait_for(lambda: self.seen(uri) is not None)
        if not uri.startswith(f"at://{self.brand.did}/") and self.brand.did in str(self.seen(uri)):
            wait_for(lambda: uri in [told for _, told in self.brand.told()])

    def seen(self, uri: str) -> dict[str, Any] | None:
        """Return a post as the network shows it to the brand, if it does."""
        posts = self.brand.get("app.bsky.feed.getPosts", uris=uri)["posts"]
        return posts[0] if posts else None
