"""Corrections in the store: append only, compare-and-set, with one event and the figures right."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from responder.model.case import Case, Stage
from responder.model.clocks import Running
from responder.model.correction import Correction, What
from responder.model.draft import fingerprint
from responder.model.triage import Finding, Level
from responder.steps.triage import triage
from responder.store.corrections import Weight
from responder.store.errors import Conflict
from responder.store.side_tables import correction
from responder.store.store import Store
from tests.desk import approved, keep, stage, street, waiting
from tests.lifecycle.world import TARGETS
from tests.network import at, mention
from tests.policies import PlainPolicy

SAYS = Finding(rule="corrected", level=Level.NOTE, says="sam: wrong")


def said(case: Case, what: What, *, language: str = "", minutes: float = 3) -> Correction:
    return Correction(
        case_id=case.id,
        mention_id=case.target.id or 0,
        seen=fingerprint(case.target, case.target.audience, ""),
        what=what,
        language=language,
        by="sam",
        at=at(minutes),
        reason="because",
        probability=case.probability,
        tier=case.tier,
        urgency=case.urgency,
        found=case.language,
    )


def correct(store: Store, what: What, *, language: str = "", minutes: float = 3) -> Stage:
    case = store.casework.get(1)
    return store.corrections.correct(case, said(case, what, language=language, minutes=minutes), SAYS)


def kept(store: Store) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(correction)) or 0


def test_what_was_said_is_kept_with_what_triage_had_said(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case = any_store.casework.get(1)
    correct(any_store, What.NOT_A_COMPLAINT)
    assert any_store.casework.get(1).corrections == (said(case, What.NOT_A_COMPLAINT),)
    card = any_store.views.card(1)
    assert card.corrections == (said(case, What.NOT_A_COMPLAINT),)
    assert card.reasons[-1] == SAYS
    assert [(one.action, one.by) for one in card.events][-1] == ("corrected: not a complaint", "sam")
    assert stage(any_store) is Stage.SET_ASIDE
    assert any_store.views.verify() == []


def test_who_saw_the_case_before_it_was_corrected_is_refused(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case = any_store.casework.get(1)
    correct(any_store, What.COMPLAINT)
    for what in What:
        with pytest.raises(Conflict, match="moved while you looked"):
            any_store.corrections.correct(case, said(case, what), SAYS)
    assert kept(any_store) == 1


def test_said_twice_it_is_kept_twice_and_changes_nothing_more(store: Store) -> None:
    waiting(store, mention("1"))
    assert correct(store, What.NOT_A_COMPLAINT) is Stage.SET_ASIDE
    assert correct(store, What.NOT_A_COMPLAINT, minutes=4) is Stage.SET_ASIDE
    assert [one.at for one in store.casework.get(1).corrections] == [at(3), at(4)]
    assert store.casework.get(1).moved_at == at(3)
    assert store.views.verify() == []


@pytest.mark.parametrize(
    ("what", "to"),
    [
        (What.NOT_A_COMPLAINT, Stage.SET_ASIDE),
        (What.COMPLAINT, Stage.APPROVED),
        (What.MORE_URGENT, Stage.APPROVED),
        (What.LESS_URGENT, Stage.APPROVED),
        (What.LANGUAGE, Stage.NEW),
    ],
)
def test_an_approval_ends_where_the_case_moves_and_stands_where_it_stays(
    any_store: Store, what: What, to: Stage
) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    correct(any_store, what, language="de" if what is What.LANGUAGE else "")
    assert stage(any_store) is to
    (delivery,) = any_store.views.card(1).deliveries
    assert (delivery.stage == "PLANNED") is (to is Stage.APPROVED)
    assert bool(any_store.outbox.due(at(9), ["shop"])) is (to is Stage.APPROVED)


def test_an_approval_whose_case_was_only_corrected_is_sent(store: Store) -> None:
    waiting(store, mention("1"))
    approved(store)
    (planned,) = store.outbox.due(at(3), ["shop"])
    correct(store, What.MORE_URGENT)
    assert store.outbox.claim(planned, at(4)) is not None


@pytest.mark.parametrize("what", [What.NOT_A_COMPLAINT, What.LANGUAGE])
def test_a_reply_on_its_way_is_not_called_back_by_a_correction(store: Store, what: What) -> None:
    waiting(store, mention("1"))
    approved(store)
    store.outbox.claim(store.outbox.due(at(3), ["shop"])[0], at(3))
    with pytest.raises(Conflict, match="being sent right now"):
        correct(store, what, language="de")
    assert (stage(store), kept(store)) == (Stage.APPROVED, 0)


def test_a_case_that_nobody_weighed_can_only_be_told_its_language(store: Store) -> None:
    keep(store, mention("1"))
    for what in set(What) - {What.LANGUAGE}:
        with pytest.raises(Conflict, match="c-1 is NEW"):
            correct(store, what)
    assert correct(store, What.LANGUAGE, language="de") is Stage.NEW


def test_a_case_set_aside_has_no_urgency_to_correct(store: Store) -> None:
    waiting(store, mention("1", "Many thanks!"))
    with pytest.raises(Conflict, match="c-1 is SET_ASIDE"):
        correct(store, What.MORE_URGENT)
    assert correct(store, What.COMPLAINT) is Stage.NEEDS_REPLY


def test_a_new_weight_moves_the_case_in_the_queue_and_in_the_figures(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2", author="bo"))
    case = any_store.casework.get(2)
    clocks = Running(owed_since=at(0), due_at=at(30), first_by=at(30), settle_by=None, rule_by=None)
    weight = Weight(tier=4, rank=-40_000, clocks=clocks)
    any_store.corrections.correct(case, said(case, What.MORE_URGENT), SAYS, weight)
    first, _ = any_store.views.page(Stage.WAITING)
    assert (first.id, first.tier, first.due_at) == (2, 4, at(30))
    assert any_store.views.figures(at(9), at(0)).open_by_tier == {4: 1, 1: 1}
    assert any_store.views.verify() == []


def test_what_people_corrected_is_counted_by_the_hour(store: Store) -> None:
    waiting(store, mention("1"))
    correct(store, What.COMPLAINT)
    correct(store, What.NOT_A_COMPLAINT)
    correct(store, What.COMPLAINT)
    happened = store.views.figures(at(9), at(0)).happened
    assert (happened["corrected: complaint"], happened["corrected: not a complaint"]) == (2, 1)


def test_of_several_at_once_one_is_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.db'}"
    store = Store(url)
    store.prepare()
    waiting(store, mention("1"))
    case = store.casework.get(1)
    outcomes: list[object] = []

    def one() -> None:
        mine = Store(url)
        try:
            outcomes.append(mine.corrections.correct(case, said(case, What.NOT_A_COMPLAINT), SAYS))
        except Conflict as error:
            outcomes.append(error)
        mine.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count(Stage.SET_ASIDE), kept(store)) == (1, 1)
    assert all(isinstance(one, Conflict) for one in outcomes if one is not Stage.SET_ASIDE)
    store.close()


class TestLookingBack:
    def test_a_case_counts_once_by_the_last_word_about_it(self, any_store: Store) -> None:
        waiting(any_store, mention("1"), mention("2", author="bo"), mention("3", author="cy"))
        approved(any_store, 1)
        approved(any_store, 2)
        correct(any_store, What.COMPLAINT)
        correct(any_store, What.NOT_A_COMPLAINT)
        told = any_store.lookback.told(approved=10)
        assert [(one.case_id, one.complaint, one.corrected) for one in told] == [
            (1, False, True),
            (2, True, False),
        ]

    def test_a_post_that_was_edited_since_teaches_nothing(self, store: Store) -> None:
        network, accounts = waiting(store, mention("1"), mention("2", author="bo"))
        approved(store, 2)
        correct(store, What.NOT_A_COMPLAINT)
        network.edit("1", "The heater caught fire.", "e1")
        network.edit("2", "The heater caught fire.", "e1")
        street(store, accounts, 5)
        assert store.lookback.told(approved=10) == []

    def test_every_weighed_case_is_given_once_across_pages(self, store: Store) -> None:
        keep(store, *(mention(str(n), author=f"a{n}") for n in range(1203)))
        triage(store, PlainPolicy(), TARGETS, at(2))
        keep(store, mention("late", author="late"), before="1", cursor="2")
        weighed = list(store.lookback.weighed())
        assert [one.case.id for one in weighed] == list(range(1, 1204))
        assert {(one.at, one.complaint) for one in weighed} == {(at(2), True)}
        assert list(store.lookback.weighed(since=at(3))) == []

    def test_the_moment_is_that_of_the_last_weighing(self, store: Store) -> None:
        _, accounts = waiting(store, mention("1"))
        correct(store, What.LANGUAGE, language="de", minutes=3)
        street(store, accounts, 5)
        (one,) = store.lookback.weighed()
        assert (one.at, one.case.language, one.case.corrections[0].language) == (at(5), "de", "de")
