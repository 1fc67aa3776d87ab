"""Afterwards: what is due after an answer is planned with words for it, and what people say came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.connector import Account
from responder.model.calendar import Calendar
from responder.model.case import Case
from responder.model.follow_up import FollowUp, FollowUpKind, Planned, Rhythm, plan
from responder.model.limits import Limits
from responder.model.people import Right
from responder.model.promise import Promise
from responder.policy.policy import Policy
from responder.steps.report import Report, Stop, never
from responder.store.errors import Conflict
from responder.store.follow_ups import Unplanned
from responder.store.store import Store

#: Of an account that is not in the config any more.
_ROOM = Limits(length=500)
#: What promises our next word, said as it was drafted. The script of a call is not said word by word, and
#: what comes after the fix promises an answer only to who writes again.
_PROMISING = frozenset(
    {FollowUpKind.UPDATE, FollowUpKind.RECAP, FollowUpKind.STATUS, FollowUpKind.BROKEN_PROMISE}
)
#: Nothing is put off for longer.
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Course:
    """What planning goes by: the words, the networks' room, the rhythm and the hours."""

    policy: Policy
    accounts: Mapping[str, Account]
    rhythm: Rhythm
    calendar: Calendar
    #: From this tier on a case is talked over when it ends.
    debrief_from: int = 4


def plan_on(store: Store, course: Course, now: datetime, *, stop: Stop = never) -> Report:
    """Plan what is due in every case that was answered or moved since; two at once plan it once."""
    done = 0
    while not stop() and (some := store.follow_ups.unplanned()):
        kept = sum(_plan(store, course, one, now) for one in some)
        done += kept
        if not kept:  # somebody else is at it
            break
    return Report({"cases followed up": done} if done else {})


def plan_one(store: Store, course: Course, number: int, now: datetime) -> None:
    """Plan one case at once, so that who did something sees what comes next."""
    one = store.follow_ups.of(number)
    if one and one.planned is not None:
        _plan(store, course, one, now)


def _plan(store: Store, course: Course, one: Unplanned, now: datetime) -> bool:
    planned = plan(one.situation, now, course.rhythm, course.calendar)
    words = {new.mark: _words(course, one.case, new, now) for new in planned.new}
    return store.follow_ups.keep(one, planned, words, now, debrief_from=course.debrief_from)


def _words(course: Course, case: Case, new: Planned, now: datetime) -> tuple[str, str]:
    account = course.accounts.get(case.account)
    limits = account.connector.limits if account else _ROOM
    owed = new.promise if new.kind is FollowUpKind.BROKEN_PROMISE else None
    written = course.policy.follow_up(new.kind, case, limits, now, owed)
    return written.text, written.language


def done(store: Store, course: Course, one: FollowUp, said: str, by: str, now: datetime) -> list[Promise]:
    """Say that a follow-up is done: in its words, or in those that were `said`; return what they promise.

    What it kept is kept in the ledger too, and what was said is read for promises like any reply of ours.
    """
    by = store.roster.allowed(by, Right.FOLLOW_UP)
    case = store.casework.get(one.case_id)
    words = said or (one.text if one.kind in _PROMISING else "")
    found = course.policy.commitments(words, case.spoken or "", now)
    promised = store.follow_ups.done(one, by, now, said=said, promised=found)
    plan_one(store, course, one.case_id, now)
    return promised


def did(
    store: Store, course: Course, case: Case, what: tuple[FollowUpKind, str], by: str, now: datetime
) -> list[Promise]:
    """Note something that was said or done though it was not due; return what the words promise."""
    by = store.roster.allowed(by, Right.FOLLOW_UP)
    if not case.replies:
        raise Conflict(f"{case.name} was not answered yet; nothing is to be followed up")
    kind, said = what
    found = course.policy.commitments(said, case.spoken or "", now)
    promised = store.follow_ups.did(case, kind, by, now, said=said, promised=found)
    plan_one(store, course, case.id, now)
    return promised


def skip(store: Store, course: Course, one: FollowUp, why: str, by: str, now: datetime) -> None:
    """Say that it is not needed, and why; what was promised stays in the ledger."""
    by = store.roster.allowed(by, Right.FOLLOW_UP)
    store.follow_ups.skip(one, by, now, why=why)
    plan_one(store, course, one.case_id, now)


def move(store: Store, one: FollowUp, due: datetime, by: str, now: datetime) -> FollowUp:
    """Put it to another time; Conflict where a promise names the time, or that time is no good."""
    by = store.roster.allowed(by, Right.FOLLOW_UP)
    if one.promise_id is not None and one.kind is not FollowUpKind.BROKEN_PROMISE:
        raise Conflict(
            f"its time was promised; agree on another one with the customer: "
            f"responder promise p-{one.promise_id} --moved-to TIME"
        )
    if not now < due <= now + _LONGEST:
        raise Conflict("that time is past" if due <= now else "that is more than a year away")
    return store.follow_ups.move(one, due, by, now)


def fixed(store: Store, course: Course, case: Case, how: str, by: str, now: datetime) -> None:
    """Say that the matter is put right: what is due after that begins."""
    store.follow_ups.fixed(case, store.roster.allowed(by, Right.FOLLOW_UP), now, how=how)
    plan_one(store, course, case.id, now)


def not_fixed(store: Store, course: Course, case: Case, by: str, now: datetime) -> None:
    """Take that back."""
    store.follow_ups.not_fixed(case, store.roster.allowed(by, Right.FOLLOW_UP), now)
    plan_one(store, course, case.id, now)
