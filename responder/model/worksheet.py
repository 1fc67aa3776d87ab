"""Worksheet: what we put together about a case before anybody speaks to the customer about it."""

from dataclasses import dataclass, field
from datetime import datetime

from responder.model.facts import Facts

#: What happened, in so many lines; so many options at most, for who offers more offers none.
LINES = 3
OPTIONS = 2
#: From this tier on a call or an e-mail waits for the worksheet, where the settings say nothing else.
FROM_TIER = 4
#: Whether lawyers have to look; "" is "nobody asked yet".
LEGAL = ("", "no", "yes")
#: The most characters of one answer: a worksheet is read before a call, not filed.
LONGEST = 2_000
#: The answers that stay with us, beside the options, in the order in which they are asked.
KEYS = (
    *("happened", "effect", "why", "prevention", "goal", "promised_by", "promised_when", "evidence"),
    *("informed", "legal", "longer"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to put it right."""

    #: What it is, in our words: they are for us.
    what: str
    #: The id of a remedy of the catalogue; "" where it is none of these.
    remedy: str = ""
    #: Who with the authority said yes to it; "" is nobody yet.
    authorised_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """What is known about a case before contact. "" is "not known", and is never made up.

    Only `reply` may stand in words that a customer gets; all else stays with us. Raises ValueError for more
    lines, more options or longer answers than there is room for.
    """

    #: What led to it, in order, a line for each step.
    happened: tuple[str, ...] = ()
    #: What it did to the customer.
    effect: str = ""
    #: Why it went wrong, and what we change so that it does not come back.
    why: str = ""
    prevention: str = ""
    #: Why they came to us in the first place: what they want to reach.
    goal: str = ""
    #: Where a promise was broken: who gave it, when, and where that can be seen.
    promised_by: str = ""
    promised_when: str = ""
    evidence: str = ""
    #: What may be offered, the better one first.
    options: tuple[Option, ...] = ()
    #: Everybody who must know, and does.
    informed: tuple[str, ...] = ()
    #: Whether lawyers have to look: one of LEGAL.
    legal: str = ""
    #: More of it, for when they ask.
    longer: str = ""
    #: The words that may stand in a reply, in its language.
    reply: Facts = field(default_factory=Facts)
    #: Who wrote it last, when, and how often it was written.
    by: str = ""
    at: datetime | None = None
    version: int = 0

    def __post_init__(self) -> None:
        if self.legal not in LEGAL:
            raise ValueError(f"legal is {self.legal!r}; it must be one of no, yes, or empty.")
        for key, most in (("happened", LINES), ("options", OPTIONS)):
            if len(getattr(self, key)) > most:
                raise ValueError(f"{key} has room for {most}, and there are {len(getattr(self, key))}.")
        for key, said in self.answers().items():
            if len(said) > LONGEST:
                raise ValueError(f"{key} has {len(said):,} characters; there is room for {LONGEST:,}.")

    @property
    def offered(self) -> Option | None:
        """The first option that somebody with the authority said yes to."""
        return next((one for one in self.options if one.authorised_by), None)

    def facts(self) -> Facts:
        """Return what a reply may go by: its own words, and the remedy of the option that is offered."""
        remedy = self.offered.remedy if self.offered else ""
        return self.reply.with_news(Facts(remedy=remedy))

    def answers(self) -> dict[str, str]:
        """Return all that is filled in, by key; of lists one line for each."""
        told: dict[str, str] = {}
        for key in KEYS:
            value = getattr(self, key)
            told[key] = value if isinstance(value, str) else "\n".join(value)
        for at, one in enumerate(self.options, start=1):
            told |= {f"options.{at}": "\n".join(filter(None, (one.what, one.remedy, one.authorised_by)))}
        told |= {f"reply.{key}": said for key, said in self.reply.told().items()}
        return {key: said for key, said in told.items() if said}


def missing(worksheet: Worksheet | None) -> tuple[str, ...]:
    """Return what has to be filled in before a call or an e-mail, by key, in the order of the form.

    None is a worksheet that nobody began. Where a promise was broken, it must be told who gave it, when, and
    where that can be seen. Empty: all is there.
    """
    sheet = worksheet or Worksheet()
    needed: dict[str, object] = {
        "happened": sheet.happened,
        "effect": sheet.effect,
        "why": sheet.why,
        "prevention": sheet.prevention,
        "goal": sheet.goal,
    }
    if sheet.reply.broke or sheet.reply.promised:
        needed |= {key: getattr(sheet, key) for key in ("promised_by", "promised_when", "evidence")}
    needed |= {
        "options": sheet.options,
        "options.authorised_by": sheet.offered or not sheet.options,
        "informed": sheet.informed,
        "legal": sheet.legal,
    }
    return tuple(key for key, there in needed.items() if not there)


def missing_for(worksheet: Worksheet | None, tier: int, from_tier: int = FROM_TIER) -> tuple[str, ...]:
    """Return the same for a case of that tier: below `from_tier` (0: always) nothing has to be there."""
    return missing(worksheet) if from_tier and tier >= from_tier else ()
