"""On the real Bluesky network: a complaint's whole way, and everything that may happen while it waits."""

import pytest

from responder.connector import Answerable
from responder.model.case import Stage
from responder.model.delivery import DeliveryStage
from responder.store.store import Store
from tests.connectors.bluesky.real import RealStage, wait_for
from tests.connectors.bluesky.street import Street

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def street(store: Store, real_stage: RealStage) -> Street:
    return Street(store, real_stage)


def test_a_complaint_is_heard_answered_and_heard_of_again(street: Street, real_stage: RealStage) -> None:
    uri = real_stage.say("My parcel never came. 😡")
    ana = real_stage.author(uri)
    street.hear()
    (case,) = street.waiting()  # within one poll
    assert (case.target.external_id, case.target.text) == (uri, "My parcel never came. 😡")

    words = street.approve(case)
    assert street.post().done == {"sent": 1}
    assert real_stage.sent() == [(uri, words)]
    receipt = street.delivery(case).receipt
    assert receipt is not None
    real_stage.settle(receipt.remote_id)
    thread = ana.get("app.bsky.feed.getPostThread", uri=uri)["thread"]
    assert [one["post"]["record"]["text"] for one in thread["replies"]] == [words]
    wait_for(lambda: ("reply", receipt.remote_id) in ana.told())

    again = ana.say("Still nothing!", answering=receipt.remote_id)
    street.hear()
    (later,) = street.waiting()
    assert (later.id, later.target.external_id) == (case.id, again)
    assert street.store.casework.get(case.id).posts == 2
    street.approve(later)
    assert street.post().done == {"sent": 1}
    assert len(real_stage.sent()) == 2


def test_a_sent_reply_is_read_back_and_strangers_see_it(street: Street, real_stage: RealStage) -> None:
    uri = real_stage.say("My parcel never came.")
    street.hear()
    (case,) = street.waiting()
    street.approve(case)
    street.post()
    receipt = street.delivery(case).receipt
    assert receipt is not None
    real_stage.settle(receipt.remote_id)
    assert street.post(180).problems == ()
    assert street.delivery(case).watches == 1
    connector = real_stage.connector(public_view=f"http://localhost:{real_stage.real.view}")
    assert connector.shown(receipt, case.target).to_strangers is True
    real_stage.brand.delete(receipt.remote_id)
    assert street.post(3600).problems == (f"c-{case.id}: it is not there any more",)
    assert real_stage.seen(uri)


@pytest.mark.parametrize(
    ("change", "said", "end"),
    [
        ("deleted", "deleted", Stage.SET_ASIDE),
        ("edited", "the complaint was edited", Stage.NEW),
        ("blocked", "its author blocked us", Stage.WAITING),
        ("closed", "its author lets only some people reply", Stage.WAITING),
        ("answered", "answered", Stage.WAITING),
        ("wrote again", "its author wrote again", Stage.NEW),
    ],
)
def test_what_changes_while_a_reply_waits_ends_its_approval(
    street: Street, real_stage: RealStage, change: str, said: str, end: Stage
) -> None:
    uri = real_stage.say("My parcel never came.")
    street.hear()
    (case,) = street.waiting()
    street.approve(case)
    changed(real_stage, change, uri)
    report = street.post()
    assert report.done.get("void") == 1, report
    assert said in street.delivery(case).problem
    assert street.stage(case) is end
    assert [words for parent, words in real_stage.sent() if parent == uri] == []
    assert street.delivery(case).stage is DeliveryStage.VOID


def changed(stage: RealStage, change: str, uri: str) -> None:
    """Let something happen to a post, and wait until the network shows it."""
    own = stage.author(uri)
    if change == "deleted":
        stage.remove(uri)
    elif change == "edited":
        stage.edit(uri, "It came after all.")
    elif change == "blocked":
        own.block(stage.brand)
    elif change == "closed":
        own.close_thread(uri)
    elif change == "answered":
        stage.say("A colleague answers.", by_us=True, answering=uri)
    else:
        own.say("Hello?", answering=uri)


def test_whom_we_may_not_answer_waits_without_a_draft(street: Street, real_stage: RealStage) -> None:
    uri = real_stage.say("My parcel never came.")
    real_stage.author(uri).close_thread(uri)
    street.hear()
    (case,) = street.waiting()
    assert case.draft_number == 0
    assert street.account.connector.eligibility(case.target).answerable is Answerable.NO


def test_a_deleted_complaint_is_told_by_the_next_poll(street: Street, real_stage: RealStage) -> None:
    uri = real_stage.say("My parcel never came.")
    street.hear()
    (case,) = street.waiting()
    real_stage.remove(uri)
    assert street.hear().done.get("removed") == 1
    assert street.stage(case) is Stage.SET_ASIDE
