"""Feed: the made-up posts of the demo, their times counted back from now."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

#: Where the posts are; a folder of data, and no connector.
PACKAGE = "connectors.demo_feed"
MORNING, NOON = "morning.jsonl", "noon.jsonl"

Row = dict[str, Any]


def packaged() -> Traversable:
    """Return the folder with the posts that came with responder."""
    return files(PACKAGE)


def rows(folder: Traversable, name: str, now: datetime) -> list[Row]:
    """Return the posts of one file as the replay connector reads them.

    In the file a post has `ago`, the minutes from it until now; here it has `created_at` instead.
    """
    lines = folder.joinpath(name).read_text(encoding="utf-8").splitlines()
    return [_dated(json.loads(line), now) for line in lines if line.strip()]


def lines(posts: Iterable[Row]) -> str:
    """Return posts as JSONL."""
    return "".join(json.dumps(post, ensure_ascii=False) + "\n" for post in posts)


def networks(posts: Iterable[Row]) -> list[str]:
    """Return the networks of posts, in the order in which they first come."""
    return list(dict.fromkeys(str(post["network"]) for post in posts))


def _dated(post: Row, now: datetime) -> Row:
    minutes = post.pop("ago", None)
    if minutes is not None:
        post["created_at"] = (now - timedelta(minutes=minutes)).isoformat(timespec="seconds")
    return post
