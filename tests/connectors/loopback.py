"""A server on 127.0.0.1 that takes a write, has its effect, and then answers in any way but the right one."""

import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

#: POSTs that only log in.
LOGINS = ("/api/v1/access_token",)
TOKEN = {"access_token": "canary-access-4c2a", "expires_in": 86400, "token_type": "bearer", "scope": "*"}


@dataclass
class Heard:
    """One request that reached the server."""

    method: str
    path: str
    body: bytes = b""


@dataclass
class Server:
    """What reached the server, and how it answers a write."""

    answer: "Answering"
    #: The right answer to a write.
    good: object = None
    #: Where the misbehaviour leads elsewhere.
    elsewhere: str = ""
    #: How it answers a login, if not well.
    login: "Answering | None" = None
    #: To be spoken to by TLS only.
    tls: ssl.SSLContext | None = None
    port: int = 0
    requests: list[Heard] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def writes(self) -> list[Heard]:
        return [one for one in self.requests if one.method != "GET" and one.path not in LOGINS]


#: Given the connection and the server, after the effect.
Answering = Callable[[socket.socket, Server], None]


def response(status: int, body: object = None, headers: Mapping[str, str] | None = None) -> bytes:
    """Return an answer as it goes over the wire; what is not bytes goes as JSON."""
    whole = body if isinstance(body, bytes) else json.dumps(body).encode()
    kept = {"Content-Type": "application/json", "Content-Length": str(len(whole)), **(headers or {})}
    lines = [f"HTTP/1.1 {status} Told", *(f"{name}: {value}" for name, value in kept.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + whole


@contextmanager
def served(server: Server) -> Iterator[Server]:
    """Let the server listen for as long as the context lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        open_ones: list[socket.socket] = []
        thread = threading.Thread(target=_accept, args=(listening, server, open_ones), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            for one in open_ones:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _accept(listening: socket.socket, server: Server, open_ones: list[socket.socket]) -> None:
    talks: list[threading.Thread] = []
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            server.connections += 1
            open_ones.append(connection)
            talks.append(threading.Thread(target=_talk, args=(connection, server), daemon=True))
            talks[-1].start()
    for talk in talks:
        talk.join(5)


def _talk(plain: socket.socket, server: Server) -> None:
    with plain, suppress(OSError), _secured(plain, server) as connection, connection.makefile("rb") as reader:
        while heard := _request(reader.readline, reader.read):
            server.requests.append(heard)
            if heard.path in LOGINS:
                (server.login or says(200, TOKEN))(connection, server)
            elif heard.method == "GET":
                connection.sendall(response(200, server.good))
            else:
                server.answer(connection, server)


def _secured(plain: socket.socket, server: Server) -> socket.socket:
    return server.tls.wrap_socket(plain, server_side=True) if server.tls else plain


def _request(line: Callable[[], bytes], read: Callable[[int], bytes]) -> Heard | None:
    """Read one request; None at the end, and for what is no HTTP."""
    words = line().split()
    if len(words) != 3 or not words[2].startswith(b"HTTP/"):
        return None
    length = 0
    while (header := line().strip().lower()) != b"":
        if header.startswith(b"content-length:"):
            length = int(header.partition(b":")[2])
    return Heard(words[0].decode(), words[1].decode().partition("?")[0], read(length))


# --- how it answers


def says(status: int, body: object = None, headers: Mapping[str, str] | None = None) -> Answering:
    """Answer whole; without a body with the right one."""

    def answer(connection: socket.socket, server: Server) -> None:
        connection.sendall(response(status, server.good if body is None else body, headers))

    return answer


def redirects(status: int, *, away: bool = False) -> Answering:
    """Send the client to the same address again, or to another server."""

    def answer(connection: socket.socket, server: Server) -> None:
        base = server.elsewhere if away else server.url
        connection.sendall(response(status, server.good, {"Location": base + server.writes[-1].path}))

    return answer


def breaks_off(share: float) -> Answering:
    """Send a part of the right answer and close."""

    def answer(connection: socket.socket, server: Server) -> None:
        whole = response(200, server.good)
        connection.sendall(whole[: int(len(whole) * share)])
        connection.shutdown(socket.SHUT_RDWR)

    return answer


def trickles(skip: float) -> Answering:
    """Send a part of the right answer at once, and the rest a byte at a time, each within any time-out."""

    def answer(connection: socket.socket, server: Server) -> None:
        whole = response(200, server.good)
        begin = int(len(whole) * skip)
        connection.sendall(whole[:begin])
        for at in range(begin, len(whole)):
            connection.sendall(whole[at : at + 1])
            threading.Event().wait(0.1)

    return answer


def zipped(more: int) -> Answering:
    """Answer rightly and zipped, with so many bytes added before."""

    def answer(connection: socket.socket, server: Server) -> None:
        body = gzip.compress(json.dumps(server.good).encode() + b" " * more)
        connection.sendall(response(200, body, {"Content-Encoding": "gzip"}))

    return answer


def unmeasured(share: float, *, chunked: bool) -> Answering:
    """Send a part of the right answer, whose length was not told, and close."""

    def answer(connection: socket.socket, server: Server) -> None:
        body = json.dumps(server.good).encode()
        size = f"{len(body):x}\r\n".encode()
        body, told = (
            (size + body + b"\r\n0\r\n\r\n", "Transfer-Encoding: chunked") if chunked else (body, "X: y")
        )
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{told}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body[: int(len(body) * share)])
        connection.shutdown(socket.SHUT_RDWR)

    return answer


def never_ends(connection: socket.socket, server: Server) -> None:
    """Answer rightly, tell no length, and add blanks for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    connection.sendall(json.dumps(server.good).encode())
    while True:
        connection.sendall(b" ")
        threading.Event().wait(0.1)


def large(connection: socket.socket, server: Server) -> None:
    """Answer rightly, and with more than anybody can want."""
    connection.sendall(response(200, json.dumps(server.good).encode() + b" " * (2 << 20)))


def resets(connection: socket.socket, _: Server) -> None:
    """Close with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())


def closes(connection: socket.socket, _: Server) -> None:
    """Close with FIN."""
    connection.shutdown(socket.SHUT_RDWR)


def hangs(connection: socket.socket, _: Server) -> None:
    """Say nothing until the client goes."""
    while connection.recv(1 << 16):
        pass


def serves_once_a_connection(connection: socket.socket, server: Server) -> None:
    """Answer rightly, promise to keep the connection, and reset it when it is used again."""
    connection.sendall(response(200, server.good, {"Connection": "keep-alive"}))
    if connection.recv(1):
        resets(connection, server)
