"""What silence is unusual: a night is not, a dead feed is, and soon."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.rhythm import MEMORY, Rhythm, hour_of

#: A Monday, midnight.
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEKS = 8


def weekly(hours: dict[int, int], *, weeks: int = WEEKS) -> Rhythm:
    """Return the rhythm of an account that heard so much at these hours of each week, until MONDAY."""
    end = hour_of(MONDAY)
    heard = {end - 168 * week + hour: n for week in range(1, weeks + 1) for hour, n in hours.items()}
    return Rhythm(heard=heard, until=end)


#: Somebody speaks each hour from 8 to 18, Monday to Friday.
OFFICE = {24 * day + hour: 2 for day in range(5) for hour in range(8, 18)}


def first_alarm(rhythm: Rhythm, since: datetime) -> timedelta:
    """Return after how long a silence is unusual; at most two weeks."""
    return next(n * HOUR / 4 for n in range(4 * 24 * 14) if rhythm.unusual(since, since + n * HOUR / 4))


def test_a_feed_that_speaks_every_hour_is_named_within_three_and_a_bit() -> None:
    always = weekly(dict.fromkeys(range(168), 1))
    assert first_alarm(always, MONDAY) <= 3.25 * HOUR


def test_a_busy_feed_is_named_within_two_hours() -> None:
    assert first_alarm(weekly(dict.fromkeys(range(168), 60)), MONDAY) <= 2 * HOUR


@pytest.mark.parametrize("day", [0, 1, 2, 3])
def test_a_night_is_no_alarm_and_the_morning_after_it_is(day: int) -> None:
    rhythm = weekly(OFFICE)
    evening = MONDAY + timedelta(days=day, hours=17, minutes=30)
    assert not rhythm.unusual(evening, evening + 14.5 * HOUR)  # until eight
    assert timedelta(hours=14.5) < first_alarm(rhythm, evening) <= timedelta(hours=19)


def test_a_weekend_is_no_alarm() -> None:
    friday = MONDAY + timedelta(days=4, hours=17, minutes=30)
    assert not weekly(OFFICE).unusual(friday, friday + timedelta(days=2, hours=14.5))
    assert first_alarm(weekly(OFFICE), friday) <= timedelta(days=2, hours=19)


def test_one_burst_makes_no_quiet_hour_a_loud_one() -> None:
    heard = dict(weekly(OFFICE).heard)
    heard[hour_of(MONDAY) - 168 + 3] = 5_000
    rhythm = Rhythm(heard=heard, until=hour_of(MONDAY))
    assert not rhythm.unusual(MONDAY - 7 * HOUR, MONDAY + 8 * HOUR)


def test_who_is_young_is_given_three_days() -> None:
    young = weekly(OFFICE, weeks=1)
    assert not young.unusual(MONDAY, MONDAY + timedelta(days=2, hours=23))
    assert young.unusual(MONDAY, MONDAY + timedelta(days=3))


def test_who_is_hardly_ever_spoken_to_has_no_rhythm() -> None:
    rare = Rhythm(heard={hour_of(MONDAY) - 1000: 9, hour_of(MONDAY) - 500: 1}, until=hour_of(MONDAY))
    assert not rare.unusual(MONDAY, MONDAY + timedelta(days=3000))
    assert not Rhythm(heard={}, until=hour_of(MONDAY)).unusual(MONDAY, MONDAY + timedelta(days=3000))


def test_hours_in_which_nothing_could_be_heard_teach_no_silence() -> None:
    always = dict.fromkeys(range(168), 1)
    whole = dict(weekly(always).heard)
    out = frozenset(range(hour_of(MONDAY) - 100, hour_of(MONDAY) - 40))
    left = {hour: n for hour, n in whole.items() if hour not in out}
    taught = Rhythm(heard=left, until=hour_of(MONDAY))
    told = Rhythm(heard=left, until=hour_of(MONDAY), blind=out)
    assert first_alarm(told, MONDAY) < timedelta(hours=5) < first_alarm(taught, MONDAY)


COUNTS = st.dictionaries(st.integers(0, MEMORY - 1), st.integers(0, 400), max_size=60)
AFTER = st.integers(0, 40 * 24 * 60)


def rhythm_of(counts: dict[int, int]) -> Rhythm:
    end = hour_of(MONDAY)
    return Rhythm(heard={end - 1 - ago: n for ago, n in counts.items()}, until=end)


@given(COUNTS, AFTER, AFTER, AFTER)
def test_silence_adds_up(counts: dict[int, int], one: int, two: int, three: int) -> None:
    rhythm = rhythm_of(counts)
    a, b, c = (MONDAY + timedelta(minutes=minutes) for minutes in sorted((one, two, three)))
    whole = rhythm.expected(a, c)
    assert whole == pytest.approx(rhythm.expected(a, b) + rhythm.expected(b, c))
    assert whole >= 0


@given(COUNTS, AFTER, AFTER)
def test_a_longer_silence_is_no_less_unusual(counts: dict[int, int], one: int, two: int) -> None:
    rhythm = rhythm_of(counts)
    short, long = sorted((one, two))
    if rhythm.unusual(MONDAY, MONDAY + timedelta(minutes=short)):
        assert rhythm.unusual(MONDAY, MONDAY + timedelta(minutes=long))


@given(COUNTS)
def test_a_silence_that_it_lived_through_is_usual(counts: dict[int, int]) -> None:
    rhythm = rhythm_of(counts)
    spoken = sorted(hour for hour, n in rhythm.heard.items() if n)
    for before, after in pairwise(spoken):
        begin = datetime.fromtimestamp(before * 3600, UTC) + HOUR / 2
        assert not rhythm.unusual(begin, datetime.fromtimestamp(after * 3600, UTC) + HOUR / 2)


@given(st.dictionaries(st.integers(0, 167), st.integers(1, 9), min_size=1), st.integers(0, 167))
def test_what_is_the_same_every_week_is_never_an_alarm(hours: dict[int, int], of_week: int) -> None:
    """From the last post of the eighth week to the first of the ninth, each in the middle of its hour."""
    rhythm = weekly(hours)
    last = MONDAY - (168 - max(hours)) * HOUR
    assert not rhythm.unusual(last + HOUR / 2, MONDAY + min(hours) * HOUR + HOUR / 2)
