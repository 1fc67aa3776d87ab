"""Answers: what the daemon tells programs that watch it, over HTTP."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from responder.daemon.page import Answer

if TYPE_CHECKING:
    from responder.daemon.daemon import Daemon


def answers(daemon: "Daemon") -> dict[str, Answer]:
    """Return what is answered, by path."""
    return {"/healthz": lambda: healthz(daemon), "/metrics": lambda: metrics(daemon)}


def healthz(daemon: "Daemon") -> tuple[HTTPStatus, bytes]:
    """Return 200 while the clock ticks and every account is polled in time and hears; else what is wrong."""
    wrong = list(_wrong(daemon, daemon.now()))
    status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
    return status, ("\n".join(wrong or ["ok"]) + "\n").encode()


def metrics(daemon: "Daemon") -> tuple[HTTPStatus, bytes]:
    """Return everything in Prometheus' text format; 501 where its library is missing."""
    from responder.daemon.metrics import MISSING, exposition

    try:
        return HTTPStatus.OK, exposition(daemon)
    except ImportError:
        return HTTPStatus.NOT_IMPLEMENTED, f"{MISSING}\n".encode()


def _wrong(daemon: "Daemon", now: datetime) -> list[str]:
    store, names = daemon.app.store, daemon.app.accounts
    blind = [one for one in store.blindness.blind(now) if one.account in names]
    late = now - timedelta(seconds=daemon.deadline)
    polls = {name: due for name, due in store.intake.next_polls().items() if due and name in names}
    older = "the settings in force are older than those in the file, which are wrong"
    return [
        *filter(None, [daemon.stuck()]),
        *(f"{one.account} has been blind since {one.since.isoformat()}: {one.cause}" for one in blind),
        *(
            f"{name} should have been polled at {due.isoformat()}"
            for name, due in polls.items()
            if due < late
        ),
        *([older] if daemon.signs.config_problem else []),
    ]
