"""Kit: everything for a conversation away from the thread; an e-mail in place of a call promises the call."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from responder.model.calendar import Calendar
from responder.model.case import Case
from responder.model.limits import Limits
from responder.model.people import Right
from responder.model.promise import OWED, Commitment, Promise, PromiseKind, PromiseStatus
from responder.model.windows import LENGTH, Window, windows
from responder.model.worksheet import missing_for
from responder.policy.kit import Kind, Known
from responder.policy.policy import Policy, Words
from responder.store.store import Store

#: What nobody does unprepared where a case is grave.
GATED = frozenset({Kind.CALL, Kind.EMAIL})
_CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants of the kit, and what they know."""

    kinds: Sequence[Kind] = tuple(Kind)
    caller: str = ""
    #: Why no call is possible; without a reason there is no e-mail.
    why: str = ""
    #: What is new, in the customer's language.
    news: str = ""
    goal: str = ""
    #: When we can call.
    times: Sequence[Window] = ()
    #: What the worksheet lacks (`lacking`): it holds the call and the e-mail of a grave case back.
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A call that an e-mail announces."""

    email: str
    window: Window
    #: The window in the words of the e-mail.
    told: str
    #: Why they could not be called now.
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of the kit, or why it is held back."""

    kind: Kind
    words: Words | None = None
    #: What the worksheet lacks, where it is held back for that.
    missing: tuple[str, ...] = ()


def lacking(store: Store, case: Case, from_tier: int) -> tuple[str, ...]:
    """Return what the worksheet of a case still lacks; below `from_tier` (0: ever) nothing needs be."""
    return missing_for(store.worksheets.of(case.id), case.tier, from_tier)


def scheduled(store: Store, case: Case, now: datetime) -> Promise | None:
    """Return the call that is promised already and still to come."""
    return next(
        (
            one
            for one in store.promises.of_case(case.id)
            if one.status is PromiseStatus.OPEN
            and one.channel == _CALL
            and one.due_at is not None
            and one.due_at - LENGTH > now
        ),
        None,
    )


def call_windows(
    store: Store, case: Case, calendar: Calendar, at: datetime | None, now: datetime
) -> tuple[Window, ...]:
    """Return when we call: at the time that somebody chose, or that is promised; else in the next hours."""
    free = windows(now, calendar)
    promised = scheduled(store, case, now)
    start = at or (promised.due_at - LENGTH if promised and promised.due_at else None)
    if start is None:
        return free
    chosen = (start.astimezone(calendar.zone), (start + LENGTH).astimezone(calendar.zone))
    return chosen, *(one for one in free if one[0].date() != chosen[0].date())


def kit(
    store: Store, policy: Policy, case: Case, limits: Limits, wanted: Wanted, now: datetime, /
) -> list[Piece]:
    """Write the pieces that are wanted, in the case's language; it moves nothing.

    An e-mail is written where somebody says why no call is possible.
    """
    if policy.references and not case.reference:
        case = replace(case, reference=store.references.give(case, now))
    known = Known(
        caller=wanted.caller,
        windows=wanted.times,
        goal=wanted.goal,
        news=wanted.news,
        promises=[one for one in store.promises.of_case(case.id) if one.status in OWED],
    )
    pieces = []
    for kind in wanted.kinds:
        held = wanted.missing if kind in GATED else ()
        unasked = kind is Kind.EMAIL and not wanted.why.strip()
        words = None if held or unasked else policy.offline(case, kind, known, limits, now)
        pieces.append(Piece(kind=kind, words=words, missing=held))
    return pieces


def promise_call(store: Store, case: Case, call: Announced, by: str, now: datetime) -> Promise:
    """Write the call that an e-mail announces into the ledger, due at the end of its window, and return it.

    One that is there already for that time is enough; one for another time is moved. Raises NotAllowed.
    """
    by = store.roster.allowed(by, Right.PROMISE)
    due, known = call.window[1], scheduled(store, case, now)
    if known and known.due_at == due:
        return known
    if known:
        new = store.promises.move(known, due, by, now)
    else:
        sentences = re.split(r"(?<=[.!?]) |\n", call.email)
        quote = next((one for one in sentences if call.told in one), call.told)
        said = Commitment(
            start=0,
            end=0,
            quote=quote,
            kind=PromiseKind.ACTION,
            channel=_CALL,
            told=call.told,
            due=due,
        )
        new = store.promises.note(case, said, by, now)
    store.tending.note(case.id, f"An e-mail goes before the call: {call.why.strip()}", by, now)
    return new
