"""Pause: why nothing is sent now: somebody pressed the switch, or a file stands in the way, or both."""

from dataclasses import dataclass
from datetime import datetime
from shlex import quote

from responder.model.span import span
from responder.model.visible import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """What stops all sending; false in a condition where nothing does."""

    #: Whether the switch in the database is on, who pressed it ("" where nobody told), and when.
    switched: bool = False
    by: str = ""
    at: datetime | None = None
    #: The file that stops it; "" where none does.
    file: str = ""
    #: What stands in the file, on one line; or why it cannot be looked at.
    note: str = ""

    def __bool__(self) -> bool:
        return self.switched or bool(self.file)

    @property
    def whose(self) -> str:
        """Who or what stops sending, after "paused": "by Ana", "by the file /x/pause (fire drill)"."""
        told = [f"by {one_line(self.by, 60)}" if self.by else "by the switch"] if self.switched else []
        if self.file:
            note = f" ({one_line(self.note, 100)})" if self.note else ""
            told.append(f"by the file {one_line(self.file, 200)}{note}")
        return " and ".join(told)

    @property
    def todo(self) -> str:
        """What lets sending go on."""
        told = ["responder resume"] if self.switched else []
        if self.file:
            told.append(f"take the file away: {one_line(self.file, 200)}")
        return ", and ".join(told)

    @property
    def command(self) -> str:
        """What to type for that: the switch does not take a file away."""
        typed = ["responder resume"] if self.switched or not self.file else []
        return " && ".join([*typed, *([removal(self.file)] if self.file else [])])

    def since(self, now: datetime) -> str:
        """Return the same as `whose`, with how long ago the switch was pressed."""
        past = now - self.at if self.at else None
        ago = f", {span(past)} ago" if past and past.total_seconds() >= 60 else ""
        return f"{self.whose}{ago}"


def removal(file: str) -> str:
    """Return what to type to take a file away that stops sending."""
    return f"rm {quote(one_line(file, 200))}"
