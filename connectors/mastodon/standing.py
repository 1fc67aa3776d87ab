"""Who we are on a server, and whether our access token is enough."""

from collections.abc import Mapping
from typing import Any

from connectors.mastodon.options import Options
from connectors.mastodon.reply import Room
from connectors.mastodon.wire import Wire
from responder.connector import Malformed, Standing, Unauthorised

#: What a token must hold -> what it is for. Either the whole of a right or the part after the colon does.
NEEDED = {
    "read:accounts": "see who we are",
    "read:notifications": "read mentions",
    "read:statuses": "read posts and conversations",
    "read:follows": "tell who blocks us",
    "read:search": "search",
    "write:statuses": "post replies",
}
#: Whose mentions a server can be told to throw away -> in words.
_DROPPED = {
    "for_not_following": "people you do not follow",
    "for_not_followers": "people who do not follow you",
    "for_new_accounts": "new accounts",
    "for_private_mentions": "people who write to you in private",
    "for_limited_accounts": "accounts that your server's moderators limited",
}


def standing(wire: Wire, options: Options, room: Room) -> Standing:
    """Ask a server who we are and what we may do."""
    me = wire.me()
    rights = _rights(wire)
    needed = {right: what for right, what in NEEDED.items() if right != "read:search" or options.searches}
    held = {right for right in needed if {right, right.partition(":")[0]} & rights}
    lacks = [
        f"{right}, to {needed[right]}: make a new access token with it"
        for right in needed
        if right not in held
    ]
    notes = [f"Replies are {options.visibility}; a post holds {room.most} characters here."]
    if not rights:  # older servers, and others, do not tell
        lacks, held = [], set()
        notes.append("The server does not tell what the access token may do; a reply will show.")
    handle = str(me.get("acct") or me.get("username") or "")
    return Standing(
        handle=handle if "@" in handle else f"{handle}@{options.host}",
        may=tuple(what for right, what in needed.items() if right in held),
        lacks=tuple(lacks + _dropped(wire)),
        notes=tuple(notes),
    )


def _rights(wire: Wire) -> set[str]:
    """Return the rights of our token; nothing where the server does not tell."""
    try:
        told = wire.ask(lambda client: client.app_verify_credentials(), dict)
    except (Malformed, Unauthorised):  # a token may be good and belong to no application
        return set()
    scopes = told.get("scopes")
    return {str(one) for one in scopes} if isinstance(scopes, list) else set()


def _dropped(wire: Wire) -> list[str]:
    """Return what the account's settings keep from us for good."""
    try:
        policy: Mapping[str, Any] = wire.ask(lambda client: client.notifications_policy(), dict)
    except (Malformed, Unauthorised):  # a right of its own
        return []
    return [
        f"mentions by {people}, which are thrown away: change it in the server's settings of notifications"
        for key, people in _DROPPED.items()
        if policy.get(key) == "drop"
    ]
