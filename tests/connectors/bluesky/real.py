"""The stage on the real Bluesky network: as the imitation's, and patient where the network takes its time."""

import time
from collections.abc import Callable
from typing import Any

from connectors.bluesky import Bluesky
from responder.model.delivery import Receipt
from responder.model.draft import Message
from responder.model.mention import Mention
from tests.connectors.bluesky.stage import BlueskyStage
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


class RealStage(BlueskyStage):
    """A brand of its own for each test, among strangers that all tests share: people are slow to make."""

    def __init__(self, network: Real, strangers: list[Person]) -> None:
        super().__init__(network.port, COUNTED_BY_NOBODY)
        self.real = network
        self._strangers = strangers
        self._met = 0

    def connector(self, **options: Any) -> Patient:
        given = {"handle": self.brand.handle, "service": self.proxy.url, "page": 5, **options}
        connector = Patient(ACCOUNT, given, self.safe)
        connector.stage = self
        return connector

    def stranger(self) -> Person:
        self._met += 1
        if self._met > len(self._strangers):
            self._strangers.append(self.person())
        return self._strangers[self._met - 1]

    def settle(self, uri: str) -> None:
        wait_for(lambda: self.seen(uri) is not None)
        if not uri.startswith(f"at://{self.brand.did}/") and self.brand.did in str(self.seen(uri)):
            wait_for(lambda: uri in [told for _, told in self.brand.told()])

    def edit(self, external_id: str, text: str) -> None:
        super().edit(external_id, text)
        wait_for(lambda: (self.seen(external_id) or {})["record"]["text"] == text)

    def remove(self, external_id: str) -> None:
        super().remove(external_id)
        wait_for(lambda: self.seen(external_id) is None)

    def seen(self, uri: str) -> dict[str, Any] | None:
        """Return a post as the network shows it to the brand, if it does."""
        posts = self.brand.get("app.bsky.feed.getPosts", uris=uri)["posts"]
        return posts[0] if posts else None
