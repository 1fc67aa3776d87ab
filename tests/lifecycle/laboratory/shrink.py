"""Shrinking: the same broken law with fewer events and fewer faults."""

import re
from collections.abc import Callable, Iterator

from tests.lifecycle.laboratory.play import Bed, Outcome, play
from tests.lifecycle.laboratory.schedule import Plan

#: Schedules played at the most to shrink one.
_PLAYS = 300


def law(outcome: Outcome) -> str:
    """Return which law a schedule broke, without the numbers of its cases; "" when it broke none."""
    return re.sub(r"\d+", "", outcome.broken[0]) if outcome.broken else ""


def shrink(plan: Plan, bed: Bed) -> Outcome:
    """Return the outcome of the smallest plan found that breaks the same law as `plan`."""
    best = play(plan, bed)
    wanted, left = law(best), [_PLAYS]

    def keeps(smaller: Plan) -> bool:
        nonlocal best
        if left[0] == 0:
            return False
        left[0] -= 1
        tried = play(smaller, bed)
        if law(tried) != wanted:
            return False
        best = tried
        return True

    for step in (_fewer_events, _fewer_kinds, _fewer_faults, _fewer_events):
        step(lambda: best, keeps)
    return best


def _fewer_events(best: Callable[[], Outcome], keeps: Callable[[Plan], bool]) -> None:
    """Let the faults end sooner."""
    for share in (0.3, 0.6, 0.8, 0.9, 0.95):
        while keeps(best().plan.smaller(events=int(best().plan.events * share))):
            pass


def _fewer_kinds(best: Callable[[], Outcome], keeps: Callable[[Plan], bool]) -> None:
    """Leave out whole kinds of faults."""
    for name in sorted({name for _, name in best().struck}):
        keeps(best().plan.smaller(without_faults=best().plan.without_faults | {name}))


def _fewer_faults(best: Callable[[], Outcome], keeps: Callable[[Plan], bool]) -> None:
    """Leave out single faults, in halves, quarters ... (delta debugging)."""
    size = max(1, len(best().struck) // 2)
    while size:
        for some in _parts(sorted({event for event, _ in best().struck}), size):
            keeps(best().plan.smaller(without_events=best().plan.without_events | frozenset(some)))
        size //= 2


def _parts(events: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(events), size):
        yield events[start : start + size]
