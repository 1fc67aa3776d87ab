"""Ring: one thing the clock rings for."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from responder.model.running import RingState
from responder.model.visible import one_line
from responder.steps.report import Report, Stop

#: What a ring does: its step, at a moment, until asked to come back.
Work = Callable[[datetime, Stop], Report]

#: What a report counts, as the log tells it: a noun and what became of it.
EVENTS = {
    "heard": "mention.heard", "edited": "mention.edited", "removed": "mention.removed",
    "malformed": "mention.unread", "opened": "case.opened", "triaged": "case.triaged",
    "set aside": "case.set_aside", "stepped aside": "case.stepped_aside", "closed": "case.closed",
    "woken": "case.woken", "drafted": "draft.written", "sent": "delivery.sent",
    "planned": "delivery.postponed", "postponed": "delivery.postponed", "refused": "delivery.refused",
    "unsure": "delivery.unsure", "void": "delivery.void", "held": "delivery.held",
    "found": "delivery.found", "looked": "delivery.looked_for", "alarms": "delivery.alarmed",
    "digest": "digest.written", "blind": "account.blind",
}  # fmt: skip


@dataclass
class Ring:
    """One thing the clock rings for."""

    name: str
    work: Work
    #: Seconds (of a clock nobody sets) at which the work under way began; None while idle.
    began: float | None = None
    #: What its last run said, to be said again only once something else was.
    said: frozenset[str] = frozenset()
    #: When it ran last, how long that took in seconds, and when it ran last without a problem.
    rang_at: datetime | None = None
    seconds: float = 0.0
    well_at: datetime | None = None
    #: How often it ran since the daemon began, and how often not well.
    runs: int = 0
    failed: int = 0
    #: What its runs did since then, in the report's words.
    done: Counter[str] = field(default_factory=Counter)
    #: What was wrong with its last run, and since when something is.
    problem: str = ""
    problem_since: datetime | None = None

    def ended(self, report: Report, now: datetime) -> None:
        """Note how a run went that began at `now`."""
        self.rang_at = now
        self.seconds = time.monotonic() - self.began if self.began is not None else 0.0
        self.runs += 1
        self.done.update(report.done)
        self.failed += bool(report.problems)
        if report.problems:
            self.problem_since = self.problem_since or now
            self.problem = one_line(report.problems[0], 300)
        else:
            self.problem, self.problem_since, self.well_at = "", None, now
        self.began = None

    def state(self, every: float) -> RingState:
        """Return how it is, for who looks from another process; it rings each `every` seconds."""
        return RingState(
            name=self.name,
            next_at=self.rang_at + timedelta(seconds=every) if self.rang_at else None,
            well_at=self.well_at,
            seconds=self.seconds,
            problem=self.problem,
            problem_since=self.problem_since,
        )

    def overrun(self, deadline: float) -> bool:
        """Whether the work under way takes longer than `deadline` seconds."""
        began = self.began
        return began is not None and time.monotonic() - began > deadline
