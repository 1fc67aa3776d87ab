"""Event: one line of the journal, written in the same transaction as the move it tells of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

#: Every action there is, once and for all: what reads a journal relies on these words (docs/journal.md).
ACTIONS = frozenset(
    {
        "heard", "wrote again", "edited", "edit weighed", "is back", "removed by its author",
        "triaged", "set aside", "drafted", "not drafted", "judged by other rules", "stepped aside",
        "another wording", "words put back",
        "assigned", "escalated", "noted", "snoozed", "woken", "merged", "split", "opted out",
        "opt-out undone", "answered by hand",
        "edited by hand", "approved once", "approved", "redo asked", "dismissed", "reopened", "withdrawn",
        "corrected: complaint", "corrected: not a complaint", "corrected: more urgent",
        "corrected: less urgent", "corrected: language",
        "unknown code", "found by code",
        "promised", "promise kept", "promise broken", "promise kept late", "promise moved", "promise dropped",
        "follow-up planned", "follow-up done", "follow-up skipped", "follow-up moved", "fixed", "not fixed",
        "debrief due", "debrief written", "debrief action done",
        "worksheet written", "remedy asked", "remedy granted", "remedy refused", "remedy taken back",
        "sending", "answered", "not sent yet", "refused", "unsure", "not sent", "delivery void",
        "approval void", "alarm", "alarm over", "closed",
        "incident proposed", "incident opened", "incident told", "incident rhythm", "incident closed",
        "incident dismissed", "joined incident", "left incident", "told alike",
        "gap", "blind", "sees again", "malformed", "poll failed", "poll works again",
        "sending stopped", "exhausted", "refilled", "paused", "resumed", "digest", "told", "not told",
        "alerted", "alert seen", "alert over", "words erased",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; append only."""

    at: datetime
    #: One of ACTIONS, where this version wrote it.
    action: str
    #: Who moved: a person's name, or "" for the machine.
    by: str
    account: str
    case_id: int | None
    #: What a reader needs to know beside the action; never a secret.
    detail: Mapping[str, str]
