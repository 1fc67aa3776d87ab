"""Stats: how fast customers are answered and what came of it, and how one person reviews."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from responder.cli.columns import Figures, draw_figures
from responder.cli.desk import AtDesk
from responder.cli.failures import BLOCKED, USAGE, Trouble
from responder.cli.filters import Filter, View, search_of
from responder.cli.person import PersonSheet, spread_item
from responder.cli.queue import moment
from responder.cli.reading import read_since
from responder.cli.words import TIERS, many
from responder.letter import span
from responder.model.statistics import OPEN_CAP, Spread, Statistics
from responder.story import day

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

_BAR = 16


@dataclass(frozen=True, slots=True)
class StatsSheet:
    """The desk's figures."""

    told: Statistics
    schema: str = "responder.stats/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return the figures as plain data; lengths of time in seconds."""
        told = self.told
        return [
            {
                "at": moment(told.at),
                "since": moment(told.since),
                "filter": told.search,
                "open": told.open,
                "open_by_tier": {str(tier): n for tier, n in told.open_by_tier.items()},
                "open_by_network": dict(told.open_by_network),
                "answered": told.answered,
                "more": told.more,
                "first_answer": spread_item(told.first),
                "first_answer_by_tier": _items(told.first_by_tier),
                "first_answer_by_network": _items(told.first_by_network),
                "in_time": told.in_time,
                "timed": told.timed,
                "settled_in_time": told.settled,
                "to_settle": told.to_settle,
                "resolution": spread_item(told.resolution),
                "reopened": told.reopened,
                "replies": told.replies,
                "in_private": told.in_private,
                "to_invite": told.to_invite,
                "invited": told.invited,
                "overrides": dict(told.overrides),
                "by_day": list(told.by_day),
            }
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return lines that begin with what they tell, then of which part, then the figures."""
        told = self.told
        yield "open", "all", told.open
        yield from (("open", f"tier {tier}", n) for tier, n in told.open_by_tier.items())
        yield from (("open", network, n) for network, n in told.open_by_network.items())
        yield "answered", "all", told.answered
        for part, one in _firsts(told):
            yield "first answer", part, one.n, round(one.median), round(one.ninetieth)
        yield "in time", "all", told.in_time, told.timed
        yield "settled in time", "all", told.settled, told.to_settle
        if told.resolution:
            one = told.resolution
            yield "resolution", "all", one.n, round(one.median), round(one.ninetieth)
        yield "reopened", "all", told.reopened, told.answered
        yield "in private", "all", told.in_private, told.replies
        yield "invited to private", "all", told.invited, told.to_invite
        yield from (("overridden", rule, n) for rule, n in told.overrides.items())
        yield "answered by day", "all", *told.by_day

    def draw(self, canvas: "Canvas") -> None:
        """Draw each figure with its number; bars only repeat what the numbers say."""
        told = self.told
        limited = f" ({told.search})" if told.search else ""
        more = "+" if told.search and told.open >= OPEN_CAP else ""
        canvas.line((f"Open now: {told.open:,}{more}{limited}", "strong"))
        _bars(canvas, [(f"tier {tier}: {TIERS.get(tier, '')}", n) for tier, n in told.open_by_tier.items()])
        _bars(canvas, list(told.open_by_network.items()))
        canvas.blank()
        since = told.since.astimezone(told.at.tzinfo)
        latest = ", the latest there are figures of" if told.more else ""
        canvas.line((f"Answered since {day(since)}: {told.answered:,}{latest}", "strong"))
        if not told.answered:
            return
        _days(canvas, told.by_day)
        _draw_firsts(canvas, told)
        _outcome(canvas, told)


def _outcome(canvas: "Canvas", told: Statistics) -> None:
    canvas.blank()
    canvas.line(("What came of it", "strong"))
    _share(canvas, "answered in time", told.in_time, told.timed)
    _share(canvas, "matters settled in time", told.settled, told.to_settle)
    _share(canvas, "the customer wrote again", told.reopened, told.answered)
    _share(canvas, "replies in private", told.in_private, told.replies)
    _share(canvas, "invited to talk in private, where that is due", told.invited, told.to_invite)
    if told.resolution:
        one = told.resolution
        canvas.line(f"closed: {many(one.n, 'case')}, {_within(one)}", indent=2)
    if told.overrides:
        canvas.blank()
        canvas.line(("Warnings passed over, by rule", "strong"))
        _bars(canvas, list(told.overrides.items()))


def _items(parts: Mapping[Any, Spread]) -> dict[str, object]:
    return {str(key): spread_item(one) for key, one in parts.items()}


def _firsts(told: Statistics) -> list[tuple[str, Spread]]:
    whole = [("all", told.first)] if told.first else []
    tiers = [(f"tier {tier}", one) for tier, one in told.first_by_tier.items()]
    return [*whole, *tiers, *told.first_by_network.items()]


def _draw_firsts(canvas: "Canvas", told: Statistics) -> None:
    parts = _firsts(told)
    if not parts:
        return
    canvas.blank()
    canvas.line(("From the first post to the first answer", "strong"))
    longest = max(one.ninetieth for _, one in parts) or 1
    lines = [
        Figures(part, (f"{one.n:,}", _span(one.median), _span(one.ninetieth)), one.ninetieth / longest)
        for part, one in parts
    ]
    draw_figures(canvas, ("cases", "half in", "9 in 10 in"), lines)


def _bars(canvas: "Canvas", counts: Sequence[tuple[str, int]]) -> None:
    most = max((n for _, n in counts), default=0) or 1
    width = max((len(part) for part, _ in counts), default=0)
    for part, n in counts:
        canvas.short(f"{part:<{width}} {n:>7,}  {canvas.bar(n / most, _BAR)}", indent=2)


def _days(canvas: "Canvas", counts: Sequence[int]) -> None:
    """Draw one mark a day; what they stand for is told in numbers as well."""
    most = max(counts, default=0)
    canvas.line(f"by day: {canvas.marks(counts)}  most {most:,}, today {counts[-1]:,}", indent=2)


def _share(canvas: "Canvas", what: str, n: int, of: int) -> None:
    if of:
        canvas.line(f"{what}: {n:,} of {of:,} ({100 * n // of} %)", indent=2)


def _within(one: Spread) -> str:
    return f"half within {_span(one.median)}, nine in ten within {_span(one.ninetieth)}"


def _span(seconds: float) -> str:
    return span(timedelta(seconds=seconds), up=True)


def stats(
    *filter: Filter,  # noqa: A002 (what people read in the help)
    view: View = "",
    since: Annotated[timedelta, Parameter(converter=read_since, metavar="TIME")] = timedelta(days=30),
    me: bool = False,
    person: Annotated[str, Parameter(metavar="NAME")] = "",
    desk: AtDesk,
) -> None:
    """Tell how many wait, how fast they are answered and what came of it; a filter chooses the cases.

    Args:
        view: The cases of a saved view.
        since: How far back, like 7d or 24h; 30 days if it is left out.
        me: How you review: your time on a card, what you change, where triage was wrong.
        person: The same of somebody else, for who may see that.
    """
    from responder.steps.measure import measure, measure_person

    now = desk.now().astimezone(desk.settings.company.timezone)
    roster = desk.settings.roster
    listed = roster.called(person)
    name = desk.user if me else listed.name if listed else person
    if name:
        if filter or view:
            what = "The figures of a person are not limited to cases."
            raise Trouble(USAGE, what, todo="Leave the filter out.")
        if not roster.may_see(desk.user, name):
            raise Trouble(
                BLOCKED,
                f"You cannot see how {name} reviews.",
                "Everybody sees their own figures, and a listed admin those of all.",
                "Yours: responder stats --me",
            )
        desk.screen.show(PersonSheet(measure_person(desk.store, name, now - since)))
        return
    desk.screen.show(StatsSheet(measure(desk.store, search_of(desk, filter, view), now - since, now)))
