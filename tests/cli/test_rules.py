"""Rules: proven, listed, explained, and how far each language goes."""

import pytest

from tests.cli.scene import Scene


@pytest.mark.slow
def test_rules_that_are_right_are_counted(scene: Scene) -> None:
    said = scene.call("rules", "check")
    assert said.code == 0
    assert "in 8 languages are right (version " in said.out
    (item,) = scene.call("rules", "check", "--json").document["items"]
    assert item["rules"] > 390
    assert item["languages"] == ["bg", "de", "en", "es", "fr", "hr", "sl", "sv"]


@pytest.mark.slow
def test_rules_that_are_wrong_are_told_with_their_places(scene: Scene) -> None:
    own = scene.folder / "own" / "en"
    own.mkdir(parents=True)
    (own / "rules.toml").write_text('[[rule]]\nid = "no-robots"\n')
    scene.configure("[policies]", f'folders = ["{scene.folder / "own"}"]')
    said = scene.call("rules", "check")
    assert said.code == 2
    assert f"{own}/rules.toml:" in said.err
    assert scene.call("check", "Hello").code == 2


def test_rules_are_listed_with_what_they_weigh(scene: Scene) -> None:
    rows = scene.call("rules", "list").rows
    assert {row[0] for row in rows} == {"en"}
    assert ["en", "no-conditional-apology", "lexical", "apology", "block", "block", "warn"] in [
        row[:7] for row in rows
    ]
    assert {row[0] for row in scene.call("rules", "list", "--language", "sv").rows} == {"sv"}
    assert "no-conditional-apology" in scene.call("rules", "list", answers="", width=120).out
    assert scene.call("rules", "list", "--language", "tlh").code == 2


@pytest.mark.slow
def test_a_rule_is_explained_in_every_language_and_a_misspelt_one_is_guessed(scene: Scene) -> None:
    document = scene.call("rules", "show", "no-but-apology", "--json").document
    assert [item["language"] for item in document["items"]] == [
        "bg",
        "de",
        "en",
        "es",
        "fr",
        "hr",
        "sl",
        "sv",
    ]
    assert all(item["catches"] and item["spares"] for item in document["items"])
    drawn = scene.call("rules", "show", "no-but-apology", "--language", "en", answers="", width=100)
    assert "Takes the apology back with a but" in drawn.words
    assert "what customers remember" not in drawn.words
    wrong = scene.call("rules", "show", "no-but-apologies")
    assert wrong.code == 2
    assert "no-but-apology" in wrong.err


def test_coverage_says_where_nobody_native_has_read_the_rules(scene: Scene) -> None:
    items = {one["language"]: one for one in scene.call("rules", "coverage", "--json").document["items"]}
    assert items["en"]["native_review"] is True
    assert items["sl"]["native_review"] is False
    assert 0 < items["sl"]["may_block"] < 12 < items["en"]["may_block"]
    assert "warn at most" in scene.call("rules", "coverage", answers="", width=120).words


def test_warnings_that_people_passed_over_are_counted_by_rule(scene: Scene) -> None:
    assert scene.call("rules", "overrides", "--json").document["items"] == []
    scene.call("edit", "c-1", "--text", "We lost your parcel, I'm sorry. I'm tracing it, here by 18:00.")
    assert scene.call("approve", "c-1", "--draft", "2", "--yes").code == 2
    scene.call("approve", "c-1", "--draft", "2", "--yes", "--reason", "they know")
    assert scene.call("rules", "overrides").rows == [["acknowledge-impact", "1"]]


def test_every_piece_of_advice_says_what_carries_it_out(scene: Scene) -> None:
    items = scene.call("advice", "--json").document["items"]
    assert len(items) == 86
    assert all(item["by"] or item["waits"] for item in items)
    assert "rule no-but-apology" in scene.call("advice", answers="", width=100).words
