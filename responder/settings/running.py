"""The sections about the daemon: how it keeps its hours, and how it is watched."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from responder.settings.kinds import Duration, Listen, told


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonSection:
    """How the daemon keeps its hours."""

    step_every: Duration = field(default=timedelta(seconds=5), metadata=told("How often it looks for work."))
    deadline: Duration = field(
        default=timedelta(minutes=2),
        metadata=told(
            "Work that runs longer is taken for stuck: the daemon ends, and its supervisor starts it again."
        ),
    )
    health_every: Duration = field(
        default=timedelta(minutes=1), metadata=told("How often it writes a line about its health.")
    )
    log: Literal["logfmt", "json"] = field(
        default="logfmt",
        metadata=told('How it writes its log: "logfmt" (key=value) or "json"; either way a line an event.'),
    )
    listen: Listen = field(
        default="",
        metadata=told(
            "Where it tells how it is, for programs that watch it: /healthz and /metrics, without a password."
            " Empty: nowhere. A port of this machine is best, like 127.0.0.1:9090."
        ),
    )
