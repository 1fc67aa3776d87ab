"""Tempting mistakes, each a small change of the real parts: the laboratory must catch them.

They are made in the laboratory's own Store objects and lines only; the product has no switch for them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from tests.lifecycle.laboratory.careless_lines import NeverLooks, RenewsKeys, RetriesInside
from tests.lifecycle.laboratory.careless_people import (
    ApprovalsOutliveWithdrawal,
    CancelsInFlight,
    CursorFirst,
    EditsInPlace,
    EditsTheDraftInPlace,
    KeepsWithoutComparing,
    PlansAll,
)
from tests.lifecycle.laboratory.careless_senders import (
    AbsentOnceIsEnough,
    AsksByTheWall,
    ClaimsBlindly,
    ClaimsWithoutApproval,
    DropsLateSuccess,
    ForgetsAttempts,
    ForgetsSettling,
    IgnoresFence,
    IgnoresPause,
    LeasesByTheWall,
    LeaseToPlanned,
    LooksLongBefore,
    NeverLooksAgain,
    PostsThenWrites,
    RetriesBlindly,
    SendsAnyway,
    SendsAtOnce,
    SettlesWhateverStands,
    TriesAgainUnfound,
)
from tests.lifecycle.laboratory.networks import Line
from tests.lifecycle.laboratory.watched import WatchedStore


@dataclass(frozen=True)
class Mutant:
    """One mistake."""

    name: str
    mutate: Callable[[WatchedStore], None] = lambda _: None
    wire: Callable[[Line], Line] = lambda line: line
    #: Whether it shows only where effects come beyond the horizon.
    beyond: bool = False
    #: Why it does no harm, where another defence stands behind it; "" where it must be caught.
    harmless: str = ""
    #: Within so many schedules from 1 on it is caught.
    within: int = 100


def _outbox(kind: Callable[[WatchedStore], object]) -> Callable[[WatchedStore], None]:
    return lambda store: setattr(store, "outbox", kind(store))


def _casework(kind: Callable[[WatchedStore], object]) -> Callable[[WatchedStore], None]:
    return lambda store: setattr(store, "casework", kind(store))


def _intake(kind: Callable[[WatchedStore], object]) -> Callable[[WatchedStore], None]:
    return lambda store: setattr(store, "intake", kind(store))


def _replans(store: WatchedStore) -> None:
    store.casework = PlansAll(store)
    _no_index(store)


def _no_index(store: WatchedStore) -> None:
    with store.engine.begin() as connection:  # the database's own refusal is the last defence
        connection.execute(text("DROP INDEX IF EXISTS uq_delivery_live"))


def _revoked(store: WatchedStore) -> None:
    store.casework, store.outbox = ApprovalsOutliveWithdrawal(store), ClaimsWithoutApproval(store)


FENCED = "the claim's comparison, or its unique index, lets one sender through"
MUTANTS = (
    Mutant("no comparison in the claim", _outbox(ClaimsBlindly)),
    Mutant("post, then write", _outbox(PostsThenWrites)),
    Mutant("cursor before the mentions", _intake(CursorFirst)),
    Mutant("no attempt written", _outbox(ForgetsAttempts)),
    Mutant("withdrawal does not end the approval", _revoked),
    Mutant("edit in place, decision along", _casework(EditsInPlace)),
    Mutant("the library tries again", wire=RetriesInside.of),
    Mutant("absent once is not sent", _outbox(AbsentOnceIsEnough)),
    Mutant("a timeout is planned again", _outbox(RetriesBlindly)),
    Mutant("unfound is planned again", _outbox(TriesAgainUnfound)),
    Mutant("no check before the call", _outbox(SendsAtOnce)),
    Mutant("a lease that is over is planned again", _outbox(LeaseToPlanned)),
    Mutant("leases on the wall clock", _outbox(LeasesByTheWall)),
    Mutant("a new key for new words", wire=RenewsKeys.of, beyond=True),
    Mutant("no late watch", _outbox(NeverLooksAgain)),
    Mutant("no fence", _outbox(IgnoresFence)),
    Mutant("cancel after an attempt", _casework(CancelsInFlight)),
    Mutant("no look at the post", wire=NeverLooks.of),
    Mutant("a person asked by the wall clock", _outbox(AsksByTheWall)),
    Mutant("a look before a long sleep counts", _outbox(LooksLongBefore)),
    Mutant("what was approved once is planned again", _replans),
    Mutant("a late failure overrides success", _outbox(SettlesWhateverStands)),
    Mutant("pause is not asked about", _outbox(IgnoresPause)),
    Mutant("sent though the database failed", _outbox(SendsAnyway)),
    Mutant("a late success is dropped", _outbox(DropsLateSuccess),
           harmless="the reply is found by looking, a little later"),
    Mutant("an outcome that cannot be written is dropped", _outbox(ForgetsSettling),
           harmless="the lease runs out, and the reply is found by looking"),
    Mutant("the draft edited in place, the decision not", _casework(EditsTheDraftInPlace),
           harmless="the claim compares the decision's fingerprint with the words"),
    Mutant("pages kept without comparing cursors", _intake(KeepsWithoutComparing),
           harmless="a page twice changes nothing, and an older cursor is read again"),
    Mutant("no unique index", _no_index,
           harmless="the case's version and in_flight refuse a second live delivery before it"),
)  # fmt: skip
