"""The stage of a connector's contract: a network made for one test, and what a test does on it."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from responder.connector import Connector, ConnectorError, Page
from responder.model.delivery import Receipt
from responder.model.draft import Message, delivery_key
from responder.model.mention import Audience, Mention

#: The account that every connector is built for.
ACCOUNT = "shop"
PLANNED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Stage(ABC):
    """A network made for one test: a server on the loopback, a transport that answers, files in a folder.

    What it holds outlives the connectors that are built on it.
    """

    #: Made-up secrets that the connector is given; they may be seen nowhere.
    secrets: tuple[str, ...] = ()

    @abstractmethod
    def connector(self) -> Connector:
        """Build the connector anew for ACCOUNT, as wiring does; let its pages hold few posts."""

    @abstractmethod
    def say(self, text: str, *, by_us: bool = False, answering: str = "") -> str:
        """Let a new stranger, or the account itself, make a post public; return the network's id of it."""

    @abstractmethod
    def edit(self, external_id: str, text: str) -> None:
        """Let its author change a post."""

    @abstractmethod
    def remove(self, external_id: str) -> None:
        """Let its author take a post away."""

    @abstractmethod
    def sent(self) -> list[tuple[str, str]]:
        """Return what the connector made public: (the id it answers, text), in order."""

    @abstractmethod
    def trace(self) -> Hashable:
        """Return a value that every write to the network changes: write requests counted, files' bytes."""

    @abstractmethod
    def hosts(self) -> list[str]:
        """Return the host of every request that the connector made, in order; [] when it makes none."""

    @abstractmethod
    def broken(self, failure: str) -> AbstractContextManager[None]:
        """Let the network fail in a way named in the suite's `failures` for as long as the context lasts."""


@dataclass(frozen=True)
class Failure:
    """How a connector reports a failing network."""

    error: type[ConnectorError]
    #: The calls that fail by it: poll, look, send, find_sent.
    calls: tuple[str, ...]


class Safe:
    """Secrets kept in memory, as a connector is given them; what it renews can be looked at."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = secrets

    def __call__(self, name: str) -> str:
        return self.secrets[name]

    def keeps(self, name: str) -> bool:
        return True

    def renew(self, name: str, old: str, by: Callable[[str], str]) -> str:
        if self.secrets.get(name, "") == old:
            self.secrets[name] = by(old)
        return self.secrets[name]


class Log(logging.Handler):
    """Keeps every line that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def pages(connector: Connector, cursor: str | None = None) -> list[Page]:
    """Read to the end; a connector that never comes to it fails the test."""
    read = [connector.poll(cursor)]
    while read[-1].more:
        assert len(read) < 100, "poll says `more` again and again"
        read.append(connector.poll(read[-1].cursor))
    return read


def heard(connector: Connector, cursor: str | None = None) -> list[Mention]:
    """Return every mention there is, in the order of reading."""
    return [mention for page in pages(connector, cursor) for mention in page.mentions]


def message(target: Mention, text: str = "We are sorry, and we are looking into it.") -> Message:
    """Return an approved answer to `target`."""
    return Message(
        text=text,
        audience=Audience.PUBLIC,
        language="en",
        key=delivery_key(target.account, target.external_id),
        planned_at=PLANNED,
    )


#: The calls that a failure can break.
CALLS: dict[str, Callable[[Connector, Mention], object]] = {
    "poll": lambda connector, _: connector.poll(None),
    "look": lambda connector, mention: connector.look(mention),
    "send": lambda connector, mention: connector.send(message(mention), mention),
    "find_sent": lambda connector, mention: connector.find_sent(message(mention), mention),
    "shown": lambda connector, mention: connector.shown(Receipt(remote_id="1", url=""), mention),
}
