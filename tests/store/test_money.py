"""What is kept about money: sums that agree whichever way they are added, also when several note at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from responder.store.money import Cost
from responder.store.store import Store
from tests.network import START, at
from tests.store.reused import emptied

DAY = START.date()
charges = st.lists(
    st.tuples(
        st.integers(0, 45),
        st.sampled_from(["mention read", "reply", "post read"]),
        st.integers(1, 5_000),
        st.integers(0, 10**9),
    ),
    max_size=25,
)


@settings(max_examples=30)
@given(charges)
def test_the_sum_by_day_is_the_sum_by_kind(
    memory_engine: Engine, some: list[tuple[int, str, int, int]]
) -> None:
    store = emptied(memory_engine)
    last = START + timedelta(days=45)
    for back, kind, units, micros in some:
        store.money.note("shop", [(kind, units, micros), (kind, 0, 0)], last - timedelta(days=back))
    today = last.date()
    days = store.money.ledger("shop", last).days
    for first in (today.replace(day=1), today - timedelta(days=6)):
        kinds = store.money.by_kind("shop", first, today)
        noted = [one for one in some if today - timedelta(days=one[0]) >= first]
        by_day = sum(micros for day, micros in days.items() if day >= first)
        assert by_day == sum(cost.micros for cost in kinds.values()) == sum(one[3] for one in noted)
        assert sum(cost.units for cost in kinds.values()) == sum(one[2] for one in noted)


def test_a_day_is_one_of_utc_and_an_account_its_own(any_store: Store) -> None:
    late = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
    any_store.money.note("shop", [("reply", 1, 7)], late)
    any_store.money.note("shop", [("reply", 2, 14), ("reply", 1, 7)], late + timedelta(seconds=1))
    any_store.money.note("other", [("reply", 9, 99)], late)
    any_store.money.note("shop", [], late)
    ledger = any_store.money.ledger("shop", late + timedelta(hours=1))
    assert ledger.days == {date(2026, 3, 2): 7, date(2026, 3, 3): 21}
    assert (ledger.since, ledger.rests_until, ledger.urgent) == (date(2026, 3, 2), None, False)
    assert any_store.money.by_kind("shop", DAY, DAY + timedelta(days=9)) == {"reply": Cost(4, 28)}
    assert any_store.money.spenders() == {"shop", "other"}


def test_the_ledger_goes_back_to_the_months_first_day_or_a_week(any_store: Store) -> None:
    for day in (20, 25, 28):
        any_store.money.note("shop", [("reply", 1, day)], datetime(2026, 2, day, tzinfo=UTC))
    early, late = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert any_store.money.ledger("shop", early).days == {date(2026, 2, 25): 25, date(2026, 2, 28): 28}
    assert sum(any_store.money.ledger("shop", late).days.values()) == 73
    assert any_store.money.ledger("shop", early).since == date(2026, 2, 20)


def test_polls_are_counted_by_whether_they_brought_anything(any_store: Store) -> None:
    for minutes, micros, heard in ((0, 500, True), (2, 0, False), (4, 100, False), (-60 * 24 * 7, 999, True)):
        any_store.money.polled("shop", micros, at(minutes), heard=heard)
    assert any_store.money.polls("shop", at(5)) == {True: Cost(1, 500), False: Cost(2, 100)}
    assert any_store.money.polls("other", at(5)) == {}


def test_a_rest_is_an_alarm_at_once_and_ends_by_a_persons_word(any_store: Store) -> None:
    any_store.intake.introduce({"shop": "scripted", "other": "scripted"})
    any_store.money.rest("shop", at(60), "no \x00credits", at(0))
    ledger = any_store.money.ledger("shop", at(1))
    assert (ledger.rests_until, ledger.rests_why) == (at(60), "no \ufffdcredits")
    problems = {one.name: one.problem for one in any_store.views.health()}
    assert problems == {"shop": "no \ufffdcredits", "other": ""}
    assert not any_store.money.refilled("other", "sam", at(1))
    assert any_store.money.refilled("shop", "sam", at(1))
    assert any_store.money.ledger("shop", at(1)).rests_until is None
    assert any_store.audit.verify().sound


@pytest.mark.parametrize("kinds", [("reply",), ("reply", "mention read")])
def test_of_several_who_note_at_once_no_charge_is_lost(any_url: str, kinds: tuple[str, ...]) -> None:
    if any_url == "sqlite://":
        pytest.skip("one connection has one user at a time")
    store = Store(any_url)
    store.prepare()

    def pay(n: int) -> None:
        store.money.note("shop", [(kind, 1, n) for kind in kinds], START)

    with ThreadPoolExecutor(4) as people:
        list(people.map(pay, range(1, 41)))
    assert store.money.by_kind("shop", DAY, DAY) == {kind: Cost(40, 820) for kind in sorted(kinds)}
    store.close()
