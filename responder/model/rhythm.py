"""Rhythm: how often an account is spoken to at which hour of the week, and whether its silence is unusual.

Silence is measured in posts that would have come meanwhile, by the usual rate of each of its hours: so a
night or a weekend counts for next to nothing, and an hour at noon for much. All of it is arithmetic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from statistics import median

#: Hours in a day and in a week. Hour 0 since 1970 was the first of a Thursday.
_DAY, _WEEK, _THURSDAY = 24, 168, 3
#: So many hours are remembered: eight weeks.
MEMORY = 8 * _WEEK
#: Younger than two weeks nobody knows its nights and weekends: only a silence of three days tells.
_YOUNG, _YOUNG_SILENCE = 2 * _WEEK, timedelta(days=3)
#: Fewer hours with a post than this have no rhythm.
_FEWEST = 4
#: Unusual is a silence in which this many posts would have come ...
_LEAST = 3.0
#: ... and that is longer by this factor than the longest that it lived through.
_LONGER = 1.5
#: Weeks that the rate of similar hours weighs as much as.
_PRIOR = 2.0
_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hour_of(at: datetime) -> int:
    """Return the hour of a moment, counted since 1970 (UTC)."""
    return (at - _EPOCH) // _HOUR


@dataclass(frozen=True)
class Rhythm:
    """What is usual for an account, from how often it was heard in each hour."""

    #: Posts by hour since 1970, over the last MEMORY hours; hours without one may be left out.
    heard: Mapping[int, int]
    #: What is remembered ends before this hour.
    until: int
    #: Hours in which nothing could be heard: they tell nothing.
    blind: frozenset[int] = frozenset()

    @cached_property
    def first(self) -> int:
        """The first hour that is known of."""
        known = [hour for hour, n in self.heard.items() if n and hour >= self.until - MEMORY]
        return min(known, default=self.until)

    @cached_property
    def rates(self) -> tuple[float, ...]:
        """Posts an hour, by the hour of the week (UTC, Monday first); a burst counts as a busy hour."""
        counts = self._counts
        hours = range(self.first, self.until)
        seen, said = [0] * _WEEK, [0.0] * _WEEK
        for hour in hours:
            if hour in self.blind and hour not in counts:
                continue
            seen[_place(hour)] += 1
            said[_place(hour)] += counts.get(hour, 0.0)
        return tuple(self._rate(place, seen, said) for place in range(_WEEK))

    @cached_property
    def longest(self) -> float:
        """The longest silence that it lived through, in posts that would have come meanwhile."""
        spoken = sorted(hour for hour in self._counts if self.first <= hour < self.until)
        longest = 0.0
        for before, after in pairwise(spoken):
            quiet = (hour for hour in range(before + 1, after) if hour not in self.blind)
            between = sum(self.rates[_place(hour)] for hour in quiet)
            edges = (self.rates[_place(before)] + self.rates[_place(after)]) / 2
            longest = max(longest, between + edges)
        return longest

    def expected(self, since: datetime, now: datetime) -> float:
        """Return how many posts usually come between two moments."""
        if now <= since:
            return 0.0
        first, last = hour_of(since), hour_of(now)
        whole, rest = divmod(max(0, last - first - 1), _WEEK)
        total = whole * sum(self.rates) + sum(self.rates[_place(first + 1 + n)] for n in range(rest))
        begun = (since - _EPOCH) / _HOUR - first
        ended = (now - _EPOCH) / _HOUR - last
        if first == last:
            return self.rates[_place(first)] * (ended - begun)
        return total + self.rates[_place(first)] * (1 - begun) + self.rates[_place(last)] * ended

    def unusual(self, since: datetime, now: datetime) -> bool:
        """Whether nobody having said anything from `since` to `now` is more than it ever lived through."""
        if len(self._counts) < _FEWEST:
            return False
        if self.until - self.first < _YOUNG and now - since < _YOUNG_SILENCE:
            return False
        return self.expected(since, now) > max(_LEAST, _LONGER * self.longest)

    @cached_property
    def _counts(self) -> Mapping[int, float]:
        """Posts by hour, none counted for more than twice a usual busy hour's."""
        known = {hour: n for hour, n in self.heard.items() if n > 0 and self.first <= hour < self.until}
        most = 2 * median(known.values()) if known else 0.0
        return {hour: min(float(n), most) for hour, n in known.items()}

    def _rate(self, place: int, seen: list[int], said: list[float]) -> float:
        """Return the rate of an hour of the week, leaning on the hours beside it on days of its kind."""
        day, hour = divmod(place, _DAY)
        days = range(5) if day < 5 else range(5, 7)
        like = [one * _DAY + (hour + by) % _DAY for one in days for by in (-1, 0, 1)]
        n = sum(seen[one] for one in like)
        usual = sum(said[one] for one in like) / n if n else 0.0
        return (said[place] + _PRIOR * usual) / (seen[place] + _PRIOR)


def _place(hour: int) -> int:
    """Return the place in the week of an hour since 1970."""
    return (hour + _THURSDAY * _DAY) % _WEEK
