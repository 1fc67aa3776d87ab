"""Mistakes on the side of the network: in a connector, or in the library under it."""

from dataclasses import replace
from hashlib import sha256

from responder.connector import Look, Sight, Unsure
from responder.model.delivery import Receipt
from responder.model.draft import Message
from responder.model.mention import Mention
from tests.lifecycle.laboratory.networks import Line


class RetriesInside(Line):
    """A library that sends again what got no answer."""

    @classmethod
    def of(cls, line: Line) -> Line:
        return cls(line.net, line.actor, line.judge, line.idle)

    def send(self, message: Message, to: Mention) -> Receipt:
        for _ in range(2):
            try:
                return super().send(message, to)
            except (Unsure, TimeoutError):
                continue
        return super().send(message, to)


class RenewsKeys(Line):
    """A key that belongs to the words instead of the post."""

    @classmethod
    def of(cls, line: Line) -> Line:
        return cls(line.net, line.actor, line.judge, line.idle)

    def send(self, message: Message, to: Mention) -> Receipt:
        words = f"{message.text} {message.planned_at}"
        return super().send(replace(message, key=sha256(words.encode()).hexdigest()), to)


class NeverLooks(Line):
    """A connector that spares itself the reading of the post."""

    @classmethod
    def of(cls, line: Line) -> Line:
        return cls(line.net, line.actor, line.judge, line.idle)

    def look(self, mention: Mention) -> Look:
        return Look(sight=Sight.PRESENT)
