"""A wire between us and PostgreSQL that is cut at a chosen piece: before it arrives, or after."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.engine import URL

#: How PostgreSQL's socket is called in its folder.
_SOCKET = ".s.PGSQL.5432"


@dataclass
class Wire:
    """Forwards connections to a server, counts the pieces that pass, and cuts at one of them."""

    server: URL
    #: At which piece (from 1) every connection ends, once; None lets all pass.
    cut_at: int | None = None
    passed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ends: set[socket.socket] = field(default_factory=set)

    def may_pass(self) -> bool:
        """Count a piece; say whether it passes."""
        with self._lock:
            self.passed += 1
            return self.passed != self.cut_at

    def connect(self) -> socket.socket:
        """Connect to the server itself."""
        folder = str(self.server.query.get("host", ""))
        if not folder.startswith("/"):
            return socket.create_connection((self.server.host or "127.0.0.1", self.server.port or 5432))
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(f"{folder}/{_SOCKET}")
        return upstream

    def take(self, client: socket.socket) -> None:
        """Forward one connection both ways, on threads of its own."""
        upstream = self.connect()
        self._ends |= {client, upstream}
        threading.Thread(target=self._forward, args=(client, upstream), daemon=True).start()

    def _forward(self, client: socket.socket, upstream: socket.socket) -> None:
        back = threading.Thread(target=self._pump, args=(upstream, client), daemon=True)
        back.start()
        self._pump(client, upstream)
        back.join()
        for end in (client, upstream):  # a run has more connections than a process may hold open
            end.close()
        self._ends -= {client, upstream}

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while (piece := source.recv(1 << 16)) and self.may_pass():
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End every connection."""
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def wire(server: URL) -> Iterator[tuple[Wire, URL]]:
    """Give a wire, and the server's address by way of it."""
    one = Wire(server)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    one.take(listener.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        port = listener.getsockname()[1]
        yield one, server.set(host="127.0.0.1", port=port, query={})
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        one.close()
