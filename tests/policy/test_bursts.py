"""What makes many complaints a burst: the count against what is usual, and the likeness of their words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responder.policy.bursts import CHANCE, LEAST, Burst, Post, burst, chance_of, joins, reasons, tail, why
from responder.policy.likeness import Likeness, pieces
from tests.bench.incidents import CAUSES, START, bursts, quiet
from tests.network import at

HOUR = timedelta(hours=1)
#: The same outage, as different people put it.
DOWN = (
    "The app is down, I cannot log in.",
    "can't log in, app is down again!!",
    "Is your app down? Login does not work",
    "app down, nobody here can log in",
    "I can not log in to the app, is it down?",
    "App is dooown, no log in since ten",
)


def posts(*texts: str, topic: str = "outage", language: str = "en", minutes: float = 5) -> list[Post]:
    return [
        Post(number=n, author=f"a{n}", at=at(n * minutes), language=language, topic=topic, text=text)
        for n, text in enumerate(texts, 1)
    ]


def years_of_silence(_topic: str) -> tuple[Sequence[datetime], datetime]:
    return [], at(0) - timedelta(days=400)


def found(some: Sequence[Post], **history: int) -> Burst | None:
    return burst(some, Likeness.of(["my parcel is lost", "the waiter was rude"]), years_of_silence, at(60))


def test_many_who_say_the_same_at_once_are_a_burst_and_it_says_why() -> None:
    one = found(posts(*DOWN))
    assert one is not None
    assert {post.number for post in one.posts} == set(range(1, 7))
    assert one.topic == "outage"
    assert why(one).startswith("6 people wrote alike within an hour, where hardly one does usually")
    assert "down" in one.words
    assert set(reasons(one)) == set(range(1, 7))


def test_a_slow_days_three_jokes_are_none() -> None:
    assert found(posts(*DOWN[:3])) is None


def test_one_person_who_writes_ten_times_is_no_burst() -> None:
    some = posts(*DOWN, *DOWN)
    assert found([Post(number=one.number, author="a", at=one.at, language="en", topic="", text=one.text)
                  for one in some]) is None  # fmt: skip


def test_many_who_say_different_things_are_none() -> None:
    different = (
        *("My parcel is lost.", "Your waiter was rude.", "The refund is late!", "This heater smells."),
        *("Forty minutes on hold", "Wrong size again, really?", "The invoice shows a foreign address"),
    )
    assert found(posts(*different, topic="")) is None


def test_what_people_write_all_the_time_is_no_burst() -> None:
    def usual(_topic: str) -> tuple[Sequence[datetime], datetime]:
        since = at(0) - timedelta(days=28)
        return [since + n * timedelta(minutes=12) for n in range(28 * 120)], since

    assert burst(posts(*DOWN), Likeness(), usual, at(60)) is None


def test_where_nothing_is_known_yet_more_have_to_write() -> None:
    def new(_topic: str) -> tuple[Sequence[datetime], datetime]:
        return [], at(-180)

    some = posts(*DOWN, minutes=2)
    assert burst(some, Likeness(), new, at(60)) is None
    assert burst(posts(*DOWN * 4, minutes=2), Likeness(), new, at(60)) is not None


def test_the_same_hour_of_other_days_counts_as_usual() -> None:
    monday = at(60) - HOUR
    rush = [
        monday - timedelta(days=day) + timedelta(minutes=m) for day in range(1, 28) for m in (5, 20, 35, 50)
    ]
    usual, chance = chance_of(6, rush, at(0) - timedelta(days=28), (HOUR, monday))
    assert usual > 3
    assert chance > 0.05


def test_a_post_in_another_language_about_the_same_thing_joins_with_a_reason() -> None:
    likeness, members = Likeness(), posts(*DOWN)
    other = Post(number=9, author="b", at=at(50), language="sl", topic="outage", text="Aplikacija ne dela.")
    assert joins(other, members, likeness) == "it is about outage too, in another language"


def test_a_post_about_something_else_does_not_join() -> None:
    likeness = Likeness.of(["my parcel is lost", "where is my refund", "the app is nice"] * 5)
    other = Post(
        number=9, author="b", at=at(50), language="en", topic="", text="Where is my refund for the lamp?"
    )
    assert joins(other, posts(*DOWN), likeness) == ""


def test_a_post_that_says_the_same_joins_and_names_whom_it_is_like() -> None:
    one = Post(
        number=9, author="b", at=at(50), language="en", topic="outage", text="app down, cannot log in at all"
    )
    assert joins(one, posts(*DOWN), Likeness()).startswith("it says what c-")


COUNTS = st.integers(0, 60)
WINDOWS = st.floats(0, 5_000, allow_nan=False)


@given(COUNTS, COUNTS, WINDOWS)
def test_more_are_never_likelier_than_fewer(n: int, count: int, windows: float) -> None:
    assert 0 <= tail(n + 1, count, windows) <= tail(n, count, windows) + 1e-9 <= 1 + 1e-9


@given(st.integers(1, 60), COUNTS, WINDOWS)
def test_what_was_seen_more_often_is_likelier_to_come_again(n: int, count: int, windows: float) -> None:
    assert tail(n, count, windows) <= tail(n, count + 1, windows) + 1e-12
    assert tail(n, count, windows + 1) <= tail(n, count, windows) + 1e-12


@given(st.floats(0.01, 20), st.integers(1, 40))
@settings(max_examples=50)
def test_after_much_was_seen_the_chance_is_that_of_the_known_rate(rate: float, n: int) -> None:
    from math import exp, factorial

    known = 1 - sum(exp(-rate) * rate**k / factorial(k) for k in range(n))
    assert tail(n, round(rate * 1e6), 1e6) == pytest.approx(known, abs=1e-3)


@given(st.lists(st.text(max_size=40), max_size=12))
def test_whatever_people_write_no_burst_is_smaller_than_the_least(texts: list[str]) -> None:
    one = found(posts(*texts, minutes=1))
    assert one is None or (len(one.posts) >= LEAST and one.chance < CHANCE)


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_the_same_both_ways_and_whole_with_itself(one: str, other: str) -> None:
    likeness = Likeness.of([other])
    first, second = pieces(one), pieces(other)
    assert likeness.between(first, second) == pytest.approx(likeness.between(second, first))
    assert 0 <= likeness.between(first, second) <= 1 + 1e-9
    assert not first or likeness.weight(next(iter(first))) >= 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("приложението се срива", "Приложение се сривва"), ("ne mogu se prijaviti", "nemogu se prijavitt"),
     ("Anmeldung unmöglich", "anmeldungen unmoglich"), ("débitée deux fois", "debite 2 fois")],
)  # fmt: skip
def test_spelling_and_endings_do_not_part_what_is_alike(one: str, other: str) -> None:
    assert Likeness().between(pieces(one), pieces(other)) > 0.4


def test_bursts_in_eight_languages_are_found_after_a_few_posts() -> None:
    figures = bursts(4, 12, seed=3, known=6)
    assert figures["bursts"] == 8 * len(CAUSES)
    assert figures["missed"] == 0
    most = figures["posts until found, most"]
    assert isinstance(most, int)
    assert most <= 20


def test_quiet_days_look_like_no_burst() -> None:
    assert START.tzinfo
    assert list(quiet(4, 12, seed=11)) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_in_fifty_quiet_days_of_a_busy_company_nothing_is_proposed() -> None:
    assert len(list(quiet(50, 60, seed=12))) == 0
