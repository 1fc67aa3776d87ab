"""The lifecycle as a Hypothesis state machine: any move at any moment, also in the middle of a send."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from responder.connector import Exhausted, Refused, Unauthorised, Unavailable, Unsure
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.store.store import Store
from tests.lifecycle import together
from tests.lifecycle.world import ROSTER, Crash, World
from tests.prepared import empty_into

WHICH = st.integers(0, 7)
WHO = st.sampled_from(["sam", "ana"])
DEED = st.sampled_from(list(together.DEEDS))
#: What may be raised before anything was sent ...
BEFORE: dict[str, type[BaseException]] = {
    "out of reach": Unavailable,
    "refused": Refused,
    "unauthorised": Unauthorised,
    "budget gone": Exhausted,
    "a bug": RuntimeError,
    "a crash before": Crash,
    "a timeout before": TimeoutError,
}
#: ... and when the reply is public already.
AFTER: dict[str, type[BaseException]] = {
    "a timeout": TimeoutError,
    "a strange answer": ValueError,
    "a crash": Crash,
}
MEANWHILE = (
    *("another daemon", "a stale lease", "a follow-up", "an edit", "a withdrawal", "a pause"),
    *("a correction of the urgency", "a correction of the language"),
)
FAULTS = st.lists(st.sampled_from([*BEFORE, *AFTER, "a late arrival", *MEANWHILE]), max_size=3)


def fail(error: type[BaseException]) -> Callable[[], None]:
    """Return what raises `error`."""

    def failing() -> None:
        raise error

    return failing


class Lifecycle(RuleBasedStateMachine):
    """Every move of customers, machine, person and network, in any order."""

    world: World

    def make_store(self) -> Store:
        """Return the store under test; a mutant returns another."""
        store = Store("sqlite://", roster=ROSTER, clock=lambda: ("boot", self.world.boot))
        empty_into(store.engine)
        return store

    @initialize()
    def begin(self) -> None:
        store = self.make_store()
        self.world = World(store)
        self.world.write(0)
        self.world.write(1)
        self.world.hear()
        self.world.think()
        self.world.open_card(0)

    @rule(thread=st.integers(0, 3))
    def customer_writes(self, thread: int) -> None:
        self.world.write(thread)

    @rule(which=WHICH)
    def customer_edits(self, which: int) -> None:
        self.world.rewrite(which)

    @rule(which=WHICH)
    def customer_removes(self, which: int) -> None:
        self.world.take_away(which)

    @rule()
    def daemon_reads_and_drafts(self) -> None:
        self.world.hear()
        self.world.think()

    @rule()
    def daemon_only_reads(self) -> None:
        self.world.hear()

    @rule(which=WHICH, faults=FAULTS)
    def daemon_posts(self, which: int, faults: list[str]) -> None:
        for fault in faults:
            self.plan_fault(fault, which)
        self.world.tick()
        self.world.network.before_effect.clear()
        self.world.network.after_effect.clear()

    @rule(which=WHICH, faults=FAULTS)
    def person_approves_and_daemon_posts(self, which: int, faults: list[str]) -> None:
        self.person_approves(which)
        self.daemon_posts(which, faults)

    @rule(which=WHICH)
    def person_opens(self, which: int) -> None:
        self.world.open_card(which)

    @rule(which=WHICH, by=WHO)
    def person_approves(self, which: int, by: str = "sam") -> None:
        self.world.open_card(which)
        self.world.approve(len(self.world.seen) - 1 if self.world.seen else 0, by)

    @rule(which=WHICH, by=WHO)
    def person_approves_an_old_card(self, which: int, by: str) -> None:
        self.world.approve(which, by)

    @rule(which=WHICH, first=WHO, second=WHO)
    def two_yeses_and_daemon_posts(self, which: int, first: str, second: str) -> None:
        self.person_approves(which, first)
        self.person_approves(which, second)  # of the same person, perhaps
        self.world.tick()

    @rule(which=WHICH, by=WHO)
    def person_edits(self, which: int, by: str = "sam") -> None:
        self.world.open_card(which)
        self.world.edit(len(self.world.seen) - 1 if self.world.seen else 0, by)

    @rule(which=WHICH)
    def person_thinks_again_after_approving(self, which: int) -> None:
        self.person_approves(which)
        self.world.edit(len(self.world.seen) - 1 if self.world.seen else 0)
        self.person_edits(which)
        self.person_approves(which)

    @rule(
        which=WHICH,
        verdict=st.sampled_from([Verdict.REDO, Verdict.DISMISS, Verdict.WITHDRAW, Verdict.REOPEN]),
    )
    def person_decides(self, which: int, verdict: Verdict) -> None:
        self.world.decide(which, verdict)

    @rule(which=WHICH, what=st.sampled_from(list(What)))
    def person_corrects(self, which: int, what: What) -> None:
        self.world.correct(which, what)

    @rule(which=WHICH)
    def person_settles(self, which: int) -> None:
        self.world.settle(which)

    @rule(on=st.booleans())
    def person_pauses(self, on: bool) -> None:
        self.world.store.control.pause("sam", self.world.now, on=on)

    @rule(minutes=st.sampled_from([0.5, 3, 15, 90]))
    def time_passes(self, minutes: float) -> None:
        self.world.arrive_late()  # within the horizon of give_up_after
        self.world.pass_time(minutes)

    @rule(minutes=st.sampled_from([-60, 60]))
    def wall_clock_jumps(self, minutes: float) -> None:
        self.world.minutes += minutes

    @rule(down=st.booleans())
    def network_goes_down_or_up(self, down: bool) -> None:
        self.world.network.unreachable = Unavailable("no route") if down else None

    def plan_fault(self, fault: str, which: int) -> None:
        """Arrange what goes wrong, or happens meanwhile, during the next send."""
        world, network = self.world, self.world.network

        def arrives_late() -> None:
            world.late.append(network.public.pop())
            raise Unsure("timed out")

        meanwhile: dict[str, Callable[[], None]] = {
            "another daemon": world.tick,
            "a stale lease": lambda: world.stall(5),
            "a follow-up": lambda: world.follow_up(0),
            "an edit": lambda: world.edit(which),
            "a withdrawal": lambda: world.decide(which, Verdict.WITHDRAW),
            "a correction of the urgency": lambda: world.correct(which, What.MORE_URGENT),
            "a correction of the language": lambda: world.correct(which, What.LANGUAGE),
            "a pause": lambda: world.store.control.pause("sam", world.now, on=True),
        }
        if fault in BEFORE:
            network.before_effect.append(fail(BEFORE[fault]))
        elif fault in AFTER:
            network.after_effect.append(fail(AFTER[fault]))
        elif fault == "a late arrival":
            network.after_effect.append(arrives_late)
        else:
            network.before_effect.append(meanwhile[fault])

    @invariant()
    def the_laws_hold(self) -> None:
        if hasattr(self, "world"):
            self.world.check()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self.world.settle_down()
            finally:  # a mutant is found out here
                self.world.store.close()


class Together(Lifecycle):
    """The same, and people who give, put off, join and silence, also in the middle of a send."""

    def make_store(self) -> Store:
        self.folder = TemporaryDirectory()
        store = super().make_store()
        store.pause_file = Path(self.folder.name) / "pause"
        return store

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            if hasattr(self, "folder"):
                self.folder.cleanup()

    @rule(which=WHICH, other=WHICH, deed=DEED)
    def people_work_together(self, which: int, other: int, deed: str) -> None:
        together.do(self.world, deed, which, other)

    @rule(which=WHICH, other=WHICH, deed=DEED)
    def people_work_together_during_a_send(self, which: int, other: int, deed: str) -> None:
        self.person_approves(which)
        self.world.network.before_effect.append(lambda: together.do(self.world, deed, which, other))
        self.world.tick()
        self.world.network.before_effect.clear()

    @invariant()
    def nothing_is_hidden(self) -> None:
        if hasattr(self, "world"):
            together.check(self.world)
