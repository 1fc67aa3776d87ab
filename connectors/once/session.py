"""The transport of libraries that use requests: tweepy, PRAW, Mastodon.py."""

from collections.abc import Collection
from contextvars import ContextVar
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from connectors.once.answer import Answer
from connectors.once.passage import Bounds, Outline, Passage, hush, passage

#: The request that this thread is making.
_PASSAGE: ContextVar[Passage] = ContextVar("_PASSAGE")


def session(bounds: Bounds = Bounds(), logins: Collection[str] = ()) -> requests.Session:  # noqa: B008 (frozen)
    """Return a session that follows no redirect and lets a write out only by connectors.once.write.

    `logins` are the paths of POSTs that only log in. Proxies are taken from the environment, logins from
    .netrc are not.
    """
    hush("urllib3", "requests_oauthlib", "oauthlib")
    made = _Session()
    made.auth = _as_it_is
    for scheme in ("http://", "https://"):
        made.mount(scheme, OneShot(bounds, logins))
    return made


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that no answer is a redirect."""


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stand where requests would otherwise put a login from .netrc over our own header."""
    return request


class OneShot(HTTPAdapter):
    """Makes each request over a connection of its own, in its time, and takes its answer whole."""

    def __init__(self, bounds: Bounds, logins: Collection[str]) -> None:
        self._bounds = bounds
        self._logins = frozenset(logins)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        """Have connections tell when they are made and used."""
        super().init_poolmanager(*sizes, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Have connections through a proxy tell it too."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Make the request; its answer has been read when this returns."""
        url = urlsplit(request.url or "")
        outline = Outline(request.method or "", url.hostname or "", url.path)
        request.headers["Accept-Encoding"] = "identity"  # so that what is small stays small
        options |= {"stream": True, "timeout": (self._bounds.connect, self._bounds.read)}
        with passage(outline, self._bounds, self._logins) as one:
            token = _PASSAGE.set(one)
            try:
                return _whole(super().send(request, **options), one)
            finally:
                _PASSAGE.reset(token)


def _whole(response: requests.Response, one: Passage) -> requests.Response:
    """Read an answer to its end and leave it as if it had come in one piece."""
    try:
        body = one.take(response.raw.stream(1 << 16, decode_content=True))
    finally:
        response.raw.close()
    headers = {name.lower(): value for name, value in response.headers.items()}
    one.answered(Answer(response.status_code, headers, body))
    response.raw = BytesIO(body)
    return response


class _Told(HTTPConnection):
    """Tells the passage what its socket does."""

    _connecting = False

    def connect(self) -> None:
        one = _PASSAGE.get()
        self._connecting = True
        try:
            super().connect()
        except Exception:
            one.unreached()
            raise
        finally:
            self._connecting = False
        one.over(self.sock)

    def putrequest(self, *words: Any, **options: Any) -> None:
        self._begun = False
        super().putrequest(*words, **options)

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not (self._connecting or self._begun):  # while connecting, only a proxy is spoken to
            _PASSAGE.get().leave()
            self._begun = True
        super().send(data)


class _ToldSafely(_Told, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    """Keeps no connection open: one that was used before may be dead without our knowing."""

    ConnectionCls = _Told

    def _put_conn(self, conn: Any) -> None:
        if conn:
            conn.close()
        super()._put_conn(conn)


class _SafePool(_Pool, HTTPSConnectionPool):
    ConnectionCls = _ToldSafely


_POOLS = {"http": _Pool, "https": _SafePool}
