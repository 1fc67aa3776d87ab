"""Poll: read what was said since the last time, and store it with the new cursor or not at all."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from responder.connector import (
    Account,
    ConnectorError,
    Exhausted,
    Malformed,
    Page,
    Refused,
    Unauthorised,
    Unavailable,
)
from responder.model.blind import Cause
from responder.model.pace import back_off
from responder.model.visible import one_line
from responder.steps.meter import metered, until_next
from responder.steps.report import Report, Stop, never
from responder.steps.wait import wait
from responder.store.errors import Conflict, StoreError
from responder.store.store import Store

#: Wait this long before reading an account again that does not accept our credentials.
_AFTER_REFUSAL = timedelta(hours=1)
#: ... whose budget is used up.
_AFTER_EXHAUSTION = timedelta(hours=6)

#: Called after each page with (mentions so far, share read 0..1 or None).
Progress = Callable[[int, float | None], None]


class Stuck(Exception):
    """It says that there is more to read, and its cursor does not move on."""

    def __str__(self) -> str:
        return (type(self).__doc__ or "").rstrip(".")


def poll(
    store: Store, account: Account, now: datetime, *, progress: Progress | None = None, stop: Stop = never
) -> Report:
    """Read `account` to its end, page by page; each page and its cursor are one transaction.

    A failing network is noted with when to try again and told in the report, never raised. A
    database error is raised: what was stored stays, and the next run goes on from there.
    """
    report, whole = Report(), False
    account = metered(store, account, now)
    try:
        while not whole:
            if stop():
                return _interrupted(store, account, report, now)
            page, kept = _next_page(store, account, now)
            report += kept
            if progress:
                progress(report.done.get("heard", 0), page.progress)
            whole = not page.more
    except Conflict as error:
        return report + Report(problems=(f"{account.name}: {error}",))
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 (a connector is not ours: whatever it raises, the others go on)
        return report + _failed(store, account, error, now)
    next_in = until_next(store, account, now, heard=bool(report.done))
    store.intake.polled(account.name, now + next_in, now)
    return report


def _next_page(store: Store, account: Account, now: datetime) -> tuple[Page, Report]:
    """Read one page and keep it; also one that left the cursor where it was, for networks index late."""
    before = store.intake.cursor(account.name)
    page = account.connector.poll(before)
    kept = Report()
    if page.cursor != before or page.mentions or page.removed or page.malformed:
        kept = _counts(asdict(store.intake.keep(account.name, before, page, now)))
    if page.more and page.cursor == before:
        raise Stuck
    return page, kept


def _interrupted(store: Store, account: Account, report: Report, now: datetime) -> Report:
    """Leave the rest for the next run, which is due at once; nothing is noted when nothing was read."""
    if report.done:
        store.intake.polled(account.name, now, now)
    return report


def _counts(taken: dict[str, int]) -> Report:
    return Report({what: n for what, n in taken.items() if n})


def _failed(store: Store, account: Account, error: Exception, now: datetime) -> Report:
    """Note a poll that did not work and when to try again; the store's own errors go on up."""
    if not isinstance(error, ConnectorError):
        problem = f"this is a bug in the connector: {type(error).__name__}: {one_line(str(error), 200)}"
    else:
        problem = one_line(str(error), 300)
    failures = store.intake.failures(account.name) + 1
    next_at = now + _wait(account, error, failures)
    store.intake.polled(account.name, next_at, now, problem=problem, cause=_cause(error))
    return Report(problems=(f"{account.name}: {problem}",))


def _wait(account: Account, error: Exception, failures: int) -> timedelta:
    """Return how long to leave an account alone: as it says, or the longer the oftener it failed."""
    match error:
        case Unavailable(retry_after=seconds) | Exhausted(retry_after=seconds) if seconds is not None:
            return wait(seconds)
        case Unauthorised() | Refused():
            return _AFTER_REFUSAL
        case Exhausted():
            return _AFTER_EXHAUSTION
        case _:
            return timedelta(seconds=back_off(account.name, account.every, failures))


def _cause(error: Exception) -> Cause:
    """Return what kind of problem it is."""
    match error:
        case Unauthorised():
            return Cause.CREDENTIAL
        case Exhausted():
            return Cause.BUDGET
        case Malformed() | Stuck():
            return Cause.FORMAT
        case ConnectorError():
            return Cause.NETWORK
        case _:
            return Cause.BUG
