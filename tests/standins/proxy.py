"""A proxy on the loopback between a connector and a network: it counts, and breaks what it is told to."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

#: What is done to a connection instead of an answer.
Deed = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Request:
    """One request that came through."""

    method: str
    path: str
    #: By the Host header, without the port.
    host: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class Fault:
    """What happens to requests of a kind."""

    #: Given the connection: before the network hears of it, or after the effect, in place of its answer.
    deed: Deed
    after: bool = False
    #: Which requests.
    hits: Callable[[Request], bool] = lambda _: True


class Proxy:
    """Passes requests on, one a connection; everything is a write but GET and the POSTs of `logins`."""

    def __init__(
        self, port: int, logins: tuple[str, ...] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        self.requests: list[Request] = []
        #: Asked about every request; None lets it pass.
        self.fault: Callable[[Request], Fault | None] = lambda _: None
        self._logins = logins
        #: Added to every request.
        self.headers = dict(headers or {})
        #: Requests that the network is working on, one entry each; who was waiting may have gone.
        self.under_way: list[Request] = []
        self._upstream = port
        self._listening: socket.socket | None = None
        self.port = 0
        self.listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def writes(self) -> list[Request]:
        return [one for one in self.requests if self.is_write(one)]

    def is_write(self, request: Request) -> bool:
        return request.method != "GET" and request.path not in self._logins

    def listen(self) -> None:
        """Listen, on the same port as before."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def close(self) -> None:
        """Take no connection any more."""
        if self._listening:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None

    @contextmanager
    def away(self) -> Iterator[None]:
        """Be out of reach for as long as the context lasts."""
        self.close()
        try:
            yield
        finally:
            self.listen()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = _read(connection, self.headers)
            if request is None:
                return
            self.requests.append(request)
            fault = self.fault(request)
            if fault and not fault.hits(request):
                fault = None
            answer = b"" if fault and not fault.after else self._passed_on(request)
            if fault:
                fault.deed(connection)
            else:
                connection.sendall(answer)

    def _passed_on(self, request: Request) -> bytes:
        self.under_way.append(request)
        try:
            with socket.create_connection(("127.0.0.1", self._upstream), timeout=30) as upstream:
                upstream.sendall(request.raw)
                return b"".join(iter(lambda: upstream.recv(1 << 16), b""))
        finally:
            self.under_way.remove(request)


def _read(connection: socket.socket, more: Mapping[str, str]) -> Request | None:
    """Read one request, and have its connection end with its answer; None for what is no HTTP."""
    with connection.makefile("rb") as reader:
        first = reader.readline().decode()
        if len(first.split()) != 3:
            return None
        headers = {}
        while line := reader.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = reader.read(int(headers.get("content-length", 0)))
    method, target, _ = first.split()
    lines = [
        first.strip(),
        *(f"{name}: {value}" for name, value in {**headers, "connection": "close", **more}.items()),
    ]
    raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    return Request(method, target.partition("?")[0], headers.get("host", "").rpartition(":")[0], raw)


# --- deeds


def says(status: int, body: str = "{}", *headers: str, kind: str = "application/json") -> Deed:
    """Answer whole."""
    told = [
        f"HTTP/1.1 {status} Told",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body.encode())}",
        *headers,
    ]
    whole = "\r\n".join([*told, "Connection: close", "", body]).encode()
    return lambda connection: connection.sendall(whole)


def closes(connection: socket.socket) -> None:
    """Close with FIN."""
    connection.shutdown(socket.SHUT_RDWR)


def resets(connection: socket.socket) -> None:
    """Close with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())


def stops_short(connection: socket.socket) -> None:
    """Begin an answer, and close."""
    connection.sendall(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"uri":'
    )
    connection.shutdown(socket.SHUT_RDWR)
