"""Promise: what words of ours commit us to, by when, and whether we kept it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PromiseKind(StrEnum):
    """What is promised."""

    UPDATE = "update"  # another word from us, whatever it says
    ACTION = "action"  # something that we do
    OUTCOME = "outcome"  # how it ends for the customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A promise as it stands in a text."""

    #: Where in the text, in characters, and the words there.
    start: int
    end: int
    quote: str
    kind: PromiseKind
    #: The time as it was told, "" where none was; the moment at which it is over, where that can be told.
    told: str = ""
    due: datetime | None = None
    #: How it reaches the customer: "call", "mail", "message", or "" where the words do not say.
    channel: str = ""


class PromiseStatus(StrEnum):
    """What became of a promise."""

    OPEN = "OPEN"
    KEPT = "KEPT"
    BROKEN = "BROKEN"  # its time passed
    LATE = "LATE"  # kept after its time
    MOVED = "MOVED"  # another time was agreed before it passed: another promise took its place
    DROPPED = "DROPPED"  # it was none, or it fell away


#: Every move there is.
PROMISE_MOVES: Mapping[PromiseStatus, frozenset[PromiseStatus]] = {
    PromiseStatus.OPEN: frozenset(PromiseStatus) - {PromiseStatus.OPEN},
    PromiseStatus.BROKEN: frozenset({PromiseStatus.LATE, PromiseStatus.DROPPED}),
    PromiseStatus.KEPT: frozenset(),
    PromiseStatus.LATE: frozenset(),
    PromiseStatus.MOVED: frozenset(),
    PromiseStatus.DROPPED: frozenset(),
}
#: What still has to be kept.
OWED = (PromiseStatus.OPEN, PromiseStatus.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A line of the ledger: a promise that reached the customer."""

    id: int
    case_id: int
    account: str
    kind: PromiseKind
    channel: str
    #: Our words, and the time as they told it; what a person noted, where it was said elsewhere.
    quote: str
    told: str
    #: None where no time was told: it is open until somebody says otherwise.
    due_at: datetime | None
    #: Who said yes to the words, and so to the promise.
    owner: str
    status: PromiseStatus
    made_at: datetime
    ended_at: datetime | None = None
    #: Who said how it ended; "" is the machine.
    ended_by: str = ""
    #: Where it can be seen that it was kept: an address, or words.
    evidence: str = ""

    @property
    def name(self) -> str:
        """The short id people type: p-7."""
        return f"p-{self.id}"

    def overdue(self, now: datetime) -> bool:
        """Whether it is owed and its time passed."""
        return self.status in OWED and self.due_at is not None and self.due_at < now
