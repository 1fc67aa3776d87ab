"""The same over TLS, as every network has it: what is cut, lost or not trusted."""

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from connectors.once.passage import Bounds
from connectors.once.session import session
from connectors.once.transport import Transport
from connectors.once.write import write
from responder.connector import ConnectorError, Unavailable, Unsure
from responder.model.delivery import Receipt
from tests.connectors.loopback import Answering, Server, breaks_off, hangs, resets, says, served, trickles

#: Posts to an address.
Way = Callable[[str], Receipt]

BOUNDS = Bounds(connect=10.0, read=0.5, total=1.0)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    today = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=2))
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = built.add_extension(address, critical=False).sign(key, SHA256())
    path = tmp_path_factory.mktemp("tls") / "paper.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture
def server(paper: Path) -> Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paper)
    return Server(says(200), {"id": "7"}, tls=context)


def by_requests(url: str) -> Receipt:
    with session(BOUNDS) as way:
        return Receipt(remote_id=way.post(url, json={}).json()["id"], url="")


def by_httpx(url: str) -> Receipt:
    with httpx.Client(transport=Transport(BOUNDS)) as way:
        return Receipt(remote_id=way.post(url, json={}).json()["id"], url="")


@pytest.mark.parametrize("way", [by_requests, by_httpx])
class TestOverTls:
    @pytest.fixture(autouse=True)
    def _trust(self, paper: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
        if "untrusted" not in request.node.name:
            for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
                monkeypatch.setenv(name, str(paper))

    def test_an_answer_in_full_is_believed(self, way: Way, server: Server) -> None:
        with served(server):
            assert write(lambda: way(server.url)).remote_id == "7"

    @pytest.mark.parametrize(
        "answer", [resets, hangs, breaks_off(0.9), trickles(0.0), trickles(0.7)], ids=range(5)
    )
    def test_an_answer_lost_leaves_it_open(self, way: Way, server: Server, answer: Answering) -> None:
        server.answer, began = answer, time.monotonic()
        assert self._error(way, server) is Unsure
        assert time.monotonic() - began < 5
        assert len(server.writes) == 1

    def test_an_untrusted_server_is_sent_nothing(self, way: Way, server: Server) -> None:
        assert self._error(way, server) is Unavailable
        assert server.requests == []

    def _error(self, way: Way, server: Server) -> type[ConnectorError]:
        with served(server), pytest.raises(ConnectorError) as caught:
            write(lambda: way(server.url))
        return type(caught.value)
