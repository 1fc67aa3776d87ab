"""The stage: actors as threads of which exactly one runs, and a scheduler that chooses who goes on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.lifecycle.laboratory.clock import Clock
from tests.lifecycle.laboratory.schedule import Dice, Plan

#: Events after the faults within which everybody must have come to the end of what they were doing.
REST = 1_500


class Crash(BaseException):
    """This process dies here: no handler of ours may catch it."""


class Over(BaseException):
    """The schedule is over: everybody leaves the stage."""


@dataclass
class Stage:
    """Who is on, what time it is, what chance decides, and what happened so far."""

    plan: Plan
    clock: Clock = field(default_factory=Clock)
    actors: list["Actor"] = field(default_factory=list)
    #: What happened, in order: (event, second, who, what, what went wrong).
    log: list[tuple[int, float, str, str, str]] = field(default_factory=list)
    #: Laws that were broken, in words.
    broken: list[str] = field(default_factory=list)
    #: What happens in the world at each event, beside the actors.
    weather: Callable[[], None] = field(default=lambda: None)
    over: bool = False
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self.dice = Dice(self.plan)
        self.curtain = threading.Lock()
        self.curtain.acquire()
        self._last = self.plan.events

    def play(self) -> None:
        """Let the actors go on until the faults are over and everybody has come to rest."""
        for actor in self.actors:
            actor.thread.start()
        self.next(None)
        self.curtain.acquire()
        self.over = True
        for actor in self.actors:
            if not actor.left:
                actor.go.release()
            actor.thread.join()
        if self.error:
            raise self.error

    def note(self, who: str, what: str, fault: str = "") -> None:
        """Write down what happened."""
        self.log.append((self.dice.event, self.clock.seconds, who, what, fault))

    def next(self, actor: "Actor | None") -> bool:
        """Let somebody go on; say whether it is `actor`, who otherwise has to wait to be woken."""
        try:
            chosen = self._choose()
        except Exception as error:  # noqa: BLE001 (a mistake of the laboratory: the main thread raises it)
            self.error, chosen = error, None
        if chosen is not None and chosen is actor:
            return True
        (chosen.go if chosen else self.curtain).release()  # without anybody the curtain falls
        return False

    def _choose(self) -> "Actor | None":
        self.dice.next_event()
        if self.broken or self.error:
            return None
        if self.dice.event > self._last:
            if self.dice.calm:
                self.broken.append("the actors do not come to rest")
                return None
            self.dice.calm, self._last = True, self._last + REST
        chance, clock = self.dice.of_event, self.clock
        clock.seconds += chance.expovariate(0.8)
        self.weather()
        here = [actor for actor in self.actors if not actor.left]
        if not here:
            return None
        awake = [actor for actor in here if actor.wakes <= clock.seconds]
        if not awake:
            first = min(here, key=lambda actor: actor.wakes)
            clock.seconds = max(clock.seconds, first.wakes)
            awake = [first]
        return awake[chance.randrange(len(awake))]


class Actor:
    """Somebody on the stage: a process with a life that may end and begin again at any moment."""

    def __init__(self, stage: Stage, name: str, live: Callable[["Actor"], None]) -> None:
        self.stage, self.name, self.live = stage, name, live
        self.go = threading.Lock()
        self.go.acquire()
        self.left = False
        self.wakes = 0.0
        #: What the next commit of this actor will have done, for the record of what people want.
        self.intent: Callable[[], object] | None = None
        #: Whether this process is dead and does not know it yet: the machine was switched off.
        self.dies = False
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        #: What a death leaves to be done.
        self.buried: Callable[[], None] = lambda: None

    def moment(self, what: str) -> None:
        """Let others go on before `what`; here this process may stall or die."""
        self._wait()
        fault = self.stage.dice.fault("process")
        self.stage.note(self.name, what, fault or "")
        if fault == "stall":
            self.sleep(self.stage.dice.of_event.uniform(30, 600))
        elif fault == "crash":
            raise Crash

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        self.wakes = self.stage.clock.seconds + seconds
        self._wait()

    def _wait(self) -> None:
        if not self.stage.next(self):
            self.go.acquire()
        if self.stage.over:
            raise Over
        if self.dies:
            self.dies = False
            raise Crash

    def _lives_to_its_end(self) -> bool:
        try:
            self._wait()
            self.live(self)
        except Crash:
            return False
        return True

    def _run(self) -> None:
        self.go.acquire()
        try:
            while not self._lives_to_its_end():
                self.intent, self.dies = None, False
                self.buried()
                self.stage.note(self.name, "dies")
                self.wakes = self.stage.clock.seconds + self.stage.dice.of_event.uniform(5, 300)
        except Over:
            pass
        except BaseException as error:  # noqa: BLE001 (told by the main thread)
            self.stage.error = error
        self.left = True
        if not self.stage.over:
            self.stage.next(self)
