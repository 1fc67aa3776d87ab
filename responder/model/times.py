"""Times: how fast customers were answered and what came of it, the same sums for every span of time."""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from responder.model.statistics import Key, Spread, spread

#: How long a first answer takes, in steps that people think in; in seconds.
WITHIN = (900, 3_600, 14_400, 28_800, 86_400, 259_200, 604_800)
_SECOND = 1_000_000


class Answer(NamedTuple):
    """A case that was answered, as the figures need it: a million of them are looked at, one by one.

    Moments are microseconds since 1970, lengths of time microseconds.
    """

    tier: int
    account: str
    network: str
    #: As triage found it.
    language: str
    #: When our latest reply went out.
    at: int
    #: From the customer's first post to our first reply; None where that was before the time asked about.
    took: int | None
    #: Whether the first reply was in time; None where nothing was due.
    in_time: bool | None
    #: Whether the matter was settled in time; None while it is not closed, and where nothing was due.
    settled: bool | None
    #: From the customer's first post until nothing happened any more; None while it is not closed.
    closed_after: int | None
    #: The customer wrote again after our first reply.
    reopened: bool


class Share(NamedTuple):
    """So many, of so many."""

    n: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How fast some cases were answered and what came of it; lengths of time in seconds."""

    answered: int
    first: Spread | None
    first_by_tier: Mapping[int, Spread]
    first_by_network: Mapping[str, Spread]
    first_by_account: Mapping[str, Spread]
    first_by_language: Mapping[str, Spread]
    #: First answers that took no longer than each of WITHIN and longer than the one before; then the others.
    histogram: Sequence[int]
    #: Answered in time, of those that a time was set for.
    in_time: Share
    in_time_by_tier: Mapping[int, Share]
    in_time_by_network: Mapping[str, Share]
    #: Settled in time, of the closed cases that a time was set for.
    settled: Share
    resolution: Spread | None
    reopened: int


#: What first answers are told apart by: tier, network, account, language.
_Group = tuple[int, str, str, str]


def times(answers: Iterable[Answer]) -> Times:
    """Return how fast these cases were answered and what came of it; none of them is kept."""
    answered = reopened = 0
    first: defaultdict[_Group, array[int]] = defaultdict(lambda: array("q"))
    timed: Counter[tuple[int, str, bool]] = Counter()
    settled: Counter[bool] = Counter()
    closed = array("q")
    for tier, account, network, language, _, took, in_time, done, closed_after, again in answers:
        answered += 1
        reopened += again
        if took is not None:
            first[tier, network, account, language].append(took)
        if in_time is not None:
            timed[tier, network, in_time] += 1
        if done is not None:
            settled[done] += 1
        if closed_after is not None:
            closed.append(closed_after)
    return Times(
        answered=answered,
        first=_spread(first.values()),
        first_by_tier=dict(reversed(_spreads(first, lambda one: one[0]).items())),
        first_by_network=_spreads(first, lambda one: one[1]),
        first_by_account=_spreads(first, lambda one: one[2]),
        first_by_language=_spreads(first, lambda one: one[3]),
        histogram=_histogram(first.values()),
        in_time=Share(sum(n for (*_, well), n in timed.items() if well), timed.total()),
        in_time_by_tier=dict(reversed(_shares(timed, lambda one: one[0]).items())),
        in_time_by_network=_shares(timed, lambda one: one[1]),
        settled=Share(settled[True], settled.total()),
        resolution=_spread([closed]),
        reopened=reopened,
    )


def _spread(parts: Iterable["array[int]"]) -> Spread | None:
    whole = array("q")
    for one in parts:
        whole.extend(one)
    found = spread(whole)
    return found and Spread(n=found.n, median=found.median / _SECOND, ninetieth=found.ninetieth / _SECOND)


def _spreads(first: Mapping[_Group, "array[int]"], key: Callable[[_Group], Key]) -> dict[Key, Spread]:
    parts: defaultdict[Key, list[array[int]]] = defaultdict(list)
    for group, took in first.items():
        parts[key(group)].append(took)
    return {name: told for name in sorted(parts) if (told := _spread(parts[name]))}  # type: ignore[type-var]


def _histogram(parts: Iterable["array[int]"]) -> list[int]:
    counts = [0] * (len(WITHIN) + 1)
    for part in parts:
        for took in part:
            counts[bisect_left(WITHIN, took / _SECOND)] += 1
    return counts


def _shares(
    timed: Mapping[tuple[int, str, bool], int], key: Callable[[tuple[int, str, bool]], Key]
) -> dict[Key, Share]:
    well: Counter[Key] = Counter()
    of: Counter[Key] = Counter()
    for group, n in timed.items():
        of[key(group)] += n
        well[key(group)] += n * group[2]
    return {name: Share(well[name], of[name]) for name in sorted(of)}  # type: ignore[type-var]
