"""Finding and triage: the one currency of judgement, and what it says about a complaint."""

from dataclasses import dataclass
from enum import StrEnum

#: The places in the queue that a tier takes.
_TIER = 10_000
#: From this tier on people come to harm, or the law is in it.
GRAVE = 4
#: No language of ours, or no words to tell it by (ISO 639-2: undetermined).
UNKNOWN = "und"


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
    #: How likely a complaint it is by the learned model, 0 to 1.
    probability: float = 0.0
    #: How likely it sounds negative, 0 to 1.
    negative: float = 0.0
    #: 5 safety or health, 4 legal, fraud or time-critical, 3 money, outage or asked before,
    #: 2 about to leave, 1 annoyed, 0 none of these.
    tier: int
    #: 0 to 100, the sum of the findings' points: what was said, how long, how often, before how many.
    urgency: int
    #: How sharp the reproach is by the learned model, in hundredths: 0 none, 1 blame.
    tone: float
    #: The language it is in: one of ours, or UNKNOWN.
    language: str = UNKNOWN
    #: What it is about (money, delivery, ...), the key by which a reply is chosen; "" when unclear.
    topic: str
    #: How many follow its author, 0 where the network does not tell.
    reach: int = 0
    findings: tuple[Finding, ...]

    @property
    def rank(self) -> int:
        """The place in the queue: smaller comes first."""
        return rank(self.tier, self.tone, self.reach)


def rank(tier: int, tone: float, reach: int) -> int:
    """Return the place in the queue as a number: smaller comes first; tier, then tone, then reach.

    Reach counts by its power of ten. Age, which comes last, is the queue's own.
    """
    return -(tier * _TIER + round(tone * 100) * 10 + min(9, len(str(reach)) - 1))


def ranks(low: int, high: int) -> tuple[int, int]:
    """Return the first and the last place of cases of a tier from `low` to `high`."""
    return -(high * _TIER + _TIER - 1), -low * _TIER
