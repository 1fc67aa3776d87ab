"""Signs of life: the daemon leaves in the database how it is, for whoever asks from another process."""

import os
import platform
import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from responder import __version__
from responder.daemon.ring import Ring
from responder.model.running import DaemonState
from responder.model.visible import one_line
from responder.wiring import App

#: Seconds between two signs while nothing changes, and the fewest between two at all.
EVERY, _SOONEST = 60.0, 2.0
#: Seconds between two rounds of `daemon --once`, at least: one by hand between them is no habit.
ROUNDS = 20 * 60.0


@dataclass
class Signs:
    """What one daemon says of itself; bounded: once a minute, or when something goes wrong or well."""

    started_at: datetime
    #: When the settings in force were read; why others that it was told to read are not.
    config_at: datetime
    config_problem: str = ""
    host: str = field(default_factory=platform.node)
    pid: int = field(default_factory=os.getpid)
    _told: float | None = None
    _said: tuple[object, ...] = ()

    @property
    def name(self) -> str:
        """What the daemon is called."""
        return f"{self.host}:{self.pid}"

    def of(self, app: App, rings: list[Ring], now: datetime) -> DaemonState:
        """Return how the daemon is."""
        every = app.settings.daemon.step_every.total_seconds()
        return DaemonState(
            name=self.name,
            host=self.host,
            pid=self.pid,
            version=__version__,
            started_at=self.started_at,
            seen_at=now,
            every=EVERY,
            posting=str(app.mode),
            config=str(app.settings.path or ""),
            config_at=self.config_at,
            config_problem=one_line(self.config_problem, 1000),
            rings=tuple(ring.state(every) for ring in rings),
        )

    def give(self, app: App, rings: list[Ring], now: datetime) -> bool:
        """Write it down, where a minute is over or something changed; return whether it did."""
        state = self.of(app, rings, now)
        said = (
            state.posting, state.config_at, state.config_problem,
            *((one.name, bool(one.problem), one.well_at is None) for one in state.rings),
        )  # fmt: skip
        since = EVERY if self._told is None else time.monotonic() - self._told
        if since < _SOONEST or (since < EVERY and said == self._said):
            return False
        app.store.daemons.seen(state)
        self._told, self._said = time.monotonic(), said
        return True

    def give_round(self, app: App, rings: list[Ring], now: datetime) -> None:
        """Write down one round of who comes and goes; what was wrong in the last one too began there."""
        name = f"{self.host}:once"
        last = next((one for one in app.store.daemons.all() if one.name == name), None)
        before = {one.name: one for one in last.rings} if last else {}
        said = []
        for one in self.of(app, rings, now).rings:
            was = before.get(one.name, one) if one.problem else one
            since = was.problem_since or one.problem_since
            said.append(replace(one, next_at=None, well_at=was.well_at, problem_since=since))
        apart = (now - last.seen_at).total_seconds() if last else 0.0
        every = max(apart, ROUNDS)
        app.store.daemons.seen(
            replace(self.of(app, rings, now), name=name, pid=0, every=every, rings=tuple(said))
        )
