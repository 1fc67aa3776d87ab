"""Remedy: what can put something right, who may grant how much of it, and what was granted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum

from responder.model.budget import UNIT
from responder.model.people import Role


class RemedyKind(StrEnum):
    """What somebody gets."""

    FIX = "fix"  # what was wrong is put right
    REFUND = "refund"
    CREDIT = "credit"
    REPLACEMENT = "replacement"
    DISCOUNT = "discount"
    FREE_HOURS = "free_hours"  # work of ours that they do not pay
    ACCESS = "access"  # another part of what we have
    REFRAMED_PLAN = "reframed_plan"  # another way to what they came for
    PRIORITY = "priority"
    CONTACT = "contact"  # a person of their own
    GESTURE = "gesture"
    DONATION = "donation"


#: What can stand in for a promise that cannot be kept, the best first.
SUBSTITUTES = (
    RemedyKind.REFRAMED_PLAN,
    RemedyKind.ACCESS,
    RemedyKind.FREE_HOURS,
    RemedyKind.DISCOUNT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One entry of the catalogue."""

    id: str
    kind: RemedyKind
    says: str
    #: Whether a public reply may name it, never with its amount.
    public: bool = False
    #: By role, the most it may grant alone, in whole units of `currency`; a role that is missing may what the
    #: one below it may.
    caps: Mapping[Role, float] = field(default_factory=dict)
    currency: str = "EUR"
    #: Topics that it fits beside those that name it; faults that it fits, none: any.
    topics: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    #: What lawyers or the tax office want to be thought of.
    legal: str = ""
    #: The last day on which it may be offered; None: it stays.
    expires: date | None = None
    #: How a reply says it, by language: a clause that follows from what we do.
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def most(self) -> float | None:
        """The most that anybody may grant; None where the catalogue says no amount."""
        return max(self.caps.values(), default=None)

    def expired(self, today: date) -> bool:
        """Whether it may not be offered any more."""
        return self.expires is not None and self.expires < today

    def may(self, role: Role, micros: int) -> bool:
        """Whether somebody of that role may grant so much of it alone.

        What has no caps has no amount: whoever may say yes to a reply may grant it.
        """
        if not self.caps:
            return micros == 0 and role is not Role.AGENT
        ranks = list(Role)
        up_to = ranks[: ranks.index(role) + 1]
        caps = [self.caps[one] for one in up_to if one in self.caps]
        return bool(caps) and micros <= round(max(caps) * UNIT)

    def roles(self, micros: int) -> tuple[Role, ...]:
        """Return the roles that may grant so much, the least first."""
        return tuple(role for role in Role if self.may(role, micros))


class GrantStatus(StrEnum):
    """What became of a wish to grant something."""

    ASKED = "ASKED"  # a second person has to say yes
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    TAKEN_BACK = "TAKEN_BACK"


#: Every move there is.
GRANT_MOVES: Mapping[GrantStatus, frozenset[GrantStatus]] = {
    GrantStatus.ASKED: frozenset({GrantStatus.GRANTED, GrantStatus.REFUSED}),
    GrantStatus.GRANTED: frozenset({GrantStatus.TAKEN_BACK}),
    GrantStatus.REFUSED: frozenset(),
    GrantStatus.TAKEN_BACK: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A remedy that was granted to the customer of a case, or asked for; no money moves by it."""

    id: int
    case_id: int
    account: str
    remedy: str
    kind: str
    #: What it costs us, in millionths of its currency; 0: it has no amount.
    micros: int
    currency: str
    note: str
    status: GrantStatus
    #: Who asked for it, and when.
    by: str
    at: datetime
    #: Who said the yes that grants it.
    granted_by: str = ""
    granted_at: datetime | None = None

    @property
    def name(self) -> str:
        """The short id people type: g-3."""
        return f"g-{self.id}"

    @property
    def amount(self) -> str:
        """The amount for people, "EUR 20.00"; "" where there is none."""
        return money(self.micros, self.currency) if self.micros else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What was granted in a month, of one kind and in one currency."""

    #: "2026-03", by the days that were asked for.
    month: str
    kind: str
    currency: str
    grants: int
    micros: int


def spends(grants: Iterable[Grant], zone: tzinfo) -> tuple[Spend, ...]:
    """Add up grants by month in `zone`, kind and currency, in that order."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for one in grants:
        if one.granted_at is not None:
            month = f"{one.granted_at.astimezone(zone):%Y-%m}"
            sums.setdefault((month, one.kind, one.currency), []).append(one.micros)
    return tuple(
        Spend(month=month, kind=kind, currency=currency, grants=len(found), micros=sum(found))
        for (month, kind, currency), found in sorted(sums.items())
    )


def spent(grants: Iterable[Grant], remedy: str) -> int:
    """Return what was granted of one remedy, in millionths; what is asked for or taken back is not."""
    return sum(one.micros for one in grants if one.remedy == remedy and one.status is GrantStatus.GRANTED)


def money(micros: int, currency: str) -> str:
    """Return an amount for people: "EUR 20.00"."""
    return f"{currency} {micros / UNIT:,.2f}"


def fitting(
    catalogue: Iterable[Remedy], named: tuple[str, ...], about: tuple[str, str, str], today: date
) -> tuple[Remedy, ...]:
    """Return what fits a matter, the best first.

    `named` are the ids that its topic names, best first; `about` is its topic, whose fault it is and how a
    promise was broken ("" is not known). Where what was promised cannot be delivered, what stands in comes
    first.
    """
    topic, fault, broke = about
    rank = {name: place for place, name in enumerate(named)}
    found = [
        one
        for one in catalogue
        if not one.expired(today)
        and (one.id in rank or topic in one.topics or (broke == "contract" and one.kind in SUBSTITUTES))
        and (not one.faults or not fault or fault in one.faults)
    ]
    stands_in = {kind: place for place, kind in enumerate(SUBSTITUTES if broke == "contract" else ())}

    def order(one: Remedy) -> tuple[int, int]:
        return stands_in.get(one.kind, len(SUBSTITUTES)), rank.get(one.id, len(rank))

    return tuple(sorted(found, key=order))
