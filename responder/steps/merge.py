"""Merge: two cases of one matter are answered once; and a wrong merge is taken apart."""

from datetime import datetime

from responder.model.case import Case
from responder.model.people import Right
from responder.store.store import Store


class DifferentPeople(Exception):
    """Two people wrote these: who merges them says that this is meant. Nothing was changed."""


def merge(
    store: Store, into: Case, one: Case, by: str, now: datetime, *, different_people: bool = False
) -> None:
    """Let `into` speak for `one` too, which is set aside; what was approved of `one` and not sent is void.

    When the customer of `one` writes again it is heard like any case. Raises DifferentPeople where not one
    and the same author of one network wrote both, unless that is meant, Conflict when either is not as it
    was seen, when a reply of either may be public, for what belongs together already and where `one` is of a
    higher tier, and NotAllowed.
    """
    by = store.roster.allowed(by, Right.MERGE)
    if not different_people and not _same_author(store, into, one):
        names = " and ".join(f"{case.name} is by {_who(case)}" for case in (into, one))
        raise DifferentPeople(f"different people wrote these: {names}")
    store.matters.merge(into, one, by, now)


def split(store: Store, one: Case, by: str, now: datetime) -> None:
    """Let a merged case speak for itself again; it needs a reply.

    Raises Conflict when it belongs to no other, and NotAllowed.
    """
    store.matters.split(one, store.roster.allowed(by, Right.SPLIT), now)


def _same_author(store: Store, first: Case, second: Case) -> bool:
    """Whether one network knows the authors of both by the same lasting id."""
    networks = {one.name: one.network for one in store.views.health()}
    ids = {(networks.get(case.account), case.target.author.id) for case in (first, second)}
    return len(ids) == 1 and bool(first.target.author.id)


def _who(case: Case) -> str:
    author = case.target.author
    return f"@{author.handle} on {case.account}" if author.handle else f"somebody on {case.account}"
