"""Tempting mistakes, each a small change of the real parts: the laboratory must catch them.

They are made in the laboratory's own Store objects and lines only; the product has no switch for them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import text

from tests.lifecycle.laboratory.careless_lines import NeverLooks, RenewsKeys, RetriesInside
from tests.lifecycle.laboratory.careless_people import (
    ApprovalsOutliveWithdrawal,
    CancelsInFlight,
    CursorFirst,
    EditsInPlace,
    EditsTheDraftInPlace,
    KeepsWithoutComparing,
    OneIsEnough,
    PlansAll,
    PlansTheFirst,
    SamePersonTwice,
)
from tests.lifecycle.laboratory.careless_senders import (
    AbsentOnceIsEnough,
    AsksByTheWall,
    AsksTheSwitchAlone,
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
    #: The mix of faults it is hunted with, where the usual one meets it too rarely.
    favour: Mapping[str, float] = field(default_factory=dict)
    #: Whether it shows only where effects come beyond the horizon.
    beyond: bool = False
    #: Why it does no harm, where another defence stands behind it; "" where it must be caught.
    harmless: str = ""
    #: Where it is tried by hand, for schedules meet it too rarely.
    elsewhere: str = ""
    #: Within so many schedules from `first` on it is caught.
    within: int = 100
    #: Hunted from 1 on, it is caught by none before: those are left out, for they take minutes.
    first: int = 1


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


#: Clocks that are set while replies are late.
_JUMPY = {"clock jumps": 0.1, "late": 0.8, "long while": 0.0, "stall": 0.0, "pause": 0.0}
#: A machine that sleeps, while colleagues answer and customers edit.
_SLEEPY = {"long while": 0.25, "edits": 0.06, "colleague": 0.08, "removes": 0.0, "pause": 0.0}
#: Senders that are told no, write it down, and do not learn that it is written.
_TORN = {"unreachable": 0.5, "late": 0.2, "lost after": 0.15, "stall": 0.15, "long while": 0.06}
MUTANTS = (
    Mutant("no comparison in the claim", _outbox(ClaimsBlindly), within=40),
    Mutant("post, then write", _outbox(PostsThenWrites), within=40),
    Mutant("cursor before the mentions", _intake(CursorFirst), within=150),
    Mutant("no attempt written", _outbox(ForgetsAttempts), within=40),
    Mutant("withdrawal does not end the approval", _revoked, within=40),
    Mutant("edit in place, decision along", _casework(EditsInPlace), within=600),
    Mutant("the library tries again", wire=RetriesInside.of, within=40),
    Mutant("absent once is not sent", _outbox(AbsentOnceIsEnough), within=40),
    Mutant("a timeout is planned again", _outbox(RetriesBlindly), within=40),
    Mutant("unfound is planned again", _outbox(TriesAgainUnfound), within=40),
    Mutant("no check before the call", _outbox(SendsAtOnce), favour={"pause": 0.3}, within=100),
    Mutant("a lease that is over is planned again", _outbox(LeaseToPlanned), within=40),
    Mutant("leases on the wall clock", _outbox(LeasesByTheWall), favour=_JUMPY, within=1000),
    Mutant("a new key for new words", wire=RenewsKeys.of, beyond=True, favour={"late": 0.7}, within=100,
           first=1_700),
    Mutant("no late watch", _outbox(NeverLooksAgain), within=150),
    Mutant("no fence", _outbox(IgnoresFence), favour=_TORN,
           elsewhere="tests/store/test_commits.py: no schedule of 400 met it"),
    Mutant("cancel after an attempt", _casework(CancelsInFlight), within=100),
    Mutant("no look at the post", wire=NeverLooks.of, within=40),
    Mutant("a person asked by the wall clock", _outbox(AsksByTheWall), favour=_JUMPY,
           harmless='"not sent" is not taken from them before the time is over on the clock of leases'),
    Mutant("a look before a long sleep counts", _outbox(LooksLongBefore), favour=_SLEEPY, within=1000),
    Mutant("what was approved once is planned again", _replans, within=40),
    Mutant("a late failure overrides success", _outbox(SettlesWhateverStands), within=40),
    Mutant("pause is not asked about", _outbox(IgnoresPause), within=40),
    Mutant("the file is not looked at before the call", _outbox(AsksTheSwitchAlone),
           favour={"pause": 0.3}, within=200),
    Mutant("sent though the database failed", _outbox(SendsAnyway), within=40),
    Mutant("one yes is enough for everything", _casework(OneIsEnough), within=40),
    Mutant("the same person says both yeses", _casework(SamePersonTwice), within=40),
    Mutant("a late success is dropped", _outbox(DropsLateSuccess),
           harmless="the reply is found by looking, a little later"),
    Mutant("an outcome that cannot be written is dropped", _outbox(ForgetsSettling),
           harmless="the lease runs out, and the reply is found by looking"),
    Mutant("the draft edited in place, the decision not", _casework(EditsTheDraftInPlace),
           harmless="the claim compares the decision's fingerprint with the words"),
    Mutant("pages kept without comparing cursors", _intake(KeepsWithoutComparing),
           harmless="a page twice changes nothing, and an older cursor is read again"),
    Mutant("the first yes plans the delivery", _casework(PlansTheFirst),
           harmless="the claim looks for the second yes"),
    Mutant("no unique index", _no_index,
           harmless="the case's version and in_flight refuse a second live delivery before it"),
)  # fmt: skip
