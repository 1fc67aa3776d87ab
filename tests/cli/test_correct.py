"""`responder correct`: what triage got wrong is said in one line, holds at once, and can be taken back."""

import pytest

from responder.model.case import Stage
from responder.model.correction import What
from tests.cli.scene import Scene

EVIL = "because \x1b[2J\u202e\x00 \u200b\ud800 it is"


def stage(scene: Scene, number: int = 1) -> Stage:
    return scene.store.casework.get(number).stage


@pytest.mark.parametrize(
    ("tokens", "says", "to"),
    [
        (["c-1", "not-a-complaint"], "c-1 is set aside as no complaint.", Stage.SET_ASIDE),
        (["c-1", "complaint"], "Noted: c-1 is a complaint.", Stage.WAITING),
        (["c-5", "complaint"], "c-5 needs a reply.", Stage.NEEDS_REPLY),
        (["c-5", "not-a-complaint"], "Noted: c-5 is no complaint.", Stage.SET_ASIDE),
        (["c-1", "more-urgent"], "c-1 is of tier 4 now: legal, fraud or time-critical.", Stage.WAITING),
        (["c-1", "LESS-urgent"], "c-1 is of tier 2 now: about to leave.", Stage.WAITING),
        (["c-1", "language=DE"], "c-1 will be weighed and drafted anew in German.", Stage.NEW),
    ],
)
def test_each_correction_says_what_happened(scene: Scene, tokens: list[str], says: str, to: Stage) -> None:
    said = scene.call("correct", *tokens, answers="", width=200)
    assert (said.code, says in said.out) == (0, True), said.out + said.err
    assert stage(scene, int(tokens[0][2:])) is to


def test_it_says_how_to_take_it_back_and_that_works_as_it_stands(scene: Scene) -> None:
    said = scene.call("correct", "c-1", "not-a-complaint", "--json").document["items"][0]
    assert said["did"] == "corrected: not a complaint"
    assert said["after"] == f"To take this back: responder --config {scene.config} correct c-1 complaint"
    assert scene.call("correct", "c-1", "complaint").code == 0
    assert stage(scene) is Stage.NEEDS_REPLY


def test_an_approval_that_ends_by_it_is_told(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1")
    said = scene.call("correct", "c-1", "language=de", answers="", width=200)
    assert "Its approval has ended; nothing was sent." in said.out
    assert [one.stage for one in scene.store.views.card(1).deliveries] == ["VOID"]


def test_a_case_told_to_be_in_another_language_is_drafted_in_it(scene: Scene) -> None:
    scene.call("correct", "c-1", "language=de")
    scene.call("triage")
    scene.call("draft")
    card = scene.store.views.card(1)
    assert (card.case.language, card.draft and card.draft.language) == ("de", "de")
    assert stage(scene) is Stage.WAITING


def test_the_card_and_its_json_tell_who_said_what_and_what_triage_had_said(scene: Scene) -> None:
    scene.call("correct", "c-1", "more-urgent", "--reason", "a gift", who="Ana")
    drawn = scene.call("show", "c-1", answers="", width=160).words
    assert "Ana said just now: more urgent: a gift (triage: tier 3," in drawn
    (item,) = scene.call("show", "c-1", "--json").document["items"]
    assert [one["says"] for one in item["reasons"] if one["rule"] == "corrected"] == ["Ana: more urgent"]
    (told,) = item["corrections"]
    assert {name: told[name] for name in ("by", "what", "reason", "tier", "found")} == {
        "by": "Ana", "what": "more-urgent", "reason": "a gift", "tier": 3, "found": "en",
    }  # fmt: skip
    rows = [row for row in scene.call("show", "c-1").rows if row[0] == "corrected"]
    assert rows[0][2:] == ["Ana", "more urgent", "a gift"]


def test_the_digest_counts_corrections(scene: Scene) -> None:
    scene.call("correct", "c-1", "more-urgent")
    scene.call("correct", "c-2", "not-a-complaint")
    assert "triage corrected 2 times (not a complaint 1, more urgent 1)" in scene.call("digest").words


@pytest.mark.parametrize(
    ("tokens", "code", "says"),
    [
        (["c-99", "complaint"], 1, "There is no case c-99."),
        (["c-1", "wrong"], 2, "Say one of: not-a-complaint, complaint, more-urgent"),
        (["c-1", "language"], 2, "language=de"),
        (["c-1", "complaint=yes"], 2, "cannot be told"),
        (["c-1", "language=xx"], 2, "'xx' is none of our languages: bg, de, en, es, fr, hr, sl, sv."),
        (["c-1", "language=en"], 2, "c-1 is taken for en already."),
        (["c-3", "more-urgent"], 2, "c-3 is of tier 5, the most urgent there is."),
        (["c-5", "more-urgent"], 6, "c-5 is set aside"),
        (["c-1", "complaint", "--reason", "x" * 501], 2, "A reason has at most 500 characters."),
        (["c-1"], 2, "WHAT"),
    ],
)
def test_what_cannot_be_said_is_told_and_changes_nothing(
    scene: Scene, tokens: list[str], code: int, says: str
) -> None:
    said = scene.call("correct", *tokens)
    assert (said.code, says in said.err) == (code, True), said.err
    assert scene.store.casework.get(1).corrections == ()


@pytest.mark.parametrize("what", [str(what) for what in What if what is not What.LANGUAGE])
def test_a_hostile_reason_is_kept_and_acts_nowhere(scene: Scene, what: str) -> None:
    assert scene.call("correct", "c-1", what, "--reason", EVIL).code == 0
    kept = scene.store.casework.get(1).corrections[0].reason
    assert "\x00" not in kept
    assert "\ud800" not in kept
    for tokens in (["show", "c-1"], ["show", "c-1", "--history"], ["show", "c-1", "--json"]):
        out = scene.call(*tokens).out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_a_case_of_grave_harm_is_not_called_none_without_a_word(scene: Scene) -> None:
    said = scene.call("correct", "c-3", "not-a-complaint")
    assert said.code == 2
    assert "Add: --reason WHY" in said.err
    assert stage(scene, 3) is Stage.WAITING
    assert scene.call("correct", "c-3", "not-a-complaint", "--reason", "a film scene").code == 0
    assert stage(scene, 3) is Stage.SET_ASIDE
