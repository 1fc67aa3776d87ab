"""Delivery: one approved message on its way to one post, and the moves it may make."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from responder.model.draft import Message
from responder.model.mention import Mention


class DeliveryStage(StrEnum):
    """How far a delivery got, as certainly as we know."""

    PLANNED = "PLANNED"  # surely not sent
    SENDING = "SENDING"  # the intention is on disk; the call may be under way
    SENT = "SENT"  # public, with the network's id; final
    REFUSED = "REFUSED"  # the network said no; a person has to look
    UNSURE = "UNSURE"  # may be public: only looking, or a person, may move it
    VOID = "VOID"  # the approval ended before anything was sent


#: Every move there is. UNSURE leaves only by `find_sent` or by a person, never by guessing; back to SENDING
#: only where the network keeps one record for our key, so that sending again cannot make a second reply.
DELIVERY_MOVES: dict[DeliveryStage, frozenset[DeliveryStage]] = {
    DeliveryStage.PLANNED: frozenset({DeliveryStage.SENDING, DeliveryStage.VOID, DeliveryStage.SENT}),
    DeliveryStage.SENDING: frozenset(
        {DeliveryStage.SENT, DeliveryStage.PLANNED, DeliveryStage.REFUSED, DeliveryStage.UNSURE}
    ),
    DeliveryStage.SENT: frozenset(),
    DeliveryStage.REFUSED: frozenset(),
    DeliveryStage.UNSURE: frozenset({DeliveryStage.SENT, DeliveryStage.VOID, DeliveryStage.SENDING}),
    DeliveryStage.VOID: frozenset(),
}

#: Stages that hold the one place a (account, target) pair has.
LIVE = (DeliveryStage.PLANNED, DeliveryStage.SENDING, DeliveryStage.UNSURE, DeliveryStage.SENT)


class Route(StrEnum):
    """How a delivery gets out."""

    API = "api"  # the connector sends it
    BY_HAND = "by_hand"  # the network lets only a person answer: copy, paste, tell us the link


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The network's proof of a sent message."""

    remote_id: str
    url: str
    #: The text as the network shows it, where it says so; "" when not told.
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A sent reply as the network shows it."""

    #: Its words, as plain text; None: it is not there.
    text: str | None
    #: Whether somebody who is not logged in sees it; None where nobody can know.
    to_strangers: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery as it stood when it was read."""

    id: int
    case_id: int
    account: str
    target: Mention
    message: Message
    #: Equal to the approving decision's, or nothing is sent.
    fingerprint: str
    stage: DeliveryStage
    route: Route
    #: Grows by one with every claim; an old claim's result is told apart by it.
    fence: int
    #: When it may be touched again: sent while PLANNED, looked for while UNSURE.
    not_before: datetime
    #: Tries so far that surely did not reach the network.
    tries: int
    #: How often an UNSURE delivery was looked for.
    looks: int
    #: When it became UNSURE.
    unsure_since: datetime | None = None
    receipt: Receipt | None = None
    #: What went wrong last, in words for a person.
    problem: str = ""
    #: How often it was read back since it was SENT.
    watches: int = 0
    #: What was not as it should be when it was last read back, in words; "" when all was.
    alarm: str = ""
    #: The version of the rulebook that judged the words when they were approved.
    rulebook: str = ""
