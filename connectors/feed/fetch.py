"""Getting a feed: from where it says and nowhere else, in its time, and no more of it than can be wanted."""

import http.client
import ipaddress
import socket
import ssl
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from connectors.feed.options import is_address
from connectors.form import host_of
from connectors.once.answer import Answer
from connectors.once.passage import Bounds, Outline, Passage, Stopped, now, passage
from responder.connector import ConnectorError, Malformed, Unauthorised, Unavailable

#: A feed of thousands of entries is some megabytes.
BOUNDS = Bounds(size=4 << 20)
#: An address may lead on so often.
_LEADS = 4
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SPECIAL = "%/:=&?~#+!$,;'@()*[]"
#: Where a connection may go.
_Place = tuple[socket.AddressFamily, tuple[str, int]]
#: Where the name of a server leads, in the manner of socket.getaddrinfo: (name, port) -> what it gives.
Names = Callable[[str, int], Sequence[tuple[Any, ...]]]


class _Private(Exception):
    """A name leads to an address of a private network."""


def _asked(name: str, port: int) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)


@dataclass(frozen=True, slots=True)
class Fetch:
    """Gets what stands under addresses of these hosts."""

    hosts: Collection[str]
    #: Hosts that may have addresses of a private network.
    private: Collection[str] = ()
    bounds: Bounds = BOUNDS
    names: Names = _asked

    def get(self, address: str, headers: Mapping[str, str]) -> Answer:
        """Return a whole answer of 200 or 304; raises what is wrong.

        It is led on within its hosts only, never from https to http, and never from one host to another that
        may be private. Every address that a name has is looked at before one of them is spoken to.
        """
        for _ in range(_LEADS + 1):
            answer = self._ask(address, headers)
            if answer.status not in {301, 302, 303, 307, 308}:
                return _fine(host_of(address), answer)
            address = self._led_on(address, answer)
        raise Malformed(f"{host_of(address)} leads on and on.")

    def _led_on(self, address: str, answer: Answer) -> str:
        told = answer.headers.get("location", "")
        try:
            there = urljoin(address, told)
        except ValueError:  # half an address in brackets
            there = ""
        if not told or not is_address(there):
            raise Malformed(f"{host_of(address)} leads nowhere ({answer.status}).")
        if host_of(there) not in self.hosts:
            raise Malformed(f"{host_of(address)} leads to {host_of(there)}: put that address into `feeds`.")
        if address.startswith("https:") and there.startswith("http:"):
            raise Malformed(f"{host_of(address)} leads to an address without https.")
        # a stranger may have led us
        if host_of(there) in self.private and host_of(there) != host_of(address):
            raise Malformed(
                f"{host_of(address)} leads into a private network, to {host_of(there)};"
                " put the address itself into `feeds` if that is meant."
            )
        return there

    def _ask(self, address: str, headers: Mapping[str, str]) -> Answer:
        url, host = urlsplit(address), host_of(address)
        try:
            with passage(Outline("GET", host, url.path), self.bounds, ()) as one:
                return self._answered(address, headers, one)
        except _Private as error:
            raise Malformed(f"{host} is {error}; name it in `private` if that is meant.") from None
        except Stopped as error:
            raise Unavailable(f"{host} could not be read: {error}.") from None
        except (OSError, http.client.HTTPException, UnicodeError, zlib.error) as error:
            raise Unavailable(f"{host} could not be read ({type(error).__name__}).") from None

    def _answered(self, address: str, headers: Mapping[str, str], one: Passage) -> Answer:
        """Ask, over a connection of its own, and read the answer to its end."""
        url, host = urlsplit(address), host_of(address)
        port = url.port or (443 if url.scheme == "https" else 80)
        ends = now() + self.bounds.total
        places = _places(_found(self.names, _name(host), port, ends), port, allowed=host in self.private)
        connection = _connected(places, self.bounds, ends)
        try:
            connection.settimeout(self.bounds.read)
            if url.scheme == "https":
                connection = ssl.create_default_context().wrap_socket(
                    connection, server_hostname=_name(host), do_handshake_on_connect=False
                )
            one.over(connection)  # from here on it can be cut, also while the two agree on a key
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            one.leave()
            return _read(connection, address, headers, one)
        finally:
            connection.close()


def _read(connection: socket.socket, address: str, headers: Mapping[str, str], one: Passage) -> Answer:
    way = http.client.HTTPConnection(_name(host_of(address)))
    way.sock = connection
    way.request("GET", _target(address), headers=_headers(address) | dict(headers))
    with way.getresponse() as response:
        kept = {name.lower(): told for name, told in response.getheaders()}
        pieces = iter(lambda: response.read(1 << 16), b"")
        zipped = kept.get("content-encoding", "").lower() in {"gzip", "x-gzip", "deflate"}
        body = one.take(_unzipped(pieces) if zipped else pieces)
        if response.length:  # read piece by piece, it does not say itself that a piece is missing
            raise http.client.IncompleteRead(b"", response.length)
    return Answer(response.status, kept, body)


def _headers(address: str) -> dict[str, str]:
    """Return what goes along with every request."""
    url, host = urlsplit(address), _name(host_of(address))
    shown = f"[{host}]" if ":" in host else host
    return {
        "Host": f"{shown}:{url.port}" if url.port else shown,
        "User-Agent": "complaint-responder",
        "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _target(address: str) -> str:
    url = urlsplit(address)
    return quote(url.path or "/", _SPECIAL) + (f"?{quote(url.query, _SPECIAL)}" if url.query else "")


def _name(host: str) -> str:
    """Return the name of a server in plain letters."""
    return host if ":" in host else host.encode("idna").decode()


def _found(names: Names, name: str, port: int, ends: float) -> Sequence[tuple[Any, ...]]:
    """Return where a name leads; raises TimeoutError when nobody has said so by then.

    Nothing can break a question off that the system asks: it is left to come to its end by itself.
    """
    said: Future[Sequence[tuple[Any, ...]]] = Future()

    def ask() -> None:
        try:
            said.set_result(names(name, port))
        except Exception as error:  # noqa: BLE001 (who waits raises it)
            said.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return said.result(timeout=max(0.0, ends - now()))


def _places(found: Sequence[tuple[Any, ...]], port: int, *, allowed: bool) -> list[_Place]:
    """Return the addresses of a name; raises _Private unless all of them are public, or `allowed`."""
    places: list[_Place] = [(family, (str(told[0]), port)) for family, _, _, _, told in found]
    for _, (address, _) in places:
        if not allowed and not is_public(address):
            raise _Private("an address of a private network")
    return places


def _connected(places: list[_Place], bounds: Bounds, ends: float) -> socket.socket:
    """Return a connection to the first of these places that takes one; a name may have hundreds."""
    failed = OSError("it has no address")
    for family, place in places:
        patience = min(bounds.connect, ends - now())
        if patience <= 0:
            break
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(patience)
        try:
            connection.connect(place)
        except OSError as error:
            connection.close()
            failed = error
        else:
            return connection
    raise failed


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's, also where it is wrapped into another one."""
    told = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(told, ipaddress.IPv6Address):
        wrapped = told.ipv4_mapped or told.sixtofour or (told.teredo[1] if told.teredo else None)
        if told in _NAT64:
            wrapped = ipaddress.IPv4Address(int(told) & 0xFFFFFFFF)
        if wrapped:
            return is_public(str(wrapped))
        if told.is_site_local:
            return False
    return told.is_global and not told.is_multicast and not told.is_reserved


def _unzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unzip an answer that was zipped unasked, a little at a time, so that whoever counts can stop it."""
    reader = zlib.decompressobj(wbits=47)
    for piece in pieces:
        left = piece
        while left:
            yield reader.decompress(left, 1 << 16)
            left = reader.unconsumed_tail
        if reader.eof:  # what comes after the end is nothing to wait for, and nothing to keep
            return
    yield reader.flush()


def _fine(host: str, answer: Answer) -> Answer:
    """Return an answer of 200 or 304; raises what another one means."""
    status, problem = answer.status, ConnectorError()
    if status in {200, 304}:
        return answer
    if status in {401, 403}:
        problem = Unauthorised(f"{host} does not let us in ({status}).")
    elif status in {408, 425, 429} or status >= 500:
        problem = Unavailable(f"{host} answered {status}.", retry_after=answer.retry_after)
    else:
        problem = Malformed(f"{host} has no feed there ({status}).")
    raise problem
