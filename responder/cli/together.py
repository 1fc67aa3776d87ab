"""Together: what a card tells to people who work on it with others, for a program and for a pipe."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from responder.cli.notices import notes
from responder.cli.queue import moment
from responder.model.case import Case, Stage
from responder.model.event import Event
from responder.model.looker import Looker
from responder.model.mention import Mention

if TYPE_CHECKING:  # the store is loaded by who reads a card
    from responder.store.views import Card


def items(card: "Card") -> dict[str, object]:
    """Return notes, cases of the same matter and silence, as plain data."""
    return {
        "also": [
            {"case": f"c-{number}", "posts": [_post_item(post) for post in posts]}
            for number, posts in sorted(card.also.items())
        ],
        "opted_out": card.case.opted_out,
        "notes": [_note_item(one) for one in notes(card.events)],
    }


def rows(card: "Card", looking: Sequence[Looker], now: datetime) -> Iterator[Sequence[object]]:
    """Give the same in lines that begin with what they tell; and who has it, until when it is put off."""
    case = card.case
    if case.merged_into:
        yield "belongs to", f"c-{case.merged_into}"
    for number, posts in sorted(card.also.items()):
        yield from (("also", f"c-{number}", moment(one.created_at), one.url, one.text) for one in posts)
    if case.opted_out:
        yield "opted out", "asked us not to answer"
    if case.owner:
        yield "owner", case.owner
    if case.sleeps(now):
        yield "asleep", moment(case.snoozed_until)
    yield from (("looking", one.by, moment(one.since)) for one in looking)
    yield from (("note", moment(one.at), one.by, one.detail["note"]) for one in notes(card.events))


def moves(case: Case, now: datetime) -> list[tuple[str, str]]:
    """Return how a case is taken up before its time or put off again as before, or taken from another."""
    found = []
    if case.sleeps(now):
        found.append((f"responder wake {case.name}", "take it up before that"))
    elif case.stage in {Stage.WAITING, Stage.SET_ASIDE} and case.woken_from and case.woken_from > now:
        found.append((f"responder snooze {case.name} --same", "put it off again, as before"))
    if case.merged_into:
        found.append((f"responder split {case.name}", f"it does not belong to c-{case.merged_into}"))
    return found


def _post_item(post: Mention) -> Mapping[str, object]:
    author = post.author.handle
    return {"at": moment(post.created_at), "author": author, "text": post.text, "url": post.url}


def _note_item(one: Event) -> Mapping[str, object]:
    told = one.detail
    return {"at": moment(one.at), "by": one.by, "to": told.get("to") or None, "note": told["note"]}
