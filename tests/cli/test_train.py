"""`responder triage train --with-corrections`: before and after are shown, and nothing is put in use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from responder.model.case import Stage
from responder.policy.rulebook import MODEL
from tests.cli.scene import Scene, post
from tests.cli.test_json import documented, told
from tests.policy.sensed import HOME
from tests.training.things import THINGS

FINE = "so your customer service is now a {} and a smile, thanks"
WRONG = "the {} arrived broken and nobody answers"


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A scene in which people called 24 posts no complaint and answered 6 others; not to be changed."""
    scene = Scene(tmp_path_factory.mktemp("taught"))
    scene.configure()
    fine = [FINE.format(thing) for thing in THINGS] * 2
    texts = [*fine, *(WRONG.format(thing) for thing in THINGS[:6])]
    scene.say(*(post(n, text) for n, text in enumerate(texts, 1)))
    assert scene.call("poll").code == 0
    for case in scene.store.views.page(Stage.WAITING, limit=99):
        broken = "broken" in case.target.text
        said = ["approve", case.name, "--draft", "1"] if broken else ["correct", case.name, "not-a-complaint"]
        assert scene.call(*said).code == 0
    return scene


@pytest.fixture
def mine(taught: Scene, tmp_path: Path) -> Scene:
    """The same, one's own."""
    return taught.copy(tmp_path)


def kept(scene: Scene) -> list[str]:
    """Return the files of a scene, without those that SQLite has while the database is open."""
    return sorted(one.name for one in scene.folder.iterdir() if not one.name.endswith(("-wal", "-shm")))


def test_before_and_after_are_shown_and_nothing_is_written(mine: Scene) -> None:
    before = kept(mine)
    said = mine.call("triage", "train", "--with-corrections", answers="", width=120)
    assert said.code == 0
    assert "24 corrections and 6 posts whose reply was approved." in said.words
    assert "before 0.0%" in said.words
    assert "after 100.0%" in said.words
    assert "The model alone sets nothing aside" in said.words
    assert "would set none aside that triage keeps today" in said.words
    assert "Nothing was written: --out FILE writes the model." in said.words
    assert kept(mine) == before


@pytest.mark.slow
def test_the_file_is_written_the_same_each_time_and_used_only_from_a_folder_in_the_config(
    mine: Scene,
) -> None:
    folder = mine.folder / "policies-acme"
    out = folder / MODEL
    said = mine.call("triage", "train", "--with-corrections", "--out", str(out))
    assert (said.code, "Nothing uses it before you put it into a folder" in said.err) == (0, True)
    again = mine.folder / "again.bin"
    mine.call("triage", "train", "--with-corrections", "--out", str(again))
    assert again.read_bytes() == out.read_bytes()

    def chance() -> float:
        (one,) = mine.call("triage", FINE.format("vase"), "--json").document["items"]
        return float(one["probability"])

    before = chance()
    mine.configure("[policies]", f'folders = ["{folder}"]')
    assert chance() < before / 2
    assert "people's corrections -" in mine.call("triage", FINE.format("vase"), answers="", width=200).words


def test_the_model_in_use_is_never_written_over(mine: Scene) -> None:
    raw = (HOME / MODEL).read_bytes()
    said = mine.call("triage", "train", "--with-corrections", "--out", str(HOME / MODEL))
    assert (said.code, "is the model in use" in said.err) == (2, True)
    assert (HOME / MODEL).read_bytes() == raw


def test_no_customers_words_but_plain_ones_of_several_are_in_the_file(mine: Scene) -> None:
    out = mine.folder / "my.bin"
    mine.call("triage", "train", "--with-corrections", "--out", str(out))
    local = json.loads(out.read_bytes().partition(b"\n")[0])["local"]
    assert set(local) == {"bias", "features", "words", "from"}
    assert "customer1" not in json.dumps(local)
    assert all(word.isalpha() for words in local["words"].values() for word in words)


@pytest.mark.slow
def test_a_program_gets_it_as_one_document(mine: Scene) -> None:
    document = mine.call("triage", "train", "--with-corrections", "--json").document
    assert document["schema"] == "responder.refit/1"
    assert told(document) == documented("responder.refit/1")
    (item,) = document["items"]
    assert (item["corrections"], item["approved"], item["lost"], item["out"]) == (24, 6, 0, None)
    assert item["after"]["log_loss"] < item["before"]["log_loss"]


def test_the_cues_of_what_was_called_too_urgent_are_told(mine: Scene) -> None:
    mine.configure("[response]", 'close_after = "7d"')
    for case in mine.store.views.page(Stage.APPROVED, limit=2):
        mine.call("correct", case.name, "less-urgent")
    said = mine.call("triage", "train", "--with-corrections", answers="", width=120)
    assert "Cues in posts called less urgent:" in said.words
    assert "A person changes them, in cues.toml." in said.words


def test_too_few_corrections_are_told_with_what_there_is(scene: Scene) -> None:
    scene.call("correct", "c-1", "not-a-complaint")
    scene.call("correct", "c-3", "less-urgent")
    out = scene.folder / "my.bin"
    said = scene.call("triage", "train", "--with-corrections", "--out", str(out))
    assert said.code == 1
    assert "1 of the 20 corrections that a refit needs are there. Nothing was fitted." in said.err
    assert "Cues in posts called less urgent: fire 1." in said.err
    assert not out.exists()


@pytest.mark.parametrize(
    "tokens", [[], ["--out", "x"], ["--with-corrections", "--data", "x"], ["--data", "x"]]
)
def test_what_to_fit_the_model_to_has_to_be_said(empty: Scene, tokens: list[str]) -> None:
    said = empty.call("triage", "train", *tokens)
    assert (said.code, "Say what to fit the model to." in said.err) == (2, True)


def test_a_refit_loads_nothing_that_only_training_needs() -> None:
    code = "import sys, responder.training.corrections; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"sklearn", "scipy"} & set(loaded.split())
