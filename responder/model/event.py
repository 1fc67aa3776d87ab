"""Event: one line of the journal, written in the same transaction as the move it tells of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; append only."""

    at: datetime
    #: A stable word: heard, triaged, drafted, approved, sent, unsure ...
    action: str
    #: Who moved: a person's name, or "" for the machine.
    by: str
    account: str
    case_id: int | None
    #: What a reader needs to know beside the action; never a secret.
    detail: Mapping[str, str]
