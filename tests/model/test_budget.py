"""The budget: no day goes dry, nothing goes over, and the scarcer the money the longer the wait."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.budget import UNIT, Allowance, Budget, Ledger

#: A Wednesday in a month of 31 days.
NOON = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
#: Two units a day until today, and half of that.
WEEK = dict.fromkeys(range(12, 18), 2) | {18: 1}
MONTHS = st.sampled_from([date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2028, 2, 1)])
AMOUNTS = st.integers(min_value=0, max_value=3_000 * UNIT)


def budget(month: float = 31, now: datetime = NOON, **ledger: Any) -> Budget:
    """Return a budget of so many units a month with a ledger of `days` (a number of March: units)."""
    spent = {date(2026, 3, day): int(units * UNIT) for day, units in ledger.pop("days", {}).items()}
    ledger.setdefault("since", min(spent, default=None))
    return Budget(allowance=Allowance(month=int(month * UNIT)), ledger=Ledger(days=spent, **ledger), now=now)


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    first = draw(MONTHS)
    now = datetime.combine(first, datetime.min.time(), UTC) + timedelta(
        seconds=draw(st.integers(0, monthrange(first.year, first.month)[1] * 86_400 - 1))
    )
    spent = draw(st.dictionaries(st.integers(0, 36), AMOUNTS, max_size=12))
    days = {now.date() - timedelta(days=back): micros for back, micros in spent.items()}
    since = now.date() - timedelta(days=draw(st.integers(0, 400)))
    allowance = Allowance(month=draw(st.integers(1, 5_000 * UNIT)))
    return Budget(allowance=allowance, ledger=Ledger(days=days, since=since), now=now)


@given(budgets(), st.floats(1, 7_200), st.integers(0, 36), AMOUNTS)
def test_who_has_spent_more_never_looks_more_often(one: Budget, every: float, back: int, more: int) -> None:
    day = one.now.date() - timedelta(days=back)
    days = {**one.ledger.days, day: one.ledger.days.get(day, 0) + more}
    spent = replace(one, ledger=replace(one.ledger, days=days))
    assert spent.interval(every).seconds >= one.interval(every).seconds


@given(budgets(), st.floats(1, 7_200), AMOUNTS)
def test_who_has_more_to_spend_never_looks_less_often(one: Budget, every: float, more: int) -> None:
    richer = replace(one, allowance=Allowance(month=one.allowance.month + more))
    assert richer.interval(every).seconds <= one.interval(every).seconds


@given(budgets(), st.floats(1, 7_200))
def test_the_interval_is_between_the_wish_and_half_an_hour(one: Budget, every: float) -> None:
    assert every <= one.interval(every).seconds <= max(every, 1800)
    urgent = replace(one, ledger=replace(one.ledger, urgent=True))
    assert urgent.interval(every) == (every, "something urgent is open")


@pytest.mark.slow
@given(MONTHS, AMOUNTS, st.data())
def test_however_the_days_before_were_used_each_has_half_of_a_plain_share(
    first: date, month: int, data: st.DataObject
) -> None:
    length = monthrange(first.year, first.month)[1]
    days: dict[date, int] = {}
    for day in (first + timedelta(days=n) for n in range(length)):
        now = datetime.combine(day, datetime.min.time(), UTC)
        one = Budget(allowance=Allowance(month=month), ledger=Ledger(days=days), now=now)
        limit = one.day_limit
        assert limit >= one.for_reading // (2 * length)
        # some days use it up, some do not use it at all
        days[day] = data.draw(st.sampled_from([0, limit // 2, limit]))
        assert sum(days.values()) <= one.for_reading


@given(budgets())
def test_reading_stops_before_replies_do(one: Budget) -> None:
    assert one.halt(reading=True) or not one.halt(reading=False)
    if one.this_month >= one.for_reading:
        assert one.halt(reading=True)
    assert bool(one.halt(reading=False)) == (one.this_month >= one.allowance.month)


@given(budgets(), st.booleans())
def test_without_a_budget_nothing_stops_and_nothing_is_stretched(one: Budget, reading: bool) -> None:
    free = replace(one, allowance=Allowance())
    assert free.halt(reading=reading) is None
    assert free.interval(120) == (120, "no budget is set")
    assert not free.short


def test_a_day_may_use_twice_its_share_of_what_is_left() -> None:
    assert budget(31, datetime(2026, 3, 1, tzinfo=UTC)).day_limit == 2 * int(31 * UNIT * 0.9) // 31
    assert budget(10, datetime(2026, 3, 31, tzinfo=UTC)).day_limit == 9 * UNIT
    assert budget(10, datetime(2026, 3, 31, tzinfo=UTC), days={2: 9.5}).day_limit == 0


def test_the_pace_is_that_of_the_last_week_or_of_a_younger_accounts_days() -> None:
    days = {10: 50, 12: 6.5, 18: 6.5}
    assert budget(days=days).pace == 13 / 6.5 * UNIT
    assert budget(days={17: 3}).pace == 2 * UNIT
    assert budget(days={18: 3}).pace == 3 * UNIT
    assert budget().pace == 0


def test_the_forecast_is_what_was_spent_and_the_pace_for_the_rest() -> None:
    one = budget(60, days=WEEK)
    assert (one.today, one.this_month) == (1 * UNIT, 13 * UNIT)
    assert one.pace == 2 * UNIT
    assert one.forecast == (13 + 27) * UNIT
    assert not one.short
    assert budget(39, days=WEEK).short


def test_where_it_runs_short_the_interval_is_stretched_by_as_much() -> None:
    assert budget(60, days=WEEK).interval(120) == (120, "the budget will do")
    seconds, why = budget(29, days=WEEK).interval(120)
    assert seconds == pytest.approx(120 * 27 / (29 * 0.9 - 13))
    assert why == "at this pace the month would cost USD 40.00"
    assert budget(14, days=WEEK).interval(120).seconds == 1800
    assert budget(14, days=WEEK).interval(3600).seconds == 3600


@pytest.mark.parametrize(
    ("month", "days", "reading", "says", "until"),
    [
        (31, {18: 4}, True, "today's share of the budget, USD 3.99, is used up", date(2026, 3, 19)),
        (
            31,
            {2: 28},
            True,
            "only the USD 3.10 kept for replies is left of the budget",
            date(2026, 4, 1),
        ),
        (31, {2: 31}, False, "the month's budget of USD 31.00 is used up", date(2026, 4, 1)),
    ],
)
def test_why_nothing_is_paid_is_said_with_when_it_goes_on(
    month: float, days: dict[int, float], reading: bool, says: str, until: date
) -> None:
    one = budget(month, days=days)
    halt = one.halt(reading=reading)
    assert halt == (says, datetime.combine(until, datetime.min.time(), UTC))


def test_what_a_network_says_is_over_stops_everything_until_then() -> None:
    one = budget(0, rests_until=NOON + timedelta(hours=6), rests_why="there are no credits")
    assert one.halt(reading=False) == ("there are no credits", NOON + timedelta(hours=6))
    assert replace(one, now=NOON + timedelta(hours=6)).halt(reading=False) is None


def test_a_rest_that_a_clock_ahead_noted_holds_nobody_for_longer_than_a_day() -> None:
    assert (
        budget(0, rests_until=NOON + timedelta(days=300), rests_why="no credits").halt(reading=True) is None
    )


def test_amounts_are_shown_as_people_write_them() -> None:
    euro = Allowance(currency="EUR")
    assert [euro.shown(micros) for micros in (0, 50, 3_500, 420_000, 1_610_000, 27_404_000)] == [
        "EUR 0.00", "EUR 0.00005", "EUR 0.0035", "EUR 0.42", "EUR 1.61", "EUR 27.40"
    ]  # fmt: skip
