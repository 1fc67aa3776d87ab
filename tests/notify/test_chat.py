"""Chats are reached through Apprise: the letter's Markdown or its text; no address is ever shown."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from responder.model.letter import Letter
from responder.model.recipient import Recipient, Way
from responder.notify import NotifyError, Sender
from tests.network import at

LETTER = Letter(subject="3 open", text="Overdue (1)\n", html="<p>x</p>", markdown="**Overdue (1)**\n")
ANA = Recipient(name="ana", chat=True)


@contextmanager
def room(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A chat on loopback; gives its address, with a token in it, and what it heard."""
    heard: list[dict[str, Any]] = []

    class Room(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Room) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"json://desk:s3cr3t@127.0.0.1:{server.server_port}/t0k3n", heard
        finally:
            server.shutdown()
            thread.join()


def told(address: str, recipient: Recipient = ANA) -> None:
    Sender(secret={"ana_chat": address}.__getitem__).send(LETTER, recipient, Way.CHAT, "k", at(0))


@pytest.mark.parametrize(("form", "words"), [("markdown", "**Overdue (1)**"), ("text", "Overdue (1)")])
def test_a_letter_reaches_a_chat_in_the_form_it_wants(form: str, words: str) -> None:
    with room() as (address, heard):
        told(address, Recipient(name="ana", chat=True, form=form))
    assert [(one["title"], one["message"].strip()) for one in heard] == [("3 open", words)]


def test_a_chat_that_takes_nothing_is_tried_again_and_its_address_is_not_shown() -> None:
    lines = io.StringIO()
    logging.getLogger().addHandler(handler := logging.StreamHandler(lines))
    try:
        with room(500) as (address, _), pytest.raises(NotifyError, match="the chat of ana did not") as caught:
            told(address)
    finally:
        logging.getLogger().removeHandler(handler)
    assert caught.value.again
    for secret in ("s3cr3t", "t0k3n"):
        assert secret not in f"{caught.value!r}{lines.getvalue()}"


@pytest.mark.parametrize("address", ["", "nonsense", "json://", "slack://", "a,b", "mailto://x"])
def test_an_address_that_apprise_does_not_know_is_told_without_showing_it(address: str) -> None:
    sender = Sender(secret={"ana_chat": address}.__getitem__)
    with pytest.raises(NotifyError, match="the secret ana_chat is not one address") as caught:
        sender.look(ANA, Way.CHAT)
    assert not caught.value.again
    assert not address or address not in str(caught.value)


def test_several_addresses_are_not_one() -> None:
    with room() as (address, heard), pytest.raises(NotifyError, match="is not one address"):
        told(f"{address}, {address}")
    assert heard == []


def test_looking_at_a_chat_sends_nothing() -> None:
    with room() as (address, heard):
        Sender(secret={"ana_chat": address}.__getitem__).look(ANA, Way.CHAT)
    assert heard == []
