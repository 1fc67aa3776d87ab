"""People: who works at the desk, what the role of each allows, and when two of them must say yes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from unicodedata import normalize

from responder.model.case import Case
from responder.model.draft import Draft
from responder.model.triage import Finding

#: The cue of triage, and the topic and kind of reply, that tell of lawyers, courts, police or a regulator.
LEGAL = "legal"


class Role(StrEnum):
    """What somebody is here for; the order is from the least to the most."""

    AGENT = "agent"  # prepares replies
    APPROVER = "approver"  # also says that words may go out
    ADMIN = "admin"  # also sees what others do


class Right(StrEnum):
    """What somebody may do, as it follows "may" in a sentence."""

    EDIT = "edit"
    REDO = "ask for another draft"
    DISMISS = "dismiss a case"
    REOPEN = "reopen a case"
    CORRECT = "correct triage"
    NOTE = "note something"
    ASSIGN = "assign a case"
    PROMISE = "say what became of a promise"
    FOLLOW_UP = "say what became of a follow-up"
    DEBRIEF = "write a debrief"
    PREPARE = "fill in a worksheet"
    GRANT = "grant a remedy"
    ESCALATE = "escalate a case"
    SNOOZE = "put a case off"
    MERGE = "join cases"
    SPLIT = "part cases"
    WITHDRAW = "withdraw an approval"
    APPROVE = "approve"
    SETTLE = "settle whether a reply is public"
    OPT_OUT = "note that somebody wants no answers"
    RESUME = "let sending go on"
    GATHER = "say what belongs to an incident"
    TELL = "say what all of an incident are told"
    REFILL = "let an account ask its network again"
    SEE_OTHERS = "see the figures of others"


_PREPARES = frozenset(
    {
        Right.EDIT, Right.REDO, Right.DISMISS, Right.REOPEN, Right.CORRECT, Right.NOTE, Right.ASSIGN,
        Right.ESCALATE, Right.SNOOZE, Right.MERGE, Right.SPLIT, Right.GATHER, Right.PROMISE,
        Right.FOLLOW_UP, Right.DEBRIEF,
        Right.PREPARE, Right.GRANT,  # how much of it, the catalogue says
        Right.WITHDRAW,  # whoever sees a mistake stops it; so may anybody all sending, listed or not
    }
)  # fmt: skip
_ANSWERS_FOR = frozenset({Right.APPROVE, Right.SETTLE, Right.OPT_OUT, Right.RESUME, Right.REFILL, Right.TELL})

#: What each role may do: the only place that says so.
MAY: Mapping[Role, frozenset[Right]] = {
    Role.AGENT: _PREPARES,
    Role.APPROVER: _PREPARES | _ANSWERS_FOR,
    Role.ADMIN: _PREPARES | _ANSWERS_FOR | {Right.SEE_OTHERS},
}


class NotAllowed(Exception):
    """The person may not do this here; the message says who may. Nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who works at the desk."""

    name: str
    role: Role
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FourEyes:
    """When two people must say yes to the same words; by itself, never."""

    #: From this tier on; 0: for none.
    from_tier: int = 0
    #: Ids of remedies.
    remedies: frozenset[str] = frozenset()
    #: Where lawyers, courts, police or a regulator are named.
    legal: bool = False
    #: The first so many replies of each person.
    first: int = 0

    @property
    def asked(self) -> bool:
        """Whether it is ever so."""
        return bool(self.from_tier or self.remedies or self.legal or self.first)

    def about(self, case: Case, reasons: Iterable[Finding], draft: Draft, tier: int) -> str:
        """Return why this draft needs two, for a case of that `tier`; "" when its matter asks for one."""
        if self.from_tier and tier >= self.from_tier:
            return f"it is of tier {tier}"
        if case.known.remedy in self.remedies:
            return f"it offers the remedy {case.known.remedy}"
        if self.legal and LEGAL in {case.topic, draft.playbook, *(one.rule for one in reasons)}:
            return "lawyers, courts, police or a regulator are named"
        return ""

    def new(self, approvals: int) -> bool:
        """Whether somebody with so many approved replies is new here."""
        return approvals < self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The people of a desk; with nobody listed, everybody may do everything."""

    people: tuple[Person, ...] = ()
    four_eyes: FourEyes = field(default_factory=FourEyes)

    def called(self, name: str) -> Person | None:
        """Return the person of that name, however it is capitalised."""
        return next((one for one in self.people if folded(one.name) == folded(name)), None)

    def may(self, name: str, right: Right) -> bool:
        """Whether the person of that name may do so."""
        if not self.people:
            return True
        person = self.called(name)
        return person is not None and right in MAY[person.role]

    def role(self, name: str) -> Role | None:
        """Return the role of somebody: the highest where nobody is listed, None for who is not."""
        if not self.people:
            return Role.ADMIN
        person = self.called(name)
        return person.role if person else None

    def may_see(self, name: str, other: str) -> bool:
        """Whether one may see how another reviews: everybody sees themselves, a listed admin everybody."""
        themselves = folded(name) == folded(other)
        return themselves or (bool(self.people) and self.may(name, Right.SEE_OTHERS))

    def who_may(self, right: Right, *, but: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the names of all who may do so, in the order of the list, without those in `but`."""
        left_out = {folded(name) for name in but}
        return tuple(
            one.name for one in self.people if right in MAY[one.role] and folded(one.name) not in left_out
        )

    def another(self, right: Right, but: str) -> str:
        """Return who beside `but` may do so, as "Ana or Bo"; "another person" where nobody is listed."""
        return either(self.who_may(right, but=[but])) or "another person"

    def whose(self, name: str) -> str:
        """Return the person or team of that name as it is listed, and "" for ""; NotAllowed for nobody's."""
        teams = {folded(team): team for one in self.people for team in one.teams}
        person = self.called(name)
        if not self.people or not name:
            return name
        if person or folded(name) in teams:
            return person.name if person else teams[folded(name)]
        raise NotAllowed(f"nobody is called {name}: it is {self.told()}")

    def told(self) -> str:
        """Return who there is, people and then teams: "Ana, Bo or billing"; "" where nobody is listed."""
        teams = sorted({team for one in self.people for team in one.teams})
        return either([*(one.name for one in self.people), *teams], most=12)

    def allowed(self, name: str, right: Right) -> str:
        """Return the name as it is listed; NotAllowed when that person may not do so."""
        person = self.called(name)
        if not self.may(name, right):
            who = f"{person.name} ({person.role})" if person else f"{name} is not listed here and"
            raise NotAllowed(f"{who} may not {right}; {_told(self.who_may(right))}")
        return person.name if person else name


def folded(name: str) -> str:
    """Return what two spellings of a name have in common: NFC, without the difference of capitals."""
    return normalize("NFC", normalize("NFC", name).casefold())


def either(names: Iterable[str], most: int = 4) -> str:
    """Return "Ana, Bo or Cy", the first so many where there are more; "" for nobody."""
    known = list(names)
    told = known[:most] + ["somebody else"] * (len(known) > most)
    return " or ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def _told(names: tuple[str, ...]) -> str:
    return f"{either(names)} may" if names else "nobody may: the config gives nobody that role"
