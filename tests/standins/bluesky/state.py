"""What the imitation of Bluesky holds: accounts, records, who is told of what, who sees what."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any

POST = "app.bsky.feed.post"
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
#: How far up a thread people are told of a reply.
_HEIGHT = 5


class No(Exception):
    """An answer with 400 or 401."""

    def __init__(self, name: str, said: str = "", status: int = 400) -> None:
        super().__init__(name)
        self.name, self.said, self.status = name, said or name, status


@dataclass
class Account:
    """Somebody."""

    did: str
    handle: str
    password: str
    labels: list[str] = field(default_factory=list)
    active: bool = True
    #: From whom it takes private messages; "" while it never said.
    chat: str = ""
    muted: set[str] = field(default_factory=set)


@dataclass
class Record:
    """A record as it stands."""

    uri: str
    did: str
    key: str
    value: dict[str, Any]
    indexed: str
    labels: list[str] = field(default_factory=list)

    @property
    def cid(self) -> str:
        return cid(self.value)

    @property
    def parent(self) -> str:
        return str(self.value.get("reply", {}).get("parent", {}).get("uri", ""))

    @property
    def root(self) -> str:
        return str(self.value.get("reply", {}).get("root", {}).get("uri", "")) or self.uri


@dataclass(frozen=True)
class Note:
    """One notification."""

    to: str
    reason: str
    uri: str


def cid(value: dict[str, Any]) -> str:
    """Return what stands for the hash of a record."""
    digest = sha256(json.dumps(value, sort_keys=True).encode()).digest()
    number = int.from_bytes(digest)
    return "bafyrei" + "".join(
        "abcdefghijklmnopqrstuvwxyz234567"[number >> 5 * place & 31] for place in range(51)
    )


class State:
    """All there is."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        #: By collection and address.
        self.records: dict[str, dict[str, Record]] = {}
        self.notes: list[Note] = []
        self._numbers = count(1)
        self._last = 0

    def key(self) -> str:
        """Return a new record key of now."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return "".join(_DIGITS[self._last << 10 >> shift & 31] for shift in range(60, -1, -5))

    def join(self, handle: str, password: str) -> Account:
        """Make an account."""
        did = "did:plc:" + sha256(f"{handle}{next(self._numbers)}".encode()).hexdigest()[:24]
        self.accounts[did] = Account(did, handle, password)
        return self.accounts[did]

    def find(self, who: str) -> Account:
        """Return an account by its handle or DID."""
        for one in self.accounts.values():
            if who.lower() in {one.did, one.handle}:
                return one
        raise No("InvalidRequest", "Unable to resolve handle")

    def of(self, collection: str) -> dict[str, Record]:
        return self.records.setdefault(collection, {})

    def put(self, did: str, collection: str, key: str, value: dict[str, Any]) -> Record:
        """Write a record; whoever is to be told of a new post is told."""
        uri = f"at://{did}/{collection}/{key}"
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told = str(value.get("createdAt", now))
        before = self.of(collection).get(uri)
        indexed = before.indexed if before else min(told[:23].rstrip("Z") + "Z", now)
        self.of(collection)[uri] = record = Record(uri, did, key, value, indexed)
        if collection == POST and before is None:
            self.notes += self._told_of(record)
        return record

    def delete(self, did: str, collection: str, key: str) -> None:
        """Take a record away."""
        self.of(collection).pop(f"at://{did}/{collection}/{key}", None)

    def _told_of(self, post: Record) -> Iterator[Note]:
        told = {post.did}
        for facet in post.value.get("facets", []):
            for feature in facet["features"]:
                if feature["$type"].endswith("#mention") and feature["did"] not in told:
                    told.add(feature["did"])
                    yield Note(feature["did"], "mention", post.uri)
        quoted = post.value.get("embed", {}).get("record", {}).get("uri", "")
        above = [(quoted, "quote")] + [(uri, "reply") for uri in self._above(post)]
        for uri, reason in above:
            did = uri.removeprefix("at://").partition("/")[0]
            if uri in self.of(POST) and did not in told:
                told.add(did)
                yield Note(did, reason, post.uri)

    def _above(self, post: Record) -> Iterator[str]:
        uri = post.parent
        for _ in range(_HEIGHT):
            if not uri:
                return
            yield uri
            above = self.of(POST).get(uri)
            uri = above.parent if above else ""

    # --- who sees what

    def blocks(self, who: str, whom: str) -> bool:
        """Whether one account blocks another."""
        return any(
            one.did == who and one.value["subject"] == whom
            for one in self.of("app.bsky.graph.block").values()
        )

    def apart(self, one: str, other: str) -> bool:
        return self.blocks(one, other) or self.blocks(other, one)

    def stands(self, uri: str) -> Record | None:
        """Return a post, unless it or its author is gone."""
        post = self.of(POST).get(uri)
        return post if post and self.accounts[post.did].active else None

    def gate(self, root: str) -> Record | None:
        """Return what says who may reply in a thread."""
        did, key = root.removeprefix("at://").split("/")[::2]
        return self.of("app.bsky.feed.threadgate").get(f"at://{did}/app.bsky.feed.threadgate/{key}")

    def author(self, did: str, viewer: str) -> dict[str, Any]:
        """Return an account as one who looks sees it."""
        account = self.accounts[did]
        seen = (
            {"muted": did in self.accounts[viewer].muted, "blockedBy": self.blocks(did, viewer)}
            if viewer
            else {}
        )
        labels = [{"src": did, "val": value} for value in account.labels]
        return {"did": did, "handle": account.handle, "viewer": seen, "labels": labels}

    def post(self, one: Record, viewer: str) -> dict[str, Any]:
        """Return a post as one who looks sees it."""
        gate = self.gate(one.root)
        shut = gate and gate.did != viewer and gate.value.get("allow") is not None
        return {
            "uri": one.uri,
            "cid": one.cid,
            "author": self.author(one.did, viewer),
            "record": one.value,
            "indexedAt": one.indexed,
            "viewer": {"threadMuted": False} | ({"replyDisabled": True} if shut else {}),
            "labels": [{"src": "did:plc:moderation", "val": value} for value in one.labels],
        }
