"""Dismiss: one key for the usual reasons; triage hears of what is none, the clocks of what was answered."""

import pytest

from responder.model.case import Stage
from responder.model.decision import Verdict
from responder.steps.post import Mode, post
from tests.cli.scene import Scene

URL = "https://net.example/ours"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("2", "spam"), ("3", "handled elsewhere"), ("a competitor", "a competitor"), ("5", "5")],
)
def test_a_reason_is_one_key_or_ones_own_words(scene: Scene, typed: str, reason: str) -> None:
    said = scene.call("dismiss", "c-1", answers=f"{typed}\n")
    assert said.code == 0
    assert "1 not a complaint, 2 spam, 3 handled elsewhere, 4 answered by hand" in said.words
    card = scene.store.views.card(1)
    assert (card.case.stage, card.decisions[0].reason) == (Stage.SET_ASIDE, reason)
    assert card.corrections == ()


def test_with_yes_nothing_is_asked_also_at_a_terminal(scene: Scene) -> None:
    said = scene.call("dismiss", "c-2", "--yes", answers="1\n")
    assert said.code == 2
    assert "Why?" not in said.out
    assert "Add: --reason WHY" in said.err
    assert scene.call("dismiss", "c-2", "--yes", "--reason", "spam", answers="").code == 0


def test_what_is_no_complaint_is_told_to_triage(scene: Scene) -> None:
    said = scene.call("dismiss", "c-1", answers="1\n", width=200)
    assert "c-1 is set aside, and triage is told." in said.out
    card = scene.store.views.card(1)
    assert [one.says for one in card.corrections] == ["not a complaint"]
    assert [one.action for one in card.events][-2:] == ["dismissed", "corrected: not a complaint"]
    assert scene.call("correct", "c-1", "complaint").code == 0
    assert scene.store.casework.get(1).stage is Stage.NEEDS_REPLY


def test_triage_is_not_told_so_of_grave_harm_in_passing(scene: Scene) -> None:
    assert scene.call("dismiss", "c-3", "--reason", "not a complaint").code == 0
    card = scene.store.views.card(3)
    assert (card.case.stage, card.corrections) == (Stage.SET_ASIDE, ())


def test_what_was_answered_by_hand_is_answered_and_never_sent(scene: Scene) -> None:
    said = scene.call("dismiss", "c-1", answers=f"4\n{URL}\n")
    assert (said.code, "c-1 is answered, by hand." in said.out) == (0, True)
    card = scene.store.views.card(1)
    assert (card.case.stage, card.case.replies) == (Stage.ANSWERED, 1)
    assert (card.decisions[0].verdict, card.deliveries) == (Verdict.SETTLE, ())
    assert card.events[-1].action == "answered by hand"
    assert card.events[-1].detail == {"url": URL, "reason": "answered by hand"}
    assert URL in scene.call("show", "c-1", answers="").out
    digest = scene.call("digest", "--json").document["items"][0]
    assert (digest["happened"]["answered by hand"], digest["median_answer_seconds"]) == (1, 3600)
    assert post(scene.store, {}, Mode.ON, scene.now).done == {}


def test_the_address_may_stand_on_the_command_line(scene: Scene) -> None:
    (deed,) = scene.call("--json", "dismiss", "c-1", "--answered-at", URL).document["items"]
    assert (deed["did"], deed["case"]) == ("answered by hand", "c-1")
    assert scene.call("dismiss", "c-1", "--answered-at", URL).code == 6


def test_an_answer_has_an_address_and_is_to_one_case(scene: Scene) -> None:
    assert scene.call("dismiss", "c-1", answers="4\n\n").code == 3
    assert scene.call("dismiss", "c-1", "--answered-at", "there").code == 2
    assert scene.call("dismiss", "c-1", "c-2", "--answered-at", URL).code == 2
    assert scene.store.casework.get(1).stage is Stage.WAITING


def test_an_approved_reply_is_not_called_answered_by_hand(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1")
    said = scene.call("dismiss", "c-1", "--answered-at", URL)
    assert said.code == 6
    assert "is approved (sam approved it just now)" in said.err
