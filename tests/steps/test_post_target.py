"""Post reads its target again: to what is not as it was approved, nothing is sent."""

import time
from dataclasses import replace
from datetime import datetime

import pytest

from responder.connector import (
    Look,
    Sight,
)
from responder.model.case import Case, Stage
from responder.model.delivery import DeliveryStage
from responder.model.difference import difference
from responder.model.draft import Draft
from responder.model.limits import Limits
from responder.model.mention import Mention
from responder.model.triage import Finding, Level
from responder.steps.post import Mode, Terms, post
from responder.store.store import Store
from tests.desk import approved, stage
from tests.network import ScriptedNetwork, at, mention
from tests.policies import PlainPolicy
from tests.steps.sending import delivery, ready, send


def test_an_edited_complaint_voids_the_approval_and_shows_the_difference(any_store: Store) -> None:
    net, accounts = ready(any_store, mention("1", "My parcel is lost. Please help."))
    net.edit("1", "My parcel is found. Please help.", "e1")
    report = send(any_store, accounts)
    said = "the complaint was edited: My parcel is [-lost.-] {+found.+} Please help."
    assert (report.done, report.problems) == ({"void": 1}, (f"c-1: {said}",))
    assert net.public == []
    assert (delivery(any_store).stage, delivery(any_store).problem) == (DeliveryStage.VOID, said)
    assert stage(any_store) is Stage.NEW
    assert any_store.casework.get(1).target.text == "My parcel is found. Please help."


def test_a_complaint_that_is_gone_voids_the_approval_and_is_set_aside(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.remove("1")
    assert send(any_store, accounts).problems == ("c-1: the complaint is gone",)
    assert (net.public, stage(any_store)) == ([], Stage.SET_ASIDE)
    assert any_store.views.card(1).removed == {1}


def test_a_complaint_a_colleague_answered_waits_for_a_person_again(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.answered.add("1")
    assert send(any_store, accounts).problems == ("c-1: it was answered already: by a colleague",)
    assert (net.public, stage(any_store)) == ([], Stage.WAITING)


def test_a_change_the_network_does_not_show_waits_for_a_person_again(store: Store) -> None:
    _, accounts = ready(store)

    class Vague(ScriptedNetwork):
        def look(self, mention: Mention) -> Look:
            return Look(sight=Sight.CHANGED)

    accounts["shop"] = replace(accounts["shop"], connector=Vague())
    assert send(store, accounts).done == {"void": 1}
    assert stage(store) is Stage.WAITING


@pytest.mark.parametrize("words", ["It broke \ud83d", "It \0 broke"], ids=("half", "nul"))
def test_a_complaint_holding_what_no_database_keeps_is_not_taken_for_edited(
    any_store: Store, words: str
) -> None:
    net, accounts = ready(any_store, mention("1", words))
    assert send(any_store, accounts).done == {"sent": 1}
    assert len(net.public) == 1


@pytest.mark.parametrize("sight", [Sight.GONE, Sight.ANSWERED])
def test_gone_and_answered_count_whatever_else_the_look_holds(store: Store, sight: Sight) -> None:
    _, accounts = ready(store)

    class Talkative(ScriptedNetwork):
        def look(self, mention: Mention) -> Look:
            return Look(sight=sight, now=mention)

    net = Talkative()
    accounts["shop"] = replace(accounts["shop"], connector=net)
    assert send(store, accounts).done == {"void": 1}
    assert net.public == []


@pytest.mark.parametrize(
    "edit", ["now \0 with nul", "half \ud83d", "\x1b[2J gone"], ids=("nul", "half", "escape")
)
def test_an_edit_of_any_kind_is_stored_and_shown_safely(any_store: Store, edit: str) -> None:
    net, accounts = ready(any_store)
    net.edit("1", edit, "e1")
    report = send(any_store, accounts)
    assert report.done == {"void": 1}
    assert not set(report.problems[0]) & set("\0\x1b\ud83d")


def test_the_longest_edit_is_compared_in_no_time(store: Store) -> None:
    before = " ".join(f"word{number}a" for number in range(7000))
    net, accounts = ready(store, mention("1", before))
    net.edit("1", before.replace("a", "b"), "e1")
    begun = time.perf_counter()
    report = send(store, accounts)
    assert time.perf_counter() - begun < 2
    assert report.done == {"void": 1}
    assert len(report.problems[0]) < 2100


def test_a_difference_is_shown_where_it_is() -> None:
    long = " ".join(["same"] * 5000)
    assert (
        difference(f"{long} old end", f"{long} new end") == "… same same same same same [-old-] {+new+} end"
    )
    assert difference("a b c", "a b c") == "a b c"
    assert difference("", "all new") == "{+all new+}"
    assert difference("all gone", "") == "[-all gone-]"
    assert difference(long, f"{long} more") == "… same same same same same {+more+}"


def test_a_customer_who_wrote_again_is_not_answered_with_the_old_words(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.say(mention("2", "It came, thanks!", thread="1", minutes=2))
    assert send(any_store, accounts).problems == ("c-1: its author wrote again: “It came, thanks!”",)
    assert (net.public, stage(any_store)) == ([], Stage.NEW)
    assert any_store.casework.get(1).target.external_id == "2"


def test_a_post_that_nobody_may_answer_any_more_goes_back_with_the_reason(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.closed.add("1")
    problem = "c-1: it cannot be answered any more: its author locked it"
    assert send(any_store, accounts).problems == (problem,)
    assert (net.public, stage(any_store)) == ([], Stage.WAITING)


def test_an_author_who_is_called_otherwise_now_goes_back_to_a_person(any_store: Store) -> None:
    net, accounts = ready(any_store)
    net.feed[0] = replace(net.now("1"), author=replace(net.now("1").author, handle="ana\x1b[2J"))
    (problem,) = send(any_store, accounts).problems
    assert problem == "c-1: its author is called ana<U+001B>[2J now, not ana"
    assert net.public == []
    assert stage(any_store) is Stage.WAITING
    approved(any_store, minutes=4)
    assert send(any_store, accounts, 5).done == {"sent": 1}, "once a person saw it, it is no news"


def test_rules_that_object_since_the_approval_end_it_and_show_what_they_say(any_store: Store) -> None:
    net, accounts = ready(any_store)

    class Stricter(PlainPolicy):
        @property
        def version(self) -> str:
            return "stricter"

        def check(
            self, text: str, case: Case, before: Draft, limits: Limits, now: datetime | None = None
        ) -> tuple[Finding, ...]:
            return (Finding(rule="sorry", level=Level.WARN, says="sorry is overused", quote="sorry"),)

    report = post(any_store, accounts, Mode.ON, at(3), terms=Terms(policy=Stricter))
    assert report.problems == ("c-1: the rules changed since it was approved, and object: sorry is overused",)
    assert (net.public, stage(any_store)) == ([], Stage.WAITING)
    card = any_store.views.card(1)
    assert card.draft is not None
    assert (card.draft.number, card.draft.rulebook) == (2, "stricter")
    assert [one.says for one in card.draft.findings] == ["sorry is overused"], "and it is seen"
    approved(any_store, minutes=4)
    assert post(any_store, accounts, Mode.ON, at(5), terms=Terms(policy=Stricter)).done == {"sent": 1}


def test_rules_that_changed_and_do_not_object_end_nothing(any_store: Store) -> None:
    _, accounts = ready(any_store)

    class Other(PlainPolicy):
        @property
        def version(self) -> str:
            return "other"

    assert post(any_store, accounts, Mode.ON, at(3), terms=Terms(policy=Other)).done == {"sent": 1}


def test_the_target_is_read_once_before_a_reply_goes_out(store: Store) -> None:
    net, accounts = ready(store)
    looks = []

    class Counted(ScriptedNetwork):
        def look(self, mention: Mention) -> Look:
            looks.append(mention.external_id)
            return super().look(mention)

    accounts["shop"] = replace(accounts["shop"], connector=Counted(feed=net.feed))
    send(store, accounts)
    assert looks == ["1"]
