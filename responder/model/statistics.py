"""Statistics: how fast customers are answered, what came of it, and how one person reviews."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from responder.model.decision import Verdict

Key = TypeVar("Key")
#: What warns of a public reply that offers no way to talk in private, and the kinds of reply it looks at.
OFFLINE_RULE, OFFLINE_KINDS = "offline-invitation-present", ("still_angry", "broken_promise")

#: Of a search, who waits is counted no further.
OPEN_CAP = 1000
#: Words of two drafts that are compared.
_COMPARED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply that went out, as the figures need it."""

    playbook: str
    private: bool
    #: Rules that warned about its words.
    rules: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How values lie."""

    n: int
    median: float
    #: Nine in ten are at most this.
    ninetieth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The desk's figures; lengths of time in seconds."""

    at: datetime
    since: datetime
    #: What the cases are limited to, as a search; "" is nothing.
    search: str
    #: How many customers wait now; with a search at most 1000, and no more is known of them.
    open: int
    open_by_tier: Mapping[int, int]
    open_by_network: Mapping[str, int]
    #: How many cases the figures below rest on, and whether there were more.
    answered: int
    more: bool
    first: Spread | None
    first_by_tier: Mapping[int, Spread]
    first_by_network: Mapping[str, Spread]
    #: Answered in time, of those that a time was set for.
    in_time: int
    timed: int
    #: Matters settled in time, of those closed ones that a time was set for.
    settled: int
    to_settle: int
    resolution: Spread | None
    reopened: int
    #: Replies that went out; those in private; those of the kinds that should invite to private, and that do.
    replies: int
    in_private: int
    to_invite: int
    invited: int
    #: Warnings that people approved a draft despite, by rule.
    overrides: Mapping[str, int]
    #: Cases answered on each day from `since` on, in the time zone of `at`.
    by_day: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonStatistics:
    """How one person reviews; only for that person, and for who may see others."""

    name: str
    since: datetime
    #: Decisions, by verdict.
    decided: Mapping[Verdict, int]
    #: Seconds on a card, where a desk told.
    seconds: Spread | None
    approved: int
    #: Approved as we had drafted it.
    untouched: int
    #: Words changed in the others, as a share.
    changed: Spread | None
    #: Approvals in a row without a word changed: until now, and the longest.
    streak: int
    longest: int
    #: Cases decided on, and those of them in which the person said that triage was wrong.
    cases: int
    corrected: int
    #: Cards with the words of another reply on them: those that were noticed, and all.
    noticed: int
    planted: int
    #: Whether there were more decisions than were looked at.
    more: bool


def spread(values: Iterable[float]) -> Spread | None:
    """Return how values lie, the nearest of them for each share; None where there are none."""
    known = sorted(values)
    if not known:
        return None
    nine_in_ten = -(-9 * len(known) // 10)
    return Spread(n=len(known), median=known[(len(known) - 1) // 2], ninetieth=known[nine_in_ten - 1])


def streaks(changed: Iterable[float]) -> tuple[int, int]:
    """Return how many in a row are untouched: until the last, and the longest."""
    now = longest = 0
    for one in changed:
        now = 0 if one else now + 1
        longest = max(longest, now)
    return now, longest


def words_changed(before: str, after: str) -> float:
    """Return how many words must be put in, left out or replaced, as a share of the longer text's.

    Of long texts the first 400 words count: the time to compare grows with the square.
    """
    old, new = before.split()[:_COMPARED], after.split()[:_COMPARED]
    if old == new:
        return 0.0
    row = list(range(len(new) + 1))
    for at, word in enumerate(old, 1):
        corner, row[0] = row[0], at
        for place, other in enumerate(new, 1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (word != other))
    return row[-1] / max(len(old), len(new))


def by_day(times: Iterable[datetime], since: datetime, now: datetime) -> list[int]:
    """Return how many fall on each day from that of `since` to that of `now`, in the time zone of `now`."""
    first = since.astimezone(now.tzinfo).date()
    counts = Counter((at.astimezone(now.tzinfo).date() - first).days for at in times)
    return [counts[day] for day in range((now.date() - first).days + 1)]
