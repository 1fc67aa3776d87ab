"""Recipient: one of our own people, or a room of theirs, that is told something."""

from dataclasses import dataclass
from datetime import UTC, time, tzinfo
from enum import StrEnum

from responder.model.calendar import ALWAYS, Calendar


class Way(StrEnum):
    """By what a letter goes out."""

    FOLDER = "folder"
    MAIL = "mail"
    CHAT = "chat"


class Alerts(StrEnum):
    """Of which alarms somebody is told."""

    ALL = "all"
    URGENT = "urgent"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who is told, as the settings list them."""

    name: str
    #: An address; "" gets no mail.
    mail: str = ""
    #: Whether the secret `<name>_chat` holds where their chat is.
    chat: bool = False
    zone: tzinfo = UTC
    language: str = "en"
    #: When the digest is due, by their own time zone; None gets none.
    digest: time | None = None
    alerts: Alerts = Alerts.ALL
    #: When they are told at once; and whether they are told of harm at any other hour.
    hours: Calendar = ALWAYS
    at_night: bool = True
    #: What a chat is sent: "text" or "markdown".
    form: str = "markdown"

    @property
    def ways(self) -> tuple[Way, ...]:
        """By what this one is reached; each succeeds or fails for itself."""
        return (*((Way.MAIL,) if self.mail else ()), *((Way.CHAT,) if self.chat else ()))

    @property
    def secret(self) -> str:
        """The name of the secret that holds where their chat is."""
        return f"{self.name}_chat"
