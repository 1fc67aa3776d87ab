"""Incident: one cause that many complain about at once, and what is told to each of them about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class IncidentStage(StrEnum):
    """Where an incident stands."""

    PROPOSED = "PROPOSED"  # many write alike; no person has looked yet
    OPEN = "OPEN"  # a person named the cause
    CLOSED = "CLOSED"  # it is put right
    DISMISSED = "DISMISSED"  # they had no one cause


#: Every move there is; the diagram in ARCHITECTURE.md is tested against this table.
INCIDENT_MOVES: dict[IncidentStage, frozenset[IncidentStage]] = {
    IncidentStage.PROPOSED: frozenset({IncidentStage.OPEN, IncidentStage.DISMISSED}),
    IncidentStage.OPEN: frozenset({IncidentStage.CLOSED}),
    IncidentStage.CLOSED: frozenset(),
    IncidentStage.DISMISSED: frozenset(),
}
#: Stages in which it has members.
UNDER_WAY = (IncidentStage.PROPOSED, IncidentStage.OPEN)


class Membership(StrEnum):
    """How a case belongs to an incident."""

    PROPOSED = "proposed"  # the machine says so, with its reason
    IN = "in"  # a person says so
    OUT = "out"  # a person took it out; it is not proposed again


class Kind(StrEnum):
    """What a text of an incident is."""

    STATEMENT = "statement"  # what we know, what we do, when we write again
    UPDATE = "update"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A case of an incident."""

    case_id: int
    membership: Membership
    #: Why it belongs to it, in words.
    why: str
    #: Who said so; "" is the machine.
    by: str
    at: datetime
    #: The round of texts of which it was drafted the words last; 0: of none.
    told: int = 0
    #: The number of the draft with these words; 0 where there is none.
    draft: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words of an incident in one language: every member's reply is made around one of them."""

    kind: Kind
    #: The statement is round 1; each update, and the closing note, begin the next.
    round: int
    language: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as it stood when it was read; `version` says whether it moved since."""

    id: int
    stage: IncidentStage
    version: int
    #: What it is about, as triage named it; "" where it named nothing.
    topic: str
    #: One cause, as a person put it; "" until then.
    cause: str
    #: Why it was proposed, in words; "" where a person opened it.
    why: str
    by: str
    proposed_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    #: How often news was promised; None: never.
    every: timedelta | None = None
    #: When the next update is due.
    due_at: datetime | None = None
    members: tuple[Member, ...] = ()
    #: Its texts, oldest first.
    texts: tuple[Text, ...] = field(default=())

    @property
    def name(self) -> str:
        """The short id people type: i-3."""
        return f"i-{self.id}"

    @property
    def about(self) -> str:
        """What it is about, in a few words: the cause, or what triage called it."""
        return self.cause or self.topic.replace("_", " ") or "the same words"

    @property
    def round(self) -> int:
        """The latest round of texts; 0 before the statement."""
        return max((one.round for one in self.texts), default=0)

    @property
    def belonging(self) -> tuple[Member, ...]:
        """The members that were not taken out."""
        return tuple(one for one in self.members if one.membership is not Membership.OUT)

    def words(self) -> Mapping[str, tuple[Text, ...]]:
        """Return by language the texts of the latest round: alternative wordings of the same."""
        latest: dict[str, tuple[Text, ...]] = {}
        for one in self.texts:
            if one.round == self.round:
                latest[one.language] = (*latest.get(one.language, ()), one)
        return latest

    def late(self, now: datetime) -> bool:
        """Whether an update is due; one due later than ever promised was set by a clock that was ahead."""
        if self.stage is not IncidentStage.OPEN or self.due_at is None:
            return False
        return self.due_at <= now or (self.every is not None and self.due_at > now + self.every)
