"""The arithmetic of figures: how values lie, streaks, words changed, days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.statistics import by_day, spread, streaks, words_changed

TEXTS = st.lists(st.sampled_from(["we", "are", "sorry", "now"]), max_size=8).map(" ".join)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60))
def test_half_are_at_most_the_median_and_nine_in_ten_the_ninetieth(values: list[float]) -> None:
    told = spread(values)
    assert told is not None
    assert told.median in values
    assert told.ninetieth in values
    assert 2 * sum(one <= told.median for one in values) >= len(values)
    assert 2 * sum(one < told.median for one in values) < len(values)
    assert 10 * sum(one <= told.ninetieth for one in values) >= 9 * len(values)
    assert 10 * sum(one < told.ninetieth for one in values) < 9 * len(values)


def test_of_nothing_nothing_is_told() -> None:
    assert spread([]) is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [([], (0, 0)), ([0, 0, 1, 0], (1, 2)), ([1, 1], (0, 0)), ([0.2, 0, 0, 0], (3, 3))],
)
def test_a_streak_ends_with_the_first_word_changed(changed: list[float], told: tuple[int, int]) -> None:
    assert streaks(changed) == told


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ("we are sorry", "we are sorry", 0.0),
        ("we are sorry", "we  are\nsorry", 0.0),
        ("we are sorry", "we are so sorry", 0.25),
        ("we are sorry", "you are sorry", 1 / 3),
        ("we are", "", 1.0),
        ("a b", "c d", 1.0),
    ],
)
def test_words_changed_are_a_share_of_the_longer_text(before: str, after: str, share: float) -> None:
    assert words_changed(before, after) == pytest.approx(share)


@given(TEXTS, TEXTS)
def test_a_change_is_as_great_backwards_and_never_more_than_all(one: str, other: str) -> None:
    assert words_changed(one, other) == words_changed(other, one) <= 1
    assert (words_changed(one, other) == 0) == (one.split() == other.split())


def test_days_are_those_of_the_people() -> None:
    now = datetime(2026, 3, 3, 1, 0, tzinfo=ZoneInfo("Asia/Tokyo"))  # the second, 16:00, in UTC
    late = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)  # the second, 8:00, in Tokyo
    assert by_day([late, now], now - timedelta(days=2), now) == [0, 1, 1]
    assert by_day([late, now], now - timedelta(days=2), now.astimezone(UTC)) == [0, 1, 1]
