"""People: who works here, what each may do, and whose yes still needs a second."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.words import many
from responder.model.people import Person, Right
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words
    from responder.cli.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Somebody, and how far they got."""

    person: Person
    #: How many approvals that held they had a part in; None where that is not for who asks.
    approvals: int | None
    #: Their yes still needs that of a second person because they are new; None where they approve nothing.
    new: bool | None


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """The people of the desk, in the order of the config."""

    people: Sequence[Standing]
    schema: str = "responder.people/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each person as plain data."""
        return [
            {
                "name": one.person.name,
                "role": str(one.person.role),
                "teams": list(one.person.teams),
                "approvals": one.approvals,
                "new": one.new,
            }
            for one in self.people
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return name, role, teams (with commas between them), approvals, "new" or nothing."""
        for one in self.people:
            approvals = "" if one.approvals is None else one.approvals
            yield (
                one.person.name, one.person.role, ",".join(one.person.teams), approvals,
                "new" if one.new else "",
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw a table."""
        cells: list[Sequence[Words]] = [
            (
                (one_line(one.person.name, 30), "strong"),
                str(one.person.role),
                one_line(", ".join(one.person.teams), 40),
                "" if one.approvals is None else f"{one.approvals:,}",
                "needs a second yes: new here" if one.new else "",
            )
            for one in self.people
        ]
        canvas.table(("name", "role", "teams", "approved", ""), cells)


def people(*, desk: AtDesk) -> None:
    """List who works here: roles, teams, approvals so far, and whose yes still needs a second.

    How much others approved is shown to an admin alone.
    """
    roster = desk.settings.roster
    desk.screen.show(PeopleSheet([_standing(desk, one) for one in roster.people]))
    if not roster.people:
        desk.screen.hint(
            "Nobody is listed, so everybody may do everything. To list them: [[people]] in the config"
        )
    elif roster.four_eyes.asked:
        desk.screen.hint(f"Two must say yes {_rule(desk)}.")


def _standing(desk: "Desk", person: Person) -> Standing:
    roster = desk.settings.roster
    approvals = desk.store.yeses.approvals(person.name)
    approves = roster.may(person.name, Right.APPROVE)
    return Standing(
        person=person,
        approvals=approvals if _may_see(desk, person) else None,
        new=roster.four_eyes.new(approvals) if approves else None,
    )


def _may_see(desk: "Desk", person: Person) -> bool:
    try:
        name = desk.onlooker
    except failures.Trouble:  # nobody in particular asks
        return False
    return desk.settings.roster.may_see(name, person.name)


def _rule(desk: "Desk") -> str:
    """Return when two must say yes, in words."""
    rule = desk.settings.roster.four_eyes
    parts = [
        f"from tier {rule.from_tier} on" if rule.from_tier else "",
        f"to {', '.join(sorted(rule.remedies))}" if rule.remedies else "",
        "where lawyers, courts, police or a regulator are named" if rule.legal else "",
        f"to the first {many(rule.first, 'reply', 'replies')} of each person" if rule.first else "",
    ]
    return ", ".join(filter(None, parts))
