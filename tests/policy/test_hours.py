"""By when we promise our next word: never a time that nobody is there to keep."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st

from responder.policy.hours import When, promise_of

NINE_TO_SIX = [[(540, 1080)]] * 5 + [[], []]
#: 2 March 2026 is a Monday.
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in the week of MONDAY, from 0."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("now", "within", "says"),
    [
        (at(0, 9), 4, When(hours=4)),
        (at(0, 13), 4, When(hours=4)),  # 17:00, an hour to spare
        (at(0, 13, 1), 4, When(by=600)),  # 17:01: nobody is there at 18:01
        (at(0, 17), 4, When(by=600)),
        (at(0, 6), 4, When(hours=4)),  # before opening, and due within the hours
        (at(0, 4), 4, When(by=600)),  # due at 8:00, when nobody is there
        (at(4, 16), 4, When(by=600)),  # Friday afternoon: Monday at ten
        (at(5, 12), 1, When(by=600)),
        (at(0, 9), 24, When(days=2)),
        (at(0, 9), 48, When(days=2)),
        (at(0, 9), 49, When(days=3)),
        (at(3, 9), 48, When(days=4)),  # due on Saturday, kept on Monday
        (at(0, 9), 168, When(days=7)),
    ],
)
def test_the_next_word_is_promised_for_when_somebody_is_there(now: datetime, within: int, says: When) -> None:
    assert promise_of(now, NINE_TO_SIX, within) == says


def test_without_hours_somebody_is_always_there() -> None:
    weeks: tuple[list[list[tuple[int, int]]], ...] = ([], [[]] * 7)
    for week in weeks:
        assert promise_of(at(6, 3), week, 4) == When(hours=4)
        assert promise_of(at(4, 9), week, 48) == When(days=2)


def test_around_the_clock_a_promise_passes_midnight() -> None:
    assert promise_of(at(0, 22), [[(0, 1440)]] * 7, 2) == When(hours=2)


def test_a_lunch_break_counts_as_closed() -> None:
    week = [[(480, 720), (840, 1080)]] * 7
    assert promise_of(at(0, 8), week, 2) == When(hours=2)
    assert promise_of(at(0, 9, 30), week, 2) == When(by=540)
    assert promise_of(at(0, 12), week, 2) == When(hours=2)


def test_the_first_hour_after_opening_is_named_by_the_next_working_day_of_this_week() -> None:
    week = [[(600, 1080)], [], [(480, 720)], [], [], [], []]
    assert promise_of(at(0, 18), week, 3) == When(by=540)
    assert promise_of(at(2, 18), week, 3) == When(by=660)


hours_of_a_day = st.lists(
    st.tuples(st.integers(0, 1380), st.integers(1, 60)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    max_size=2,
)
