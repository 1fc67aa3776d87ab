"""Periods: whole days of a calendar, in any time zone, across every change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.period import Period, PeriodError, period

#: Clocks that jump at midnight, by half an hour, across the date line, and those that never do.
ZONES = [
    ZoneInfo(name)
    for name in (
        *("UTC", "Europe/Ljubljana", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kathmandu"),
        *("Australia/Lord_Howe", "America/Asuncion", "Asia/Beirut", "America/St_Johns"),
    )
]
#: A Wednesday.
NOW = datetime(2026, 11, 4, 9, 0, tzinfo=ZoneInfo("Europe/Ljubljana"))


@pytest.mark.parametrize(
    ("begins", "ends", "first", "last"),
    [
        ("", "", "2026-10-01", "2026-10-31"),
        ("2026-10-05", "", "2026-10-05", "2026-11-04"),
        ("2026-10-05", "2026-10-09", "2026-10-05", "2026-10-09"),
        ("2026-10-05", "2026-10-05", "2026-10-05", "2026-10-05"),
        ("2026-02", "", "2026-02-01", "2026-02-28"),
        ("2026-09", "2026-10", "2026-09-01", "2026-10-31"),
        ("2024-02", "", "2024-02-01", "2024-02-29"),
        ("2025", "", "2025-01-01", "2025-12-31"),
        ("30d", "", "2026-10-06", "2026-11-04"),
        ("1d", "", "2026-11-04", "2026-11-04"),
        ("30d", "yesterday", "2026-10-06", "2026-11-03"),
        ("today", "", "2026-11-04", "2026-11-04"),
        ("yesterday", "", "2026-11-03", "2026-11-03"),
        ("last week", "", "2026-10-26", "2026-11-01"),
        (" Last-Week ", "", "2026-10-26", "2026-11-01"),
        ("this week", "", "2026-11-02", "2026-11-08"),
        ("last month", "yesterday", "2026-10-01", "2026-11-03"),
        ("this month", "", "2026-11-01", "2026-11-30"),
        ("last year", "", "2025-01-01", "2025-12-31"),
        ("this year", "today", "2026-01-01", "2026-11-04"),
    ],
)
def test_days_are_named_as_people_name_them(begins: str, ends: str, first: str, last: str) -> None:
    of = period(begins, ends, NOW)
    assert (of.first.isoformat(), of.last.isoformat(), of.zone) == (first, last, NOW.tzinfo)


@pytest.mark.parametrize(
    ("begins", "ends", "says"),
    [
        ("", "2026-10-05", "not told where"),
        ("2026-02-30", "", "there is no 2026-02-30"),
        ("2026-13", "", "there is no 2026-13"),
        ("0000", "", "there is no 0000"),
        ("2026-12-01", "", "has not come yet"),
        ("2026-10-05", "2026-10-04", "2026-10-04 comes before 2026-10-05"),
        ("1999-12-31", "", "nothing is older"),
        ("2001", "2025", "ten years"),
        ("9999d", "", "nothing is older"),
        ("the other day", "", "'the other day' is no day"),
        ("٢٠٢٦-١٠", "", "is no day"),
        ("=1+1", "", "is no day"),
    ],
)
def test_what_names_no_days_is_told(begins: str, ends: str, says: str) -> None:
    with pytest.raises(PeriodError, match=says):
        period(begins, ends, NOW)


@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 400),
    share=st.floats(0, 1),
)
def test_every_moment_between_the_ends_and_no_other_falls_on_one_of_the_days(
    zone: ZoneInfo, first: date, days: int, share: float
) -> None:
    of = Period(first, first + timedelta(days=days - 1), zone)
    assert of.days == days
    one = timedelta(microseconds=1)
    inside = of.start + share * (of.end - one - of.start)
    for moment in (of.start, inside, of.end - one):
        local = moment.astimezone(zone).date()
        assert of.first <= local <= of.last
        micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // one
        assert of.first + timedelta(days=of.day_of(micros)) == local
    for moment in (of.start - one, of.end):
        assert not of.first <= moment.astimezone(zone).date() <= of.last


@given(first=st.dates(date(2002, 1, 1), date(2030, 1, 1)), days=st.integers(1, 400))
def test_the_days_before_end_where_these_begin(first: date, days: int) -> None:
    of = Period(first, first + timedelta(days=days - 1), UTC)
    assert (of.before.end, of.before.days) == (of.start, days)


def test_a_day_on_which_the_clocks_change_is_one_day() -> None:
    zone = ZoneInfo("Europe/Ljubljana")
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    lengths = [Period(one, one, zone).end - Period(one, one, zone).start for one in (spring, autumn)]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


@given(zone=st.sampled_from(ZONES), day=st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_no_day_begins_inside_a_quarter_of_an_hour(zone: ZoneInfo, day: date) -> None:
    assert Period(day, day, zone).start.timestamp() % 900 == 0
