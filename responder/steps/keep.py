"""Keep: what a person says became of a promise, and promises that were made elsewhere."""

from datetime import datetime

from responder.model.case import Case
from responder.model.people import Right
from responder.model.promise import Commitment, Promise, PromiseKind, PromiseStatus
from responder.policy.policy import Policy
from responder.store.errors import Conflict
from responder.store.store import Store


def keep(store: Store, one: Promise, where: str, by: str, now: datetime) -> Promise:
    """Say that a promise was kept, and where that can be seen; after its time it is kept late."""
    by = store.roster.allowed(by, Right.PROMISE)
    late = one.status is PromiseStatus.BROKEN or one.overdue(now)
    store.promises.end(one, PromiseStatus.LATE if late else PromiseStatus.KEPT, by, now, evidence=where)
    return store.promises.get(one.id)


def agree(store: Store, one: Promise, due: datetime, by: str, now: datetime) -> Promise:
    """Say that another time was agreed with the customer, and return the promise with that time.

    Conflict once its time passed: what is broken is not mended by another date.
    """
    by = store.roster.allowed(by, Right.PROMISE)
    if one.overdue(now):
        raise Conflict(f"the time of {one.name} passed; a promise can be moved before that only")
    if due <= now:
        raise Conflict("that time is past")
    return store.promises.move(one, due, by, now)


def drop(store: Store, one: Promise, why: str, by: str, now: datetime) -> None:
    """Say that words were no promise, or that it fell away, and why."""
    store.promises.end(one, PromiseStatus.DROPPED, store.roster.allowed(by, Right.PROMISE), now, evidence=why)


def said_elsewhere(
    store: Store, policy: Policy, case: Case, said: tuple[str, datetime | None], by: str, now: datetime
) -> Promise:
    """Write down a promise that was made on the phone or in a letter: its words, and by when.

    Without a time, that in the words counts, where they tell one.
    """
    by = store.roster.allowed(by, Right.PROMISE)
    words, due = said
    found = next(iter(policy.commitments(words, case.spoken or "", now)), None)
    commitment = Commitment(
        start=0,
        end=len(words),
        quote=words,
        kind=found.kind if found else PromiseKind.ACTION,
        channel=found.channel if found else "",
        told=found.told if found and not due else "",
        due=due or (found.due if found else None),
    )
    return store.promises.note(case, commitment, by, now)
