"""How much our X takes: windows of a quarter of an hour and of a day, told in the headers of every answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.standins.x.answering import TOO_MANY, Answer, Request
from tests.standins.x.world import World

_QUARTER, _DAY = timedelta(minutes=15), timedelta(hours=24)


@dataclass
class Window:
    """What is left of one limit, and until when."""

    limit: int
    left: int
    ends: datetime
    span: timedelta


@dataclass
class Limits:
    """The limits of each endpoint."""

    world: World
    quarter: int = 300
    #: Requests a day, by endpoint; nothing is told of a day where it is not here.
    day: dict[str, int] = field(default_factory=dict)
    #: The limits end and their end is told in no header.
    silent: bool = False

    def __post_init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}

    def use_up(self, endpoint: str, kind: str = "x-rate-limit", *, left: int = 0) -> None:
        """Leave so many requests of one limit."""
        span = _QUARTER if kind == "x-rate-limit" else _DAY
        self._windows[endpoint, kind] = Window(self.quarter, left, self.world.now + span, span)

    def take(self, request: Request) -> tuple[Answer | None, dict[str, str]]:
        """Count a request: a refusal where nothing is left, and what the headers tell."""
        endpoint, headers = request.endpoint, dict[str, str]()
        kinds = {"x-rate-limit": (self.quarter, _QUARTER)}
        if endpoint in self.day:
            kinds["x-app-limit-24hour"] = (self.day[endpoint], _DAY)
        for kind in ("x-app-limit-24hour", "x-user-limit-24hour"):
            if (endpoint, kind) in self._windows:
                kinds[kind] = (self._windows[endpoint, kind].limit, _DAY)
        full = False
        for kind, (limit, span) in kinds.items():
            window = self._windows.get((endpoint, kind))
            if window is None or window.ends <= self.world.now:
                window = Window(limit, limit, self.world.now + span, span)
                self._windows[endpoint, kind] = window
            full = full or window.left <= 0
            window.left = max(window.left - 1, 0)
            told = {"limit": window.limit, "remaining": window.left, "reset": int(window.ends.timestamp())}
            headers |= {f"{kind}-{name}": str(value) for name, value in told.items()}
        return (TOO_MANY if full else None), {} if self.silent else headers
