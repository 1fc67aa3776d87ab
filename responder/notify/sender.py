"""Sender: one letter to one person, by one way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from responder.model.letter import Letter
from responder.model.recipient import Recipient, Way
from responder.notify import chat, mail
from responder.notify.errors import NotifyError
from responder.notify.mail import MailServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What letters go out by."""

    #: None: no mail server is set.
    server: MailServer | None = None
    #: Gives a secret by its name; raises what says why there is none.
    secret: Callable[[str], str] = field(default=str, repr=False)

    def send(self, letter: Letter, recipient: Recipient, way: Way, key: str, now: datetime) -> None:
        """Send it; `key` names the letter, so that sent twice it is shown once. Raises NotifyError."""
        match way:
            case Way.MAIL:
                mail.send(self._server(), letter, recipient.mail, key, now)
            case Way.CHAT:
                chat.send(self._address(recipient), letter, recipient)
            case Way.FOLDER:
                raise ValueError("a folder is no recipient's")

    def look(self, recipient: Recipient, way: Way) -> None:
        """Look whether it would go out, and send nothing; raises NotifyError."""
        if way is Way.MAIL:
            mail.look(self._server())
        else:
            chat.look(self._address(recipient), recipient)

    def _server(self) -> MailServer:
        if self.server is None:
            raise NotifyError("no mail server is set; name it as host under [mail]", again=False)
        return self.server

    def _address(self, recipient: Recipient) -> str:
        from responder.settings.secret import SecretError

        try:
            return self.secret(recipient.secret)
        except SecretError as error:
            raise NotifyError(str(error)) from None
