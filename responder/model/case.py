"""Case: one customer's conversation with us in one thread, and the moves it may make."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from responder.model.correction import Correction
from responder.model.facts import Facts
from responder.model.mention import Mention
from responder.model.triage import UNKNOWN


class Stage(StrEnum):
    """Where a case stands on the street."""

    NEW = "NEW"  # something was said that nobody has weighed yet
    NEEDS_REPLY = "NEEDS_REPLY"  # a complaint; a draft is due
    SET_ASIDE = "SET_ASIDE"  # no reply needed, with the reasons why; still reachable
    WAITING = "WAITING"  # a draft waits for a person
    APPROVED = "APPROVED"  # a person approved exactly these words; a delivery carries them
    ANSWERED = "ANSWERED"  # our reply is public
    CLOSED = "CLOSED"  # quiet since the answer


#: Every move there is; the diagram in ARCHITECTURE.md is tested against this table.
#: Any stage also goes back to NEW when the customer writes again or edits what they wrote, and one that is
#: not answered when a person tells its language.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.NEW: frozenset({Stage.NEW, Stage.NEEDS_REPLY, Stage.SET_ASIDE}),
    Stage.NEEDS_REPLY: frozenset({Stage.NEW, Stage.WAITING, Stage.SET_ASIDE}),
    Stage.SET_ASIDE: frozenset({Stage.NEW, Stage.NEEDS_REPLY}),
    Stage.WAITING: frozenset(
        {Stage.NEW, Stage.WAITING, Stage.APPROVED, Stage.NEEDS_REPLY, Stage.SET_ASIDE, Stage.ANSWERED}
    ),
    Stage.APPROVED: frozenset({Stage.NEW, Stage.ANSWERED, Stage.WAITING, Stage.SET_ASIDE}),
    Stage.ANSWERED: frozenset({Stage.NEW, Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.NEW}),
}

#: Stages in which a customer still waits for us.
OPEN = (Stage.NEW, Stage.NEEDS_REPLY, Stage.WAITING, Stage.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it stood when it was read; `version` says whether it moved since."""

    id: int
    account: str
    stage: Stage
    #: Grows by one with every move: the compare in every compare-and-set.
    version: int
    #: The post a reply would answer: the customer's latest word.
    target: Mention
    #: How many posts of the customer are in the thread.
    posts: int
    #: How many replies of ours are public in it.
    replies: int
    opened_at: datetime
    moved_at: datetime
    #: Its place in the queue, smaller first: `triage.rank`.
    rank: int = 0
    tier: int = 0
    urgency: int = 0
    #: How likely a complaint it is, as triage said.
    probability: float = 0.0
    tone: float = 0.0
    #: The language of the customer, as triage found it: one of ours or `triage.UNKNOWN`; "" until then.
    language: str = ""
    topic: str = ""
    #: When the answer that is owed now is due, the first or the next; None until triaged.
    due_at: datetime | None = None
    #: Since when the customer waits for our next word; None: none is owed.
    owed_since: datetime | None = None
    #: When the first answer was due, also once it went out.
    first_by: datetime | None = None
    #: When the matter is to be settled; it stands while we wait for the customer. None: nobody set a time.
    settle_by: datetime | None = None
    #: The last moment that a regulator's rule leaves; None: none holds.
    rule_by: datetime | None = None
    #: When our latest reply went out.
    answered_at: datetime | None = None
    #: The current draft's number; 0 when there is none.
    draft_number: int = 0
    #: Whether the network lets us answer (`connector.Answerable`), as it was last asked; "" until then.
    answerable: str = ""
    #: By hand: the address to open. No: why not.
    answer_detail: str = ""
    #: What people told about it.
    facts: Facts = field(default_factory=Facts)
    #: What of its worksheet a reply may go by.
    prepared: Facts = field(default_factory=Facts)
    #: The person or team that has it; "" is nobody.
    owner: str = ""
    #: Nobody is shown it before then; None: it is not put off.
    snoozed_until: datetime | None = None
    #: Until when it was put off when the customer wrote again.
    woken_from: datetime | None = None
    #: The number of the case of the same matter that speaks for it; None: it speaks for itself.
    merged_into: int | None = None
    #: The customer's earlier posts in the thread, oldest first (filled where a step needs them).
    earlier: tuple[Mention, ...] = field(default=())
    #: What people said triage got wrong about it, oldest first (filled where a step needs them).
    corrections: tuple[Correction, ...] = field(default=())
    #: Its author asked us not to answer them (filled where a step needs it).
    opted_out: bool = False
    #: The code by which its customer finds it; "" where it has none (filled where a step needs it).
    reference: str = ""

    @property
    def place(self) -> tuple[int, datetime, int]:
        """Where the case stands in the queue: the key a page goes on from."""
        return self.rank, self.opened_at, self.id

    def sleeps(self, now: datetime) -> bool:
        """Whether nobody wants to be shown it yet."""
        return self.snoozed_until is not None and self.snoozed_until > now

    @property
    def spoken(self) -> str | None:
        """The customer's language: as triage found it (None: unknown), until then as the network told it."""
        return (
            self.target.language if not self.language else None if self.language == UNKNOWN else self.language
        )

    @property
    def known(self) -> Facts:
        """What a reply goes by: what people told about it, and for the rest what its worksheet says."""
        return self.prepared.with_news(self.facts)

    @property
    def name(self) -> str:
        """The short id people type: c-101."""
        return f"c-{self.id}"
