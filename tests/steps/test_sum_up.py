"""Summing up some days: each figure is what a plain count over everything there is says, on each database."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from responder.connector import Account
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.model.period import Period
from responder.model.search import Search, parse
from responder.model.summary import Summary
from responder.model.times import WITHIN
from responder.steps.approve import Blocked, approve, decide, edit
from responder.steps.correct import NothingToCorrect, Said, correct
from responder.steps.digest import digest
from responder.steps.dismiss import answered_by_hand, dismiss
from responder.steps.follow_up import follow_up
from responder.steps.measure import measure
from responder.steps.post import Mode, post
from responder.steps.sum_up import sum_up
from responder.store.errors import Conflict
from responder.store.store import Store
from responder.store.tables import cases, decision, delivery, event
from responder.store.tables import mention as mentions
from tests.desk import seen, street, waiting
from tests.lifecycle.world import TARGETS
from tests.network import at, mention
from tests.policies import PlainPolicy
from tests.store.reused import (
    any_store,
    emptied,
    file_engine,
    memory_engine,
    postgres_engine,
)

__all__ = ["any_store", "file_engine", "memory_engine", "postgres_engine"]

LJUBLJANA, KATHMANDU = ZoneInfo("Europe/Ljubljana"), ZoneInfo("Asia/Kathmandu")
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), LJUBLJANA)
TEXTS = ("My parcel is lost.", "There was a fire!", "Many thanks to you.")
#: What happens next, and after how many minutes.
Deed = tuple[str, int, float]


class Town:
    """Customers, people and the machine, in whatever order they please."""

    def __init__(self, store: Store, said: list[int]) -> None:
        self.store, self.minutes, self.posts = store, 3.0, len(said)
        posts = [
            mention(str(n), TEXTS[kind], author=f"a{n}", minutes=n / 10) for n, kind in enumerate(said, 1)
        ]
        self.network, self.accounts = waiting(store, *posts)

    @property
    def shop(self) -> Account:
        return self.accounts["shop"]

    def live(self, deeds: list[Deed]) -> None:
        """Let all this happen; what is not possible then does not."""
        for n, (what, number, later) in enumerate(deeds):
            self.minutes += later
            deed: Callable[[int, int], object] = getattr(self, what)
            try:
                deed(1 + number % self.posts, n)
            except (Conflict, Blocked, NothingToCorrect, AssertionError):
                continue

    def approves(self, number: int, _n: int) -> None:
        approve(self.store, self.shop, seen(self.store, number), "sam", at(self.minutes))

    def sends(self, _number: int, _n: int) -> None:
        post(self.store, self.accounts, Mode.ON, at(self.minutes))

    def takes_back(self, number: int, _n: int) -> None:
        decide(self.store, seen(self.store, number)[0], Verdict.WITHDRAW, ("sam", ""), at(self.minutes))

    def dismisses(self, number: int, n: int) -> None:
        case, reason = self.store.casework.get(number), ("not a complaint", "spam", "Ana asked me to")[n % 3]
        dismiss(self.store, TARGETS, case, ("sam", reason), at(self.minutes))

    def answers_by_hand(self, number: int, n: int) -> None:
        case = self.store.casework.get(number)
        answered_by_hand(self.store, case, f"https://net.example/{n}", ("sam", ""), at(self.minutes))

    def reopens(self, number: int, _n: int) -> None:
        decide(self.store, self.store.casework.get(number), Verdict.REOPEN, ("sam", ""), at(self.minutes))

    def corrects(self, number: int, n: int) -> None:
        said = Said(list(What)[n % 2 + 2], "sam")
        correct(self.store, TARGETS, self.store.casework.get(number), said, at(self.minutes))

    def edits(self, number: int, n: int) -> None:
        edit(
            self.store,
            PlainPolicy(),
            self.shop,
            seen(self.store, number),
            (f"Sorry {n}.", "sam"),
            at(self.minutes),
        )

    def writes_again(self, number: int, n: int) -> None:
        again = mention(
            f"{number}-{n}", "Still!", thread=str(number), author=f"a{number}", minutes=self.minutes
        )
        self.network.say(again)
        street(self.store, self.accounts, self.minutes)

    def falls_quiet(self, _number: int, _n: int) -> None:
        follow_up(self.store, timedelta(hours=12), at(self.minutes))


DEEDS = (
    *("approves", "approves", "sends", "sends", "takes_back", "dismisses", "answers_by_hand", "reopens"),
    *("corrects", "edits", "writes_again", "falls_quiet"),
)
WORLDS = st.tuples(
    st.lists(st.integers(0, 2), min_size=1, max_size=4),
    st.lists(
        st.tuples(st.sampled_from(DEEDS), st.integers(1, 4), st.sampled_from((1.0, 30.0, 400.0, 2000.0))),
        max_size=25,
    ),
)


def rows(store: Store, table: Any) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def middle(values: list[float], share: float) -> float:
    """Return the smallest of the values that so large a share of them does not exceed."""
    return next(one for one in sorted(values) if sum(other <= one for other in values) >= share * len(values))


def counted(store: Store, of: Period, only: Callable[[Any], bool]) -> dict[str, object]:
    """Return the figures as anybody would count them who has everything before them."""

    def inside(moment: datetime | None) -> bool:
        return moment is not None and of.first <= moment.astimezone(of.zone).date() <= of.last

    known = {one.id: one for one in rows(store, cases) if only(one)}
    sent = [one for one in rows(store, delivery) if inside(one.sent_at) and one.case_id in known]
    told = [one for one in rows(store, event) if inside(one.at) and one.case_id in known]
    decided = [one for one in rows(store, decision) if inside(one.at) and one.case_id in known]
    by_hand = [one for one in told if one.action == "answered by hand"]
    answers: dict[int, list[datetime]] = {}
    for one in rows(store, delivery):
        if one.sent_at and one.case_id in known:
            answers.setdefault(one.case_id, []).append(one.sent_at)
    for one in rows(store, event):
        if one.action == "answered by hand" and one.case_id in known:
            answers.setdefault(one.case_id, []).append(one.at)
    ours = [number for number, times in answers.items() if any(map(inside, times))]
    first = {number: min(answers[number]) for number in ours}
    took = [
        (first[number] - known[number].opened_at).total_seconds() for number in ours if inside(first[number])
    ]
    opened = [one for one in known.values() if inside(one.opened_at)]
    wrote = {one.id: one.created_at for one in rows(store, mentions)}
    return {
        "cases": len(opened),
        "complaints": sum(one.stage != "SET_ASIDE" or one.draft_number > 0 for one in opened),
        "stages": Counter(one.stage for one in opened),
        "tiers": Counter(one.tier for one in opened if one.stage != "SET_ASIDE" or one.draft_number > 0),
        "by day": dict(Counter(one.opened_at.astimezone(of.zone).date() for one in opened)),
        "answers by day": dict(
            Counter(
                one.astimezone(of.zone).date()
                for one in [*(one.sent_at for one in sent), *(one.at for one in by_hand)]
            )
        ),
        "replies": len(sent),
        "by hand": len(by_hand),
        "answered": len(ours),
        "half": middle(took, 0.5) if took else None,
        "nine in ten": middle(took, 0.9) if took else None,
        "timed": sum(known[number].first_by is not None for number in ours),
        "in time": sum(known[n].first_by is not None and first[n] <= known[n].first_by for n in ours),
        "within an hour": sum(one <= WITHIN[1] for one in took),
        "reopened": sum(
            known[number].posts > 1 and wrote[known[number].target_id] > first[number] for number in ours
        ),
        "closed": sum(known[number].stage == "CLOSED" for number in ours),
        "dismissed": sum(one.verdict == "dismiss" for one in decided),
        "spam": sum(one.verdict == "dismiss" and one.reason == "spam" for one in decided),
        "approved": sum(one.verdict == "approve" for one in decided),
        "void": sum(one.action == "delivery void" for one in told),
        "corrected": sum(one.action.startswith("corrected") for one in told),
        "quiet": sum(one.action == "closed" for one in told),
    }  # fmt: skip


def told_by(made: Summary) -> dict[str, object]:
    """Return the same figures as the report tells them."""

    def on(counts: Sequence[int]) -> dict[date, int]:
        return {made.period.first + timedelta(days=one): n for one, n in enumerate(counts) if n}

    times = made.times
    return {
        "cases": made.came.cases,
        "complaints": made.came.complaints,
        "stages": made.came.by_stage,
        "tiers": made.came.by_tier,
        "by day": on(made.came_by_day),
        "answers by day": on(made.answers_by_day),
        "replies": made.replies,
        "by hand": made.by_hand,
        "answered": times.answered,
        "half": times.first and times.first.median,
        "nine in ten": times.first and times.first.ninetieth,
        "timed": times.in_time.of,
        "in time": times.in_time.n,
        "within an hour": sum(times.histogram[:2]),
        "reopened": times.reopened,
        "closed": times.resolution.n if times.resolution else 0,
        "dismissed": made.happened.get("dismissed", 0),
        "spam": made.dismissed.get("spam", 0),
        "approved": made.approved,
        "void": sum(made.voided.values()),
        "corrected": sum(n for what, n in made.happened.items() if what.startswith("corrected")),
        "quiet": made.happened.get("closed", 0),
    }


def agrees(store: Store, town: Town) -> None:
    """Compare the report with a plain count, and with what `stats` and the digest tell of the same days."""
    now = at(town.minutes)
    one_day = Period(date(2026, 3, 2), date(2026, 3, 2), KATHMANDU)
    later = Period(date(2026, 3, 3), date(2026, 3, 20), UTC)
    for of in (MARCH, one_day, later):
        assert told_by(sum_up(store, Search(), of, now)) == counted(store, of, lambda _: True)
    urgent = sum_up(store, parse("tier:5"), MARCH, now)
    assert told_by(urgent) == counted(store, MARCH, lambda one: one.tier == 5)
    aside = sum_up(store, parse("-stage:set-aside"), MARCH, now)
    assert told_by(aside) == counted(store, MARCH, lambda one: one.stage != "SET_ASIDE")

    for of in (MARCH, later):
        made, stats = sum_up(store, Search(), of, now), measure(store, Search(), of.start, now)
        assert (stats.answered, stats.first, stats.first_by_tier, stats.first_by_network) == (
            made.times.answered,
            made.times.first,
            made.times.first_by_tier,
            made.times.first_by_network,
        )
        assert made.times.in_time == (stats.in_time, stats.timed)
        assert (made.times.reopened, made.times.resolution) == (stats.reopened, stats.resolution)
        assert (made.replies, made.in_private) == (stats.replies, stats.in_private)
        assert made.overrides == stats.overrides
    happened = digest(store, later.start, now).figures.happened
    reported = sum_up(store, Search(), later, now).happened
    assert reported == {what: n for what, n in happened.items() if what in REPORTED}


#: What the journal calls what a report counts.
REPORTED = {
    *("wrote again", "removed by its author", "set aside", "answered by hand", "edited by hand", "dismissed"),
    *("reopened", "closed", "delivery void", *(what.action for what in What)),
}


@pytest.mark.parametrize(
    "words", ["owner:nobody", "due:<9w", "mark:private", "-author:@a1", "lang:en id:1", "age:>1s", "parcel"]
)
def test_any_word_of_a_search_may_choose_the_cases(store: Store, words: str) -> None:
    town = Town(store, [0, 1])
    town.live([("approves", 0, 5), ("sends", 0, 20), ("dismisses", 1, 3)])
    now = at(town.minutes)
    every = {one.id for one in store.finding.page(parse(f"{words} stage:all"), now)}
    made = sum_up(store, parse(words), MARCH, now)
    assert told_by(made) == counted(store, MARCH, lambda one: one.id in every)


@pytest.mark.slow
@given(world=WORLDS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_what_a_plain_count_says(
    memory_engine: Any, world: tuple[list[int], list[Deed]]
) -> None:
    store = emptied(memory_engine)
    town = Town(store, world[0])
    town.live(world[1])
    agrees(store, town)


@pytest.mark.slow
@pytest.mark.timeout(900)
@given(world=WORLDS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_what_a_plain_count_says_in_many_worlds(
    memory_engine: Any, world: tuple[list[int], list[Deed]]
) -> None:
    store = emptied(memory_engine)
    town = Town(store, world[0])
    town.live(world[1])
    agrees(store, town)


def test_a_full_life_is_counted_alike_on_each_database(any_store: Store) -> None:
    town = Town(any_store, [0, 1, 0, 2, 0])
    town.live(
        [
            ("approves", 0, 5), ("approves", 1, 0), ("sends", 0, 20), ("sends", 0, 1), ("dismisses", 2, 3),
            ("writes_again", 0, 200), ("answers_by_hand", 4, 1), ("approves", 0, 1), ("edits", 0, 1),
            ("approves", 0, 300), ("writes_again", 0, 2), ("answers_by_hand", 0, 900), ("reopens", 3, 1),
            ("corrects", 3, 1), ("falls_quiet", 0, 3000), ("writes_again", 4, 10), ("approves", 4, 5),
            ("sends", 0, 900),
        ]
    )  # fmt: skip
    made = sum_up(any_store, Search(), MARCH, at(town.minutes))
    assert (made.times.answered, made.replies, made.by_hand) == (3, 3, 2)
    assert made.voided == {"a person edited the words": 1, "the customer wrote again": 1}
    agrees(any_store, town)
