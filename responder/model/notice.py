"""Notice: something our own people are told once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A letter that did not go out."""

    #: What it is: "digest", "alert".
    kind: str
    #: Who was to get it, by name; "" for the folder.
    recipient: str
    #: "mail", "chat" or "folder".
    way: str
    made_at: datetime
    tries: int
    problem: str
    #: When it is tried again; None: never.
    again_at: datetime | None
