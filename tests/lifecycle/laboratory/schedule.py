"""A schedule: a seed, what it makes frequent (swarm), and which of its faults are left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random

#: Within so many seconds of the last look before its call a reply is public, or never will be: the ten
#: minutes after which a person may be asked, less a lease, and what a reading of the network lags behind.
HORIZON = 450.0
#: Beyond it requests may take so long.
LONGEST = 3_000.0


class Kind(StrEnum):
    """What a network does about being asked twice."""

    NO_KEY = "no key"  # X, Reddit: two requests are two replies
    UNRELIABLE = "unreliable key"  # Mastodon and its kin: honoured for an hour, or not at all
    OWN_KEY = "own record key"  # Bluesky: the same key is the same record


#: How often each fault strikes where it can, when its schedule has it at all.
RATES: dict[str, dict[str, float]] = {
    "database": {"busy": 0.03, "full": 0.03, "lost before": 0.03, "lost after": 0.05},
    "process": {"crash": 0.03, "stall": 0.04},
    "reading": {"unreachable": 0.06, "bug": 0.03, "unauthorised": 0.02, "throttled": 0.03},
    "sending": {
        "lost": 0.12, "answer lost": 0.2, "late": 0.2, "twice": 0.1, "refused": 0.06, "throttled": 0.1,
        "unauthorised": 0.04, "exhausted": 0.03, "unreachable": 0.1, "strange answer": 0.06,
    },
    "weather": {
        "says more": 0.02, "edits": 0.01, "removes": 0.005, "colleague": 0.003, "clock jumps": 0.012,
        "clock is set right": 0.01, "restart": 0.006, "long while": 0.03,
    },
    "people": {
        "old card": 0.1, "edit": 0.06, "withdraw": 0.1, "redo": 0.04, "dismiss": 0.02, "reopen": 0.1,
        "pause": 0.05,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a schedule depends on: the same plan is the same life, byte for byte."""

    seed: int
    kind: Kind
    #: Whether effects may come later than HORIZON.
    beyond: bool = False
    #: How often somebody goes on before the faults end.
    events: int = 160
    #: Events in which nothing fails, and faults that never strike: what shrinking leaves out.
    without_events: frozenset[int] = frozenset()
    without_faults: frozenset[str] = frozenset()
    #: Rates that chance does not draw: a mix that favours what one is after.
    favour: tuple[tuple[str, float], ...] = ()

    def smaller(
        self,
        *,
        events: int | None = None,
        without_events: frozenset[int] | None = None,
        without_faults: frozenset[str] | None = None,
    ) -> "Plan":
        """Return a plan with less in it."""
        return replace(
            self,
            events=self.events if events is None else events,
            without_events=self.without_events if without_events is None else without_events,
            without_faults=self.without_faults if without_faults is None else without_faults,
        )


def plan_of(seed: int, *, beyond: bool = False, favour: Mapping[str, float] | None = None) -> Plan:
    """Return the plan that a seed alone stands for: the kinds of network take turns."""
    return Plan(seed, list(Kind)[seed % 3], beyond, favour=tuple(sorted((favour or {}).items())))


@dataclass
class Dice:
    """All chance of a schedule, drawn anew for each event, so that leaving one out moves no other."""

    plan: Plan
    event: int = 0
    #: Faults that struck: (event, name).
    struck: list[tuple[int, str]] = field(default_factory=list)
    calm: bool = False

    def __post_init__(self) -> None:
        self._source = Random(self.plan.seed * 2 + self.plan.beyond)  # noqa: S311 (chance, not secrecy)
        self.of_event = Random(0)  # noqa: S311
        self.swarm = Random(self._source.getrandbits(64))  # noqa: S311
        self.rates = {
            place: {name: rate * self.swarm.choice((0, 0, 1, 1, 3)) for name, rate in sorted(some.items())}
            for place, some in sorted(RATES.items())
        }
        for name, rate in self.plan.favour:
            for some in self.rates.values():
                if name in some:
                    some[name] = rate

    def next_event(self) -> None:
        """Go on to the next event."""
        self.event += 1
        self.of_event.seed(self._source.getrandbits(64))

    def fault(self, place: str) -> str | None:
        """Return what strikes here and now, or None; a fault is drawn also where it is left out."""
        drawn = self.of_event.random()
        if self.calm or self.event in self.plan.without_events:
            return None
        for name, rate in self.rates[place].items():
            drawn -= rate
            if drawn < 0:
                if name in self.plan.without_faults:
                    return None
                self.struck.append((self.event, name))
                return name
        return None
