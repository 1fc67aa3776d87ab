"""The transport of libraries that use httpx: atproto."""

from collections.abc import Collection, Mapping
from typing import Any

import httpx

from connectors.once.answer import Answer
from connectors.once.passage import Bounds, Outline, Passage, hush, passage

#: Errors that httpx keeps for what happens before a request goes out.
_UNREACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
#: Headers of an answer that no longer hold once its body has been read.
_SPENT = ("content-encoding", "content-length", "transfer-encoding")


class Transport(httpx.BaseTransport):
    """Makes each request over a connection of its own, in its time, and takes its answer whole.

    A write goes out only by connectors.once.write; `logins` are the paths of POSTs that only log in.
    Whatever the client is told, it finds no redirect to follow. With a transport of its own httpx takes
    no proxy from the environment: `proxy` is the address of one.
    """

    def __init__(
        self,
        bounds: Bounds = Bounds(),  # noqa: B008 (frozen)
        logins: Collection[str] = (),
        proxy: str | None = None,
    ) -> None:
        hush("httpx", "httpcore")
        self._bounds = bounds
        self._logins = frozenset(logins)
        # A connection that was used before may be dead without our knowing
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0), proxy=proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Make the request; its answer has been read when this returns."""
        outline = Outline(request.method, request.url.host, request.url.path)
        request.headers["Accept-Encoding"] = "identity"  # so that what is small stays small
        with passage(outline, self._bounds, self._logins) as one:
            request.extensions = {**request.extensions, "timeout": self._times(), "trace": _tell(one)}
            try:
                response = self._inner.handle_request(request)
            except _UNREACHED:
                one.unreached()
                raise
            return _whole(response, request, one)

    def close(self) -> None:
        """Let go of what is left of connections."""
        self._inner.close()

    def _times(self) -> Mapping[str, float]:
        wait = self._bounds.read
        return {"connect": self._bounds.connect, "pool": self._bounds.connect, "read": wait, "write": wait}


def _tell(one: Passage) -> Any:
    """Return what httpx calls at every step of a request."""

    def step(name: str, told: Mapping[str, Any]) -> None:
        if name.endswith((".connect_tcp.complete", ".start_tls.complete")):
            one.over(told["return_value"].get_extra_info("socket"))
        elif name.endswith(".send_request_headers.started") and told["request"].method != b"CONNECT":
            one.leave()

    return step


def _whole(response: httpx.Response, request: httpx.Request, one: Passage) -> httpx.Response:
    """Read an answer to its end and return it as if it had come in one piece."""
    response.request = request
    try:
        body = one.take(response.iter_bytes())
    finally:
        response.close()
    one.answered(
        Answer(response.status_code, {name.lower(): told for name, told in response.headers.items()}, body)
    )
    kept = [(name, told) for name, told in response.headers.multi_items() if name not in _SPENT]
    if 300 <= response.status_code < 400:
        kept = [(name, told) for name, told in kept if name != "location"]
    return httpx.Response(response.status_code, headers=kept, content=body, request=request)
