"""Moved: what somebody did to a case while another person looked at it, in a sentence for that person."""

from datetime import datetime, timedelta

from responder.model.event import Event
from responder.model.span import span
from responder.model.visible import one_line

#: What a person did, after their name; "{to}" and its like are filled from the event's detail.
_PERSON = {
    "approved": "approved it",
    "edited by hand": "put other words in its place",
    "another wording": "took another wording",
    "words put back": "put earlier words back",
    "redo asked": "asked for another draft",
    "dismissed": "dismissed it",
    "answered by hand": "answered it by hand",
    "reopened": "reopened it",
    "withdrawn": "took the approval back",
    "assigned": "gave it to {to}",
    "escalated": "escalated it to {to}",
    "snoozed": "put it off",
    "woken": "woke it",
    "merged": "merged it with {with}",
    "split": "took it apart from {from}",
    "left incident": "took it out of {incident}",
    "told alike": "put the words of an incident in its place",
    "opted out": "noted that its author asked not to be answered",
    "opt-out undone": "noted that its author may be answered again",
    "not sent": "said that the reply is not public",
    "answered": "said that the reply is public",
}
#: What happened without a person of ours.
_NOBODY = {
    "wrote again": "the customer wrote again",
    "edit weighed": "the customer edited a post",
    "removed by its author": "the customer removed a post",
    "drafted": "it was drafted",
    "not drafted": "the network lets nobody answer",
    "set aside": "triage set it aside",
    "triaged": "triage weighed it",
    "answered": "the reply went out",
    "approval void": "the approval ended",
    "refused": "the network refused the reply",
    "unsure": "nobody is sure whether the reply went out",
    "closed": "it was closed",
    "split": "it came to stand for itself again",
    "woken": "it came back, for it slept longer than it may",
    "judged by other rules": "the rules or a remedy changed",
    "told alike": "the words of an incident took its place",
}


def told(event: Event, now: datetime) -> str:
    """Return who did what, and how long ago: "Sam approved it 12 s ago"."""
    known = _PERSON.get(event.action) if event.by else _NOBODY.get(event.action)
    detail = {name: one_line(value, 60) for name, value in (event.detail or {}).items()}
    if event.action == "assigned" and not detail.get("to"):
        known = "gave it to nobody"
    said = (known or f"{event.action}").format_map(_Blank(detail))
    past = now - event.at  # whose clock is ahead did it just now
    when = f"{span(past)} ago" if past >= timedelta(seconds=2) else "just now"
    return f"{one_line(event.by, 60)} {said} {when}".strip()


class _Blank(dict[str, str]):
    """Details of which some may be missing, or were erased."""

    def __missing__(self, key: str) -> str:
        return "..."
