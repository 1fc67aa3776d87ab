"""Running: what daemons leave behind of how they are, so that another process can tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: A daemon that gave no sign of life for so many of its usual intervals is stuck, or gone.
_SIGNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RingState:
    """How one ring of a daemon is."""

    name: str
    #: When it rings next, as far as was known at the last sign of life.
    next_at: datetime | None = None
    #: Its last run without a problem.
    well_at: datetime | None = None
    #: How long its last run took.
    seconds: float = 0.0
    #: What was wrong with its last run; "" when nothing was.
    problem: str = ""
    problem_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonState:
    """How a daemon was at its last sign of life."""

    name: str
    host: str
    #: 0: no process stays; `daemon --once` comes for a round and goes, and `seen_at` is its last one.
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime
    #: None: it runs, or was killed.
    stopped_at: datetime | None = None
    #: Seconds between two signs of life, or between its last two rounds.
    every: float = 60.0
    posting: str = "off"
    #: The file of its settings; "" where it runs on the defaults.
    config: str = ""
    #: When the settings in force were read.
    config_at: datetime | None = None
    #: Why the settings that it was told to read are not in force; "" when they are.
    config_problem: str = ""
    rings: tuple[RingState, ...] = ()

    @property
    def by_rounds(self) -> bool:
        """Whether something like cron starts it for each round."""
        return self.pid == 0

    def silent(self, now: datetime) -> bool:
        """Whether it has given no sign of life for too long; a clock that was set back is no reason."""
        return now - self.seen_at > timedelta(seconds=_SIGNS * self.every)
