"""Mastodon's stage: the imitation, behind a proxy that breaks what it is told to."""

from collections.abc import Hashable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from connectors.mastodon import Mastodon
from tests.connectors.mastodon.failing import broken
from tests.connectors.stage import ACCOUNT, Safe, Stage
from tests.standins.mastodon.server import TOKEN, Api, served
from tests.standins.mastodon.world import Post, World
from tests.standins.proxy import Proxy


class Imitated(Stage):
    """One account on one server of our own making."""

    secrets = (TOKEN,)

    def __init__(self, stack: ExitStack) -> None:
        self.world = World()
        self.api = Api(self.world)
        self.proxy = Proxy(stack.enter_context(served(self.api)))
        stack.callback(self.proxy.close)
        self._strangers = 0

    def connector(self, **options: Any) -> Mastodon:
        told = {"server": self.proxy.url, "page": 2} | options
        return Mastodon(ACCOUNT, told, Safe(access_token=TOKEN))

    def say(self, text: str, *, by_us: bool = False, answering: str = "", **what: Any) -> str:
        if by_us:
            answered = self.world.posts.get(answering)
            handle = f"@{answered.by.acct} " if answered else ""
            return self.world.typed(self.world.brand, handle + text, answers=answering or None, **what).id
        self._strangers += 1
        stranger = self.world.person(f"ana{self._strangers}@far.example")
        return self.world.say(stranger, text, answers=answering or None, **what).id

    def edit(self, external_id: str, text: str) -> None:
        self.world.edit(external_id, text)

    def remove(self, external_id: str) -> None:
        self.world.remove(external_id)

    def sent(self) -> list[tuple[str, str]]:
        return [self._without_handle(self.world.posts[one]) for one in self.api.posted]

    def trace(self) -> Hashable:
        return len(self.proxy.writes), len(self.sent())

    def hosts(self) -> list[str]:
        return [one.host for one in self.proxy.requests]

    def broken(self, failure: str) -> AbstractContextManager[None]:
        return broken(self.proxy, failure)

    def _without_handle(self, post: Post) -> tuple[str, str]:
        """Return what a post answers, and its words after the handle that each must begin with."""
        answered = self.world.posts[post.answers or ""]
        handle = f"@{answered.by.acct} "
        assert post.source.startswith(handle), "nobody is told of it"
        return answered.id, post.source.removeprefix(handle)
