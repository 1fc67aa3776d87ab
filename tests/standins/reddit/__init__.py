"""A Reddit on the loopback: it keeps posts and comments, and has the habits that a connector must live with.

    with served(World()) as reddit:
        post = reddit.world.post("ana", "My parcel is late.", subreddit="acme")
        ...                                     # a connector with oauth_url = reddit_url = reddit.url
        assert [one.text for one in reddit.world.by("acme_care")] == []

`World` is what people do there; `Server.failing` makes it answer otherwise than well. Shapes and headers are
as in recordings of the real one; every word in it is invented.
"""

from tests.standins.reddit.failing import (
    Fail,
    afterwards,
    breaks_off,
    errors,
    hangs,
    instead,
    to_comments,
    to_logins,
    to_path,
    to_reads,
)
from tests.standins.reddit.server import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, Server, served
from tests.standins.reddit.wire import Request
from tests.standins.reddit.world import BRAND, Thing, World

__all__ = [
    "BRAND",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "REFRESH_TOKEN",
    "Fail",
    "Request",
    "Server",
    "Thing",
    "World",
    "afterwards",
    "breaks_off",
    "errors",
    "hangs",
    "instead",
    "served",
    "to_comments",
    "to_logins",
    "to_path",
    "to_reads",
]
