"""Mastodon's stage on snac: a real server, a far server whose people write to it, and a proxy before it."""

import json
from collections.abc import Hashable
from contextlib import AbstractContextManager, ExitStack
from html import escape
from typing import Any
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
        self.proxy = Proxy(snac.port)
        stack.callback(self.proxy.close)
        self._strangers = 0
        #: The server's id of a post -> its address.
        self.addresses: dict[str, str] = {}
        #: What the account posted without the connector.
        self._by_hand: set[str] = set()

    def connector(self, **options: Any) -> Mastodon:
        told = {"server": self.proxy.url, "page": 2} | options
        return Mastodon(ACCOUNT, told, Safe(access_token=self.token))

    def say(self, text: str, *, by_us: bool = False, answering: str = "", **what: Any) -> str:
        if by_us:
            posted = self.api("statuses", {"status": text, "in_reply_to_id": answering})
            self._by_hand.add(posted["id"])
            return str(posted["id"])
        self._strangers += 1
        name = what.pop("name", f"{self.brand}ana{self._strangers}")
        html = f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>"
        address = self.far.say(name, html, self.brand, answers=self.addresses.get(answering), **what)
        return self.known(address)

    def known(self, address: str) -> str:
        """Return the server's id of a post of the far server."""
        posts = [one["status"] for one in self.api("notifications?limit=64")]
        told = next(str(one["id"]) for one in posts if one["uri"] == address)
        self.addresses[told] = address
        return told

    def edit(self, external_id: str, text: str) -> None:
        self.far.edit(self.addresses[external_id], f"<p>{escape(text, quote=False)}</p>", self.brand)

    def remove(self, external_id: str) -> None:
        self.far.remove(self.addresses[external_id], self.brand)

    def sent(self) -> list[tuple[str, str]]:
        ours = [one for one in self.posts() if one["id"] not in self._by_hand]
        return [(one["in_reply_to_id"], one["text"].partition(" ")[2]) for one in ours]

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
