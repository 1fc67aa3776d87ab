"""Triage: every new case is weighed; one that cannot be steps aside and is tried again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from responder.model.calendar import Calendar
from responder.model.case import Case, Stage
from responder.model.clocks import Clocks, Running, Targets
from responder.model.mention import Mention
from responder.model.triage import Triage
from responder.steps.triage import triage
from responder.store.casework import Casework
from responder.store.errors import StoreBusy, StoreError
from responder.store.store import Store
from tests.desk import keep, stage
from tests.lifecycle.world import TARGETS
from tests.network import START, at, mention
from tests.policies import PlainPolicy


@dataclass(frozen=True, init=False)
class Watchful(PlainPolicy):
    """Remembers what it was asked."""

    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def __init__(self) -> None:
        object.__setattr__(self, "asked", [])

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        self.asked.append((mention.external_id, tuple(one.external_id for one in earlier)))
        return super().weigh(mention, earlier, now, language=language)


class Picky(Casework):
    """Fails to keep any batch that holds one of these cases, with this error."""

    refuses: frozenset[int] = frozenset()
    error: Exception = ValueError("not this one")
    #: Batches that may still fail; None: all.
    left: int | None = None

    def triaged(self, verdicts: Sequence[tuple[Case, Triage, Running]], now: datetime) -> int:
        if self.refuses & {case.id for case, _, _ in verdicts} and self.left != 0:
            self.left = self.left if self.left is None else self.left - 1
            raise self.error
        return super().triaged(verdicts, now)


def picky(store: Store, *refuses: int, error: Exception | None = None, left: int | None = None) -> None:
    store.casework = Picky(store)
    store.casework.refuses = frozenset(refuses)
    store.casework.error = error or ValueError("not this one")
    store.casework.left = left


def some(store: Store, n: int) -> None:
    keep(store, *(mention(str(number), author=f"a{number}") for number in range(n)))


def test_a_complaint_goes_on_and_the_rest_is_set_aside_within_reach(any_store: Store) -> None:
    keep(any_store, mention("1", "It broke."), mention("2", "Many thanks!", author="bo"))
    report = triage(any_store, PlainPolicy(), TARGETS, at(2))
    assert (report.done, report.problems) == ({"triaged": 2}, ())
    assert (stage(any_store, 1), stage(any_store, 2)) == (Stage.NEEDS_REPLY, Stage.SET_ASIDE)
    assert [one.says for one in any_store.views.card(2).reasons] == ["thanks"]


def test_the_answer_is_due_by_its_tier_from_when_the_customer_wrote(store: Store) -> None:
    keep(store, mention("1", "A fire!", minutes=3), mention("2", author="bo", minutes=5))
    targets = Clocks(targets=Targets(first={5: timedelta(minutes=30), 1: timedelta(days=1)}))
    triage(store, PlainPolicy(), targets, at(60))
    assert store.casework.get(1).due_at == at(33)
    assert store.casework.get(2).due_at == at(5 + 24 * 60)


@pytest.mark.parametrize("written", [at(60 * 24 * 365), datetime.max.replace(tzinfo=START.tzinfo)])
def test_a_post_from_the_future_is_due_from_when_it_was_weighed(store: Store, written: datetime) -> None:
    keep(store, replace(mention("1"), created_at=written))
    triage(store, PlainPolicy(), TARGETS, at(2))
    assert store.casework.get(1).due_at == at(2) + TARGETS.targets.first[1]


def test_a_follow_up_is_weighed_with_what_was_said_before(store: Store) -> None:
    keep(store, *(mention(f"p{n}", thread="t", minutes=n) for n in range(30)))
    policy = Watchful()
    triage(store, policy, TARGETS, at(60))
    assert policy.asked == [("p29", tuple(f"p{n}" for n in range(9, 29)))]


def test_more_than_a_batch_is_worked_through(store: Store) -> None:
    some(store, 1203)
    assert triage(store, PlainPolicy(), TARGETS, at(2)).done == {"triaged": 1203}


def test_a_poisoned_case_steps_aside_and_is_tried_again_later(any_store: Store) -> None:
    keep(any_store, mention("1", "poison"), mention("2", author="bo"))
    report = triage(any_store, PlainPolicy(), TARGETS, at(2))
    assert report.done == {"triaged": 1, "stepped aside": 1}
    assert report.problems == ("c-1 was left for later: ValueError: this text cannot be weighed",)
    assert (stage(any_store, 1), stage(any_store, 2)) == (Stage.NEW, Stage.NEEDS_REPLY)
    assert triage(any_store, PlainPolicy(), TARGETS, at(11)).done == {}
    assert triage(any_store, PlainPolicy(), TARGETS, at(12)).done == {"stepped aside": 1}
    assert triage(any_store, Patient(), TARGETS, at(33)).done == {"triaged": 1}


class Patient(PlainPolicy):
    """Can weigh anything."""

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        return super().weigh(replace(mention, text="mended"), earlier, now, language=language)


@pytest.mark.slow
def test_many_poisoned_cases_do_not_hide_the_others(store: Store) -> None:
    keep(store, *(mention(f"p{n}", "poison", author=f"p{n}") for n in range(700)), mention("1", author="bo"))
    report = triage(store, PlainPolicy(), TARGETS, at(2))
    assert report.done == {"triaged": 1, "stepped aside": 700}


def test_what_cannot_be_kept_is_tried_alone_and_the_rest_is_kept(any_store: Store) -> None:
    some(any_store, 5)
    picky(any_store, 3)
    report = triage(any_store, PlainPolicy(), TARGETS, at(2))
    assert report.done == {"triaged": 4, "stepped aside": 1}
    assert report.problems == ("c-3 was left for later: ValueError: not this one",)
    assert stage(any_store, 3) is Stage.NEW
    assert any_store.views.verify() == []


def test_a_batch_the_database_refuses_for_one_row_is_tried_alone(store: Store) -> None:
    some(store, 3)
    picky(store, 2, error=StoreError("The database could not do this: value out of range"))
    assert triage(store, PlainPolicy(), TARGETS, at(2)).done == {"triaged": 2, "stepped aside": 1}


@pytest.mark.parametrize("left", [None, 2])
def test_a_busy_database_is_nobodys_fault(store: Store, left: int | None) -> None:
    some(store, 2)
    picky(store, 1, error=StoreBusy(), left=left)
    with pytest.raises(StoreBusy):
        triage(store, PlainPolicy(), TARGETS, at(2))
    store.casework = Casework(store)
    assert triage(store, PlainPolicy(), TARGETS, at(2)).done == {"triaged": 2}


def test_a_database_that_gets_busy_while_one_is_tried_alone_is_nobodys_fault(store: Store) -> None:
    some(store, 2)

    class ThenBusy(Picky):
        def triaged(self, verdicts: Sequence[tuple[Case, Triage, Running]], now: datetime) -> int:
            if len(verdicts) == 1:
                raise StoreBusy
            return super().triaged(verdicts, now)

    store.casework = busy = ThenBusy(store)
    busy.refuses = frozenset({1})
    with pytest.raises(StoreBusy):
        triage(store, PlainPolicy(), TARGETS, at(2))
    store.casework = Casework(store)
    assert triage(store, PlainPolicy(), TARGETS, at(2)).done == {"triaged": 2}


def test_a_case_that_moved_meanwhile_is_left_and_comes_round_again(any_store: Store) -> None:
    some(any_store, 2)

    class Slow(PlainPolicy):
        def weigh(
            self, post: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
        ) -> Triage:
            if post.external_id == "0" and any_store.casework.get(1).posts == 1:
                more = mention("more", thread="0", author="a0", minutes=1)
                keep(any_store, more, before="1", cursor="2")
            return super().weigh(post, earlier, now, language=language)

    report = triage(any_store, Slow(), TARGETS, at(2))
    assert report.done == {"triaged": 2}
    case = any_store.casework.get(1)
    assert (case.stage, case.target.external_id) == (Stage.NEEDS_REPLY, "more")


def test_others_moving_the_same_cases_do_not_make_it_spin(store: Store) -> None:
    some(store, 2)

    class Ahead(Casework):
        def triaged(self, verdicts: Sequence[tuple[Case, Triage, Running]], now: datetime) -> int:
            return 0

    store.casework = Ahead(store)
    assert triage(store, PlainPolicy(), TARGETS, at(2)).done == {}


def test_a_stop_comes_between_two_cases_and_what_was_weighed_is_kept(store: Store) -> None:
    some(store, 10)
    policy = Watchful()
    report = triage(store, policy, TARGETS, at(2), stop=lambda: len(policy.asked) >= 4)
    assert report.done == {"triaged": 4}
    assert len(policy.asked) == 4


#: Somebody is there in the afternoon of working days.
AFTERNOONS = (((780, 1020),),) * 5 + ((), ())


def test_what_can_wait_is_due_in_the_companys_hours_and_harm_at_any(store: Store) -> None:
    keep(store, mention("calm", "Late.", author="a"), mention("harm", "A fire!", author="b"))
    targets = replace(TARGETS, calendar=Calendar(week=AFTERNOONS))
    triage(store, PlainPolicy(), targets, at(0))
    page = store.views.page(Stage.NEEDS_REPLY, limit=9)
    due = {case.target.external_id: case.due_at for case in page}
    written = {case.target.external_id: case.target.created_at for case in page}
    assert due["harm"] == written["harm"] + TARGETS.targets.first[5]
    assert due["calm"] == at(0).replace(hour=17), "four hours from one o'clock"
