"""Incident sheets: what many complain about at once, in each of the three forms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from responder.cli import words
from responder.cli.queue import moment
from responder.letter import span
from responder.model.case import Case
from responder.model.draft import Draft
from responder.model.incident import Incident, IncidentStage, Kind, Member, Membership
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: What each stage is called by people.
_STAGES = {
    IncidentStage.PROPOSED: "proposed",
    IncidentStage.OPEN: "open",
    IncidentStage.CLOSED: "closed",
    IncidentStage.DISMISSED: "dismissed",
}
_KINDS = {Kind.STATEMENT: "statement", Kind.UPDATE: "update", Kind.CLOSING: "closing note"}


def when_due(one: Incident, now: datetime) -> str:
    """Return when the next update is due: "update in 40 min", "update 5 min late"; "" where none is."""
    if one.due_at is None or one.stage is not IncidentStage.OPEN:
        return ""
    left = one.due_at - now
    return f"update {span(left)} late" if one.late(now) else f"update in {span(left)}"


def head(one: Incident, now: datetime) -> str:
    """Return an incident in a line: its stage, what it is about, how many, when news is due."""
    n = words.many(len(one.belonging), "case")
    told = [_STAGES[one.stage], one_line(one.about, 80), n, when_due(one, now)]
    return " · ".join(filter(None, told))


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsSheet:
    """Several incidents."""

    incidents: Sequence[Incident]
    now: datetime
    schema: str = "responder.incidents/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each as plain data."""
        return [incident_item(one, self.now) for one in self.incidents]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return id, stage, what it is about, how many cases, when an update is due, why it was proposed."""
        for one in self.incidents:
            yield one.name, one.stage, one.about, len(one.belonging), moment(one.due_at), one.why

    def draw(self, canvas: "Canvas") -> None:
        """Draw each with why it was proposed."""
        for one in self.incidents:
            look = "alarm" if one.late(self.now) else ""
            canvas.line((f"{one.name}  ", "strong"), (head(one, self.now), look))
            if one.why and one.stage is IncidentStage.PROPOSED:
                canvas.line((one_line(one.why, 300), "faint"), indent=6, hang=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSheet:
    """One incident with all its cases and words."""

    incident: Incident
    now: datetime
    cases: Mapping[int, Case] = field(default_factory=dict)
    drafts: Mapping[int, Draft] = field(default_factory=dict)
    #: The commands that can be given now, each with what it does.
    moves: Sequence[tuple[str, str]] = ()
    schema: str = "responder.incident/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return the one incident as plain data."""
        one = self.incident
        return [
            {
                **incident_item(one, self.now),
                "members": [self._member_item(member) for member in one.members],
                "texts": [
                    {
                        "kind": str(text.kind),
                        "round": text.round,
                        "language": text.language,
                        "text": text.text,
                        "by": text.by,
                        "at": moment(text.at),
                    }
                    for text in one.texts
                ],
                "next": [command for command, _ in self.moves],
            }
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return lines that begin with what they tell: incident, why, told, member, next."""
        one = self.incident
        yield "incident", one.name, one.stage, one.about, moment(one.due_at)
        if one.why:
            yield "why", one.why
        for text in one.texts:
            yield "told", text.round, text.kind, text.language, text.by, text.text
        for member in one.members:
            case = self.cases.get(member.case_id)
            yield (
                "member", f"c-{member.case_id}", member.membership, case.stage if case else "",
                self._has(member), member.why, case.target.text if case else "",
            )  # fmt: skip
        for command, does in self.moves:
            yield "next", command, does

    def draw(self, canvas: "Canvas") -> None:
        """Draw what it is about, what all are told, who belongs to it and why, and what can be done."""
        one = self.incident
        canvas.line((f"{one.name}  ", "strong"), (head(one, self.now), "alarm" if one.late(self.now) else ""))
        if one.why:
            canvas.line((one_line(one.why, 300), "faint"), hang=2)
        canvas.rule()
        for text in one.texts:
            latest = "" if text.round == one.round else "faint"
            said = f"{one_line(text.by, 40)} {words.ago(text.at, self.now)}"
            canvas.line((f"{_KINDS[text.kind]} in {text.language}, {said}", latest or "strong"))
            canvas.quote(text.text, indent=2)
        for member in one.members:
            self._draw_member(canvas, member)
        for command, does in self.moves:
            canvas.command(command)
            canvas.line((does, "faint"), indent=4)

    def _draw_member(self, canvas: "Canvas", member: Member) -> None:
        case = self.cases.get(member.case_id)
        out = member.membership is Membership.OUT
        stands = "taken out" if out else words.STAGES[case.stage] if case else ""
        told = " · ".join(filter(None, (stands, self._has(member), one_line(member.why, 120))))
        canvas.line((f"c-{member.case_id}  ", "faint" if out else "strong"), told, hang=2)
        if case and not out:
            canvas.line((one_line(case.target.text, 160), "faint"), indent=2, hang=2)

    def _has(self, member: Member) -> str:
        """Return what words a member has."""
        case, draft = self.cases.get(member.case_id), self.drafts.get(member.case_id)
        if case is None or member.membership is Membership.OUT or not self.incident.round:
            return ""
        if member.draft and case.draft_number == member.draft:
            return "has these words" if member.told == self.incident.round else "has earlier words"
        return (
            "wrote again since"
            if member.told
            else f"words by {draft.by}"
            if draft and draft.by
            else "own words"
        )

    def _member_item(self, member: Member) -> Mapping[str, object]:
        case = self.cases.get(member.case_id)
        return {
            "case": f"c-{member.case_id}",
            "membership": str(member.membership),
            "why": member.why,
            "by": member.by,
            "at": moment(member.at),
            "stage": str(case.stage) if case else None,
            "language": case.spoken if case else None,
            "draft": case.draft_number or None if case else None,
            "told": member.told or None,
            "words": self._has(member) or None,
            "text": case.target.text if case else "",
            "url": case.target.url if case else "",
        }


def incident_item(one: Incident, now: datetime) -> dict[str, object]:
    """Return an incident as --json tells it, without its members."""
    return {
        "id": one.name,
        "stage": str(one.stage),
        "topic": one.topic,
        "cause": one.cause or None,
        "why": one.why,
        "by": one.by,
        "proposed_at": moment(one.proposed_at),
        "opened_at": moment(one.opened_at) or None,
        "closed_at": moment(one.closed_at) or None,
        "every_seconds": round(one.every.total_seconds()) if one.every else None,
        "due_at": moment(one.due_at) or None,
        "late": one.late(now),
        "cases": len(one.belonging),
        "round": one.round,
    }
