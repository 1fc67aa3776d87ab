"""Who we are on Bluesky, and whether what we were given is enough."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.bluesky.options import Options
from connectors.bluesky.posts import HIDING, labels
from connectors.bluesky.wire import Wire
from responder.connector import Standing

_MAY = ("read mentions, replies and quotes", "search posts", "post replies")
#: What a session may do that was made with the account's own password.
_EVERYTHING = "com.atproto.access"


def standing(wire: Wire, options: Options) -> Standing:
    """Ask the network who we are and what is said of us there."""
    told = wire.ask("com.atproto.server.getSession")
    handle = str(told.get("handle") or options.handle)
    profile = wire.find("app.bsky.actor.getProfile", {"InvalidRequest"}, actor=told.get("did")) or {}
    return Standing(
        handle=handle,
        may=_MAY,
        lacks=tuple(_lacking(wire, options, profile)),
        notes=tuple(_noted(options, handle, profile)),
    )


def _lacking(wire: Wire, options: Options, profile: Mapping[str, Any]) -> Iterator[str]:
    if _scope(wire.sessions.current().access) == _EVERYTHING:
        yield (
            "an app password: this is the account's own, which can do everything; make an app password in"
            " its settings, under Privacy and security, and keep that instead"
        )
    if options.messages and _who_may_write(profile) != "all":
        yield (
            "private messages from everybody, to which `messages` has replies invite: allow them in the"
            " settings of the account's chat, or take `messages` out"
        )
    if hidden := next((one for one in labels(profile) if one in HIDING), ""):
        yield f"an account that people see: the network hides it ({hidden}); ask its moderators why"


def _noted(options: Options, handle: str, profile: Mapping[str, Any]) -> Iterator[str]:
    if not options.handle.startswith("did:") and handle.lower() != options.handle:
        yield f"The account is called @{handle} now: put that into its option `handle`."
    if not options.messages and _who_may_write(profile) == "all":
        yield "Everybody can send it a private message: with `messages = true` replies invite to that."
    if not options.public_view:
        yield "Whether strangers see a reply is not looked at; the option `public_view` says where to look."


def _who_may_write(profile: Mapping[str, Any]) -> str:
    """Return whose private messages the account takes: all, following or none."""
    match profile.get("associated"):
        case {"chat": {"allowIncoming": str(who)}}:
            return who
        case _:
            return "following"


def _scope(token: str) -> str:
    """Return what a session may do, as its token says; "" where it does not."""
    try:
        body = token.split(".")[1]
        told = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return str(told.get("scope", ""))
    except (IndexError, ValueError, AttributeError):
        return ""
