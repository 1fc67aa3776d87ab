"""Tell: each notice goes out once, also with two daemons and over a restart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.model.recipient import Way
from responder.notify.errors import NotifyError
from responder.store.store import Store

#: After so many minutes a failed letter is tried again first, then twice as many each time, and at most.
_FIRST, _LONGEST = 1, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that somebody is to be told once, by one way."""

    #: What it is, like "digest" or "alert".
    kind: str
    #: What it is about, for this kind and recipient once and for all, like "2026-03-02"; one word.
    about: str
    #: Who is told, by name; "" where it is the folder.
    recipient: str
    way: Way

    @property
    def key(self) -> str:
        """What it is known by, in the database and to mail programs."""
        return " ".join(filter(None, (self.kind, self.about, self.recipient, str(self.way))))


def tell(
    store: Store, notice: Notice, send: Callable[[], object], now: datetime, *, again: bool = True
) -> str | None:
    """Have `send` send a notice; None when it is out, or not due, or in the hand of another process.

    "" when it went out just now; else what went wrong: it is written down, and tried again later if that may
    help and there is somebody to do it (`again`). `send` raises NotifyError; after any other end it is tried
    again when the claim's lease is over.
    """
    claim = store.notices.claim(notice.key, notice.kind, notice.recipient, now)
    if claim is None:
        return None
    try:
        send()
    except NotifyError as error:
        wait = timedelta(minutes=min(_FIRST * 2 ** min(claim.tries - 1, 10), _LONGEST))
        store.notices.failed(claim, str(error), now, again_at=now + wait if error.again and again else None)
        return str(error)
    store.notices.sent(claim, now)
    return ""
