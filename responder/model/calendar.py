"""Calendar: the hours in which somebody is there, and the two sums that clocks are made of."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

#: Monday to Sunday: when somebody is there, as (start, end) in minutes from midnight; end at most 1440.
Week = Sequence[Sequence[tuple[int, int]]]

_DAY = timedelta(days=1)
_SATURDAY = 5
_WHOLE_DAY = ((0, 1440),)
#: Days after which counting ends, whatever is left: hours of a minute a week would count for years.
_FARTHEST = 4_000
#: Days whose hours are remembered; then all are forgotten.
_REMEMBERED = 2_000


def _never(_day: date) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Opening hours of a week in a time zone, without the days on which nobody comes.

    A week without any hours means that nobody told them, and somebody is always there but on days off. All
    moments are aware and come back in UTC. Where clocks change, an hour that is missing never counts, and
    one that comes twice counts twice, if somebody is there by the clock on the wall.
    """

    week: Week = ()
    zone: tzinfo = UTC
    #: Whether nobody comes on a day.
    off: Callable[[date], bool] = _never
    _known: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def due(self, start: datetime, target: timedelta) -> datetime:
        """Return the first moment by which somebody has been there for `target` since `start`.

        With no target that is `start`, or the next opening after it. Counting ends after some ten years, and
        where nobody ever comes it is due at once.
        """
        start = start.astimezone(UTC)
        if self._always:
            return start + target
        left, last = target, start
        for opens, closes in self._open_from(start, _FARTHEST):
            opens = max(opens, start)  # noqa: PLW2901 (the part of it that is left)
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
            last = closes
        return last

    def spent(self, start: datetime, end: datetime) -> timedelta:
        """Return how long somebody has been there from `start` to `end`; nothing where that is no later."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if self._always:
            return max(end - start, timedelta())
        total = timedelta()
        for opens, closes in self._open_from(start, (end - start).days + 2):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, start)
        return total

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at a moment; when they leave they are gone."""
        return self.due(at, timedelta()) == at

    def closed(self, day: date) -> bool:
        """Whether nobody comes on a day; without hours that is a Saturday or a Sunday too."""
        return self.off(day) or not (
            self.week[day.weekday()] if any(self.week) else day.weekday() < _SATURDAY
        )

    @property
    def _always(self) -> bool:
        return self.off is _never and not any(self.week)

    def _open_from(self, start: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Yield the times that end after `start` in which somebody is there, in order, of so many days."""
        first = start.astimezone(self.zone).date()
        for after in range(-1, days + 1):
            try:
                day = first + after * _DAY
                spans = self._spans(day)
            except OverflowError:  # before the first or after the last year there is
                continue
            yield from spans[bisect_right(spans, start, key=_closes) :]

    def _spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Return when somebody is there on a day of the zone, in UTC."""
        known = self._known.get(day)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            before = self._instants(day - _DAY) if day > date.min else ()
            # an hour that comes twice may make two spans, or two days, overlap: none counts for both
            last = max((closes for _, closes in before), default=None)
            spans = []
            for opens, closes in self._instants(day):
                begin = max(opens, last) if last else opens
                last = max(last, closes) if last else closes
                if closes > begin:
                    spans.append((begin, closes))
            known = self._known[day] = tuple(spans)
        return known

    def _instants(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        if self.off(day):
            return ()
        hours = self.week[day.weekday()] if any(self.week) else _WHOLE_DAY
        return tuple(
            (_instant(day, start, self.zone, fold=0), _instant(day, end, self.zone, fold=1))
            for start, end in sorted(hours)
        )


#: Every hour of every day.
ALWAYS = Calendar()


def _closes(span: tuple[datetime, datetime]) -> datetime:
    return span[1]


def _instant(day: date, minute: int, zone: tzinfo, *, fold: int) -> datetime:
    """Return when the clock on the wall shows a minute of a day; of one it leaves out, when it jumps."""
    shown = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 (a wall clock)
    one = shown.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if one.astimezone(zone).replace(tzinfo=None, fold=0) == shown:
        return one
    low, high = sorted(shown.replace(tzinfo=zone, fold=either).astimezone(UTC) for either in (0, 1))
    after = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0) if middle.replace(microsecond=0) > low else middle
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == after else (middle, high)
    return high.replace(microsecond=0)
