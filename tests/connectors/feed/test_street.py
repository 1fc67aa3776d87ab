"""A complaint from a feed: a person answers where it was written, and says so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from responder.connector import Account
from responder.model.case import Stage
from responder.model.delivery import DeliveryStage, Route
from responder.steps.approve import approve, settle
from responder.steps.draft import draft
from responder.steps.poll import poll
from responder.steps.post import Mode, post
from responder.steps.triage import triage
from responder.store.store import Store
from tests.connectors.feed.stage import Entry, OverHttp
from tests.connectors.stage import ACCOUNT
from tests.desk import seen
from tests.lifecycle.world import TARGETS
from tests.policies import PlainPolicy


def test_a_person_answers_by_hand_and_their_word_stands(stage: OverHttp, store: Store) -> None:
    stage.say("My parcel is late.")
    account = Account(name=ACCOUNT, connector=stage.connector(), every=60)
    accounts, now = {ACCOUNT: account}, stage.site.now + timedelta(minutes=1)
    store.intake.introduce({ACCOUNT: "feed"})
    poll(store, account, now)
    triage(store, PlainPolicy(), TARGETS, now)
    draft(store, PlainPolicy(), accounts, now)
    assert approve(store, account, seen(store), "sam", now) is Route.BY_HAND
    post(store, accounts, Mode.ON, now)
    case = store.casework.get(1)
    assert store.views.card(1).deliveries[0].stage is DeliveryStage.PLANNED
    settle(store, case, "https://forum.example/answers/1", "sam", now)
    assert store.casework.get(1).stage is Stage.ANSWERED
    for hours in (1, 3, 30):
        report = post(store, accounts, Mode.ON, now + timedelta(hours=hours))
        assert report.problems == ()
    assert store.watching.alarmed() == []


@pytest.mark.parametrize("days", [-20_000, 20_000])
def test_no_date_makes_a_post_more_urgent_than_one_of_now(stage: OverHttp, store: Store, days: int) -> None:
    account = Account(name=ACCOUNT, connector=stage.connector(), every=60)
    store.intake.introduce({ACCOUNT: "feed"})
    now = stage.site.now
    poll(store, account, now)
    wrong = Entry("tag:forum.example,wrong", "Never came.", "Ben", now + timedelta(days=days))
    stage.site.entries = [wrong, replace(wrong, id="tag:forum.example,right", author="Ana", at=now)]
    poll(store, account, now)
    triage(store, PlainPolicy(), TARGETS, now)
    due = {one.target.author.name: one.due_at for one in store.views.page(Stage.NEEDS_REPLY)}
    assert due["Ben"] == due["Ana"]
