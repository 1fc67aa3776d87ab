"""When we call: within opening hours, at full hours, on two days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from responder.model.calendar import Calendar
from responder.model.windows import AHEAD, LENGTH, windows

HERE = ZoneInfo("Europe/Ljubljana")
WEEK = (((9 * 60, 17 * 60),),) * 5 + ((), ())


def told(now: datetime, calendar: Calendar) -> list[str]:
    return [f"{start:%a %H:%M}-{end:%H:%M}" for start, end in windows(now, calendar)]


def test_the_next_hour_that_leaves_time_to_prepare_and_the_first_of_another_day() -> None:
    friday = datetime(2026, 3, 6, 10, 20, tzinfo=HERE)
    assert told(friday, Calendar(week=WEEK, zone=HERE)) == ["Fri 12:00-13:00", "Mon 09:00-10:00"]


def test_too_late_in_the_day_it_is_the_next_two_days() -> None:
    thursday = datetime(2026, 3, 5, 16, 30, tzinfo=HERE)
    assert told(thursday, Calendar(week=WEEK, zone=HERE)) == ["Fri 09:00-10:00", "Mon 09:00-10:00"]


def test_without_hours_nobody_is_called_at_night_or_on_a_sunday() -> None:
    saturday = datetime(2026, 3, 7, 23, 0, tzinfo=UTC)
    assert told(saturday, Calendar()) == ["Mon 09:00-10:00", "Tue 09:00-10:00"]


def test_a_day_off_is_left_out() -> None:
    calendar = Calendar(week=WEEK, zone=HERE, off=lambda day: day == date(2026, 3, 9))
    friday = datetime(2026, 3, 6, 16, 0, tzinfo=HERE)
    assert told(friday, calendar) == ["Tue 09:00-10:00", "Wed 09:00-10:00"]


def test_where_nobody_ever_comes_there_is_none() -> None:
    assert windows(datetime(2026, 3, 6, tzinfo=UTC), Calendar(week=WEEK, off=lambda _: True)) == ()


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_somebody_is_there_for_all_of_it(minutes: int) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    calendar = Calendar(week=WEEK, zone=HERE)
    first, second = windows(now, calendar)
    assert now + AHEAD <= first[0]
    assert first[0].date() < second[0].date()
    for start, end in (first, second):
        assert end - start == LENGTH
        assert start.minute == 0
        assert calendar.spent(start, end) == LENGTH
