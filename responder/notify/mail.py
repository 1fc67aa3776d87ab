"""Mail: a letter goes out by SMTP, as text and as HTML, to one person."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from threading import Timer
from typing import Literal

from responder.model.letter import Letter
from responder.model.visible import one_line
from responder.notify.errors import NotifyError

#: Seconds for one step of the talk with a server, and for all of it.
STEP, TALK = 10.0, 40.0
_UNKNOWN = "is not known: look at host under [mail]"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Who takes our mail, and how we talk to them."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str = ""
    #: Gives the password when it is needed; raises what says why there is none.
    password: Callable[[], str] = field(default=str, repr=False)
    #: Whom we trust to say who a server is; None: those that this machine trusts.
    trusted: ssl.SSLContext | None = field(default=None, repr=False)
    step: float = STEP
    talk: float = TALK


def send(server: MailServer, letter: Letter, to: str, key: str, now: datetime) -> None:
    """Hand a letter over to the server; `key` names it, so that sent twice it is shown once.

    Raises NotifyError: whether it can be tried again, under the same key, is said by its `again`.
    """
    message = mail_of(letter, to, server.sender, key, now)
    with _talking(server) as talk:
        refused = talk.send_message(message, server.sender, [to])
    if refused:  # of one recipient it is raised instead
        raise NotifyError(f"{to} was refused by {server.host}", again=False)


def look(server: MailServer) -> None:
    """Connect and sign in, and send nothing; raises NotifyError."""
    with _talking(server) as talk:
        talk.noop()


def mail_of(letter: Letter, to: str, sender: str, key: str, now: datetime) -> EmailMessage:
    """Return a letter as a mail that says of itself that a machine wrote it."""
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("complaint-responder", addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    mail["List-ID"] = f"complaint-responder <complaint-responder.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    mail["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    mail.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail


@contextmanager
def _talking(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Give an open talk with the server, signed in where that is wanted, for as long as it may take."""
    try:
        password = server.password() if server.user else ""
        context = server.trusted or ssl.create_default_context()
        talk = (
            smtplib.SMTP_SSL(timeout=server.step, context=context)
            if server.security == "tls"
            else smtplib.SMTP(timeout=server.step)
        )
        talk._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001 (whom the certificate must name)
        # each step has its limit; a server that says a letter at a time would still keep us for ever
        end = Timer(server.talk, _cut, [talk])
        end.daemon = True
        end.start()
        try:
            try:
                code, words = talk.connect(server.host, server.port)
            except UnicodeError:  # a name that cannot be asked for: "smtp..acme"
                raise NotifyError(f"the mail server {server.host}:{server.port} {_UNKNOWN}") from None
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            if server.security == "starttls":
                talk.starttls(context=context)
            if server.user:
                _sign_in(talk, server.user, password)
            yield talk
        finally:
            end.cancel()
            _leave(talk)
    except smtplib.SMTPException as error:
        raise _refused(server, error) from None
    except (OSError, ssl.SSLError) as error:
        raise NotifyError(f"the mail server {server.host}:{server.port} {_wrong(error)}") from None


def _sign_in(talk: smtplib.SMTP, user: str, password: str) -> None:
    try:
        talk.login(user, password)
    except UnicodeEncodeError:  # the error itself shows the password
        raise NotifyError("user and mail_password may hold plain letters only") from None


def _cut(talk: smtplib.SMTP) -> None:
    """End a talk from another thread: who waits for an answer gets an error."""
    with suppress(OSError, AttributeError):
        if talk.sock:
            talk.sock.shutdown(socket.SHUT_RDWR)


def _leave(talk: smtplib.SMTP) -> None:
    """Say goodbye; nobody waits long for the answer, and the mail is out whatever it is."""
    with suppress(OSError, smtplib.SMTPException):
        if talk.sock:
            talk.sock.settimeout(1.0)
        talk.quit()
    talk.close()


def _wrong(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"shows a certificate that cannot be trusted: {one_line(error.verify_message, 200)}"
    if isinstance(error, ssl.SSLError):
        return f"does not speak TLS as [mail] security says: {one_line(error.reason or 'TLS failed', 100)}"
    if isinstance(error, TimeoutError):
        return "does not answer in time"
    if isinstance(error, socket.gaierror):
        return _UNKNOWN
    return f"cannot be reached: {one_line((error.strerror or type(error).__name__).lower(), 100)}"


def _refused(server: MailServer, error: smtplib.SMTPException) -> NotifyError:
    """Return what the server said, and whether it may say otherwise later."""
    where = f"the mail server {server.host}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        to, (code, words) = next(iter(error.recipients.items()))
        return NotifyError(f"{where} refuses {to}: {_said(code, words)}", again=code < 500)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = _said(error.smtp_code, error.smtp_error)
        return NotifyError(f"{where} does not let {one_line(server.user, 60)} in: {said}")
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        said = _said(error.smtp_code, error.smtp_error)
        return NotifyError(f"{where} refuses the mail: {said}", again=error.smtp_code < 500)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NotifyError(f"{where} cannot do what [mail] asks for: {one_line(str(error), 200)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return NotifyError(f"{where} says {_said(error.smtp_code, error.smtp_error)}")
    return NotifyError(f"{where} broke off: {one_line(str(error), 200) or 'without a word'}")


def _said(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return one_line(f"{code} {said}", 200)
