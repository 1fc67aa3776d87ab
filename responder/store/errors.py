"""What can go wrong with the database, by what the caller can do about it."""

from datetime import datetime

from sqlalchemy.exc import DBAPIError, IntegrityError

from responder.model.event import Event


class StoreError(Exception):
    """The database could not do this. Nothing was changed."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").partition("\n")[0])


class StoreBusy(StoreError):
    """The database is locked by another process. Nothing was changed; try again in a moment."""


class StoreFull(StoreError):
    """The disk or the database's quota is full. Nothing was changed; make room, then go on."""


class StoreLost(StoreError):
    """The connection to the database was lost. Whether the last step is stored, the next run finds out."""


class StoreNewer(StoreError):
    """The database was made by a newer version of responder. Update responder; this one would damage it."""


class StoreUnusable(StoreError):
    """The database cannot be opened. Check its address and rights."""


class Conflict(Exception):
    """Somebody else moved this first. Look again and decide anew; nothing was changed."""


class NoWay(Conflict):
    """It cannot become that from where it stands, or it is that already."""

    def __init__(self, name: str, stands: str, to: str) -> None:
        there, wanted = (words.lower().replace("_", " ") for words in (stands, to))
        why = " already" if there == wanted else f"; it cannot become {wanted} from there"
        super().__init__(f"{name} is {there}{why}")


class Overtaken(Conflict):
    """The case moved since it was read; `event` is what moved it, None where the journal does not say."""

    def __init__(self, said: str, event: Event | None = None) -> None:
        super().__init__(said)
        self.event = event


class ApprovalEnded(Conflict):
    """The approval no longer holds: the words, the case or the complaint changed since."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why or (type(self).__doc__ or "").rstrip("."))


class Held(Exception):
    """A cap or the hours of sending let it out only later; `until` says when."""

    def __init__(self, why: str, until: datetime) -> None:
        super().__init__(why)
        self.until = until


class NotFound(Exception):
    """There is no such case."""


_SIGNS: tuple[tuple[type[StoreError], tuple[str, ...]], ...] = (
    (StoreBusy, ("database is locked", "database table is locked", "lock timeout", "deadlock detected")),
    (StoreFull, ("database or disk is full", "no space left", "disk full", "could not extend file")),
    (StoreUnusable, ("unable to open", "readonly database", "not a database", "malformed", "password",
                     "does not exist", "permission denied", "connection refused", "could not translate")),
    (StoreLost, ("server closed the connection", "connection is closed", "terminating connection",
                 "consuming input failed", "connection failed", "disk i/o error", "connection timeout")),
)  # fmt: skip


def translated(error: DBAPIError) -> Exception:
    """Return `error` as one of ours; an integrity error is a lost race, hence a Conflict."""
    if isinstance(error, IntegrityError):
        return Conflict(f"the database refused a second one of these ({_first_line(error)})")
    said = str(error.orig).lower()
    for kind, signs in _SIGNS:
        if any(sign in said for sign in signs):
            return kind(f"{kind.__doc__} ({_first_line(error)})")
    if error.connection_invalidated:
        return StoreLost()
    return StoreError(f"The database could not do this: {_first_line(error)}")


def _first_line(error: DBAPIError) -> str:
    """Only the driver's first line: what follows it may hold a customer's words."""
    return str(error.orig).partition("\n")[0][:200]
