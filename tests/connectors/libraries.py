"""The four libraries as our connectors build them, or have to: each connector takes its function over."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import BaseAdapter

from connectors.bluesky.wire import put, request
from connectors.mastodon.wire import library
from connectors.once.passage import Bounds, hush
from connectors.once.session import session
from responder.model.delivery import Receipt

#: Made-up secrets; they may be seen nowhere.
SECRETS = ("canary-key-81d0", "canary-secret-6f3b", "canary-token-a97e", "canary-private-20c5")
KEY, SECRET, TOKEN, PRIVATE = SECRETS
WORDS = "We are sorry, and we are looking into it."

#: Sends one reply and returns its receipt.
Reply = Callable[[], Receipt]


@dataclass(frozen=True)
class Library:
    """A library, the network's right answer to a reply, and how a client is built."""

    name: str
    good: object
    #: (address of the API, address of the login, bounds) -> the call a connector makes.
    once: Callable[[str, str, Bounds], Reply]
    #: (address of the API, address of the login, what closes it) -> the call with the library as it comes.
    plain: Callable[[str, str, ExitStack], Reply]


# --- X


class _Rerouted(BaseAdapter):
    """Leads what tweepy has written out (https://api.twitter.com) to another address."""

    def __init__(self, inner: BaseAdapter, url: str) -> None:
        super().__init__()
        self._inner, self._url = inner, url

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        request.url = (request.url or "").replace("https://api.twitter.com", self._url)
        return self._inner.send(request, **options)

    def close(self) -> None:
        self._inner.close()


def _tweepy(url: str, way: requests.Session) -> Reply:
    import tweepy

    client = tweepy.Client(None, KEY, SECRET, TOKEN, PRIVATE, return_type=dict, wait_on_rate_limit=False)
    way.mount("https://api.twitter.com", _Rerouted(way.get_adapter("https://"), url))
    client.session = way

    def reply() -> Receipt:
        answer = client.create_tweet(text=WORDS, in_reply_to_tweet_id="1")
        return Receipt(remote_id=answer["data"]["id"], url="")

    return reply


def _x(url: str, _: str, bounds: Bounds) -> Reply:
    hush("tweepy")
    return _tweepy(url, session(bounds))


# --- Reddit


def praw_client(url: str, login: str, way: requests.Session) -> Any:
    """Return PRAW as it comes, but for its settings."""
    import praw

    return praw.Reddit(
        client_id=KEY,
        client_secret=SECRET,
        refresh_token=TOKEN,
        user_agent="web:responder:v1 (by /u/brand)",
        oauth_url=url,
        reddit_url=login,
        ratelimit_seconds=0,
        check_for_updates=False,
        requestor_kwargs={"session": way},
    )


def comment(reddit: Any) -> Reply:
    def reply() -> Receipt:
        comment = reddit.comment("abc").reply(WORDS)
        return Receipt(remote_id=comment.id, url="")

    return reply


def _reddit(url: str, login: str, bounds: Bounds) -> Reply:
    from connectors.reddit.client import Keys, client
    from connectors.reddit.limiter import Limiter

    keys = Keys(
        client_id=KEY,
        client_secret=SECRET,
        refresh_token=TOKEN,
        user_agent="web:responder:v1 (by /u/brand)",
        oauth_url=url,
        reddit_url=login,
    )
    return comment(client(keys, Limiter(), bounds))


# --- Mastodon


def toot(client: Any) -> Reply:
    def reply() -> Receipt:
        status = client.status_post(WORDS, in_reply_to_id="1", visibility="public", idempotency_key="r-1")
        return Receipt(remote_id=status["id"], url="")

    return reply


def _fediverse(url: str, _: str, bounds: Bounds) -> Reply:
    return toot(library(url, TOKEN, session(bounds)))


def _plain_fediverse(url: str, _: str, end: ExitStack) -> Reply:
    from mastodon import Mastodon

    way = end.enter_context(requests.Session())
    return toot(
        Mastodon(access_token=TOKEN, api_base_url=url, session=way, mastodon_version="4.4.0", lang="en")
    )


# --- Bluesky


def _atproto(url: str, way: Any) -> Reply:
    record = {"$type": "app.bsky.feed.post", "text": WORDS, "createdAt": "2026-03-02T09:00:00Z"}
    body = {"repo": "did:plc:brand", "collection": record["$type"], "rkey": "3kabc", "swapRecord": None}

    def reply() -> Receipt:
        return Receipt(remote_id=put(way, url, TOKEN, {**body, "record": record})["uri"], url="")

    return reply


def _atproto_alone(url: str, _: str, end: ExitStack) -> Reply:
    from atproto import Request

    way = Request()
    end.callback(way.close)
    return _atproto(url, way)


LIBRARIES = (
    Library(
        "tweepy",
        {"data": {"id": "7", "text": WORDS}},
        once=_x,
        plain=lambda url, _, end: _tweepy(url, end.enter_context(requests.Session())),
    ),
    Library(
        "praw",
        {"json": {"errors": [], "data": {"things": [{"kind": "t1", "data": {"id": "d7", "body": WORDS}}]}}},
        once=_reddit,
        plain=lambda url, login, end: comment(praw_client(url, login, end.enter_context(requests.Session()))),
    ),
    Library(
        "mastodon",
        {"id": "7", "content": WORDS, "url": "http://social.example/7"},
        once=_fediverse,
        plain=_plain_fediverse,
    ),
    Library(
        "atproto",
        {"uri": "at://did:plc:brand/app.bsky.feed.post/3kabc", "cid": "bafy"},
        once=lambda url, _, bounds: _atproto(url, request(bounds)),
        plain=_atproto_alone,
    ),
)
