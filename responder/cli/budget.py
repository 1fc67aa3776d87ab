"""Budget: what each account's calls cost, what the month will come to, and what that does to reading."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.deeds import Deed, DeedSheet
from responder.cli.desk import AtDesk
from responder.cli.queue import moment
from responder.cli.words import many
from responder.model.budget import UNIT, Budget, Halt, Interval

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words
    from responder.cli.desk import Desk
    from responder.settings.sections import AccountSection
    from responder.store.money import Cost

#: Where the words beside a fact begin.
_HANG = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """How the money of one account stands."""

    name: str
    #: Seconds between polls, as the config has it.
    every: float
    budget: Budget
    today: "Mapping[str, Cost]"
    month: "Mapping[str, Cost]"
    #: Polls of the last week: that brought something (True), and that did not.
    polls: "Mapping[bool, Cost]"

    @property
    def interval(self) -> Interval:
        """How long it waits between two polls."""
        return self.budget.interval(self.every)

    @property
    def halt(self) -> Halt | None:
        """Why it does not read now."""
        return self.budget.halt(reading=True)

    def average(self, *which: bool) -> int | None:
        """What a poll of these costs on average, in micros; None where there was none."""
        some = [cost for heard, cost in self.polls.items() if heard in which]
        polls = sum(cost.units for cost in some)
        return sum(cost.micros for cost in some) // polls if polls else None


@dataclass(frozen=True, slots=True)
class BudgetSheet:
    """The money of the accounts that cost any."""

    purses: Sequence[Purse]
    schema: str = "responder.budget/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each account as plain data; amounts in whole units of its currency."""
        return [_item(one) for one in self.purses]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return account, what, and its figures; see docs/json.md for what stands in each."""
        for one in self.purses:
            budget, allowance = one.budget, one.budget.allowance
            yield one.name, "budget", _units(allowance.month) if allowance.month else "", allowance.currency
            yield one.name, "today", _units(budget.today), _units(budget.day_limit) if allowance.month else ""
            yield from ((one.name, "today", kind, *_figures(cost)) for kind, cost in one.today.items())
            yield one.name, "month", _units(budget.this_month)
            yield from ((one.name, "month", kind, *_figures(cost)) for kind, cost in one.month.items())
            yield one.name, "forecast", _units(budget.forecast), budget.month_end.isoformat()
            expected = one.average(True, False)
            yield one.name, "next poll", "" if expected is None else _units(expected)
            yield one.name, "interval", round(one.interval.seconds), one.interval.why
            if one.halt:
                yield one.name, "stopped", one.halt.why, moment(one.halt.until)

    def draw(self, canvas: "Canvas") -> None:
        """Draw some lines an account."""
        for at, one in enumerate(self.purses):
            if at:
                canvas.blank()
            _draw(one, canvas)


def budget(*accounts: str, refilled: bool = False, desk: AtDesk) -> None:
    """Tell what calls cost today and this month, by kind, and what the month will come to.

    Args:
        accounts: Only these accounts; all that cost something if none is named.
        refilled: You bought more: no longer wait because the network said that there is no more.
    """
    chosen = _chosen(desk, accounts)
    if refilled:
        _take_word(desk, [one.name for one in chosen] if accounts else [])
        return
    costly = [one for one in chosen if _costs(desk, one)]
    desk.screen.show(BudgetSheet([_purse(desk, one) for one in costly]))
    if not costly:
        desk.screen.note(
            "No account costs anything: no network in the config asks for money."
            if not accounts
            else f"{', '.join(accounts)}: no network here asks for money."
        )


def _chosen(desk: "Desk", names: Sequence[str]) -> "list[AccountSection]":
    known = {one.name: one for one in desk.settings.accounts}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise failures.Trouble(
            failures.USAGE,
            f"There is no account {unknown[0]!r} in the config.",
            todo=f"There are: {', '.join(known) or 'none'}",
        )
    return [known[name] for name in dict.fromkeys(names) or known]


def _costs(desk: "Desk", one: "AccountSection") -> bool:
    """Whether an account costs money, or did; no secret is needed to know."""
    from responder.plugins import costs

    return bool(one.allowance.month) or costs(one.connector) or one.name in desk.store.money.spenders()


def _purse(desk: "Desk", one: "AccountSection") -> Purse:
    now, money = desk.now(), desk.store.money
    stands = Budget(allowance=one.allowance, ledger=money.ledger(one.name, now), now=now)
    last = stands.month_end
    today = stands.day
    return Purse(
        name=one.name,
        every=one.every.total_seconds(),
        budget=stands,
        today=money.by_kind(one.name, today, today),
        month=money.by_kind(one.name, today.replace(day=1), last),
        polls=money.polls(one.name, now),
    )


def _take_word(desk: "Desk", names: Sequence[str]) -> None:
    """Let the named accounts ask their networks again."""
    if not names:
        raise failures.Trouble(
            failures.USAGE, "No account is named.", todo="responder budget ACCOUNT --refilled"
        )
    deeds = []
    for name in names:
        if not desk.store.money.refilled(name, desk.user, desk.now()):
            raise failures.Trouble(
                failures.FAILED,
                f"{name} does not wait for its network.",
                "A budget of ours that is used up is raised in the config.",
                f"How it stands: responder budget {name}",
            )
        says = f"{name} asks its network again."
        deeds.append(Deed(case="", did="refilled", by=desk.user, says=says))
    desk.screen.confirm(DeedSheet(deeds))


def _item(one: Purse) -> dict[str, object]:
    budget, allowance, halt = one.budget, one.budget.allowance, one.halt
    heard, idle, expected = one.average(True), one.average(False), one.average(True, False)
    return {
        "account": one.name,
        "currency": allowance.currency,
        "budget": _units(allowance.month) if allowance.month else None,
        "today": {
            "spent": _units(budget.today),
            "limit": _units(budget.day_limit) if allowance.month else None,
            "kinds": _kinds(one.today),
        },
        "month": {"spent": _units(budget.this_month), "kinds": _kinds(one.month)},
        "pace": _units(budget.pace),
        "forecast": _units(budget.forecast),
        "until": budget.month_end.isoformat(),
        "next_poll": {
            "expected": None if expected is None else _units(expected),
            "heard": None if heard is None else _units(heard),
            "idle": None if idle is None else _units(idle),
        },
        "every": round(one.every),
        "interval": round(one.interval.seconds),
        "why": one.interval.why,
        "stopped": halt.why if halt else None,
        "goes_on": moment(halt.until) if halt else None,
    }


def _kinds(costs: "Mapping[str, Cost]") -> list[dict[str, object]]:
    return [{"kind": kind, "units": cost.units, "cost": _units(cost.micros)} for kind, cost in costs.items()]


def _units(micros: int) -> float:
    return micros / UNIT


def _figures(cost: "Cost") -> tuple[int, float]:
    return cost.units, _units(cost.micros)


def _draw(one: Purse, canvas: "Canvas") -> None:
    budget, allowance = one.budget, one.budget.allowance
    month = f"{allowance.rounded(allowance.month)} a month" if allowance.month else "no budget is set"
    canvas.line((one.name, "strong"), f": {month}")
    limit = f" of {allowance.shown(budget.day_limit)}" if allowance.month else ""
    _fact(canvas, "today", f"{allowance.shown(budget.today)}{limit}", _told(one, one.today))
    _fact(canvas, f"{budget.day:%B}", allowance.shown(budget.this_month), _told(one, one.month))
    over = (budget.forecast - allowance.month) * budget.short
    too_much = (f", {allowance.shown(over)} too much", "alarm") if over else ""
    end = f"{budget.month_end.day} {budget.month_end:%B}"
    pace = f", at {allowance.shown(budget.pace)} a day"
    _fact(canvas, "forecast", f"{allowance.shown(budget.forecast)} by {end}", too_much, pace)
    _fact(canvas, "next poll", _next_poll(one))
    wish, waits = _length(one.every), _length(one.interval.seconds)
    stretched = f"{waits} instead of {wish}" if waits != wish else wish
    _fact(canvas, "interval", f"{stretched}: {one.interval.why}")
    if halt := one.halt:
        _fact(canvas, "stopped", (f"{halt.why}; goes on {halt.until:%a %d %b %H:%M} UTC", "alarm"))


def _length(seconds: float) -> str:
    """Return "45 s", "2 min", "2 min 28 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return " ".join(part for part, n in ((f"{minutes} min", minutes), (f"{rest} s", rest)) if n)


def _fact(canvas: "Canvas", lead: str, *words: "Words") -> None:
    canvas.item((lead, "faint"), *words, indent=2, hang=_HANG)


def _told(one: Purse, costs: "Mapping[str, Cost]") -> str:
    shown = one.budget.allowance.shown
    return "".join(
        f"{', ' if at else ': '}{kind} {cost.units:,} for {shown(cost.micros)}"
        for at, (kind, cost) in enumerate(costs.items())
    )


def _next_poll(one: Purse) -> str:
    expected = one.average(True, False)
    if expected is None:
        return "not known yet: nothing was read in the last week"
    parts = [
        f"{one.budget.allowance.shown(one.average(heard) or 0)} {words} ({many(cost.units, 'poll')})"
        for heard, words in ((True, "where it brought something"), (False, "where it did not"))
        if (cost := one.polls.get(heard))
    ]
    return f"about {one.budget.allowance.shown(expected)}: {', '.join(parts)}"
