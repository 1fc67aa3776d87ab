"""Promising: what a draft's words would commit us to, for who is about to approve them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from responder.model.case import Case, Stage
from responder.model.draft import Draft
from responder.model.promise import Commitment, PromiseKind
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.desk import Desk

_WHAT = {
    PromiseKind.UPDATE: "our next word",
    PromiseKind.ACTION: "that we act",
    PromiseKind.OUTCOME: "how it ends",
}
_HOW = {"call": "a call", "mail": "a mail", "message": "a message"}
#: Of our words, in characters.
_QUOTED = 80


def promised(desk: "Desk", case: Case, draft: Draft | None) -> Sequence[Commitment]:
    """Return what a draft promises if it goes out now; nothing where it is out, or cannot go."""
    if draft is None or case.stage not in {Stage.WAITING, Stage.APPROVED}:
        return ()
    return desk.app.commitments(draft.text, draft.language, desk.now())


def owner(desk: "Desk", case: Case) -> str:
    """Return whose the promises of a case become when the user says yes: its owner's, else theirs."""
    return case.owner or desk.onlooker


def told(one: Commitment, whose: tuple[str, str], now: datetime, zone: tzinfo) -> str:
    """Return "This promises: our next word by 17:00 today (you)"; `whose` is the owner and who reads it."""
    by, reader = whose
    who = "you" if by and by == reader else one_line(by, 30) or "nobody"
    what = _HOW.get(one.channel, _WHAT[one.kind])
    quote = (
        "" if one.kind is PromiseKind.UPDATE and not one.channel else f": “{one_line(one.quote, _QUOTED)}”"
    )
    return f"This promises: {what} {_by(one, now, zone)} ({who}){quote}"


def lines(desk: "Desk", case: Case, draft: Draft | None) -> Iterator[str]:
    """Give a line for each promise of a draft."""
    zone, whose = desk.settings.company.timezone, (owner(desk, case), desk.onlooker)
    for one in promised(desk, case, draft):
        yield told(one, whose, desk.now(), zone)


def item(one: Commitment, by: str) -> Mapping[str, object]:
    """Return a promise that a draft would make as plain data."""
    return {
        "kind": str(one.kind),
        "channel": one.channel or None,
        "quote": one.quote,
        "told": one.told or None,
        "due_at": one.due.isoformat() if one.due else None,
        "owner": by or None,
    }


def _by(one: Commitment, now: datetime, zone: tzinfo) -> str:
    """Return until when, as people say it."""
    if one.due is None:
        return "without a time"
    local, today = one.due.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"by {local:%H:%M} today"
    if local.date() == today + timedelta(days=1):
        return f"by {local:%H:%M} tomorrow"
    return f"by {local:%a} {local.day} {local:%b %H:%M}"
