"""Mastodon's stage on snac: a real server, a far server whose people write to it, and a proxy before it."""

import json
import time
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, ExitStack
from html import escape
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from connectors.mastodon import Mastodon
from tests.connectors.mastodon.failing import broken
from tests.connectors.stage import ACCOUNT, Safe, Stage
from tests.standins.proxy import Proxy
from tests.standins.snac.far import Far
from tests.standins.snac.server import Snac


class Real(Stage):
    """A new account on a running server."""

    def __init__(self, snac: Snac, far: Far, stack: ExitStack) -> None:
        self.snac, self.far = snac, far
        self.brand = snac.account()
        self.token = snac.token(self.brand)
        self.secrets = (self.token,)
        self.safe = Safe(access_token=self.token)
        self.proxy = Proxy(snac.port)
        stack.callback(self.proxy.close)
        self._strangers = 0
        #: The server's id of a post -> its address.
        self.addresses: dict[str, str] = {}
        #: What the account posted without the connector.
        self._by_hand: set[str] = set()

    def connector(self, **options: Any) -> Mastodon:
        told = {"server": self.proxy.url, "page": 2} | options
        return Mastodon(ACCOUNT, told, self.safe)

    def renew(self) -> None:
        """Put another access token in the place of one that was taken back."""
        self.token = self.snac.token(self.brand)
        self.safe.secrets["access_token"] = self.token

    def say(self, text: str, *, by_us: bool = False, answering: str = "", **what: Any) -> str:
        if by_us:
            posted = self.api("statuses", {"status": text, "in_reply_to_id": answering})
            self._by_hand.add(posted["id"])
            return str(posted["id"])
        self._strangers += 1
        name = what.pop("name", f"{self.brand}ana{self._strangers}")
        answered = self._address(answering) if answering else None
        address = self.far.say(name, _html(text), self.brand, answers=answered, **what)
        return self.known(address)

    def say_much(self, texts: list[str]) -> None:
        """Let strangers write, each a post; return when all have arrived."""
        before = len(self.api("notifications?limit=64"))
        for text in texts:
            self._strangers += 1
            self.far.say(
                f"{self.brand}ana{self._strangers}", f"<p>{escape(text)}</p>", self.brand, later=True
            )
        self.snac.hurry(self.brand)
        assert in_time(lambda: len(self.api("notifications?limit=64")) >= min(64, before + len(texts)))

    def known(self, address: str) -> str:
        """Return the server's id of a post of the far server."""
        told: list[str] = []

        def arrived() -> bool:
            posts = [one["status"] for one in self.api("notifications?limit=64")]
            told[:] = [str(one["id"]) for one in posts if one["uri"] == address]
            return bool(told)

        # whoever takes the mail out of the box first, the server or we, may be at work on it still
        assert in_time(arrived)
        self.addresses[told[0]] = address
        return told[0]

    def _address(self, post: str) -> str:
        return self.addresses.get(post) or str(self.api(f"statuses/{post}")["uri"])

    def edit(self, external_id: str, text: str) -> None:
        html = _html(text)
        self.far.edit(self.addresses[external_id], html, self.brand)
        assert in_time(lambda: self.api(f"statuses/{external_id}")["content"] == html)

    def remove(self, external_id: str) -> None:
        self.far.remove(self.addresses[external_id], self.brand)
        assert in_time(lambda: self._gone(external_id))

    def _gone(self, external_id: str) -> bool:
        try:
            self.api(f"statuses/{external_id}")
        except HTTPError as error:
            return error.code == 404
        return False

    def sent(self) -> list[tuple[str, str]]:
        ours = [one for one in self.posts() if one["id"] not in self._by_hand]
        return [(one["in_reply_to_id"], one["text"].partition(" ")[2]) for one in ours]

    def below(self, post: str) -> list[dict[str, Any]]:
        """Return what answers a post."""
        told: list[dict[str, Any]] = self.api(f"statuses/{post}/context")["descendants"]
        return told

    def is_told(self, activity: dict[str, Any], name: str, words: str) -> bool:
        """Whether what the far server received tells somebody of these words."""
        to = f"{self.far.url}/{name}"
        thing = activity.get("object")
        return isinstance(thing, dict) and words in str(thing.get("content")) and to in activity["to"]

    def posts(self) -> list[dict[str, Any]]:
        """Return what our account has posted, the oldest first."""
        me = self.api("accounts/verify_credentials")["id"]
        told: list[dict[str, Any]] = self.api(f"accounts/{me}/statuses?limit=1000")
        return told[::-1]

    def trace(self) -> Hashable:
        return len(self.proxy.writes), len(self.posts())

    def hosts(self) -> list[str]:
        return [one.host for one in self.proxy.requests]

    def broken(self, failure: str) -> AbstractContextManager[None]:
        return broken(self.proxy, failure)

    def api(self, path: str, form: dict[str, str] | None = None) -> Any:
        """Ask the server itself, as our account."""
        body = urlencode(form).encode() if form else None
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"http://127.0.0.1:{self.snac.port}/api/v1/{path}"
        with urlopen(Request(url, body, headers), timeout=10) as answer:
            return json.load(answer)


def in_time(happened: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait for something that a server does when it gets to it."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _html(text: str) -> str:
    """Return a text as HTML that shows it exactly."""
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>"
