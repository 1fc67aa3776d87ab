"""Notices: what of the journal a person must know before they read a draft."""

from collections.abc import Sequence

from responder.model.event import Event

#: What a card tells of that went otherwise than planned, by the journal's word.
NOTICES = {
    "edited": "They edited it",
    "removed by its author": "They removed a post",
    "approval void": "The approval ended",
    "delivery void": "The approval ended",
    "refused": "The network refused the reply",
    "unsure": "Nobody is sure whether the reply went out",
    "not sent yet": "It could not be sent yet",
    "stepped aside": "It was left for later",
    "not drafted": "The network does not let us answer",
}


def notices(events: Sequence[Event]) -> list[Event]:
    """Return what went otherwise than planned since our last public answer, at most the latest three."""
    ours = {"answered", "answered by hand"}
    answered = max((at for at, one in enumerate(events) if one.action in ours), default=-1)
    told: dict[str, Event] = {}
    for one in events[answered + 1 :]:
        if one.action in NOTICES:
            told[NOTICES[one.action]] = one
    return list(told.values())[-3:]


def notes(events: Sequence[Event]) -> list[Event]:
    """Return what people wrote down for each other, oldest first; what was erased is left out."""
    return [one for one in events if one.action in {"noted", "escalated"} and (one.detail or {}).get("note")]
