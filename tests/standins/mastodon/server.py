"""The API of the server, over HTTP on 127.0.0.1."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import regex

from tests.standins.mastodon import shapes
from tests.standins.mastodon.world import Person, Post, World

TOKEN = "canary-access-93d1"
#: Requests a server grants within five minutes.
GRANTED = 300


class Said(Exception):
    """The server answers otherwise than with what was asked for."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


@dataclass(frozen=True)
class Asked:
    """One request."""

    person: Person | None
    parts: tuple[str, ...]
    words: dict[str, list[str]]
    key: str = ""

    def word(self, name: str) -> str:
        """Return a parameter; "" where it is not given."""
        return self.words.get(name, [""])[0]


class Api:
    """Answers requests from a world; `grants` counts down."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tokens = {TOKEN: world.brand}
        self.grants = GRANTED
        self.lock = threading.Lock()
        #: Ids of what was posted over the API, in order.
        self.posted: list[str] = []
        #: Of the access token, and of the account's notifications.
        self.rights: list[str] = ["read", "write"]
        self.policy: dict[str, str] = {}
        #: Applications by their id; what they ask for. Codes that browsers came back with.
        self.apps: dict[str, dict[str, str]] = {}
        self.codes: dict[str, str] = {}
        self.tells_time = self.tells_grants = True
        #: Ids of posts that nobody but their author is shown; whether anybody is shown anything.
        self.hides: set[str] = set()
        self.leaks = False
        #: What it says of a post that is asked for, over what it would say.
        self.more: dict[str, Any] = {}
        #: Endpoints that this server does not have.
        self.lacks: set[str] = set()

    def get(self, asked: Asked) -> Any:
        path = "/".join(asked.parts)
        if path in self.lacks:
            raise Said(404, "Not Found")
        routes: list[tuple[str, Callable[..., Any]]] = [
            (r"v[12]/instance", self._instance),
            (r"v1/accounts/verify_credentials", self._me),
            (r"v1/accounts/relationships", self._relationships),
            (r"v1/accounts/(\w+)/statuses", self._statuses_of),
            (r"v1/notifications", self._notifications),
            (r"v1/statuses/(\w+)", self._status),
            (r"v1/statuses/(\w+)/context", self._context),
            (r"v1/timelines/tag/(\w+)", self._tagged),
            (r"v2/search", self._search),
            (r"v2/notifications/policy", lambda _: self.policy),
            (r"v1/apps/verify_credentials", lambda _: {"scopes": self.rights}),
        ]
        for pattern, answer in routes:
            if found := re.fullmatch(pattern, path):
                return answer(asked, *found.groups())
        raise Said(404, "Not Found")

    def post(self, asked: Asked) -> Any:
        routes = {"v1/apps": self._register, "token": self._let_in, "v1/statuses": self._posted}
        answer = routes.get("/".join(asked.parts))
        if answer is None:
            raise Said(404, "Not Found")
        return answer(asked)

    def _posted(self, asked: Asked) -> Any:
        who = _known(asked)
        if self.world.honours_keys and (before := self.world.keys.get(asked.key)):
            return shapes.post(self.world, self.world.posts[before])
        text, warning, answers = (
            asked.word("status"),
            asked.word("spoiler_text"),
            asked.word("in_reply_to_id"),
        )
        if not text.strip():
            raise Said(422, "Validation failed: Text can't be blank")
        per_link, most = self.world.per_link, self.world.most
        if characters(text, per_link) + characters(warning, per_link) > most:
            raise Said(422, f"Validation failed: Text character limit of {most} exceeded")
        if answers:
            self._seen(asked, answers)
        made = self.world.typed(
            who,
            text,
            answers=answers or None,
            visibility=asked.word("visibility") or "public",
            warning=warning.strip(),
            language=asked.word("language") or None,
        )
        self.posted.append(made.id)
        if asked.key:
            self.world.keys[asked.key] = made.id
        return shapes.post(self.world, made)

    def agree(self, address: str) -> str:
        """Let somebody agree in a browser, and return the code that it comes back with."""
        asked = {name: told[0] for name, told in parse_qs(urlsplit(address).query).items()}
        app = self.apps[asked["client_id"]]
        assert (asked["redirect_uri"], asked["scope"]) == (app["redirect_uris"], app["scopes"])
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked["client_id"]
        return code

    def _register(self, asked: Asked) -> Any:
        app = f"app-{len(self.apps)}"
        self.apps[app] = {name: asked.word(name) for name in ("redirect_uris", "scopes", "client_name")}
        return {"client_id": app, "client_secret": f"secret-{app}", "name": asked.word("client_name")}

    def _let_in(self, asked: Asked) -> Any:
        app = self.codes.pop(asked.word("code"), "")
        told = asked.word("client_id"), asked.word("client_secret"), asked.word("redirect_uri")
        if not app or told != (app, f"secret-{app}", self.apps[app]["redirect_uris"]):
            raise Said(400, "invalid_grant")
        return {"access_token": TOKEN, "token_type": "Bearer", "scope": self.apps[app]["scopes"]}

    def _instance(self, _: Asked) -> Any:
        return shapes.instance(self.world)

    def _me(self, asked: Asked) -> Any:
        return shapes.person(_known(asked)) | {"source": {"privacy": "public"}}

    def _relationships(self, asked: Asked) -> Any:
        me = _known(asked)
        people = [self.world.people.get(one) for one in asked.words.get("id[]", asked.words.get("id", []))]
        return [
            {"id": one.id, "blocked_by": me.id in one.blocks, "blocking": one.id in me.blocks}
            for one in people
            if one
        ]

    def _statuses_of(self, asked: Asked, who: str) -> Any:
        posts = [one for one in self.world.posts.values() if one.by.id == who]
        return self._page(asked, [one for one in posts if self.world.sees(asked.person, one)])

    def _notifications(self, asked: Asked) -> Any:
        _known(asked)
        all_of_them = asked.word("include_filtered") == "true"
        kinds = asked.words.get("types[]", [])
        told = [
            one
            for one in self.world.told
            if (all_of_them or not one.filtered) and (not kinds or one.kind in kinds)
        ]
        told = [one for one in told if one.post and self.world.brand in self.world.posts[one.post].mentions]
        page = _within(asked, sorted(told, key=lambda one: one.id), lambda one: one.id)
        return [shapes.notification(self.world, one) for one in page]

    def _status(self, asked: Asked, post_id: str) -> Any:
        return shapes.post(self.world, self._seen(asked, post_id)) | self.more

    def _context(self, asked: Asked, post_id: str) -> Any:
        post = self._seen(asked, post_id)
        around = {"ancestors": self.world.ancestors(post), "descendants": self.world.descendants(post)}
        return {
            name: [shapes.post(self.world, one) for one in posts if self.world.sees(asked.person, one)]
            for name, posts in around.items()
        }

    def _tagged(self, asked: Asked, tag: str) -> Any:
        posts = [one for one in self.world.posts.values() if tag.lower() in map(str.lower, one.tags)]
        return self._page(asked, [one for one in posts if one.visibility == "public"])

    def _search(self, asked: Asked) -> Any:
        _known(asked)
        words = asked.word("q").lower()
        posts = [one for one in self.world.posts.values() if words in one.html.lower()]
        return {"accounts": [], "hashtags": [], "statuses": self._page(asked, posts)}

    def _seen(self, asked: Asked, post_id: str) -> Post:
        post = self.world.posts.get(post_id)
        hidden = post_id in self.hides and asked.person is not (post and post.by)
        if post is None or hidden or not (self.leaks or self.world.sees(asked.person, post)):
            raise Said(404, "Record not found")
        return post

    def _page(self, asked: Asked, posts: list[Post]) -> list[dict[str, Any]]:
        page = _within(asked, sorted(posts, key=lambda one: int(one.id)), lambda one: int(one.id))
        return [shapes.post(self.world, one) for one in page]


def _within(asked: Asked, things: list[Any], number: Callable[[Any], int]) -> list[Any]:
    """Return a page, the newest first, of things that come the oldest first."""
    limit = min(int(asked.word("limit") or 20), 80)
    if asked.word("max_id"):
        things = [one for one in things if number(one) < int(asked.word("max_id"))]
    if asked.word("since_id"):
        things = [one for one in things if number(one) > int(asked.word("since_id"))]
    if asked.word("min_id"):
        return [one for one in things if number(one) > int(asked.word("min_id"))][:limit][::-1]
    return things[-limit:][::-1]


def _known(asked: Asked) -> Person:
    if asked.person is None:
        raise Said(401, "The access token is invalid")
    return asked.person


def characters(text: str, per_link: int) -> int:
    """Count as the server does."""
    text = re.sub(r"https?://[^\s<>]+[^\s<>.,;:!?)'…]", "x" * per_link, text)
    text = re.sub(r"(?<![\w/])@(\w+)@[\w.-]+\w", r"@\1", text)
    return len(regex.findall(r"\X", text))


@contextmanager
def served(api: Api) -> Iterator[int]:
    """Let the server listen for as long as the context lasts; gives its port."""
    handler = type("Handler", (_Handler,), {"api": api})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    api: Api

    def do_GET(self) -> None:
        self._answer(self.api.get)

    def do_POST(self) -> None:
        self._answer(self.api.post)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, answer: Callable[[Asked], Any]) -> None:
        with self.api.lock:
            try:
                status, told = 200, answer(self._asked())
            except Said as said:
                status, told = said.status, {"error": said.error}
            headers = self._headers()
        data = json.dumps(told).encode()
        self.send_response_only(status)
        for name, value in (headers | {"Content-Length": str(len(data))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _asked(self) -> Asked:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token and token not in self.api.tokens:
            raise Said(401, "The access token is invalid")
        return Asked(
            self.api.tokens.get(token),
            tuple(part for part in url.path.split("/") if part)[1:],
            parse_qs(url.query) | parse_qs(body, keep_blank_values=True),
            self.headers.get("Idempotency-Key") or "",
        )

    def _headers(self) -> dict[str, str]:
        now = self.api.world.now
        told = {"Content-Type": "application/json; charset=utf-8"}
        if self.api.tells_time:
            told["Date"] = format_datetime(now, usegmt=True)
        if self.headers.get("Authorization") and self.api.tells_grants:
            self.api.grants -= 1
            later = timedelta(seconds=300 - now.timestamp() % 300)
            told |= {
                "X-RateLimit-Limit": str(GRANTED),
                "X-RateLimit-Remaining": str(max(0, self.api.grants)),
                "X-RateLimit-Reset": shapes.time(now + later),
            }
        return told
