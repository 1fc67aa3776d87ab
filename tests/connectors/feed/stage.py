"""The stages of a feed account: a web server with a feed behind a proxy, and a folder of signed posts."""

import hmac
import json
from collections.abc import Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from xml.sax.saxutils import escape as xml

from connectors.feed import Feed
from responder.connector import Malformed, Unauthorised, Unavailable
from tests.connectors.stage import ACCOUNT, Failure, Safe, Stage
from tests.standins.proxy import Fault, Proxy, closes, resets, says, stops_short

KEY = "canary-inbox-4be1"
_CALLS = ("poll", "look")
_ANSWERS = {
    "401": (says(401, "no"), Unauthorised),
    "403": (says(403, "no"), Unauthorised),
    "404": (says(404, "no"), Malformed),
    "410": (says(410, "no"), Malformed),
    "429": (says(429, "", "Retry-After: 60"), Unavailable),
    "500": (says(500, "oops"), Unavailable),
    "503": (says(503, ""), Unavailable),
    "408": (says(408, ""), Unavailable),
    "a redirect to nowhere": (says(302, ""), Malformed),
    "a redirect to elsewhere": (says(301, "", "Location: http://other.example/feed"), Malformed),
    "junk": (says(200, "<html><body>Welcome</body></html>", kind="text/html"), Malformed),
    "nothing": (says(200, ""), Malformed),
    "a reset": (resets, Unavailable),
    "an end": (closes, Unavailable),
    "half an answer": (stops_short, Unavailable),
}
FAILURES: Mapping[str, Failure] = {
    "nobody listens": Failure(Unavailable, _CALLS),
    **{name: Failure(error, _CALLS) for name, (_, error) in _ANSWERS.items()},
}
FOLDER_FAILURES: Mapping[str, Failure] = {"the folder is away": Failure(Unavailable, _CALLS)}


@dataclass
class Entry:
    """One entry of a feed."""

    id: str
    text: str
    author: str
    at: datetime
    #: What is added to it, as XML.
    more: str = ""


@dataclass
class Site:
    """A web site with one feed."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    entries: list[Entry] = field(default_factory=list)
    #: Answered instead of the feed.
    body: bytes | None = None
    #: Of the answer, beside what is usual.
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/atom+xml"
    conditional: bool = True
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def atom(self) -> bytes:
        """Return the feed, the newest first."""
        entries = "".join(
            f"<entry><id>{xml(one.id)}</id><title/><published>{one.at.isoformat()}</published>"
            f"<author><name>{xml(one.author)}</name></author>"
            f'<link href="https://forum.example/{xml(one.id)}"/>'
            f'<content type="html">{xml(_html(one.text))}</content>{one.more}</entry>'
            for one in reversed(self.entries)
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Forum</title>{entries}</feed>'.encode()


def _html(text: str) -> str:
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>"


@contextmanager
def served(site: Site) -> Iterator[int]:
    """Let the site listen for as long as the context lasts; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.atom() if site.body is None else site.body
            tag = f'"{sha256(body).hexdigest()[:12]}"'
            site.asked.append((self.path, dict(self.headers)))
            same = site.conditional and self.headers.get("If-None-Match") == tag
            self.send_response_only(304 if same else 200)
            told = {"Date": format_datetime(site.now, usegmt=True), "ETag": tag, "Content-Type": site.kind}
            for name, value in (told | site.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0" if same else str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if same else body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class OverHttp(Stage):
    """One feed of one site."""

    def __init__(self, stack: ExitStack) -> None:
        self.site = Site()
        self.proxy = Proxy(stack.enter_context(served(self.site)))
        stack.callback(self.proxy.close)
        self._count = 0

    def connector(self, **options: Any) -> Feed:
        told = {"feeds": [f"{self.proxy.url}/feed"], "private": ["127.0.0.1"], "own": ["Shop"]} | options
        return Feed(ACCOUNT, told, Safe())

    def say(self, text: str, *, by_us: bool = False, answering: str = "") -> str:
        self._count += 1
        self.site.now += timedelta(minutes=1)
        author = "shop" if by_us else f"Ana {self._count}"
        self.site.entries.append(Entry(f"tag:forum.example,{self._count}", text, author, self.site.now))
        return f"{sha256(f'{self.proxy.url}/feed'.encode()).hexdigest()[:8]} tag:forum.example,{self._count}"

    def edit(self, external_id: str, text: str) -> None:
        self._entry(external_id).text = text

    def remove(self, external_id: str) -> None:
        self.site.entries.remove(self._entry(external_id))

    def sent(self) -> list[tuple[str, str]]:
        return []

    def trace(self) -> Hashable:
        return len(self.proxy.writes)

    def hosts(self) -> list[str]:
        return [one.host for one in self.proxy.requests]

    def broken(self, failure: str) -> AbstractContextManager[None]:
        return self._faulty(failure) if failure in _ANSWERS else self.proxy.away()

    @contextmanager
    def _faulty(self, failure: str) -> Iterator[None]:
        self.proxy.fault = lambda _: Fault(_ANSWERS[failure][0])
        try:
            yield
        finally:
            self.proxy.fault = lambda _: None

    def _entry(self, external_id: str) -> Entry:
        return next(one for one in self.site.entries if one.id == external_id.partition(" ")[2])


def signed(body: bytes, key: str = KEY, header: str = "X-Hub-Signature-256") -> bytes:
    """Return a file as a web server puts it down: the signature it came with, an empty line, the body."""
    mark = hmac.new(key.encode(), body, sha256).hexdigest()
    return f"{header}: sha256={mark}\n\n".encode() + body


class InFolder(Stage):
    """A folder of signed posts."""

    secrets = (KEY,)

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "inbox"
        self.folder.mkdir()
        self._count = 0

    def connector(self, **options: Any) -> Feed:
        return Feed(ACCOUNT, {"inbox": str(self.folder), "own": ["shop"]} | options, Safe(inbox_key=KEY))

    def put(self, raw: bytes, name: str = "") -> str:
        """Put a file there; return its name."""
        self._count += 1
        name = name or f"{self._count:05}.post"
        (self.folder / name).write_bytes(raw)
        return name

    def post(self, **told: Any) -> str:
        """Let a site push a post; return the id that it is heard under."""
        self.put(signed(json.dumps(told).encode()))
        return f"inbox {told['id']}"

    def say(self, text: str, *, by_us: bool = False, answering: str = "") -> str:
        number = self._count + 1
        author = "shop" if by_us else f"@ana{number}"
        return self.post(id=f"p{number}", text=text, author=author, url=f"https://reviews.example/p{number}")

    def edit(self, external_id: str, text: str) -> None:
        name = external_id.partition(" ")[2]
        self.post(
            id=name, text=text, author=f"@ana{name[1:]}", url=f"https://reviews.example/{name}", edited="v2"
        )

    def remove(self, external_id: str) -> None:
        self.post(id=external_id.partition(" ")[2], text="", removed=True)

    def sent(self) -> list[tuple[str, str]]:
        return []

    def trace(self) -> Hashable:
        return frozenset((one.name, one.read_bytes()) for one in self.folder.iterdir())

    def hosts(self) -> list[str]:
        return []

    def broken(self, failure: str) -> AbstractContextManager[None]:
        return self._away()

    @contextmanager
    def _away(self) -> Iterator[None]:
        aside = self.folder.rename(self.folder.with_name("aside"))
        try:
            yield
        finally:
            aside.rename(self.folder)
