"""Parts: a report as titled tables, from which each of its forms is made, so that all tell the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from responder.cli.summary.table import (
    Cell,
    Part,
    Row,
    both,
    change,
    count,
    counts,
    lasting,
    percent,
    share,
    spans,
    time,
)
from responder.cli.words import STAGES, TIERS, language, many
from responder.model.budget import UNIT
from responder.model.case import Stage
from responder.model.correction import What
from responder.model.promise import PromiseStatus
from responder.model.remedy import money
from responder.model.statistics import Spread
from responder.model.summary import Summary
from responder.model.times import Share
from responder.story import day

#: Of more days than these, months are told.
_MOST_DAYS = 92
#: Of more lines than these, the last ones are told together.
_MOST_LINES = 25

#: What each end of a promise is called.
PROMISES = {
    PromiseStatus.OPEN: "still open",
    PromiseStatus.KEPT: "kept in time",
    PromiseStatus.LATE: "kept late",
    PromiseStatus.BROKEN: "not kept",
    PromiseStatus.MOVED: "another time agreed before",
    PromiseStatus.DROPPED: "fell away, or was none",
}


def parts(told: Summary) -> Iterator[Part]:
    """Give the parts of a report in the order they are read; those with nothing in them are left out."""
    for make in _PARTS:
        made = make(told)
        if made.rows:
            yield made


def covers(told: Summary) -> str:
    """Return which days a report tells of, both ends named."""
    of = told.period
    zone = str(of.zone)
    if of.days == 1:
        return f"{_day(of.first)}, {zone}"
    return f"{_day(of.first)} to {_day(of.last)}, both whole days, {zone}"


def notes(told: Summary) -> Iterator[str]:
    """Give what belongs to all of it: when it was made, of which cases, and what is not over yet."""
    at = told.at.astimezone(told.period.zone)
    yield f"Made {day(at)} {at:%H:%M}. Every case is counted, none is estimated."
    if told.search:
        yield f"Only cases that are: {told.search}"
    if told.unfinished:
        yield "These days are not over: what is still to come is missing."


def headline(told: Summary) -> str:
    """Return the whole in a sentence or two."""
    came, before, times = told.came.complaints, told.came_before.complaints, told.times
    days = many(told.period.days, "day")
    said = [f"{many(came, 'complaint')} came in"]
    said[0] += f" ({change(came, before)} against the {days} before)." if before else "."
    if first := times.first:
        half, most = lasting(first.median), lasting(first.ninetieth)
        fast = f"Of {first.n:,} first answers, half came within {half}, nine in ten within {most}"
        fast = fast if first.n > 1 else f"The one first answer came within {half}"
        said.append(f"{fast}; {percent(times.in_time)} in time." if times.in_time.of else f"{fast}.")
    elif not times.answered:
        said.append("Nobody was answered.")
    return " ".join(said)


def _headline(told: Summary) -> Part:
    now, was = told.times, told.times_before
    rows = [
        both("complaints", told.came.complaints, told.came_before.complaints),
        both("cases, with what needs no reply", told.came.cases, told.came_before.cases),
        both("customers answered", now.answered, was.answered),
        spans("first answer, half within", now.first, was.first, "median"),
        spans("first answer, nine in ten within", now.first, was.first, "ninetieth"),
        Row("first answer in time", [share(now.in_time), share(was.in_time)]),
        spans("until closed, half within", now.resolution, was.resolution, "median"),
        both("customers who wrote again after it", now.reopened, was.reopened),
    ]
    if not (told.came.cases or told.came_before.cases or now.answered or was.answered):
        rows = []
    before = told.period.before
    return Part(
        key="figures",
        title="At a glance",
        of="figure",
        columns=(("now", "these days"), ("before", "before")),
        rows=rows,
        says=f"Before: {_day(before.first)} to {_day(before.last)}, as many days.",
    )


def _days(told: Summary) -> Part:
    first, came, answers = told.period.first, told.came_by_day, told.answers_by_day
    days = [first + timedelta(days=one) for one in range(told.period.days)]
    by_month = len(days) > _MOST_DAYS
    found: dict[str, list[int]] = {}
    for at, one in enumerate(days):
        key = f"{one:%b %Y}" if by_month else f"{one:%a} {one.day} {one:%b}"
        pair = found.setdefault(key, [0, 0])
        pair[0] += came[at]
        pair[1] += answers[at]
    rows = [Row(key, [count(one) for one in pair]) for key, pair in found.items()]
    ticks = list(found) if by_month else [f"{one.day} {one:%b}" for one in days]
    return Part(
        key="months" if by_month else "days",
        title="Month by month" if by_month else "Day by day",
        of="month" if by_month else "day",
        columns=(("came", "cases came in"), ("answers", "answers went out")),
        rows=rows if len(rows) > 1 and any(came) + any(answers) else [],
        ticks=ticks,
    )


def _tiers(told: Summary) -> Part:
    times, came = told.times, told.came.by_tier
    keys = sorted({*came, *times.first_by_tier, *times.in_time_by_tier}, reverse=True)
    names = {key: f"{key}: {TIERS[key]}" if key in TIERS else str(key) for key in keys}
    told_of = times.first_by_tier, times.in_time_by_tier
    return _by("tiers", "By urgency", "tier", _lines(keys, names, came, *told_of))


def _networks(told: Summary) -> Part:
    times, came = told.times, told.came.by_network
    keys = list(dict.fromkeys([*came, *times.first_by_network, *times.in_time_by_network]))
    names = {key: key or "unknown" for key in keys}
    told_of = times.first_by_network, times.in_time_by_network
    return _by("networks", "By network", "network", _lines(keys, names, came, *told_of))


def _accounts(told: Summary) -> Part:
    came, first = told.came.by_account, told.times.first_by_account
    keys = list(dict.fromkeys([*came, *first]))
    rows = _lines(keys, {key: key for key in keys}, came, first, None)
    return _by("accounts", "By account", "account", rows if len(keys) > 1 else [], in_time=False)


def _languages(told: Summary) -> Part:
    came, first = told.came.by_language, told.times.first_by_language
    keys = list(dict.fromkeys([*came, *first]))
    names = {key: language("" if key == "und" else key) for key in keys}
    rows = _lines(keys, names, came, first, None)
    return _by("languages", "By language", "language", rows if len(keys) > 1 else [], in_time=False)


def _themes(told: Summary) -> Part:
    now, before = told.came.by_topic, told.came_before.by_topic
    names = sorted({*now, *before}, key=lambda one: (-now.get(one, 0), -before.get(one, 0), one))
    most = max([*now.values(), 1])
    shown, rest = names[:_MOST_LINES], names[_MOST_LINES:]
    lines = [(name or "unclear", now.get(name, 0), before.get(name, 0)) for name in shown]
    if rest:
        others = sum(now.get(one, 0) for one in rest), sum(before.get(one, 0) for one in rest)
        lines.append((f"{len(rest):,} others", *others))
    return Part(
        key="themes",
        title="What it is about",
        of="topic",
        columns=(("now", "these days"), ("before", "before"), ("change", "change")),
        rows=[
            Row(name, [count(n), count(was), Cell(n - was, change(n, was))], min(1.0, n / most))
            for name, n, was in lines
        ],
    )


def _histogram(told: Summary) -> Part:
    found = told.times.histogram
    names = ["up to 15 min", "up to 1 h", "up to 4 h", "up to 8 h", "up to 1 day", "up to 3 days"]
    names += ["up to 1 week", "longer"]
    whole, most = sum(found), max(found) or 1
    rows = [
        Row(name, [count(n), Cell(round(n / whole, 4), percent(Share(n, whole)))], n / most)
        for name, n in zip(names, found, strict=True)
        if whole
    ]
    return Part(
        key="first_answer",
        title="How long the first answer took",
        of="time",
        columns=(("n", "cases"), ("share", "share")),
        rows=rows,
        says="From the customer's first post to our first reply.",
        ticks=["15 min", "1 h", "4 h", "8 h", "1 day", "3 days", "1 week", "longer"],
    )


def _outcomes(told: Summary) -> Part:
    happened = told.happened
    lines: list[tuple[str, int]] = [
        ("replies sent", told.replies),
        ("... of them in private", told.in_private),
        ("answered by hand on the network", told.by_hand),
        ("set aside by triage", happened.get("set aside", 0)),
        ("dismissed by a person", happened.get("dismissed", 0)),
        *((f"... {reason}", n) for reason, n in told.dismissed.items()),
        ("reopened by a person", happened.get("reopened", 0)),
        ("customer wrote another post", happened.get("wrote again", 0)),
        ("post removed by its author", happened.get("removed by its author", 0)),
        ("closed, nothing happened any more", happened.get("closed", 0)),
    ]
    said = "What happened in these days, whenever the case began."
    return counts("outcomes", "What came of it", "outcome", lines, says=said)


def _stages(told: Summary) -> Part:
    lines = [(STAGES[one], told.came.by_stage.get(str(one), 0)) for one in Stage]
    said = "Where the cases that came in in these days stand now."
    return counts("stages", "Where they stand", "stage", lines, says=said)


def _warnings(told: Summary) -> Part:
    said = f"Of {many(told.approved, 'approval')}, so many were given despite a warning of this rule."
    return counts("overrides", "Warnings passed over", "rule", told.overrides.items(), says=said)


def _corrections(told: Summary) -> Part:
    lines = [(what.says, told.happened.get(what.action, 0)) for what in What]
    return counts("corrections", "Triage corrected", "what", lines)


def _voided(told: Summary) -> Part:
    said = "Approvals that ended before anything was sent."
    return counts("voided", "Approvals ended", "why", told.voided.items(), says=said)


def _promises(told: Summary) -> Part:
    lines = [(PROMISES[one], (told.promises or {}).get(one, 0)) for one in PromiseStatus]
    said = "What became of what we promised in these days."
    return counts("promises", "Promises", "promise", lines, says=said)


def _money(told: Summary) -> Part:
    rows = []
    for one in told.paid or ():
        shown = one.allowance.shown
        costs = [Cell(amount / UNIT, shown(amount)) for amount in (one.micros, one.before)]
        cells = [Cell(one.network, one.network), count(one.calls), *costs]
        rows.append(Row(one.account, [*cells, Cell(one.allowance.currency, "")]))
    return Part(
        key="cost",
        title="What it cost",
        of="account",
        columns=(
            *(("network", "network"), ("calls", "calls"), ("cost", "cost"), ("before", "before")),
            ("currency", "currency"),
        ),
        rows=rows,
        says="Calls that networks ask money for, by days of UTC, as they bill.",
    )


def _granted(told: Summary) -> Part:
    rows = []
    for one in told.granted or ():
        cost = Cell(one.micros / UNIT, money(one.micros, one.currency) if one.micros else "")
        cells = [Cell(one.month, one.month), count(one.grants), cost, Cell(one.currency, "")]
        rows.append(Row(one.kind.replace("_", " "), cells))
    return Part(
        key="granted",
        title="What was granted to customers",
        of="kind",
        columns=(("month", "month"), ("grants", "grants"), ("amount", "amount"), ("currency", "currency")),
        rows=rows,
        says="What people granted, whether it was paid out or not; what was taken back is left out.",
    )


#: The parts in the order they are read; a part is a function of the summary.
_PARTS: Sequence[Callable[[Summary], Part]] = (
    _headline,
    _days,
    _tiers,
    _themes,
    _histogram,
    _networks,
    _accounts,
    _languages,
    _outcomes,
    _stages,
    _warnings,
    _corrections,
    _voided,
    _promises,
    _granted,
    _money,
)


def _by(key: str, title: str, of: str, rows: Sequence[Row], *, in_time: bool = True) -> Part:
    columns = [
        ("came", "came in"),
        ("answered", "answered"),
        ("median", "half in"),
        ("ninetieth", "9 in 10"),
    ]
    columns += [("in_time", "in time")] * in_time
    return Part(key=key, title=title, of=of, columns=columns, rows=rows)


def _lines(
    keys: Sequence[Any],
    names: Mapping[Any, str],
    came: Mapping[Any, int],
    first: Mapping[Any, Spread],
    in_time: Mapping[Any, Share] | None,
) -> list[Row]:
    """Return a line for each key: how many came in, how fast they were answered, how many in time."""
    most = max([*came.values(), 1])
    rows = []
    for key in keys:
        one = first.get(key)
        cells = [count(came.get(key, 0)), count(one.n if one else 0), time(one.median if one else None)]
        cells.append(time(one.ninetieth if one else None))
        if in_time is not None:
            cells.append(share(in_time.get(key, Share(0, 0))))
        rows.append(Row(names[key], cells, came.get(key, 0) / most))
    return rows


def _day(one: Any) -> str:
    return f"{one:%a} {one.day} {one:%b} {one.year}"
