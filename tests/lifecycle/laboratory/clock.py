"""Time in the laboratory: one true clock, which is the leases' too, and walls that people may set."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.network import START


@dataclass
class Clock:
    """Seconds since a schedule began, and what the clocks on the walls make of them."""

    seconds: float = 0.0
    #: How often the machine was started; a lease of an earlier start is over.
    boot: int = 1
    booted: float = 0.0
    #: Whether that clock has a name by which an earlier start is known.
    named: bool = True
    #: Seconds by which every wall clock is wrong, for it was set by hand.
    jumped: float = 0.0
    #: ... and by which one actor's is.
    skew: dict[str, float] = field(default_factory=dict)

    def true(self) -> datetime:
        """Return the time that the network's clock shows."""
        return START + timedelta(seconds=self.seconds)

    def wall(self, who: str) -> datetime:
        """Return the time on this actor's wall."""
        return START + timedelta(seconds=self.seconds + self.jumped + self.skew.get(who, 0.0))

    def lease(self) -> tuple[str, float]:
        """Return the clock that nobody sets, as a Store asks for it."""
        name = f"boot {self.boot}" if self.named else "boot"
        return name, self.seconds - self.booted

    def restart(self) -> None:
        """Let the machine start anew, and its clock with it."""
        self.boot, self.booted = self.boot + 1, self.seconds

    def set_right(self) -> None:
        """Let every wall show the true time."""
        self.jumped = 0.0
        self.skew.clear()
