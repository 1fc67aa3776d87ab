"""What a Mastodon server says of people and posts, in its JSON."""

from datetime import datetime
from typing import Any

from tests.standins.mastodon.world import Notification, Person, Post, World


def person(one: Person) -> dict[str, Any]:
    return {
        "id": one.id,
        "username": one.acct.partition("@")[0],
        "acct": one.acct,
        "display_name": one.name,
        "bot": one.bot,
        "followers_count": one.followers,
        "url": one.url,
        "uri": one.url,
        "created_at": "2024-01-01T00:00:00.000Z",
    }


def post(world: World, one: Post) -> dict[str, Any]:
    above = world.posts.get(one.answers or "")
    return {
        "id": one.id,
        "created_at": time(one.at),
        "edited_at": time(one.edited) if one.edited else None,
        "in_reply_to_id": above.id if above else None,
        "in_reply_to_account_id": above.by.id if above else None,
        "sensitive": bool(one.warning),
        "spoiler_text": one.warning,
        "visibility": one.visibility,
        "language": one.language,
        "uri": f"https://social.example/users/{one.by.acct}/statuses/{one.id}",
        "url": f"{one.by.url}/{one.id}",
        "replies_count": sum(1 for other in world.posts.values() if other.answers == one.id),
        "content": one.html,
        "reblog": None,
        "account": person(one.by),
        "media_attachments": [
            {"id": str(n), "type": "image", "description": told} for n, told in enumerate(one.pictures)
        ],
        "mentions": [
            {"id": who.id, "username": who.acct.partition("@")[0], "url": who.url, "acct": who.acct}
            for who in one.mentions
        ],
        "tags": [{"name": tag.lower(), "url": f"https://social.example/tags/{tag}"} for tag in one.tags],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def notification(world: World, one: Notification) -> dict[str, Any]:
    told = {"id": str(one.id), "type": one.kind, "created_at": time(one.at), "account": person(one.by)}
    if one.post is not None:
        told["status"] = post(world, world.posts[one.post])
    return told


def instance(world: World) -> dict[str, Any]:
    statuses = {"max_characters": world.most, "characters_reserved_per_url": world.per_link}
    return {"domain": "social.example", "version": "4.5.0", "configuration": {"statuses": statuses}}


def time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
