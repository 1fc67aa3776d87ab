"""Correction: what a person says triage got wrong about a case; a fact, never changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What a person can say triage got wrong."""

    NOT_A_COMPLAINT = "not-a-complaint"
    COMPLAINT = "complaint"  # it was set aside, or may be the next time
    MORE_URGENT = "more-urgent"  # by one tier
    LESS_URGENT = "less-urgent"  # by one tier
    LANGUAGE = "language"  # it is written in another one

    @property
    def says(self) -> str:
        """The same in words for a person: "more urgent"."""
        return self.value.replace("-", " ")

    @property
    def action(self) -> str:
        """The journal's word for it."""
        return f"corrected: {self.says}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One correction, with who and when, and what triage had said at that time."""

    case_id: int
    #: The post it is about (our number): the customer's latest word then.
    mention_id: int
    #: The `draft.fingerprint` of that post with no reply: tells whether its words are still those.
    seen: str
    what: What
    #: The language it is in (ISO 639-1); "" for every other kind.
    language: str = ""
    by: str
    at: datetime
    reason: str = ""
    #: What triage had said, and earlier corrections with it: `Triage.probability`, tier, score, language.
    probability: float
    tier: int
    urgency: int
    found: str

    @property
    def says(self) -> str:
        """What the person says, in a few words."""
        return f"written in {self.language}" if self.what is What.LANGUAGE else self.what.says


#: The rule under which a correction is among the reasons of a case.
CORRECTED = "corrected"
#: The most and the least urgent tier that a correction leads to.
MOST, LEAST = 5, 1


def nudged(tier: int, said: Correction) -> int:
    """Return the tier that a complaint of `tier` has by a correction of its urgency.

    More urgent: never below the tier it was raised to. Less urgent: one tier below what it would have.
    """
    if said.what is What.MORE_URGENT:
        return max(tier, min(said.tier + 1, MOST))
    return max(tier - 1, min(LEAST, tier)) if said.what is What.LESS_URGENT else tier
