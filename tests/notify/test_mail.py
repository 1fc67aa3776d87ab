"""Mail goes out once, whole and encrypted; what a server does wrong is told, with whether it may pass."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import IPv4Address
from pathlib import Path
from time import monotonic
from typing import Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from responder.model.letter import Letter
from responder.notify import MailServer, NotifyError
from responder.notify.mail import look, send
from tests.notify.post_office import PostOffice, open_office

Security = Literal["starttls", "tls"]
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
LETTER = Letter(
    subject="3 odprte, 1 zamuja – Lindenrowe, pon., 2. mar.",
    text="Zamuja (1)\n\n  c-1  »Škatla je prišla mokra« " + "zelo " * 40 + "\n.\n",
    html="<!doctype html><p>Zamuja: <b>»Škatla je prišla mokra«</b></p>",
)
TO = "ana@acme.example"


def at(port: int) -> MailServer:
    return MailServer(host="127.0.0.1", port=port, security="none", sender="responder@acme.example")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server shows that says it is 127.0.0.1, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post office")])
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    now = datetime.now(UTC)
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = built.add_extension(address, critical=False).sign(key, hashes.SHA256())
    file = Path(tmp_path_factory.mktemp("office")) / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shows.load_cert_chain(file)
    return shows, ssl.create_default_context(cafile=str(file))


def test_a_letter_arrives_as_text_and_html_and_says_that_a_machine_wrote_it() -> None:
    office = PostOffice()
    with open_office(office) as port:
        send(at(port), LETTER, TO, "digest 2026-03-02 ana mail", NOW)
    (mail,) = office.taken
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == LETTER.text  # the lone dot too
    assert html.get_content().strip() == LETTER.html
    assert str(mail["Subject"]) == LETTER.subject
    assert (mail["Auto-Submitted"], mail["To"]) == ("auto-generated", TO)
    assert mail["From"].addresses[0].addr_spec == "responder@acme.example"
    assert mail["Date"].datetime == NOW
    assert str(mail["List-ID"]).endswith("<complaint-responder.acme.example>")


def test_no_line_of_a_mail_is_longer_than_servers_take_and_all_of_it_is_ascii() -> None:
    office = PostOffice()
    long = replace(LETTER, html="<p>" + "ü" * 5_000 + "</p>", text="ž" * 5_000)
    with open_office(office) as port:
        send(at(port), long, TO, "k", NOW)
    raw = office.taken[0].as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998


def test_the_same_letter_has_the_same_message_id_and_another_has_another() -> None:
    office = PostOffice()
    with open_office(office) as port:
        for key, now in (("a", NOW), ("a", NOW + timedelta(hours=1)), ("b", NOW)):
            send(at(port), LETTER, TO, key, now)
    first, again, other = (mail["Message-ID"] for mail in office.taken)
    assert first == again != other
    assert first.endswith("@acme.example>")


@pytest.mark.parametrize(
    "words", ["Hello\r\nBcc: eve@evil.example", "Hello\nX-A: 1", "Hello\r\n\r\nbody", "\x00"]
)
def test_no_word_of_a_subject_becomes_a_header(words: str) -> None:
    office = PostOffice()
    with open_office(office) as port:
        send(at(port), replace(LETTER, subject=words), TO, "k", NOW)
    (mail,) = office.taken
    assert mail["Bcc"] is None
    assert mail["X-A"] is None
    assert mail.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_who_signs_in_does_so_over_an_encrypted_line(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext], security: Security
) -> None:
    shows, trusts = certificate
    office = PostOffice(users={"desk": "frog"})
    with open_office(office, shows, at_once=security == "tls") as port:
        server = replace(at(port), security=security, user="desk", trusted=trusts)
        with pytest.raises(NotifyError, match="does not let desk in: 535") as caught:
            send(replace(server, password=lambda: "wrong"), LETTER, TO, "k", NOW)
        assert caught.value.again
        assert "wrong" not in str(caught.value)
        send(replace(server, password=lambda: "frog"), LETTER, TO, "k", NOW)
        look(replace(server, password=lambda: "frog"))
    assert office.encrypted == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_cannot_prove_who_it_is_is_told_no_password(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext], security: Security
) -> None:
    office = PostOffice(users={"desk": "frog"})
    with open_office(office, certificate[0], at_once=security == "tls") as port:
        server = replace(at(port), security=security, user="desk", password=lambda: "frog")
        with pytest.raises(NotifyError, match="a certificate that cannot be trusted: self-signed") as caught:
            send(server, LETTER, TO, "k", NOW)
    assert caught.value.again
    assert office.taken == []


def test_a_server_that_takes_starttls_away_gets_no_mail_in_the_clear() -> None:
    office = PostOffice()
    words = r"cannot do what \[mail\] asks for: STARTTLS"
    with open_office(office) as port, pytest.raises(NotifyError, match=words):
        send(replace(at(port), security="starttls"), LETTER, TO, "k", NOW)
    assert office.taken == []


@pytest.mark.parametrize(
    ("office", "words", "again"),
    [
        (PostOffice(unknown=frozenset({TO})), "refuses ana@acme.example: 550 5.1.1 nobody of this", False),
        (PostOffice(answer="451 4.7.1 greylisted, come back"), "refuses ana@acme.example: 451", True),
        (PostOffice(answer="452 full\r\n"), "refuses ana@acme.example: 452 full", True),
    ],
)
def test_a_refused_recipient_is_told_with_whether_it_may_pass(
    office: PostOffice, words: str, again: bool
) -> None:
    with open_office(office) as port, pytest.raises(NotifyError, match=words) as caught:
        send(at(port), LETTER, TO, "k", NOW)
    assert caught.value.again is again


def test_a_line_that_drops_after_the_mail_is_tried_again_as_the_same_mail() -> None:
    office = PostOffice(drops=1)
    with open_office(office) as port:
        with pytest.raises(NotifyError, match="broke off") as caught:
            send(at(port), LETTER, TO, "k", NOW)
        assert caught.value.again
        send(at(port), LETTER, TO, "k", NOW + timedelta(minutes=1))
    first, second = (mail["Message-ID"] for mail in office.taken)
    assert first == second


@contextmanager
def answering(*words: bytes) -> Iterator[int]:
    """A server that says these words, each after a while, and then nothing; gives its port."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            with connection:
                for word in words:
                    connection.sendall(word)
                    if done.wait(0.05):
                        return
                done.wait(30)

        thread = threading.Thread(target=talk)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            done.set()
            thread.join()


@pytest.mark.parametrize("words", [(), (b"220 hello\r\n",), (b"2",) * 500])
def test_a_server_that_hangs_or_trickles_is_left_in_time(words: tuple[bytes, ...]) -> None:
    begun = monotonic()
    with answering(*words) as port, pytest.raises(NotifyError) as caught:
        send(replace(at(port), step=0.2, talk=0.6), LETTER, TO, "k", NOW)
    assert caught.value.again
    assert monotonic() - begun < 15  # not the half minute that it would go on


def test_a_server_that_is_not_there_or_speaks_something_else_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(NotifyError, match="cannot be reached: connection refused"):
        look(at(port))
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port, pytest.raises(NotifyError):
        look(at(port))


@pytest.mark.parametrize("host", ["smtp..example", f"{'a' * 64}.example"])
def test_a_name_that_cannot_be_asked_for_is_told_like_one_that_is_not_known(host: str) -> None:
    with pytest.raises(NotifyError, match="is not known: look at host under"):
        look(replace(at(25), host=host))


def test_a_password_that_cannot_be_sent_is_not_shown(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    shows, trusts = certificate
    with open_office(PostOffice(users={"desk": "frog"}), shows) as port:
        server = replace(at(port), security="starttls", user="desk", trusted=trusts)
        with pytest.raises(NotifyError, match="plain letters only") as caught:
            look(replace(server, password=lambda: "žaba"))
    assert "aba" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_no_password_is_shown_by_who_holds_it() -> None:
    assert "frog" not in repr(replace(at(1), user="desk", password=lambda: "frog"))


def test_the_time_of_a_mail_is_told_with_its_zone() -> None:
    office = PostOffice()
    with open_office(office) as port:
        send(at(port), LETTER, TO, "k", NOW.astimezone(timezone(timedelta(hours=5, minutes=45))))
    assert str(office.taken[0]["Date"]).endswith("+0545")
