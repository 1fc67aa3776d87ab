"""The lifecycle as a Hypothesis state machine: any move at any moment, also in the middle of a send."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from responder.connector import Exhausted, Refused, Unauthorised, Unavailable
from responder.model.decision import Verdict
from responder.store.store import Store
from tests.lifecycle.world import Crash, World

WHICH = st.integers(0, 7)


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
        return Store("sqlite://", clock=lambda: ("boot", self.world.boot))

    @initialize()
    def begin(self) -> None:
        store = self.make_store()
        store.prepare()
        self.world = World(store)
        self.world.write(0)
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

    @rule()
    def daemon_posts(self) -> None:
        self.world.tick()

    @rule(which=WHICH)
    def person_opens(self, which: int) -> None:
        self.world.open_card(which)

    @rule(which=WHICH)
    def person_approves(self, which: int) -> None:
        self.world.open_card(which)
        self.world.approve(len(self.world.seen) - 1 if self.world.seen else 0)

    @rule(which=WHICH)
    def person_approves_an_old_card(self, which: int) -> None:
        self.world.approve(which)

    @rule(which=WHICH)
    def person_edits(self, which: int) -> None:
        self.world.open_card(which)
        self.world.edit(len(self.world.seen) - 1 if self.world.seen else 0)

    @rule(which=WHICH, verdict=st.sampled_from([Verdict.REDO, Verdict.DISMISS, Verdict.WITHDRAW, Verdict.REOPEN]))
    def person_decides(self, which: int, verdict: Verdict) -> None:
        self.world.decide(which, verdict)

    @rule(which=WHICH)
    def person_settles(self, which: int) -> None:
        self.world.settle(which)

    @rule(on=st.booleans())
    def person_pauses(self, on: bool) -> None:
        self.world.store.outbox.pause("sam", self.world.now, on=on)

    @rule(minutes=st.sampled_from([0.5, 3, 15, 90]))
    def time_passes(self, minutes: float) -> None:
        self.world.arrive_late()  # within the horizon of give_up_after
        self.world.pass_time(minutes)

    @rule(minutes=st.sampled_from([-60, 60]))
    def wall_clock_jumps(self, minutes: float) -> None:
        self.world.minutes += minutes

    @rule(error=st.sampled_from([Unavailable, Refused, Unauthorised, Exhausted, RuntimeError, Crash]))
    def next_send_fails_before_its_effect(self, error: type[BaseException]) -> None:
        self.world.network.before_effect.append(fail(error))

    @rule(error=st.sampled_from([TimeoutError, ValueError, Crash]))
    def next_send_fails_after_its_effect(self, error: type[BaseException]) -> None:
        self.world.network.after_effect.append(fail(error))

    @rule()
    def next_send_arrives_late(self) -> None:
        """The sender times out; the request has its effect afterwards."""

        def times_out() -> None:
            self.world.network.after_effect.append(take_back)

        def take_back() -> None:
            self.world.late.append(self.world.network.public.pop())
            self.world.timeout_before_effect()

        self.world.network.before_effect.append(times_out)

    @rule(which=WHICH, what=st.sampled_from(["daemon", "stale", "follow-up", "edit", "withdraw", "pause"]))
    def something_happens_during_the_next_send(self, which: int, what: str) -> None:
        def meanwhile() -> None:
            world = self.world
            moves: dict[str, Callable[[], None]] = {
                "daemon": world.tick,
                "stale": lambda: (world.pass_time(5), world.tick()) and None,  # type: ignore[func-returns-value]
                "follow-up": lambda: (world.write(0), world.hear(), world.think()) and None,  # type: ignore[func-returns-value]
                "edit": lambda: world.edit(which),
                "withdraw": lambda: world.decide(which, Verdict.WITHDRAW),
                "pause": lambda: world.store.outbox.pause("sam", world.now, on=True),
            }
            moves[what]()

        self.world.network.before_effect.append(meanwhile)

    @rule(down=st.booleans())
    def network_goes_down_or_up(self, down: bool) -> None:
        self.world.network.unreachable = Unavailable("no route") if down else None

    @invariant()
    def the_laws_hold(self) -> None:
        if hasattr(self, "world"):
            self.world.check()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.settle_down()
            self.world.store.close()
