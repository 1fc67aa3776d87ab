"""Clocks: what a customer is owed by when, what stops a clock, and when somebody is warned."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.calendar import Calendar
from responder.model.case import Case, Stage
from responder.model.clocks import Clock, Clocks, Rule, Running, Targets
from tests.network import at, mention

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST = {5: 30 * MINUTE, 4: HOUR, 3: 3 * HOUR, 2: 8 * HOUR, 1: 24 * HOUR, 0: 24 * HOUR}
CLOCKS = Clocks(targets=Targets(first=FIRST, next={1: 2 * HOUR}, settle={1: 72 * HOUR}))
EIGHT_WEEKS = Rule(id="eight", says="final response", days=56)
tiers = st.integers(0, 5)
minutes = st.integers(0, 60 * 24 * 30)


def case(wrote: float = 0, **known: object) -> Case:
    """Return a case whose customer wrote so many minutes after the beginning."""
    post = mention("1", minutes=wrote)
    usual = {"id": 1, "account": "shop", "stage": Stage.NEEDS_REPLY, "version": 1, "posts": 1, "replies": 0}
    return Case(target=post, opened_at=at(0), moved_at=at(0), **(usual | known))  # type: ignore[arg-type]


def after(one: Case, running: Running, **changed: object) -> Case:
    return replace(one, **(running.of_case() | changed))


def test_a_first_answer_is_due_by_its_tier_from_when_they_wrote() -> None:
    running = CLOCKS.start(case(5), 1, at(60))
    assert (running.owed_since, running.due_at, running.first_by) == (at(5), at(5 + 1440), at(5 + 1440))


def test_a_network_may_have_times_of_its_own() -> None:
    clocks = replace(CLOCKS, by_account={"x-main": Targets(first=FIRST | {1: HOUR})})
    assert clocks.start(case(account="x-main"), 1, at(0)).due_at == at(60)
    assert clocks.start(case(account="shop"), 1, at(0)).due_at == at(1440)


def test_writing_again_before_our_answer_pushes_nothing_away() -> None:
    first = CLOCKS.start(case(0), 1, at(1))
    again = CLOCKS.start(after(case(700), first), 1, at(700))
    assert (again.owed_since, again.due_at) == (at(0), at(1440))
    fire = CLOCKS.start(after(case(700), first), 5, at(700))
    assert fire.due_at == at(730), "what is graver is due sooner"


def test_after_an_answer_the_next_is_owed_from_when_they_wrote_again() -> None:
    first = CLOCKS.start(case(0), 1, at(1))
    answered = after(case(3000), first, replies=1, answered_at=at(60), owed_since=None)
    running = CLOCKS.start(answered, 1, at(3001))
    assert (running.owed_since, running.due_at, running.first_by) == (at(3000), at(3120), at(1440))


def test_waiting_for_the_customer_stops_the_matters_clock_and_no_regulators() -> None:
    clocks = replace(CLOCKS, rule=EIGHT_WEEKS)
    first = clocks.start(case(0), 1, at(1))
    assert first.settle_by == at(72 * 60)
    answered = after(case(3000), first, replies=1, answered_at=at(60), owed_since=None)
    running = clocks.start(answered, 1, at(3001))
    assert running.settle_by == at(3000 + 71 * 60), "an hour of it was gone when we answered"
    assert running.rule_by == first.rule_by
    told, _ = clocks.struck(replace(answered, stage=Stage.ANSWERED), at(60 * 24 * 100))
    assert told == {Clock.RULE: True}


def test_what_was_late_when_we_answered_stays_late() -> None:
    first = CLOCKS.start(case(0), 1, at(1))
    answered = after(case(9000), first, replies=1, answered_at=at(5000), owed_since=None)
    assert CLOCKS.start(answered, 1, at(9001)).settle_by == at(72 * 60)


def test_a_rule_ends_with_the_last_day_where_we_are() -> None:
    zone = ZoneInfo("Europe/London")
    received = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    by = EIGHT_WEEKS.by(received, Calendar(zone=zone))
    assert by.astimezone(zone).isoformat() == "2026-04-27T23:59:59+01:00"


def test_working_days_leave_out_weekends_and_days_off() -> None:
    rule = Rule(id="fifteen", says="final response", days=15, working=True)
    usual = Calendar(off=lambda day: day == date(2026, 4, 6))
    received = datetime(2026, 3, 27, 12, tzinfo=UTC)  # a Friday
    assert rule.by(received, usual).date() == date(2026, 4, 20)
    assert rule.by(received, Calendar()).date() == date(2026, 4, 17)


@given(tiers, minutes, st.lists(st.tuples(minutes, tiers), max_size=4))
def test_while_an_answer_is_owed_its_deadline_never_moves_away(
    tier: int, wrote: int, more: list[tuple[int, int]]
) -> None:
    running = CLOCKS.start(case(wrote), tier, at(wrote))
    for minute, other in sorted(more):
        later = CLOCKS.start(after(case(wrote + minute), running), other, at(wrote + minute))
        assert later.due_at <= running.due_at
        assert later.owed_since == running.owed_since
        running = later


@given(tiers, minutes, st.floats(0, 1))
def test_each_clock_strikes_once_before_its_end_and_once_after(tier: int, wrote: int, share: float) -> None:
    clocks = replace(CLOCKS, warn_at=share, rule=EIGHT_WEEKS)
    running = clocks.start(case(wrote), tier, at(wrote))
    one = after(case(wrote), running, tier=tier)
    strikes = running.strikes_at
    heard: list[tuple[Clock, bool]] = []
    for _ in range(10):
        if strikes is None:
            break
        told, following = clocks.struck(one, strikes)
        assert following is None or following > strikes, "time goes on"
        heard += [pair for pair in told.items() if pair not in heard]
        strikes = following
    assert strikes is None
    ends = {Clock.ANSWER, Clock.RULE} | ({Clock.MATTER} if tier == 1 else set())
    assert set(heard) == {(clock, over) for clock in ends for over in (False, True)}


@pytest.mark.parametrize(
    ("target", "warned"), [(8 * HOUR, 6 * HOUR), (30 * MINUTE, 20 * MINUTE), (MINUTE, 0 * HOUR)]
)
def test_somebody_is_warned_while_there_is_time_to_do_something(target: timedelta, warned: timedelta) -> None:
    clocks = Clocks(targets=Targets(first=dict.fromkeys(range(6), target)))
    assert clocks.start(case(0), 1, at(0)).strikes_at == at(0) + warned


def test_a_grave_case_strikes_at_once_and_counts_every_hour() -> None:
    nobody = Calendar(week=((),) * 6 + (((0, 60),),))
    running = replace(CLOCKS, calendar=nobody).start(case(0), 4, at(0))
    assert (running.strikes_at, running.due_at) == (at(0), at(60))


def test_a_corrected_tier_counts_from_the_same_moment_also_to_a_later_end() -> None:
    running = CLOCKS.start(case(0), 5, at(1))
    eased = CLOCKS.weigh(after(case(0), running, tier=5), 1, at(20))
    assert (eased.owed_since, eased.due_at, eased.settle_by) == (at(0), at(1440), at(72 * 60))
