"""Getting a feed: from where it says and nowhere else, in its time, and no more of it than can be wanted."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from connectors.feed.fetch import Fetch, is_public
from connectors.once.answer import Answer
from connectors.once.passage import Bounds
from responder.connector import ConnectorError, Malformed, Unavailable
from tests.connectors.feed.stage import OverHttp
from tests.connectors.loopback import Server, hangs, never_ends, served, trickles
from tests.connectors.once.test_tls import paper
from tests.standins.proxy import Fault, says

__all__ = ["paper"]

BOUNDS = Bounds(connect=5.0, read=5.0, total=10.0, size=50_000)
QUICK = Bounds(connect=5.0, read=0.3, total=0.6)


def get(stage: OverHttp, path: str = "/feed", bounds: Bounds = BOUNDS) -> Answer:
    fetch = Fetch(("127.0.0.1",), private=("127.0.0.1",), bounds=bounds)
    return fetch.get(f"{stage.proxy.url}{path}", {})


def refused(stage: OverHttp, bounds: Bounds = BOUNDS) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        get(stage, bounds=bounds)
    return caught.value


# --- where to


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.1.1", "0.0.0.0"),  # noqa: S104 (nothing binds)
        *("192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::127.0.0.1"),
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:808:808::f5ff:fffe"),
    ],
)
def test_an_address_of_a_private_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0177.0.0.1", "2130706433", "127.1"])
def test_no_private_address_is_asked_unless_it_is_allowed(stage: OverHttp, host: str) -> None:
    address = f"http://{host}:{stage.proxy.port}/feed"
    with pytest.raises(ConnectorError):
        Fetch((host.strip("[]"),)).get(address, {})
    assert stage.proxy.requests == []


def test_a_name_that_nobody_explains_is_given_up_in_time(stage: OverHttp) -> None:
    never = threading.Event()

    def names(_name: str, _port: int) -> list[tuple[Any, ...]]:
        never.wait(60)
        return []

    try:
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1 could not be read \(TimeoutError\)"):
            Fetch(("127.0.0.1",), ("127.0.0.1",), QUICK, names).get(f"{stage.proxy.url}/feed", {})
        assert not never.is_set()
    finally:
        never.set()
    assert stage.proxy.requests == []


def test_a_name_that_leads_nowhere_is_told_as_it_is(stage: OverHttp) -> None:
    def names(_name: str, _port: int) -> list[tuple[Any, ...]]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(Unavailable, match=r"could not be read \(gaierror\)"):
        Fetch(("127.0.0.1",), ("127.0.0.1",), BOUNDS, names).get(f"{stage.proxy.url}/feed", {})


def test_of_a_name_with_a_private_address_among_others_none_is_spoken_to(stage: OverHttp) -> None:
    def names(_name: str, _port: int) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, 0, 0, "", (address, 0)) for address in ("8.8.8.8", "127.0.0.1")]

    with pytest.raises(Malformed, match="an address of a private network"):
        Fetch(("shop.example",), (), BOUNDS, names).get(f"http://shop.example:{stage.proxy.port}/feed", {})
    assert stage.proxy.requests == []


def test_what_is_allowed_is_asked(stage: OverHttp) -> None:
    assert get(stage).status == 200
    assert stage.proxy.requests[0].host == "127.0.0.1"


def test_it_says_how_to_allow_it(stage: OverHttp) -> None:
    with pytest.raises(Malformed, match="name it in `private`"):
        Fetch(("127.0.0.1",)).get(f"{stage.proxy.url}/feed", {})


# --- led on


def leading(location: str, *, times: int = 1) -> Any:
    """Lead on so often, and then let the request pass."""
    left = [times]

    def fault(_: Any) -> Fault | None:
        left[0] -= 1
        return Fault(says(301, "", f"Location: {location}")) if left[0] >= 0 else None

    return fault


def test_it_is_led_on_within_its_host(stage: OverHttp) -> None:
    stage.proxy.fault = leading("/new/place?x=1")
    assert get(stage).status == 200
    assert [path for path, _ in stage.site.asked] == ["/new/place?x=1"]


def test_it_is_not_led_on_for_ever(stage: OverHttp) -> None:
    stage.proxy.fault = leading("/feed", times=99)
    assert str(refused(stage)) == "127.0.0.1 leads on and on."
    assert len(stage.proxy.requests) == 5


@pytest.mark.parametrize(
    "location",
    [
        "http://localhost/feed",
        "http://169.254.169.254/latest/meta-data",
        "//other.example/feed",
        "https://other.example",
    ],
)
def test_it_is_not_led_to_another_host(stage: OverHttp, location: str) -> None:
    stage.proxy.fault = leading(location)
    error = refused(stage)
    assert type(error) is Malformed
    assert "put that address into `feeds`" in str(error)


@pytest.mark.parametrize(
    "location",
    ["", "file:///etc/passwd", "gopher://127.0.0.1/x", "http://me@127.0.0.1/", "http://[", "//[::1"],
)
def test_it_is_not_led_to_what_is_no_address(stage: OverHttp, location: str) -> None:
    stage.proxy.fault = leading(location)
    assert "leads nowhere" in str(refused(stage))


def test_it_is_not_led_from_another_host_into_a_private_network(stage: OverHttp) -> None:
    stage.proxy.fault = leading("http://localhost/restart-it")
    with pytest.raises(Malformed, match="leads into a private network, to localhost"):
        Fetch(("127.0.0.1", "localhost"), ("127.0.0.1", "localhost")).get(f"{stage.proxy.url}/feed", {})


# --- how much, how long


def test_more_than_can_be_wanted_is_not_read(stage: OverHttp) -> None:
    stage.site.body = b"<rss>" + b" " * 60_000 + b"</rss>"
    assert str(refused(stage)) == "127.0.0.1 could not be read: the answer is too large."


def test_what_is_zipped_unasked_is_unzipped(stage: OverHttp) -> None:
    stage.site.headers["Content-Encoding"] = "gzip"
    stage.site.body = gzip.compress(b"<rss>late</rss>" * 1000)
    assert get(stage).body == b"<rss>late</rss>" * 1000


def test_a_small_answer_that_unzips_to_a_large_one_is_not_read(stage: OverHttp) -> None:
    stage.site.headers["Content-Encoding"] = "gzip"
    stage.site.body = gzip.compress(b" " * 20_000_000)
    assert len(stage.site.body) < 50_000
    assert str(refused(stage)) == "127.0.0.1 could not be read: the answer is too large."


def test_what_follows_on_the_end_of_a_zip_is_not_kept(stage: OverHttp) -> None:
    stage.site.headers["Content-Encoding"] = "gzip"
    stage.site.body = gzip.compress(b"<rss>late</rss>") + bytes(200_000)
    assert "IncompleteRead" in str(refused(stage))


def test_what_is_no_zip_is_not_read(stage: OverHttp) -> None:
    stage.site.headers["Content-Encoding"] = "gzip"
    assert type(refused(stage)) is Unavailable


@pytest.mark.parametrize("answer", [hangs, trickles(0.0), trickles(0.7), never_ends])
def test_what_takes_too_long_is_given_up(answer: Any) -> None:
    with served(Server(answer, {"a": "feed"})) as server:
        server_get = _gets_by_writing(server)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            Fetch(("127.0.0.1",), ("127.0.0.1",), QUICK).get(server_get, {})
        assert time.monotonic() - began < 5


def test_a_server_that_takes_no_connection_is_given_up_when_the_time_is_over() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, ExitStack() as stack:
        port = server.getsockname()[1]
        for _ in range(3):  # what it would take, and does not look at
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        began = time.monotonic()
        with pytest.raises(Unavailable):
            Fetch(("127.0.0.1",), ("127.0.0.1",), Bounds(connect=5.0, total=0.3)).get(
                f"http://127.0.0.1:{port}/feed", {}
            )
        assert time.monotonic() - began < 3


def test_a_server_that_never_agrees_on_a_key_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}/feed"
        with pytest.raises(Unavailable):
            Fetch(("127.0.0.1",), ("127.0.0.1",), QUICK).get(address, {})


def _gets_by_writing(server: Server) -> str:
    """Have the server answer a GET as it answers writes."""
    proxy = socket.create_server(("127.0.0.1", 0))

    def carry() -> None:
        with proxy:
            connection, _ = proxy.accept()
            with connection, suppress(OSError):
                connection.recv(1 << 16)
                server.answer(connection, server)

    threading.Thread(target=carry, daemon=True).start()
    return f"http://127.0.0.1:{proxy.getsockname()[1]}/feed"


# --- how it asks


def test_it_says_who_asks_and_what_it_knows(stage: OverHttp) -> None:
    fetch = Fetch(("127.0.0.1",), ("127.0.0.1",), BOUNDS)
    fetch.get(f"{stage.proxy.url}/feed", {"If-None-Match": '"x"'})
    ((_, told),) = stage.site.asked
    headers = {name.lower(): value for name, value in told.items()}
    assert headers["user-agent"] == "complaint-responder"
    assert headers["if-none-match"] == '"x"'
    assert headers["accept-encoding"] == "identity"
    assert headers["host"] == f"127.0.0.1:{stage.proxy.port}"


def test_a_path_may_hold_any_letters(stage: OverHttp) -> None:
    get(stage, "/žal je/%C5%BE?q=naročilo 17&x=[1]")
    assert stage.site.asked[0][0] == "/%C5%BEal%20je/%C5%BE?q=naro%C4%8Dilo%2017&x=[1]"


def test_a_name_that_nobody_has_is_no_feed() -> None:
    with pytest.raises(Unavailable):
        Fetch(("nobody.invalid",)).get(f"http://{'n' * 70}.invalid/feed", {})


def test_a_safe_address_is_not_read_over_an_unsafe_connection() -> None:
    with served(Server(hangs, {"a": "feed"})) as server:
        address = f"https://127.0.0.1:{server.port}/feed"
        with pytest.raises(Unavailable, match=r"SSL|Reset|Aborted"):
            Fetch(("127.0.0.1",), ("127.0.0.1",), BOUNDS).get(address, {})
    assert server.requests == []


@pytest.fixture
def tls(paper: Path) -> Iterator[str]:
    """The address of a server with a certificate of its own making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paper)
    with served(Server(hangs, {"a": "feed"}, tls=context)) as server:
        yield f"{server.url}/feed"


def test_a_certificate_that_nobody_vouches_for_is_not_taken(tls: str) -> None:
    with pytest.raises(Unavailable, match="CertVerif"):
        Fetch(("127.0.0.1",), ("127.0.0.1",), BOUNDS).get(tls, {})


def test_a_certificate_that_is_trusted_is_taken(
    tls: str, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(paper))
    assert Fetch(("127.0.0.1",), ("127.0.0.1",), BOUNDS).get(tls, {}).status == 200
