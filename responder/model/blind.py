"""Blind: an account that hears nothing, since when and why; and what became of what was said meanwhile."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from responder.model.visible import one_line


class Cause(StrEnum):
    """Why an account hears nothing."""

    CREDENTIAL = "credential"  # its network does not accept ours
    BUDGET = "budget"  # the money for it is used up
    FORMAT = "format"  # its network answers in a way we do not know
    NETWORK = "network"  # it cannot be reached
    BUG = "bug"  # its connector, or the program, breaks
    SILENCE = "silence"  # it is read without a problem, and far too long nobody said anything
    UNREAD = "unread"  # nothing reads it: no daemon is running


class Filled(StrEnum):
    """Whether what was said while an account was blind has been read since."""

    READ = "read"  # reading went on from where it had ended, and its network told of nothing missing
    MISSING = "may be missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """An account that hears nothing."""

    account: str
    since: datetime
    cause: Cause
    #: What is wrong, in words for a person.
    says: str

    def told(self, now: datetime, zone: tzinfo) -> str:
        """Return it as a sentence: "x-main has been blind since 09:10: ..."; another day is named."""
        local, today = self.since.astimezone(zone), now.astimezone(zone)
        day = "" if local.date() == today.date() else f"{local:%a} {local.day} {local:%b} "
        return f"{self.account} has been blind since {day}{local:%H:%M}: {one_line(self.says, 200)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which an account was blind."""

    account: str
    since: datetime
    #: None: it is blind still.
    until: datetime | None
    cause: Cause
    says: str
    #: None while it is blind.
    filled: Filled | None
    #: Why something may be missing; "" where nothing is known to be.
    missing: str = ""
