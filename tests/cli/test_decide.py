"""Redo, dismiss, withdraw, reopen, settle: each says what happened and what comes next."""

import pytest

from responder.model.case import Stage
from responder.model.delivery import DeliveryStage
from responder.settings.sections import PostingSection
from responder.steps.post import Mode, post
from responder.store.settling import Outcome
from tests.cli.scene import Scene


def stage(scene: Scene, number: int = 1) -> Stage:
    return scene.store.casework.get(number).stage


def test_another_draft_can_be_asked_for(scene: Scene) -> None:
    said = scene.call("redo", "c-1", "--reason", "too stiff", answers="", width=200)
    assert said.code == 0
    assert "c-1 gets another draft." in said.out
    assert stage(scene) is Stage.NEEDS_REPLY
    assert scene.store.views.card(1).decisions[0].reason == "too stiff"
    assert scene.call("draft").rows == [["draft", "", "drafted", "1"]]
    drafts = scene.store.views.card(1).drafts
    assert len({draft.text for draft in drafts}) == 2


def test_a_dismissal_keeps_its_reason_and_can_be_taken_back(scene: Scene) -> None:
    said = scene.call("dismiss", "c-1", "c-2", "--reason", "handled elsewhere", answers="", width=200)
    assert said.code == 0
    assert "To take this back: responder" in said.out
    assert {stage(scene, 1), stage(scene, 2)} == {Stage.SET_ASIDE}
    assert scene.call("reopen", "c-1").code == 0
    assert stage(scene, 1) is Stage.NEEDS_REPLY


def test_a_person_is_asked_why_and_may_think_again(scene: Scene) -> None:
    assert scene.call("dismiss", "c-1", answers="\n").code == 3
    assert stage(scene) is Stage.WAITING
    assert scene.call("dismiss", "c-1", answers="spam\n").code == 0
    assert scene.store.views.card(1).decisions[0].reason == "spam"


def test_in_a_pipe_a_dismissal_must_say_why(scene: Scene) -> None:
    said = scene.call("dismiss", "c-1")
    assert said.code == 2
    assert "--reason" in said.err


def test_one_wrong_id_dismisses_none(scene: Scene) -> None:
    assert scene.call("dismiss", "c-1", "c-99", "--reason", "spam").code == 1
    assert stage(scene) is Stage.WAITING


def test_a_reason_has_an_end(scene: Scene) -> None:
    assert scene.call("dismiss", "c-1", "--reason", "x" * 501).code == 2


def test_an_approval_can_be_taken_back(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1")
    said = scene.call("withdraw", "c-1", answers="")
    assert said.code == 0
    assert "its draft waits again" in said.out
    assert stage(scene) is Stage.WAITING


def test_what_is_not_so_cannot_be_undone(scene: Scene) -> None:
    for tokens in (["withdraw", "c-1"], ["reopen", "c-1"], ["settle", "c-1", "--not-sent"]):
        assert scene.call(*tokens).code == 6


@pytest.fixture
def unsure(scene: Scene) -> Scene:
    """A scene in which nobody knows whether the reply of c-1, sent eleven minutes ago, is public."""
    lost_answer(scene, minutes=11)
    return scene


def lost_answer(scene: Scene, *, minutes: float) -> None:
    """Let the answer to the reply of c-1 get lost, so long ago on the clock of leases."""
    scene.call("approve", "c-1", "--draft", "1")
    scene.now += PostingSection().undo
    store = scene.store
    clock, seconds = store.reading()
    store.lease_clock = lambda: (clock, seconds - minutes * 60)
    due = store.outbox.due(scene.now, ["shop"])
    claimed = store.outbox.claim(due[0], scene.now)
    assert claimed
    store.outbox.settle(claimed, Outcome(stage=DeliveryStage.UNSURE, problem="it timed out"), scene.now)


def test_a_reply_that_was_found_public_is_settled_with_its_address(unsure: Scene) -> None:
    said = unsure.call("settle", "c-1", "--sent", "https://net.example/r1", answers="")
    assert said.code == 0
    assert "the reply of c-1 is public" in said.out
    assert stage(unsure) is Stage.ANSWERED


def test_a_reply_that_is_surely_not_public_waits_again(unsure: Scene) -> None:
    said = unsure.call("settle", "c-1", "--not-sent", answers="")
    assert said.code == 0
    assert "Its draft waits again" in said.out
    assert stage(unsure) is Stage.WAITING


def test_what_was_sent_just_now_may_still_appear_and_is_not_called_lost(scene: Scene) -> None:
    lost_answer(scene, minutes=3)
    said = scene.call("settle", "c-1", "--not-sent")
    assert said.code == 6
    assert "may still appear; look again in 7 minutes" in said.err
    assert stage(scene) is Stage.APPROVED
    assert scene.call("settle", "c-1", "--sent", "https://net.example/r1").code == 0


def test_a_person_is_not_believed_both_or_neither_or_without_an_address(unsure: Scene) -> None:
    assert unsure.call("settle", "c-1").code == 2
    assert unsure.call("settle", "c-1", "--not-sent", "--sent", "https://net.example/r1").code == 2
    assert unsure.call("settle", "c-1", "--sent", "yes").code == 2
    assert stage(unsure) is Stage.APPROVED


def test_while_it_may_be_public_nothing_else_can_be_done(unsure: Scene) -> None:
    said = unsure.call("withdraw", "c-1")
    assert said.code == 6
    assert "may already be public" in said.err
    assert post(unsure.store, {}, Mode.ON, unsure.now).done == {}
