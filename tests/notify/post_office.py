"""A mail server of our own on loopback, that can refuse, hang and drop the line."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any
from warnings import catch_warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


@dataclass
class PostOffice:
    """What it does with mail, and what it took."""

    #: Addresses that it does not know.
    unknown: frozenset[str] = frozenset()
    #: Of the next so many mails it drops the line where it should say "taken".
    drops: int = 0
    #: Said to every recipient; "" lets the address decide.
    answer: str = ""
    users: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd asks for these names)
        self, server: Any, session: Any, envelope: Any, address: str, _: Any
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 nobody of this name lives here"
        envelope.rcpt_tos.append(address)
        return self.answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        self.encrypted.append(server.transport.get_extra_info("cipher") is not None)
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return "250 taken"

    def lets_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = self.users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=right, handled=False)


@contextmanager
def open_office(
    office: PostOffice, tls: ssl.SSLContext | None = None, *, at_once: bool = False
) -> Iterator[int]:
    """Open it and give its port; with `tls` it speaks it after STARTTLS, or `at_once`."""
    loop = asyncio.new_event_loop()

    def talk() -> SMTP:
        # it takes a line that is encrypted from the start for one that is not
        with catch_warnings(action="ignore", category=UserWarning):
            return made()

    def made() -> SMTP:
        return SMTP(
            office,
            hostname="post.example",
            loop=loop,
            tls_context=None if at_once else tls,
            require_starttls=bool(tls) and not at_once,
            auth_required=bool(office.users),
            authenticator=office.lets_in if office.users else None,
            auth_require_tls=not at_once,
        )

    opening = loop.create_server(talk, "127.0.0.1", 0, ssl=tls if at_once else None)
    server = loop.run_until_complete(opening)
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    """Close it, and let what is under way end."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
