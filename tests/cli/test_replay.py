"""`responder triage replay`: a changed rule is tried on what was weighed, before it is put in place."""

import re
from pathlib import Path

import pytest

from tests.cli.scene import Scene
from tests.cli.test_json import DOCS, documented, told

CUE = """
[[cue]]
id = "parcel-gone"
tier = 4
points = 40
kind = "harm"
says = "a parcel that never came"
words = ["parcel never arrived", "parcel never came"]
catches = ["my parcel never arrived", "that parcel never came"]
spares = ["the parcel arrived", "it never rains"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company's folder of policies with a cue of its own."""
    made = tmp_path / "policies-acme" / "en"
    made.mkdir(parents=True)
    (made / "cues.toml").write_text(CUE)
    return made.parent


def test_by_what_is_in_place_nothing_moves(scene: Scene) -> None:
    said = scene.call("triage", "replay", answers="")
    assert said.code == 0
    assert said.words == "5 cases weighed anew: none would move. Nothing was changed."


@pytest.mark.slow
def test_a_cue_of_a_folder_that_is_tried_moves_the_case_it_is_about(scene: Scene, folder: Path) -> None:
    before = scene.store.views.card(1)
    said = scene.call("triage", "replay", "--policies", str(folder), answers="")
    assert "c-1 tier 3, en -> tier 4, en" in said.words
    assert "+ a parcel that never came parcel-gone" in said.words
    assert "5 cases weighed anew: 1 moved up. Nothing was changed." in said.words
    assert scene.store.views.card(1) == before
    assert scene.store.views.verify() == []


@pytest.mark.slow
def test_a_changed_folder_of_the_config_is_tried_by_itself(scene: Scene, folder: Path) -> None:
    scene.configure("[policies]", f'folders = ["{folder}"]')
    (row,) = scene.call("triage", "replay").rows
    assert row[:4] == ["c-1", "tier 3, en", "tier 4, en", "parcel-gone"]


@pytest.mark.slow
def test_corrections_are_weighed_in_and_the_agreement_is_told(scene: Scene, folder: Path) -> None:
    scene.call("correct", "c-1", "more-urgent")
    assert "By itself triage agrees with 0 of 1 correction." in scene.call("triage", "replay").err
    said = scene.call("triage", "replay", "--policies", str(folder))
    assert "none would move. By itself triage agrees with 1 of 1 correction." in said.err


@pytest.mark.slow
def test_a_program_gets_the_figures_in_the_envelope(scene: Scene, folder: Path) -> None:
    document = scene.call("triage", "replay", "--policies", str(folder), "--json", "--since", "1d").document
    assert document["schema"] == "responder.replay/1"
    assert (document["weighed"], document["moving"], document["moved_up"], document["set_aside"]) == (
        5,
        1,
        1,
        0,
    )
    assert told(document) == documented("responder.replay/1")
    assert set(document) - {"schema", "items"} <= set(re.findall(r"`([a-z_]+)`", DOCS))
    (item,) = document["items"]
    assert item["before"] == {"complaint": True, "tier": 3, "language": "en"}
    assert (item["after"]["tier"], item["new"], item["moves"]) == (4, ["parcel-gone"], ["moved up"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (["--since", "yesterday"], "is not a length of time"),
        (["--policies", "nowhere"], "there is no such folder of policies"),
        (["--limit", "0"], "Must be >= 1"),
    ],
)
def test_what_cannot_be_replayed_is_told(scene: Scene, tokens: list[str], says: str) -> None:
    said = scene.call("triage", "replay", *tokens)
    assert (said.code, says in said.err) == (2, True), said.err


def test_what_was_weighed_long_ago_is_left_out(scene: Scene, folder: Path) -> None:
    scene.now = scene.now.replace(year=scene.now.year + 1)
    said = scene.call("triage", "replay", "--since", "30d", "--policies", str(folder), answers="")
    assert said.words == "0 cases weighed anew: none would move. Nothing was changed."
