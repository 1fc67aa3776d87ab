"""Completion in real shells: commands, options, and the ids of cases with who wrote what."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from responder.store.store import Store
from tests.cli.scene import Scene
from tests.cli.test_app import started
from tests.desk import keep
from tests.network import mention

ROOT = Path(__file__).parents[2]
#: How each shell that is asked at its prompt begins: no files of its own, and our completion.
SHELLS = {"bash": "bash --norc --noprofile -i", "zsh": "zsh -f -i"}
PREPARED = {
    "bash": 'eval "$(responder completion bash)"',
    "zsh": 'autoload -U compinit; compinit -u -D; eval "$(responder completion zsh)"',
}


@pytest.fixture
def folder(scene: Scene) -> Path:
    """A folder in which `responder` is a command that reads the scene's config."""
    command = scene.folder / "bin" / "responder"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m responder "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return scene.folder


def surroundings(scene: Scene) -> dict[str, str]:
    """Return the environment in which `responder` is found and reads the scene's config."""
    return {
        **os.environ,
        "PATH": f"{scene.folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RESPONDER_CONFIG": str(scene.config),
        "HOME": str(scene.folder),
    }


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, scene: Scene, folder: Path) -> Iterator["pexpect.spawn[str]"]:
    """A shell that completes `responder`."""
    command, prepared = SHELLS[request.param], PREPARED[request.param]
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    environ = surroundings(scene) | {"TERM": "xterm", "PS1": "> "}
    child = pexpect.spawn(command, cwd=str(folder), env=environ, encoding="utf-8", timeout=60)
    child.setwinsize(40, 120)
    child.sendline(f"{prepared}; echo re''ady")
    child.expect("ready\r")
    yield child
    child.close(force=True)


@pytest.mark.slow
def test_a_command_is_completed(shell: "pexpect.spawn[str]") -> None:
    shell.send("responder unr\t")
    shell.expect("unread")


@pytest.mark.slow
def test_ids_are_offered_with_their_authors(shell: "pexpect.spawn[str]") -> None:
    shell.send("responder show c-\t\t")
    shell.expect("c-[1-4].*c-[1-4].*c-[1-4].*c-[1-4]")


@pytest.mark.slow
def test_fish_offers_commands_and_ids_as_well(scene: Scene, folder: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    asked = 'responder completion fish | source; complete -C "responder unr"; complete -C "responder show c-"'
    said = subprocess.run(
        ["fish", "--no-config", "-c", asked],
        env=surroundings(scene), capture_output=True, text=True, check=False,
    )  # fmt: skip
    offered = [line.partition("\t")[0] for line in said.stdout.splitlines()]
    assert offered[0] == "unread", said.stderr
    assert set(offered[1:]) == {"c-1", "c-2", "c-3", "c-4"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["show", ""], {"c-1", "c-2", "c-3", "c-4"}),
        (["show", "c-"], {"c-1", "c-2", "c-3", "c-4"}),
        (["dismiss", "c-5"], {"c-5"}),
        (["approve", "c-1", "c-2"], {"c-2"}),
        (["log", "4"], {"4"}),
        (["show", "x"], set()),
    ],
)
def test_what_is_offered_begins_as_it_was_typed(scene: Scene, words: list[str], ids: set[str]) -> None:
    said = started("__complete", *words, RESPONDER_CONFIG=str(scene.config))
    assert {line.partition("\t")[0] for line in said.stdout.splitlines() if "\t" in line} == ids
    assert said.returncode == 0
    if "c-5" in ids:
        assert "c-5\t@customer5: Love the new shop, thank you so much!" in said.stdout


@pytest.mark.slow
def test_the_config_of_the_line_is_the_one_that_is_read(scene: Scene, empty: Scene) -> None:
    said = started("__complete", "--config", str(scene.config), "show", "c-3")
    assert "c-3\t@customer3" in said.stdout


@pytest.mark.slow
def test_completing_makes_no_database(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.configure()
    said = started("__complete", "show", "c-", RESPONDER_CONFIG=str(scene.config))
    assert said.returncode == 0
    assert not (tmp_path / "r.db").exists()


def test_the_names_of_views_are_offered_with_their_filters(scene: Scene) -> None:
    scene.configure("[views]", 'mine = "owner:me"')
    said = started("__complete", "queue", "--view", "", RESPONDER_CONFIG=str(scene.config))
    assert "mine\towner:me" in said.stdout


def test_numbers_that_begin_alike_are_found_without_reading_the_others(store: Store) -> None:
    keep(store, *(mention(str(n), author=f"a{n}") for n in range(1, 131)))
    assert [one.id for one in store.finding.beginning("12", 5)] == [12, 129, 128, 127, 126]
    assert [one.id for one in store.finding.beginning("131", 5)] == []
    assert [one.id for one in store.finding.beginning("7", 20)] == [7, *range(79, 69, -1)]


def test_a_program_gets_the_script_in_an_envelope(scene: Scene) -> None:
    document = scene.call("completion", "bash", "--json").document
    assert document["schema"] == "responder.completion/1"
    assert document["items"][0]["shell"] == "bash"
    assert scene.call("completion", "tcsh").code == 2
