"""Calendars: what is counted while somebody is there, by laws that hold in every zone and every week."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from responder.model.calendar import ALWAYS, Calendar, Week

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
OFFICE = ((540, 1020),)
WEEKDAYS: Week = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ())
NIGHTS: Week = (((0, 360), (1320, 1440)),) * 7
HOUR = timedelta(hours=1)

#: Offsets of half an hour, changes at midnight, changes of half an hour, and a day that was left out.
zones = st.sampled_from([
    "UTC", "Europe/Ljubljana", "America/New_York", "Asia/Kolkata", "America/Santiago", "Asia/Beirut",
    "Australia/Lord_Howe", "Pacific/Apia", "Atlantic/Azores",
]).map(ZoneInfo)  # fmt: skip
minutes = st.integers(0, 1440)
spans = st.tuples(minutes, minutes).filter(lambda pair: pair[0] + 30 <= pair[1])
hours = st.lists(spans, max_size=3).map(tuple)
weeks = st.lists(hours, min_size=7, max_size=7).filter(any)
#: The days in which Apia left one out, and those in which clocks change.
BEGINNINGS = [date(2011, 12, 24), date(2026, 3, 26), date(2026, 10, 22), date(2026, 9, 3)]
seconds = st.integers(0, 86_400 * 12)
pasts = st.builds(
    lambda day, places: [
        datetime.combine(day, time(), UTC) + timedelta(seconds=one) for one in sorted(places)
    ],
    st.sampled_from(BEGINNINGS),
    st.lists(seconds, min_size=3, max_size=3),
)
lengths = st.integers(0, 86_400 * 3).map(lambda n: timedelta(seconds=n))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Give calendars of every kind; some people never come on a Monday, or on the first of a month."""
    off = draw(st.sampled_from([lambda day: False, lambda day: day.weekday() == 0, lambda day: day.day == 1]))
    week = draw(st.one_of(weeks, st.just(NIGHTS), st.just(())))
    assume(not any(week) or any(week[1:]))  # hours on Mondays alone, when nobody ever comes
    return Calendar(week=week, zone=draw(zones), off=off)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LJUBLJANA)


def shop(week: Week = WEEKDAYS, days_off: Collection[date] = ()) -> Calendar:
    return Calendar(week=week, zone=LJUBLJANA, off=lambda day: day in days_off)


@given(calendars(), pasts)
def test_what_is_spent_adds_up(calendar: Calendar, moments: list[datetime]) -> None:
    start, middle, end = moments
    parts = calendar.spent(start, middle) + calendar.spent(middle, end)
    assert parts == calendar.spent(start, end) <= end - start


@given(calendars(), pasts, lengths)
def test_by_the_time_it_is_due_exactly_the_target_is_spent(
    calendar: Calendar, moments: list[datetime], target: timedelta
) -> None:
    start = moments[0]
    due = calendar.due(start, target)
    assert calendar.spent(start, due) == target
    earlier = due - timedelta(seconds=1)
    assert target == timedelta() or calendar.spent(start, max(earlier, start)) < target, "none is earlier"


@given(calendars(), pasts)
def test_what_is_spent_was_due_no_later(calendar: Calendar, moments: list[datetime]) -> None:
    start, _, end = moments
    spent = calendar.spent(start, end)
    assume(spent)
    due = calendar.due(start, spent)
    assert due <= end
    assert calendar.spent(due, end) == timedelta()


@given(calendars(), pasts, lengths, lengths)
def test_later_and_longer_are_never_due_earlier(
    calendar: Calendar, moments: list[datetime], some: timedelta, more: timedelta
) -> None:
    start, later, _ = moments
    assert start <= calendar.due(start, some) <= calendar.due(later, some)
    assert calendar.due(start, some) <= calendar.due(start, some + more)


@given(calendars(), pasts, lengths, lengths)
def test_two_targets_after_each_other_are_one(
    calendar: Calendar, moments: list[datetime], some: timedelta, more: timedelta
) -> None:
    start = moments[0]
    assume(some and more)
    assert calendar.due(calendar.due(start, some), more) == calendar.due(start, some + more)


def test_where_nobody_ever_comes_it_is_due_at_once() -> None:
    never = Calendar(week=(OFFICE, (), (), (), (), (), ()), off=lambda day: day.weekday() == 0)
    start = local("2026-03-02T10:00")
    assert never.due(start, HOUR) == start
    assert never.spent(start, start + timedelta(days=400)) == timedelta()


@given(pasts, lengths, zones)
@example([datetime(2026, 3, 29, 0, 30, tzinfo=UTC)], HOUR, LJUBLJANA)
def test_without_hours_and_days_off_every_hour_counts(
    moments: list[datetime], target: timedelta, zone: ZoneInfo
) -> None:
    start = moments[0]
    for week in ((), ((),) * 7, (((0, 1440),),) * 7, (((0, 700), (700, 1440)),) * 7):
        assert Calendar(week=week, zone=zone).due(start, target) == start + target
        assert Calendar(week=week, zone=zone).spent(start, start + target) == target
    assert ALWAYS.due(start, target) == start + target


@pytest.mark.parametrize(
    ("start", "target", "due"),
    [
        ("2026-03-02 10:00", 3 * HOUR, "2026-03-02 13:00"),  # a Monday
        ("2026-03-06 16:00", 3 * HOUR, "2026-03-09 11:00"),  # over the weekend
        ("2026-03-27 16:00", 3 * HOUR, "2026-03-30 11:00"),  # ... in which an hour is missing
        ("2026-10-23 16:00", 3 * HOUR, "2026-10-26 11:00"),  # ... in which an hour comes twice
        ("2026-03-02 09:00", 8 * HOUR, "2026-03-02 17:00"),
        ("2026-03-02 17:00", 0 * HOUR, "2026-03-03 09:00"),  # they are gone
        ("2026-03-02 12:00", 0 * HOUR, "2026-03-02 12:00"),
    ],
)
def test_a_target_is_counted_by_the_clock_on_the_wall(start: str, target: timedelta, due: str) -> None:
    assert shop().due(local(start), target) == local(due)


def test_a_holiday_on_a_monday_makes_a_weekend_of_three_days() -> None:
    easter_monday = shop(days_off={date(2026, 4, 6)})
    assert easter_monday.due(local("2026-04-03 16:00"), 3 * HOUR) == local("2026-04-07 11:00")
    assert easter_monday.spent(local("2026-04-06 00:00"), local("2026-04-07 09:00")) == timedelta()


def test_a_missing_hour_does_not_count_and_one_that_comes_twice_counts_twice() -> None:
    night = shop(((),) * 6 + (((60, 240),),))  # on Sundays from one to four
    assert night.spent(local("2026-03-29 00:00"), local("2026-03-29 12:00")) == 2 * HOUR
    assert night.spent(local("2026-10-25 00:00"), local("2026-10-25 12:00")) == 4 * HOUR
    inside = shop(((),) * 6 + (((150, 240),),))  # half past two is never shown: it opens when clocks jump
    assert inside.due(local("2026-03-29 00:00"), timedelta()) == local("2026-03-29 03:00")
    parted = shop(((),) * 6 + (((60, 135), (165, 240)),))  # a break that comes twice breaks nothing twice
    assert parted.spent(local("2026-10-25 00:00"), local("2026-10-25 12:00")) == 4 * HOUR


def test_days_off_without_hours_stop_the_clock_for_the_whole_day() -> None:
    calendar = shop((), days_off={date(2026, 12, 25)})
    assert calendar.due(local("2026-12-24 22:00"), 3 * HOUR) == local("2026-12-26 01:00")


def test_counting_ends_where_nobody_ever_comes() -> None:
    start = local("2026-03-02 10:00")
    never = Calendar(week=WEEKDAYS, off=lambda _: True)
    assert never.due(start, HOUR) == start
    assert never.spent(start, start + timedelta(days=20_000)) == timedelta()


def test_somebody_is_there_from_opening_until_closing() -> None:
    open_at = [shop().is_open(local(f"2026-03-02 {hour}")) for hour in ("08:59", "09:00", "16:59", "17:00")]
    assert open_at == [False, True, True, False]
