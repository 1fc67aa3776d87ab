"""Finding and triage: the one currency of judgement, and what it says about a complaint."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding about a draft weighs; the order is the strength."""

    BLOCK = "block"  # cannot be approved as it stands
    WARN = "warn"  # a person has to look twice
    NOTE = "note"  # good to know


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One observation about a text, with the words that caused it.

    About a mention it carries points of urgency, about a draft a level.
    """

    #: The id of the rule or cue, as in policies/.
    rule: str
    level: Level
    #: What is the case, in a few words for a person.
    says: str
    #: Span in the original text, in characters: text[start:end] == quote. Both 0 when about the whole.
    start: int = 0
    end: int = 0
    quote: str = ""
    #: Why it matters, with the source.
    why: str = ""
    #: What to do instead.
    suggestion: str = ""
    #: Urgency it added (negative: took away); 0 for findings about drafts.
    points: int = 0
    #: The ids of rules that it tells along: what a reply lacks, and what was found at the same place.
    also: tuple[str, ...] = ()
    #: Words that mend it in place of text[fix_start:fix_end]; "" strikes that out, None: a person must tell.
    fix: str | None = None
    fix_start: int = 0
    fix_end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The verdict on a case: is it a complaint, how urgent, how it sounds, and why."""

    #: False sets the case aside; it stays reachable with its reasons.
    complaint: bool
    #: 5 safety or health, 4 legal, fraud or time-critical, 3 money, outage or asked before,
    #: 2 about to leave, 1 annoyed, 0 none of these.
    tier: int
    #: 0 to 100, the sum of the findings' points within the tier; harm first, tone last.
    urgency: int
    #: -1 (furious) to 1 (delighted), as the sentiment lexicon hears it; 0 also when it knows no word.
    tone: float
    #: What it is about (money, delivery, ...), the key by which a reply is chosen; "" when unclear.
    topic: str
    findings: tuple[Finding, ...]

    @property
    def rank(self) -> int:
        """The place in the queue: smaller comes first; tier, then urgency."""
        return rank(self.tier, self.urgency)


def rank(tier: int, urgency: int) -> int:
    """Return the place in the queue as a number: smaller comes first."""
    return -(tier * 1000 + urgency)
