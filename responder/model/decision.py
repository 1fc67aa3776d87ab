"""Decision: what a person decided about a case; a fact, never changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What a person can decide."""

    APPROVE = "approve"  # these exact words may go out
    ENDORSE = "endorse"  # the same, and somebody else must say so too
    REDO = "redo"  # another draft, please
    DISMISS = "dismiss"  # no reply to this
    WITHDRAW = "withdraw"  # an approval taken back before it was sent
    REOPEN = "reopen"  # it was set aside and does need a reply
    SETTLE = "settle"  # a person looked and says whether an unsure reply is public


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision, with who and when; an approval names the fingerprint it binds to."""

    case_id: int
    verdict: Verdict
    by: str
    at: datetime
    #: The draft it was about (its number in the case); 0 when about the case.
    draft_number: int = 0
    #: The fingerprint of the draft that got a yes; "" for every other verdict.
    fingerprint: str = ""
    reason: str = ""
    #: How many seconds the person had the card before them; None where nobody told.
    seconds: float | None = None
    #: The thread a yes rests on: `draft.as_seen`; "" for every other verdict.
    seen: str = ""
    #: Whether two people had to say yes.
    two: bool = False
