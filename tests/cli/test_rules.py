"""Rules: proven, listed, and tried on a text."""

import pytest

from tests.cli.scene import Scene


def test_rules_that_are_right_are_counted(scene: Scene) -> None:
    said = scene.call("rules", "check")
    assert said.code == 0
    assert "are right (version " in said.out
    assert scene.call("rules", "check", "--json").document["items"][0]["rules"] > 0


def test_rules_that_are_wrong_are_told_with_their_places(scene: Scene) -> None:
    own = scene.folder / "own" / "en"
    own.mkdir(parents=True)
    (own / "rules.toml").write_text('[[rule]]\nid = "no-robots"\n')
    scene.configure("[policies]", f'folders = ["{scene.folder / "own"}"]')
    said = scene.call("rules", "check")
    assert said.code == 2
    assert f"{own}/rules.toml:" in said.err
    assert scene.call("poll").code == 2


def test_rules_are_listed_with_what_they_weigh(scene: Scene) -> None:
    rows = scene.call("rules", "list", "--language", "en").rows
    assert {row[0] for row in rows} == {"en"}
    assert ["en", "no-conditional-apology", "lexical", "block", "block"] in [row[:5] for row in rows]
    assert "no-conditional-apology" in scene.call("rules", "list", answers="", width=120).out


@pytest.mark.parametrize("tokens", [["Sorry if you feel bad."], ["-"]])
def test_a_text_is_checked_as_a_draft_and_shows_where(scene: Scene, tokens: list[str]) -> None:
    said = scene.call("rules", "test", *tokens, "--json", piped="Sorry if you feel bad.\n")
    assert said.code == 5
    finding = next(item for item in said.document["items"] if item["rule"] == "no-conditional-apology")
    assert "Sorry if you feel bad."[finding["start"] : finding["end"]] == finding["quote"]


def test_a_text_that_may_pass_ends_well(scene: Scene) -> None:
    words = "We lost track of your parcel, and that's on us. I'm sorry. I'll update you here within 4 hours."
    said = scene.call("rules", "test", words, answers="")
    assert said.code == 0
    assert "nothing to object to" in said.out


def test_findings_are_drawn_with_their_places(scene: Scene) -> None:
    said = scene.call("rules", "test", "Sorry if you feel bad.", answers="", width=120)
    assert said.code == 5
    assert "block 0-" in said.words
    assert "no-conditional-apology: " in said.words
