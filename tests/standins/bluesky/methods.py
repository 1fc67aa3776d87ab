"""The calls of the imitation of Bluesky, as far as anybody here makes them."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from tests.standins.bluesky.state import POST, No, Record, State

Told = Mapping[str, Any]
#: Which calls a token of which kind may make: everything else needs one for access.
OPEN = {
    "createAccount",
    "createSession",
    "resolveHandle",
    "getPosts",
    "getRecord",
    "listRecords",
    "getProfile",
}


class Methods:
    """Every call, by the last word of its name: (who asks, what was told) -> what is answered."""

    def __init__(self, state: State) -> None:
        self.state = state
        #: Token -> (whose, whether it is for access); a token that ended leads to nobody.
        self.tokens: dict[str, tuple[str, bool]] = {}
        self.ended: set[str] = set()

    def call(self, name: str, told: Told, token: str) -> Told:
        """Answer one call; raises No."""
        short = name.rpartition(".")[2]
        method: Callable[[str, Told], Told] | None = getattr(self, f"_{short}", None)
        if method is None:
            raise No("MethodNotImplemented", status=501)
        return method(self._who(short, token), told)

    def _who(self, name: str, token: str) -> str:
        if not token:
            if name not in OPEN:
                raise No("AuthMissing", status=401)
            return ""
        if token in self.ended:
            raise No("ExpiredToken", "Token has expired")
        did, access = self.tokens.get(token, ("", True))
        if not did or access != (name != "refreshSession"):
            raise No("InvalidToken", "Token could not be verified")
        return did

    # --- sessions

    def session(self, did: str) -> Told:
        """Make a new session."""
        access, refresh = (f"canary-{kind}-{secrets.token_hex(8)}" for kind in ("access", "refresh"))
        self.tokens |= {access: (did, True), refresh: (did, False)}
        handle = self.state.accounts[did].handle
        return {"did": did, "handle": handle, "accessJwt": access, "refreshJwt": refresh, "active": True}

    def _createAccount(self, _: str, told: Told) -> Told:  # noqa: N802 (the network's word)
        return self.session(self.state.join(told["handle"], told["password"]).did)

    def _createSession(self, _: str, told: Told) -> Told:  # noqa: N802
        account = next(
            (one for one in self.state.accounts.values() if told["identifier"] in {one.handle, one.did}), None
        )
        if account is None or account.password != told["password"]:
            raise No("AuthenticationRequired", "Invalid identifier or password", 401)
        return self.session(account.did)

    def _refreshSession(self, did: str, _: Told) -> Told:  # noqa: N802
        return self.session(did)

    def _getSession(self, did: str, _: Told) -> Told:  # noqa: N802
        return {"did": did, "handle": self.state.accounts[did].handle, "active": True}

    def _deactivateAccount(self, did: str, _: Told) -> Told:  # noqa: N802
        self.state.accounts[did].active = False
        return {}

    # --- records

    def _createRecord(self, did: str, told: Told) -> Told:  # noqa: N802
        key = told.get("rkey") or self.state.key()
        return self._written(self.state.put(did, told["collection"], key, told["record"]))

    def _putRecord(self, did: str, told: Told) -> Told:  # noqa: N802
        if told["repo"] != did:
            raise No("AuthenticationRequired", status=401)
        place = f"at://{did}/{told['collection']}/{told['rkey']}"
        before = self.state.of(told["collection"]).get(place)
        if before and before.value == told["record"]:
            return self._written(before)
        swap = told.get("swapRecord", before.cid if before else None)
        if swap != (before.cid if before else None):
            raise No("InvalidSwap", f"Record was at {before.cid if before else None}")
        return self._written(self.state.put(did, told["collection"], told["rkey"], told["record"]))

    def _deleteRecord(self, did: str, told: Told) -> Told:  # noqa: N802
        self.state.delete(did, told["collection"], told["rkey"])
        return {}

    def _written(self, one: Record) -> Told:
        return {"uri": one.uri, "cid": one.cid, "validationStatus": "valid"}

    def _getRecord(self, _: str, told: Told) -> Told:  # noqa: N802
        uri = f"at://{told['repo']}/{told['collection']}/{told['rkey']}"
        one = self.state.of(told["collection"]).get(uri)
        if one is None:
            raise No("RecordNotFound", f"Could not locate record: {uri}")
        return {"uri": one.uri, "cid": one.cid, "value": one.value}

    def _listRecords(self, _: str, told: Told) -> Told:  # noqa: N802
        ours = [one for one in self.state.of(told["collection"]).values() if one.did == told["repo"]]
        ours.sort(key=lambda one: one.key, reverse=True)
        if before := told.get("cursor"):
            ours = [one for one in ours if one.key < before]
        part = ours[: int(told.get("limit", 50))]
        records = [{"uri": one.uri, "cid": one.cid, "value": one.value} for one in part]
        return {"records": records, **({"cursor": part[-1].key} if part else {})}

    def _resolveHandle(self, _: str, told: Told) -> Told:  # noqa: N802
        return {"did": self.state.find(told["handle"]).did}

    # --- the view

    def _listNotifications(self, did: str, told: Told) -> Told:  # noqa: N802
        shown = []
        for number, note in enumerate(self.state.notes):
            post = self.state.stands(note.uri)
            muted = post and post.did in self.state.accounts[did].muted
            if note.to != did or post is None or muted or self.state.apart(did, post.did):
                continue
            if note.reason in (told.get("reasons") or [note.reason]):
                shown.append(((post.indexed, number), self.state.post(post, did) | {"reason": note.reason}))
        shown.sort(key=lambda pair: pair[0], reverse=True)
        start = int(told.get("cursor") or "0", 7)  # whoever looks into it finds nothing
        part = [view for _, view in shown[start : start + int(told.get("limit", 50))]]
        end = start + len(part)
        more = {"cursor": _base7(end)} if end < len(shown) else {}
        return {"notifications": part, "priority": False, **more}

    def _searchPosts(self, did: str, told: Told) -> Told:  # noqa: N802
        words = told["q"].lower()
        found = [one for uri in self.state.of(POST) if (one := self.state.stands(uri))]
        found = [
            one for one in found if words in one.value["text"].lower() and not self.state.apart(did, one.did)
        ]
        found.sort(key=lambda one: one.indexed, reverse=True)
        return {"posts": [self.state.post(one, did) for one in found[: int(told.get("limit", 25))]]}

    def _getPosts(self, did: str, told: Told) -> Told:  # noqa: N802
        posts = [self.state.stands(uri) for uri in told["uris"]]
        there = [one for one in posts if one and not (did and self.state.apart(did, one.did))]
        return {"posts": [self.state.post(one, did) for one in there]}

    def _getPostThread(self, did: str, told: Told) -> Told:  # noqa: N802
        post = self.state.stands(told["uri"])
        if post is None:
            raise No("NotFound", f"Post not found: {told['uri']}")
        return {"thread": self._thread(post, did, int(told.get("depth", 6)))}

    def _thread(self, post: Record, did: str, depth: int) -> Told:
        if self.state.apart(did, post.did):
            seen = {
                "blockedBy": self.state.blocks(post.did, did),
                "blocking": self.state.blocks(did, post.did),
            }
            author = {"did": post.did, "viewer": seen}
            return {
                "$type": "app.bsky.feed.defs#blockedPost",
                "uri": post.uri,
                "blocked": True,
                "author": author,
            }
        beneath = [one for one in self.state.of(POST).values() if one.parent == post.uri] if depth else []
        there = [one for one in beneath if self.state.stands(one.uri)]
        replies = [self._thread(one, did, depth - 1) for one in there]
        kind = "app.bsky.feed.defs#threadViewPost"
        return {"$type": kind, "post": self.state.post(post, did), "replies": replies}

    def _getProfile(self, did: str, told: Told) -> Told:  # noqa: N802
        account = self.state.find(told["actor"])
        chat = {"associated": {"chat": {"allowIncoming": account.chat}}} if account.chat else {}
        return {**self.state.author(account.did, did), **chat}

    def _muteActor(self, did: str, told: Told) -> Told:  # noqa: N802
        self.state.accounts[did].muted.add(told["actor"])
        return {}


def _base7(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 7)
        digits = f"{digit}{digits}"
    return digits or "0"
