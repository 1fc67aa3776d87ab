"""People on Bluesky, acting as their own apps would have them; on the imitation and on the real network."""

import time
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.standins.bluesky.state import POST

PASSWORD = "canary-password-71be"


class Person:
    """Somebody with an account of their own at `url`."""

    def __init__(self, url: str, handle: str, headers: dict[str, str] | None = None) -> None:
        self.http = httpx.Client(
            base_url=f"{url}/xrpc/",
            headers=headers,
            limits=httpx.Limits(max_keepalive_connections=0),
            timeout=30,
            verify=False,  # noqa: S501 (plain HTTP: reading certificates would be all that takes time)
        )
        told = self.post(
            "com.atproto.server.createAccount",
            handle=handle,
            email=f"{handle}@mail.example",
            password=PASSWORD,
        )
        self.did, self.handle = str(told["did"]), handle
        self.http.headers["Authorization"] = f"Bearer {told['accessJwt']}"

    def post(self, method: str, **body: Any) -> dict[str, Any]:
        """Make a call that does something."""
        answer = self.http.post(method, json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()) if answer.content else {}

    def get(self, method: str, **params: Any) -> dict[str, Any]:
        """Make a call that reads."""
        answer = self.http.get(method, params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def say(self, text: str, *, to: "Person | None" = None, answering: str = "", **more: Any) -> str:
        """Make a post public, telling `to` of it, as an answer to a post; return its address."""
        record = {"$type": POST, "text": text, "createdAt": _now(), **more}
        if to:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": to.did}
            facet = {"index": {"byteStart": 0, "byteEnd": 1}, "features": [feature]}
            record["facets"] = [*more.get("facets", ()), facet]
        if answering:
            record["reply"] = self._place(answering)
        return self.record(POST, record)["uri"]

    def record(self, collection: str, value: dict[str, Any], key: str = "") -> dict[str, str]:
        """Make a record."""
        body: dict[str, Any] = {"repo": self.did, "collection": collection, "record": value}
        told = self.post("com.atproto.repo.createRecord", **body, **({"rkey": key} if key else {}))
        return {"uri": told["uri"], "cid": told["cid"]}

    def read(self, uri: str) -> dict[str, Any]:
        """Return a record: its address, its hash, its value."""
        did, collection, key = uri.removeprefix("at://").split("/")
        return self.get("com.atproto.repo.getRecord", repo=did, collection=collection, rkey=key)

    def edit(self, uri: str, text: str) -> None:
        """Put other words in the place of a post's."""
        key = uri.rpartition("/")[2]
        value = {**self.read(uri)["value"], "text": text}
        self.post("com.atproto.repo.putRecord", repo=self.did, collection=POST, rkey=key, record=value)

    def delete(self, uri: str) -> None:
        """Take a post away."""
        key = uri.rpartition("/")[2]
        self.post("com.atproto.repo.deleteRecord", repo=self.did, collection=POST, rkey=key)

    def block(self, other: "Person") -> str:
        """Block somebody; return the address of that."""
        kind = "app.bsky.graph.block"
        return self.record(kind, {"$type": kind, "subject": other.did, "createdAt": _now()})["uri"]

    def unblock(self, block: str) -> None:
        """Take a block back."""
        key = block.rpartition("/")[2]
        self.post("com.atproto.repo.deleteRecord", repo=self.did, collection="app.bsky.graph.block", rkey=key)

    def close_thread(self, uri: str) -> None:
        """Let nobody reply in a thread any more."""
        kind, key = "app.bsky.feed.threadgate", uri.rpartition("/")[2]
        self.record(kind, {"$type": kind, "post": uri, "allow": [], "createdAt": _now()}, key)

    def told(self) -> list[tuple[str, str]]:
        """Return what this person is told of: (why, the address of the post), the newest first."""
        notes = self.get("app.bsky.notification.listNotifications", limit=50)["notifications"]
        return [(note["reason"], note["uri"]) for note in notes]

    def _place(self, uri: str) -> dict[str, Any]:
        parent = self.read(uri)
        here = {"uri": uri, "cid": parent["cid"]}
        return {"root": parent["value"].get("reply", {}).get("root", here), "parent": here}


def _now() -> str:
    """Return a time that no other post has."""
    time.sleep(0.001)
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
