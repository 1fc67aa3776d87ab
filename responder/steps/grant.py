"""Grant: a person gives the customer of a case a remedy, alone or with a second yes; no money moves by it."""

from dataclasses import dataclass
from datetime import datetime

from responder.model.budget import UNIT
from responder.model.case import Case
from responder.model.people import NotAllowed, Right, Roster, either, folded
from responder.model.remedy import Grant, GrantStatus, Remedy, money, spent
from responder.policy.policy import Policy
from responder.store.errors import Conflict
from responder.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to grant."""

    remedy: str
    #: In millionths of the remedy's currency; 0: it has no amount.
    micros: int = 0
    note: str = ""


def grant(store: Store, policy: Policy, case: Case, wish: Wish, by: str, now: datetime) -> Grant:
    """Write down that a remedy is granted, or asked for where it is more than `by` may grant alone.

    A cap is for all that a case gets of a remedy: small grants one after the other come to it too. Raises
    NotAllowed where nobody may grant so much, Conflict for a remedy that there is not, or no more, or that
    has caps while no amount was told.
    """
    by = store.roster.allowed(by, Right.GRANT)
    remedy = _offered(policy, wish.remedy, now)
    if remedy.caps and not wish.micros:
        raise Conflict(f"{remedy.id} has caps; say what it costs: --amount")
    before = spent(store.grants.of_case(case.id), remedy.id)
    total = before + wish.micros
    alone = _may(store.roster, remedy, total, by) and not _asks_two(store.roster, remedy)
    if not alone and not who_may(store.roster, remedy, total, but=by):
        raise NotAllowed(f"{_nobody(remedy, total, by)}{_with(remedy, before)}")
    to = GrantStatus.GRANTED if alone else GrantStatus.ASKED
    return store.grants.write(case, remedy, (wish.micros, wish.note), (by, now), to, before=before)


def agree(store: Store, policy: Policy, one: Grant, by: str, now: datetime) -> Grant:
    """Say the second yes; NotAllowed for who asked for it, and for who may not grant so much."""
    by = store.roster.allowed(by, Right.GRANT)
    if one.status is GrantStatus.ASKED:  # else the store says what became of it
        remedy = _offered(policy, one.remedy, now)
        before = spent(store.grants.of_case(one.case_id), one.remedy)
        total = before + one.micros
        others = either(who_may(store.roster, remedy, total, but=one.by)) or "another person"
        if folded(by) == folded(one.by):
            raise NotAllowed(f"{by} asked for {one.name}; the second yes is for {others}")
        if not _may(store.roster, remedy, total, by):
            what = f"{_so_much(remedy, total)}{_with(remedy, before)}"
            raise NotAllowed(f"{by} may not grant {what}; {others} may")
        return store.grants.move(one, GrantStatus.GRANTED, by, now, before=before)
    return store.grants.move(one, GrantStatus.GRANTED, by, now)


def refuse(store: Store, one: Grant, why: str, by: str, now: datetime) -> Grant:
    """Say that what was asked for is not granted; who asked may say so too."""
    by = store.roster.allowed(by, Right.GRANT)
    return store.grants.move(one, GrantStatus.REFUSED, by, now, note=why)


def take_back(store: Store, policy: Policy, one: Grant, why: str, by: str, now: datetime) -> Grant:
    """Say that something granted was not given after all; NotAllowed for who might not grant it."""
    by = store.roster.allowed(by, Right.GRANT)
    remedy = policy.remedies.get(one.remedy)
    theirs = folded(by) == folded(one.granted_by)
    if remedy and not theirs and not _may(store.roster, remedy, one.micros, by):
        raise NotAllowed(f"{by} may not grant {_so_much(remedy, one.micros)}, nor take it back")
    return store.grants.move(one, GrantStatus.TAKEN_BACK, by, now, note=why)


def who_may(roster: Roster, remedy: Remedy, micros: int, *, but: str = "") -> tuple[str, ...]:
    """Return the listed people who may grant so much of a remedy alone."""
    named = (one for one in roster.people if folded(one.name) != folded(but))
    return tuple(one.name for one in named if remedy.may(one.role, micros))


def _offered(policy: Policy, name: str, now: datetime) -> Remedy:
    remedy = policy.remedies.get(name)
    if remedy is None:
        raise Conflict(f"there is no remedy {name}; see: responder remedies")
    if name in policy.ended(now):
        raise Conflict(f"the remedy {name} ended on {remedy.expires}; see: responder remedies")
    return remedy


def _may(roster: Roster, remedy: Remedy, micros: int, by: str) -> bool:
    role = roster.role(by)
    return role is not None and remedy.may(role, micros)


def _asks_two(roster: Roster, remedy: Remedy) -> bool:
    return remedy.id in roster.four_eyes.remedies


def _nobody(remedy: Remedy, micros: int, by: str) -> str:
    """Return why nobody may grant so much, and what would change that."""
    if micros and remedy.most is None:
        return f"the remedy {remedy.id} has no amount here; give it one: cap_admin under [[remedies]]"
    if remedy.most is not None and not remedy.roles(micros):
        most = money(round(remedy.most * UNIT), remedy.currency)
        return f"nobody may grant {_so_much(remedy, micros)}: the most is {most}"
    return f"{by} may not grant {_so_much(remedy, micros)} alone, and nobody else may say the second yes"


def _with(remedy: Remedy, before: int) -> str:
    """Return that a sum holds what was granted before, where something was."""
    return f", with {money(before, remedy.currency)} before" if before else ""


def _so_much(remedy: Remedy, micros: int) -> str:
    return f"{money(micros, remedy.currency)} as {remedy.id}" if micros else f"the remedy {remedy.id}"
