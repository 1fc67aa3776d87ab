"""The sections about what we tell our own people: the daily digest, by mail or chat, and to whom."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from responder.model.calendar import Calendar
from responder.model.recipient import Alerts, Recipient
from responder.settings.kinds import (
    AccountName,
    Count,
    Folder,
    Kind,
    LanguageOrNone,
    Line,
    TimeOfDay,
    Week,
    Wrong,
    ZoneOrNone,
    quoted,
    read_time,
    spelt,
    text_of,
    told,
)
from responder.settings.problems import Keys
from responder.settings.week import OpeningHours

if TYPE_CHECKING:
    from responder.settings.sections import CompanySection

#: Such an address needs no quoting in a header and no extension of SMTP, and nothing in it can end a line.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
_LONGEST_ADDRESS = 254
#: The ports that servers listen on, by security.
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
NEVER = "none"


def _read_address(value: object) -> str:
    text = text_of(value, "ana@acme.example").strip()
    if text and (len(text) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(text)):
        raise Wrong('this is not a mail address; write it alone, like "ana@acme.example"')
    return text


def _read_hour(value: object) -> time | str:
    return value if value in ("", NEVER) else read_time(value)


#: A mail address in plain letters; "" is none.
MailAddress = Annotated[
    str, Kind(_read_address, {"type": "string", "maxLength": _LONGEST_ADDRESS, "pattern": "^[^\\s<>,;]*$"})
]
#: "07:30"; "" is as for everybody, "none" never.
DigestHour = Annotated[
    time | str,
    Kind(
        _read_hour,
        {
            "type": "string",
            "pattern": f"^(([01][0-9]|2[0-3]):[0-5][0-9]|{NEVER}|)$",
            "examples": ["", "07:30", NEVER],
        },
    ),
]
#: The name or the number of a machine; "" is none.
Host = Annotated[
    str,
    spelt(
        r"([A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)?",
        "the name of a mail server",
        "smtp.acme.example",
    ),
]
#: The last port there is; what is above it some systems cut to another one.
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSection:
    """The daily letter about open complaints."""

    at: TimeOfDay = field(
        default=time(7, 30), metadata=told("When it is written, by the company's time zone.")
    )
    folder: Folder = field(default=Path("digests"), metadata=told("Where it is written."))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSection:
    """The server that takes our mail to our own people; its password is the secret `mail_password`."""

    host: Host = field(default="", metadata=told("The server that takes your outgoing mail; empty: no mail."))
    port: Count = field(
        default=0, metadata=told("Its port; 0: the usual one (starttls 587, tls 465, none 25).")
    )
    security: Literal["starttls", "tls", "none"] = field(
        default="starttls",
        metadata=told(
            'How the way to it is encrypted: "starttls", "tls", or "none", which takes no password'
            " but on this machine itself."
        ),
    )
    user: Line = field(
        default="",
        metadata=told("Who signs in there, with the secret `mail_password`; empty: nobody has to."),
    )
    sender: MailAddress = field(
        default="", metadata=told('The address our mail comes from, like "responder@acme.example".')
    )

    def __post_init__(self) -> None:
        """Refuse a server without a sender, a port there is not, and a password in the clear on a network."""
        if self.host and not self.sender:
            raise ValueError("sender is missing: a mail needs an address that it comes from")
        if self.port > _LAST_PORT:
            raise ValueError(f"port is at most {_LAST_PORT}")
        if self.host and self.user and self.security == "none" and not on_this_machine(self.host):
            raise ValueError(
                f'security = "none" would show the password of {quoted(self.user)} to everybody on the way;'
                ' write "starttls" or "tls"'
            )

    @property
    def at(self) -> int:
        """The port that is meant."""
        return self.port or _PORTS[self.security]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientSection:
    """Somebody who is told by mail or chat: a person, or a room of theirs."""

    name: AccountName = field(
        metadata=told("A short name that you choose: small letters, digits and hyphens.")
    )
    mail: MailAddress = field(default="", metadata=told("Their mail address; empty: no mail."))
    chat: bool = field(
        default=False,
        metadata=told(
            "Whether they have a chat: its Apprise address holds tokens, so it is the secret <name>_chat."
        ),
    )
    timezone: ZoneOrNone = field(
        default=None, metadata=told('Their time zone, like "Europe/Ljubljana"; empty: the company\'s.')
    )
    language: LanguageOrNone = field(
        default="", metadata=told("The language they are told in; empty: the company's.")
    )
    digest: DigestHour = field(
        default="",
        metadata=told(
            'When they get the digest, by their time zone; empty: at the hour of [digest], "none": never.'
        ),
    )
    alerts: Literal["all", "urgent", "none"] = field(
        default="all", metadata=told('Which alarms they get between digests: "all", "urgent" or "none".')
    )
    hours: Week = field(
        default=OpeningHours(""),
        metadata=told("When alarms reach them, by their time zone; the rest waits. Empty: always."),
    )
    at_night: bool = field(
        default=True, metadata=told("Whether danger to people (tier 5) reaches them at any other hour too.")
    )
    format: Literal["markdown", "text"] = field(
        default="markdown", metadata=told('How their chat is written to: "markdown" or plain "text".')
    )


def recipients_of(
    listed: Sequence[RecipientSection], company: "CompanySection", digest: DigestSection
) -> tuple[Recipient, ...]:
    """Return those who are told, with what they leave to the company filled in."""
    return tuple(
        Recipient(
            name=one.name,
            mail=one.mail,
            chat=one.chat,
            zone=one.timezone or company.timezone,
            language=one.language or company.language,
            digest=one.digest if isinstance(one.digest, time) else None if one.digest else digest.at,
            alerts=Alerts(one.alerts),
            hours=Calendar(week=one.hours.days, zone=one.timezone or company.timezone),
            at_night=one.at_night,
            form=one.format,
        )
        for one in listed
    )


def refused_letters(
    listed: Sequence[RecipientSection], mail: MailSection, languages: Sequence[str]
) -> Iterator[tuple[Keys, str]]:
    """Yield, with its keys, what is wrong with recipients and mail though each is right by itself."""
    for place, one in enumerate(listed):
        if one.mail and not mail.host:
            yield ("recipients", place, "mail"), "no mail server is set; name it as host under [mail]"
        if not (one.mail or one.chat):
            yield ("recipients", place), "nothing reaches them; give them a mail address, or chat = true"
        if one.language and one.language not in languages:
            says = f"there are no letters in {quoted(one.language)}; there are: {', '.join(languages)}"
            yield ("recipients", place, "language"), says


def on_this_machine(host: str) -> bool:
    """Whether what is said to `host` leaves no machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
