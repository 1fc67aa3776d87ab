"""Chat: a letter goes to whatever Apprise knows how to reach: Slack, Teams, Telegram, ntfy, Matrix ..."""

import logging
from typing import Any

from responder.model.letter import Letter
from responder.model.recipient import Recipient
from responder.notify.errors import NotifyError

_MISSING = "chats need the package apprise, which is not installed: pip install apprise"


def send(address: str, letter: Letter, recipient: Recipient) -> None:
    """Hand a letter over to the chat at `address`, which is never shown; raises NotifyError."""
    chat = _reached(address, recipient)
    marked = recipient.form == "markdown" and letter.markdown
    body, form = (letter.markdown, "markdown") if marked else (letter.text, "text")
    if not chat.notify(title=letter.subject, body=body, body_format=form):
        raise NotifyError(f"the chat of {recipient.name} did not take it")


def look(address: str, recipient: Recipient) -> None:
    """Say by NotifyError what is wrong with an address; nothing is sent, nobody is asked."""
    _reached(address, recipient)


def _reached(address: str, recipient: Recipient) -> Any:
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        raise NotifyError(_MISSING) from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines name addresses, which hold tokens
    asset = AppriseAsset(app_id="complaint-responder", async_mode=False, storage_mode="memory")
    chat = Apprise(asset=asset)
    if not chat.add(address) or len(chat) != 1:
        raise NotifyError(
            f"the secret {recipient.secret} is not one address that Apprise knows;"
            " see https://github.com/caronc/apprise/wiki",
            again=False,
        )
    return chat
