"""Person: how one person reviews, for that person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.cli.queue import moment
from responder.cli.words import many
from responder.model.statistics import PersonStatistics, Spread

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: So many approvals in a row without a word changed are worth a thought.
_MANY_UNTOUCHED = 20


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """The figures of one person."""

    told: PersonStatistics
    schema: str = "responder.person-stats/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return the figures as plain data."""
        told = self.told
        return [
            {
                "name": told.name,
                "since": moment(told.since),
                "decided": {str(verdict): n for verdict, n in told.decided.items()},
                "seconds_on_card": spread_item(told.seconds),
                "approved": told.approved,
                "untouched": told.untouched,
                "changed": spread_item(told.changed),
                "streak": told.streak,
                "longest_streak": told.longest,
                "cases": told.cases,
                "corrected": told.corrected,
                "planted": told.planted,
                "noticed": told.noticed,
                "more": told.more,
            }
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return lines that begin with what they tell."""
        told = self.told
        yield from (("decided", verdict, n) for verdict, n in sorted(told.decided.items()))
        if told.seconds:
            yield "seconds on card", told.seconds.n, told.seconds.median, told.seconds.ninetieth
        yield "untouched", told.untouched, told.approved
        if told.changed:
            yield "changed", told.changed.n, round(told.changed.median, 3), round(told.changed.ninetieth, 3)
        yield "streak", told.streak, told.longest
        yield "triage corrected", told.corrected, told.cases
        if told.planted:
            yield "planted, noticed", told.noticed, told.planted

    def draw(self, canvas: "Canvas") -> None:
        """Draw one figure a line."""
        told = self.told
        canvas.line((f"{told.name}: {many(sum(told.decided.values()), 'decision')}", "strong"))
        if told.decided:
            verdicts = ", ".join(f"{verdict} {n:,}" for verdict, n in sorted(told.decided.items()))
            canvas.line(verdicts, indent=2)
        if told.seconds:
            one = told.seconds
            canvas.line(
                f"time on a card: half {one.median:.0f} s, nine in ten {one.ninetieth:.0f} s", indent=2
            )
        if told.approved:
            canvas.line(f"approved as drafted: {told.untouched:,} of {told.approved:,}", indent=2)
        if told.changed:
            one = told.changed
            shares = f"half {one.median:.0%}, nine in ten {one.ninetieth:.0%}"
            canvas.line(f"words changed in the others: {shares}", indent=2)
        _streak(canvas, told)
        if told.cases:
            agreed = told.cases - told.corrected
            canvas.line(f"agreed with triage: {agreed:,} of {many(told.cases, 'case')}", indent=2)
        if told.planted:
            canvas.line(f"noticed the words of another reply: {told.noticed:,} of {told.planted:,}", indent=2)
        if told.more:
            canvas.line(("These are the latest decisions; there were more.", "faint"), indent=2)


def _streak(canvas: "Canvas", told: PersonStatistics) -> None:
    if not told.longest:
        return
    canvas.line(f"untouched in a row: {told.streak:,} now, {told.longest:,} at the most", indent=2)
    if told.streak >= _MANY_UNTOUCHED:
        why = "A long row may mean good drafts, or that they are read too fast: look closely at the next."
        canvas.line(why, indent=2)


def spread_item(one: Spread | None) -> Mapping[str, object] | None:
    """Return how values lie, for JSON."""
    return (
        None
        if one is None
        else {"n": one.n, "median": round(one.median, 3), "ninetieth": round(one.ninetieth, 3)}
    )
