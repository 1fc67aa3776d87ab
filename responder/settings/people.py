"""The sections about people: who works at the desk, and when two of them must say yes to the same words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from responder.model.people import FourEyes, Person, Right, Role, Roster, folded
from responder.model.worksheet import FROM_TIER
from responder.settings.kinds import Count, Entry, Name, Tier, quoted, told
from responder.settings.problems import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSection:
    """When two people must say yes to the same words."""

    second_from_tier: Tier = field(
        default=0, metadata=told("From this tier of urgency on two people must say yes; 0: never.")
    )
    second_for_remedies: tuple[Entry, ...] = field(
        default=(), metadata=told("Ids of remedies for which two people must say yes.")
    )
    second_for_legal: bool = field(
        default=False,
        metadata=told("Two people must say yes where lawyers, courts, police or a regulator are named."),
    )
    second_for_first: Count = field(
        default=0,
        metadata=told("The first so many replies of each approver need a second person's yes; 0: none."),
    )

    worksheet_from_tier: Tier = field(
        default=FROM_TIER,
        metadata=told("From this tier on a call or an e-mail waits for the worksheet; 0: never."),
    )

    @property
    def asks(self) -> str:
        """The first of its keys that ever asks for two; "" where none does."""
        keys = ("second_from_tier", "second_for_remedies", "second_for_legal", "second_for_first")
        return next((key for key in keys if getattr(self, key)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSection:
    """Somebody who works at the desk."""

    name: Name = field(metadata=told("The name they give with --as, or their login name."))
    role: Literal["agent", "approver", "admin"] = field(
        default="agent",
        metadata=told(
            'What they may do: an "agent" prepares replies, an "approver" approves them too,'
            ' an "admin" also sees what others do.'
        ),
    )
    teams: tuple[Entry, ...] = field(default=(), metadata=told("The teams they belong to."))


def roster_of(people: Sequence[PersonSection], approval: ApprovalSection) -> Roster:
    """Return the people of the desk, and when two of them must say yes."""
    return Roster(
        people=tuple(Person(name=one.name, role=Role(one.role), teams=one.teams) for one in people),
        four_eyes=FourEyes(
            from_tier=approval.second_from_tier,
            remedies=frozenset(approval.second_for_remedies),
            legal=approval.second_for_legal,
            first=approval.second_for_first,
        ),
    )


def refused_together(
    people: Sequence[PersonSection], approval: ApprovalSection
) -> Iterator[tuple[Keys, str]]:
    """Yield, with its keys, what is wrong with both though each is right by itself."""
    names = {folded(one.name) for one in people}
    for place, person in enumerate(people):
        for at, team in enumerate(person.teams):
            if folded(team) in names:
                yield (
                    ("people", place, "teams", at),
                    f"{quoted(team)} is the name of a person; a team needs another",
                )
    approvers = roster_of(people, approval).who_may(Right.APPROVE)
    if people and not approvers:
        yield ("people",), 'nobody may approve; give somebody the role "approver" or "admin"'
    elif approval.asks and len(approvers) < 2:
        who = "only one person may approve" if approvers else "no [[people]] are listed"
        says = f"asks for two people, and {who}; list two whose role is approver or admin"
        yield ("approval", approval.asks), says
