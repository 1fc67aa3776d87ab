"""Incident: what people decide about many complaints of one cause."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from responder.model.case import Case
from responder.model.incident import Incident, IncidentStage
from responder.model.people import Right
from responder.steps.tell import Teller, Telling, tell
from responder.store.errors import Conflict
from responder.store.gathering import Said
from responder.store.store import Store

#: How often there may be news: oftener nobody keeps, seldomer nobody waits for.
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=7)


class NoSuchRhythm(Exception):
    """News can be promised every 5 minutes at the most, and every 7 days at the least."""


def open_incident(store: Store, one: Incident, cause: str, by: str, now: datetime) -> Incident:
    """Let a proposed incident be one, with its cause in a person's words; Conflict: it is not as seen."""
    store.gathering.open(one, cause, store.roster.allowed(by, Right.GATHER), now)
    return store.incidents.get(one.id)


def begin_incident(store: Store, cause: str, cases: Collection[Case], by: str, now: datetime) -> Incident:
    """Open an incident that nobody proposed, about these cases; Conflict where one belongs to another."""
    by = store.roster.allowed(by, Right.GATHER)
    topics = [case.topic for case in cases if case.topic]
    topic = max(sorted(set(topics)), key=topics.count, default="")
    return store.incidents.get(store.gathering.begin(cause, topic, [case.id for case in cases], by, now))


def add(store: Store, one: Incident, cases: Collection[Case], by: str, now: datetime) -> None:
    """Let cases belong to an incident by a person's word, also those that were taken out before."""
    by = store.roster.allowed(by, Right.GATHER)
    store.gathering.join(one, {case.id: f"{by} says so" for case in cases}, by, now)


def remove(store: Store, one: Incident, case: Case, by: str, now: datetime) -> bool:
    """Take a case out of an incident; return whether it needs words of its own now.

    Words of the incident that wait there, or are approved and not sent, end with that.
    """
    return store.gathering.leave(one, case, store.roster.allowed(by, Right.GATHER), now)


def say(store: Store, teller: Teller, one: Incident, said: Said) -> tuple[Incident, Telling]:
    """Store what all are told in one language, and draft it for each member; nothing goes out by this.

    Raises NotAllowed: who says it must be allowed to approve. Each reply is approved by itself all the same,
    and by two where the settings ask for two. Conflict where the incident is not open, or not as it was seen.
    """
    teller = replace(teller, by=store.roster.allowed(teller.by, Right.TELL))
    store.gathering.say(one, replace(said, text=" ".join(said.text.split())), teller.by, teller.now)
    one = store.incidents.get(one.id)
    return one, tell(store, teller, one)


def promise(store: Store, one: Incident, every: timedelta | None, by: str, now: datetime) -> Incident:
    """Promise news that often from now on, or (None) no more; raises NoSuchRhythm."""
    by = may_promise(store, every, by)
    store.gathering.rhythm(one, every, by, now)
    return store.incidents.get(one.id)


def may_promise(store: Store, every: timedelta | None, by: str) -> str:
    """Return who promises news that often; raises NoSuchRhythm, and NotAllowed. Nothing is changed by it."""
    by = store.roster.allowed(by, Right.TELL)
    if every is not None and not SHORTEST <= every <= LONGEST:
        raise NoSuchRhythm((NoSuchRhythm.__doc__ or "").rstrip("."))
    return by


def end(store: Store, one: Incident, by: str, now: datetime) -> None:
    """Close an open incident, or dismiss a proposed one; its cases go the usual way from now on."""
    if one.stage not in {IncidentStage.OPEN, IncidentStage.PROPOSED}:
        raise Conflict(f"{one.name} is {one.stage.lower()} already")
    right = Right.TELL if one.stage is IncidentStage.OPEN else Right.GATHER
    store.gathering.end(one, store.roster.allowed(by, right), now)
