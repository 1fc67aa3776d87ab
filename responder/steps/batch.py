"""Working through what is due in batches; a case that fails is tried alone and then steps aside."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from responder.model.case import Case, Stage
from responder.model.visible import one_line
from responder.policy.rulebook import RulebookError
from responder.steps.report import Report, Stop
from responder.store.errors import StoreError
from responder.store.store import Store

Judged = TypeVar("Judged")

#: Cases judged and stored in one transaction.
BATCH = 500


def work_through(
    store: Store,
    stage: Stage,
    now: datetime,
    judge: Callable[[Case], Judged],
    keep: Callable[[Sequence[tuple[Case, Judged]]], int],
    *,
    stop: Stop,
) -> Report:
    """Judge every case due in `stage` (outside any transaction) and keep the verdicts batch by batch.

    Whatever `judge` or `keep` raises for one case is told in the report and postpones that case only;
    database errors (busy, full, lost) are raised: nothing was stored, and the next run goes on. A stop
    comes between two cases; what was judged before it is kept.
    """
    report = Report()
    while not stop():
        due = store.casework.due(stage, now, BATCH)
        judged: list[tuple[Case, Judged]] = []
        aside = Report()
        for case in due:
            if stop():
                break
            try:
                judged.append((case, judge(case)))
            except (StoreError, RulebookError):  # nothing is wrong with the case
                raise
            except Exception as error:  # noqa: BLE001 (one case must not stop the others)
                aside += _aside(store, case, error, now)
        done = _keep(store, judged, keep, now) + aside
        report += done
        if not any(done.done.values()):
            break  # nothing is due, or others are moving these very cases
    return report


def _keep(
    store: Store,
    judged: Sequence[tuple[Case, Judged]],
    keep: Callable[[Sequence[tuple[Case, Judged]]], int],
    now: datetime,
) -> Report:
    if not judged:
        return Report()
    try:
        return Report({"cases": keep(judged)})
    except Exception as error:  # noqa: BLE001 (found out one by one below)
        _raise_if_no_case_is_to_blame(error)
    report = Report()
    for one in judged:
        try:
            report += Report({"cases": keep([one])})
        except Exception as error:  # noqa: BLE001 (one case must not stop the others)
            _raise_if_no_case_is_to_blame(error)
            report += _aside(store, one[0], error, now)
    return report


def _raise_if_no_case_is_to_blame(error: Exception) -> None:
    """Raise `error` on when the whole database is busy, full or lost."""
    if isinstance(error, StoreError) and type(error) is not StoreError:
        raise error


def _aside(store: Store, case: Case, error: Exception, now: datetime) -> Report:
    problem = f"{type(error).__name__}: {one_line(str(error), 200)}"
    store.casework.step_aside(case, problem, now)
    return Report({"stepped aside": 1}, (f"{case.name} was left for later: {problem}",))
