"""Draft: a reply for every complaint, and whether we may answer at all among its findings."""

from dataclasses import replace
from datetime import datetime

import pytest

from responder.connector import Answerable, Eligibility, Unavailable
from responder.model.case import Case, Stage
from responder.model.decision import Verdict
from responder.model.draft import Origin, fingerprint
from responder.model.limits import Limits
from responder.model.mention import Audience, Mention
from responder.model.triage import Level
from responder.policy.policy import Words
from responder.steps.approve import decide
from responder.steps.draft import draft, eligibility_finding
from responder.steps.triage import triage
from responder.store.store import Store
from tests.desk import keep, seen, stage
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy


def weighed(store: Store, *posts: Mention) -> ScriptedNetwork:
    keep(store, *posts)
    triage(store, PlainPolicy(), TARGETS, at(2))
    return ScriptedNetwork()


def test_a_draft_waits_for_a_person_and_knows_what_it_answers(any_store: Store) -> None:
    net = weighed(any_store, mention("1"))
    report = draft(any_store, PlainPolicy(), {"shop": account(net)}, at(3))
    assert (report.done, report.problems) == ({"drafted": 1}, ())
    case, words = seen(any_store)
    assert (case.stage, words.number, words.origin, words.by) == (Stage.WAITING, 1, Origin.OURS, "")
    assert words.target_id == case.target.id
    assert words.fingerprint == fingerprint(case.target, Audience.PUBLIC, words.text)
    assert words.findings == ()


def test_what_came_privately_is_answered_privately(store: Store) -> None:
    net = weighed(store, replace(mention("1"), audience=Audience.PRIVATE))
    draft(store, PlainPolicy(), {"shop": account(net)}, at(3))
    case, words = seen(store)
    assert words.audience is Audience.PRIVATE
    assert words.fingerprint == fingerprint(case.target, Audience.PRIVATE, words.text)


def test_the_networks_limits_reach_the_policy(store: Store) -> None:
    net = weighed(store, mention("1"))
    net.limits = Limits(length=7)
    told = []

    class Listening(PlainPolicy):
        def write(self, case: Case, limits: Limits, now: datetime, *, recent: tuple[str, ...] = ()) -> Words:
            told.append((limits.length, now))
            return super().write(case, limits, now, recent=recent)

    draft(store, Listening(), {"shop": account(net)}, at(3))
    assert told == [(7, at(3))]


def test_a_draft_is_written_knowing_the_latest_ones_those_of_the_same_run_too(store: Store) -> None:
    net = weighed(store, mention("1"), mention("2", author="bo"), mention("3", author="cy"))
    known = []

    class Listening(PlainPolicy):
        def write(self, case: Case, limits: Limits, now: datetime, *, recent: tuple[str, ...] = ()) -> Words:
            known.append(len(recent))
            return super().write(case, limits, now, recent=recent)

    draft(store, Listening(), {"shop": account(net)}, at(3))
    keep(store, mention("4", author="di"), before="1", cursor="2")
    triage(store, PlainPolicy(), TARGETS, at(4))
    draft(store, Listening(), {"shop": account(net)}, at(5))
    assert known == [0, 1, 2, 3]


def test_a_draft_keeps_the_version_of_the_rulebook_that_judged_it(store: Store) -> None:
    net = weighed(store, mention("1"))
    draft(store, PlainPolicy(), {"shop": account(net)}, at(3))
    assert seen(store)[1].rulebook == "plain"


def test_by_hand_is_a_note_with_the_address() -> None:
    may = Eligibility(answerable=Answerable.BY_HAND, detail="https://net.example/1?text={words}")
    (note,) = eligibility_finding(may, "Čas & 1 €?")
    assert (note.level, note.suggestion) == (
        Level.NOTE, "open https://net.example/1?text=%C4%8Cas%20%26%201%20%E2%82%AC%3F",
    )  # fmt: skip


def test_what_cannot_be_answered_goes_before_a_person_without_a_draft(any_store: Store) -> None:
    net = weighed(any_store, mention("1"))
    net.answerable = Eligibility(answerable=Answerable.NO, detail="replies are off")
    assert draft(any_store, PlainPolicy(), {"shop": account(net)}, at(3)).done == {"drafted": 1}
    card = any_store.views.card(1)
    assert (card.case.stage, card.case.answerable, card.case.answer_detail) == (
        Stage.WAITING,
        "no",
        "replies are off",
    )
    assert card.draft is None
    assert card.events[-1].action == "not drafted"


def test_a_case_that_can_be_answered_again_is_drafted_on_redo(any_store: Store) -> None:
    net = weighed(any_store, mention("1"))
    net.answerable = Eligibility(answerable=Answerable.NO, detail="replies are off")
    draft(any_store, PlainPolicy(), {"shop": account(net)}, at(3))
    net.answerable = Eligibility(answerable=Answerable.API)
    decide(any_store, any_store.casework.get(1), Verdict.REDO, ("sam", "they are on again"), at(4))
    draft(any_store, PlainPolicy(), {"shop": account(net)}, at(5))
    card = any_store.views.card(1)
    assert card.draft is not None
    assert card.case.answerable == "api"


def test_a_case_of_an_account_that_left_the_config_steps_aside_in_words(any_store: Store) -> None:
    weighed(any_store, mention("1"))
    report = draft(any_store, PlainPolicy(), {}, at(3))
    assert report.done == {"stepped aside": 1}
    assert report.problems == ("c-1 was left for later: NoAccount: shop is not in the config",)
    assert draft(any_store, PlainPolicy(), {"shop": account(ScriptedNetwork())}, at(13)).done == {
        "drafted": 1
    }


@pytest.mark.parametrize("error", [Unavailable("no route"), RuntimeError("boom")])
def test_a_network_that_cannot_say_whether_we_may_answer_delays_its_own_cases_only(
    store: Store, error: Exception
) -> None:
    net = weighed(store, mention("1"), mention("2", author="bo"))

    class Asking(ScriptedNetwork):
        def eligibility(self, mention: Mention) -> Eligibility:
            if mention.external_id == "1":
                raise error
            return super().eligibility(mention)

    report = draft(store, PlainPolicy(), {"shop": account(Asking(feed=net.feed))}, at(3))
    assert report.done == {"drafted": 1, "stepped aside": 1}
    assert (stage(store, 1), stage(store, 2)) == (Stage.NEEDS_REPLY, Stage.WAITING)


def test_every_further_draft_has_the_next_number(store: Store) -> None:
    net = weighed(store, mention("1"))
    draft(store, PlainPolicy(), {"shop": account(net)}, at(3))
    keep(store, mention("2", thread="1", minutes=4), before="1", cursor="2")
    triage(store, PlainPolicy(), TARGETS, at(5))
    draft(store, PlainPolicy(), {"shop": account(net)}, at(5))
    card = store.views.card(1)
    assert [one.number for one in card.drafts] == [1, 2]
    assert card.draft is not None
    assert card.draft.target_id == 2
