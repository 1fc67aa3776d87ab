"""Incidents: what a card tells of the one its case belongs to."""

from collections.abc import Mapping

from responder.model.incident import Incident, IncidentStage, Membership
from responder.model.visible import one_line


def line(one: Incident, case: int) -> str:
    """Return "one of 14 about: app down (i-3, proposed: it says what c-12 says)"."""
    n = len(one.belonging)
    member = next((own for own in one.belonging if own.case_id == case), None)
    told = [one.name]
    if one.stage is IncidentStage.PROPOSED:
        told.append("nobody has looked yet")
    elif member and member.membership is Membership.PROPOSED:
        told.append("it joined by itself")
    why = f": {one_line(member.why, 80)}" if member and member.membership is Membership.PROPOSED else ""
    return f"one of {n} about: {one_line(one.about, 60)} ({', '.join(told)}{why})"


def item(one: Incident | None, case: int) -> Mapping[str, object] | None:
    """Return the same as plain data."""
    if one is None:
        return None
    member = next((own for own in one.belonging if own.case_id == case), None)
    return {
        "id": one.name,
        "stage": str(one.stage),
        "about": one.about,
        "cases": len(one.belonging),
        "membership": str(member.membership) if member else None,
        "why": member.why if member else "",
    }
