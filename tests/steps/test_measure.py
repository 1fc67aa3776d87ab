"""Measuring the desk: every figure from what really happened, and how one person reviews."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from responder.model.correction import What
from responder.model.decision import Verdict
from responder.model.search import Search, parse
from responder.model.statistics import OFFLINE_KINDS, OFFLINE_RULE, Spread
from responder.steps.approve import Yes, approve, decide, edit
from responder.steps.correct import Said, correct
from responder.steps.dismiss import answered_by_hand
from responder.steps.follow_up import follow_up
from responder.steps.measure import measure, measure_person
from responder.steps.post import Mode, post
from responder.store.store import Store
from tests.desk import seen, street, waiting
from tests.lifecycle.world import TARGETS
from tests.network import at, mention
from tests.policies import PlainPolicy

SINCE = at(-60)
MINUTE = 60.0


@pytest.fixture
def lived(store: Store) -> Store:
    """A desk on which c-1 and c-3 were answered, c-1 twice, c-2 was dismissed and c-4 waits."""
    network, accounts = waiting(
        store,
        mention("1", "My parcel is lost.", author="ana"),
        mention("2", "Where is it?", author="bo", minutes=0.1),
        mention("3", "There was a fire!", author="cy", minutes=0.2),
        mention("4", "Nobody answers.", author="di", minutes=0.3),
    )
    shop = accounts["shop"]
    approve(store, shop, seen(store, 1), "sam", at(2), Yes(seconds=8))
    approve(store, shop, seen(store, 3), "sam", at(2), Yes(seconds=30))
    decide(store, seen(store, 2)[0], Verdict.DISMISS, ("sam", "spam"), at(3))
    post(store, accounts, Mode.ON, at(10))
    post(store, accounts, Mode.ON, at(10))
    network.say(mention("1b", "Still lost!", thread="1", author="ana", minutes=30))
    street(store, accounts, 31)
    better = f"{seen(store, 1)[1].text} Today."
    edit(store, PlainPolicy(), shop, seen(store, 1), (better, "sam"), at(32))
    approve(store, shop, seen(store, 1), "sam", at(33), Yes(seconds=50))
    post(store, accounts, Mode.ON, at(40))
    return store


def test_each_figure_is_what_happened(lived: Store) -> None:
    told = measure(lived, Search(), SINCE, at(300))
    assert (told.open, told.open_by_tier, told.open_by_network) == (1, {1: 1}, {"scripted": 1})
    assert (told.answered, told.more, told.reopened) == (2, False, 1)
    # the first answer counts, not the second
    assert told.first_by_tier == {
        5: Spread(n=1, median=9.8 * MINUTE, ninetieth=9.8 * MINUTE),
        1: Spread(n=1, median=10 * MINUTE, ninetieth=10 * MINUTE),
    }
    assert told.first == Spread(n=2, median=9.8 * MINUTE, ninetieth=10 * MINUTE)
    assert told.first_by_network["scripted"].n == 2
    assert (told.in_time, told.timed) == (2, 2)
    assert (told.replies, told.in_private, told.to_invite) == (3, 0, 0)
    assert told.by_day == [2]
    assert told.resolution is None


def test_a_case_counts_as_settled_once_nothing_happens_any_more(lived: Store) -> None:
    follow_up(lived, timedelta(hours=1), at(200))
    told = measure(lived, Search(), SINCE, at(300))
    assert told.resolution is not None
    assert (told.resolution.n, told.resolution.ninetieth) == (2, 200 * MINUTE)


def test_a_search_chooses_the_cases(lived: Store) -> None:
    told = measure(lived, parse("tier:5"), SINCE, at(300))
    assert (told.search, told.open, told.answered, told.replies) == ("tier:5", 0, 1, 1)
    assert measure(lived, parse("text:parcel stage:all"), SINCE, at(300)).answered == 1
    assert measure(lived, parse("stage:waiting"), SINCE, at(300)).answered == 0
    assert measure(lived, parse("account:elsewhere"), SINCE, at(300)).answered == 0


def test_an_answer_by_hand_is_the_first_one_where_it_came_first(store: Store) -> None:
    network, accounts = waiting(store, mention("1", "My parcel is lost.", author="ana"))
    answered_by_hand(store, seen(store)[0], "https://net.example/ours", ("sam", ""), at(5))
    network.say(mention("1b", "Still lost!", thread="1", author="ana", minutes=30))
    street(store, accounts, 31)
    approve(store, accounts["shop"], seen(store), "sam", at(33))
    post(store, accounts, Mode.ON, at(40))
    told = measure(store, Search(), SINCE, at(300))
    assert told.first == Spread(n=1, median=5 * MINUTE, ninetieth=5 * MINUTE)
    assert (told.answered, told.replies, told.reopened) == (1, 1, 1)


def test_what_happened_before_is_left_out(lived: Store) -> None:
    told = measure(lived, Search(), at(20), at(300))
    assert (told.answered, told.replies) == (1, 1)
    assert told.first is None  # its first answer was earlier
    assert measure(lived, Search(), at(100), at(300)).by_day == [0]


def test_an_offline_rule_of_that_name_looks_at_those_kinds_of_reply() -> None:
    book = Path(__file__).parents[2] / "policies" / "rulebook.toml"
    rules = {one["id"]: one for one in tomllib.loads(book.read_text(encoding="utf-8"))["rule"]}
    assert tuple(rules[OFFLINE_RULE]["playbooks"]) == OFFLINE_KINDS
    assert rules[OFFLINE_RULE]["level"]["public"] == "warn"


def test_a_person_is_told_how_they_review(lived: Store) -> None:
    correct(lived, TARGETS, seen(lived, 4)[0], Said(What.MORE_URGENT, "sam"), at(50))
    told = measure_person(lived, "sam", SINCE)
    assert told.decided == {Verdict.APPROVE: 3, Verdict.DISMISS: 1}
    assert told.seconds == Spread(n=3, median=30, ninetieth=50)
    assert (told.approved, told.untouched, told.streak, told.longest) == (3, 2, 0, 2)
    assert told.changed is not None
    assert 0 < told.changed.median < 0.2
    assert (told.cases, told.corrected) == (4, 1)


def test_nobody_is_told_of_what_others_did(lived: Store) -> None:
    told = measure_person(lived, "ana", SINCE)
    assert (told.decided, told.seconds, told.approved, told.cases) == ({}, None, 0, 0)
    assert measure_person(lived, "sam", at(100)).approved == 0
