"""The real Store, watched: before each transaction others may go on; it may fail before or after COMMIT."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from responder.store.errors import translated
from responder.store.store import Store
from tests.lifecycle.laboratory.stage import Actor

#: What the driver says, by fault.
_SAYS = {
    "busy": "database is locked",
    "full": "database or disk is full",
    "lost before": "server closed the connection unexpectedly",
    "lost after": "server closed the connection unexpectedly",
}


class WatchedStore(Store):
    """A Store of one actor; without an actor it is any other Store."""

    #: Whose process it is in.
    actor: Actor | None = None
    #: Whether a transaction is open: nobody may ask the network meanwhile.
    busy = False
    #: Looks at what a transaction is about to commit.
    judge: Callable[[Connection], None] = staticmethod(lambda _: None)

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Connection]:
        if self.actor is None:
            with super().write(lasting=lasting) as connection:
                yield connection
                self.judge(connection)
            return
        fault = self._before()
        with super().write(lasting=lasting) as connection:
            self.busy = True
            try:
                yield connection
            finally:
                self.busy = False
            if fault in {"full", "lost before"}:
                raise _failure(fault)
            self.judge(connection)
        if self.actor.intent:
            self.actor.intent()
            self.actor.intent = None
        if fault == "lost after":
            raise translated(_failure(fault))

    @contextmanager
    def read(self, *, whole: bool = False) -> Iterator[Connection]:
        if self.actor is not None:
            fault = self._before()
            if fault in {"lost before", "lost after"}:
                raise translated(_failure(fault))
        with super().read(whole=whole) as connection:
            yield connection

    def _before(self) -> str:
        """Let others go on; return what will go wrong with this transaction."""
        assert self.actor is not None
        what = sys._getframe(3).f_code.co_name  # the room's method: this, the generator, __enter__, and it
        self.actor.moment(what)
        fault = self.actor.stage.dice.fault("database") or ""
        if fault:
            self.actor.stage.note(self.actor.name, what, fault)
        if fault == "busy":
            raise translated(_failure(fault))
        return fault


def _failure(fault: str) -> OperationalError:
    return OperationalError("", {}, Exception(_SAYS[fault]))
