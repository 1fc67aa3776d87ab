"""Config: right or wrong, with every place; what holds; where it is read from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.scene import Scene


def test_settings_that_are_right_are_said_in_one_line(scene: Scene) -> None:
    said = scene.call("config", "check")
    assert said.code == 0
    right = f"{scene.config} is right: 1 account, posting off, database sqlite:///{scene.folder}/r.db\n"
    assert said.out == right


def test_everything_that_is_wrong_is_told_at_once_with_its_place(scene: Scene) -> None:
    scene.config.write_text('[posting]\nmod = "on"\n[digest]\nat = "25:00"\n')
    said = scene.call("config", "check")
    assert said.code == 2
    assert f"{scene.config}:2:1: posting.mod:" in said.err
    assert "did you mean `mode`?" in said.err
    assert f"{scene.config}:4:6: digest.at:" in said.err
    problems = scene.call("config", "check", "--json").document["items"][0]["problems"]
    assert len(problems) == 2


def test_every_connector_is_built_and_its_options_are_checked_in_place(scene: Scene) -> None:
    with scene.config.open("a") as file:
        file.write('fil = "x"\n[[accounts]]\nname = "two"\nconnector = "replya"\n')
    said = scene.call("config", "check")
    assert said.code == 2
    assert "accounts.1.options.fil" in said.err
    assert "Did you mean replay?" in said.err


@pytest.mark.slow
def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    environ = {**os.environ, "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "responder", "config"]

    def said(what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, what], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )

    assert said("check").stdout.startswith("There is no file, so the defaults hold: 0 accounts, posting off")
    assert (said("path").returncode, said("path").stdout) == (1, "")


def test_a_check_makes_nothing(empty: Scene) -> None:
    before = sorted(empty.folder.iterdir())
    assert empty.call("config", "check").code == 0
    assert sorted(empty.folder.iterdir()) == before


def test_what_holds_is_shown_with_where_it_comes_from(scene: Scene) -> None:
    said = scene.call("config", "show")
    assert said.code == 0
    assert 'name = "Acme"' in said.out
    assert "# default" in said.out
    assert scene.call("config", "show", "--json").document["items"][0]["text"] == said.out


def test_the_schema_is_printed_as_it_is(scene: Scene) -> None:
    assert json.loads(scene.call("config", "schema").out)["title"] == "complaint-responder"


def test_the_path_is_that_of_the_file_that_is_read(scene: Scene, tmp_path: Path) -> None:
    assert scene.call("config", "path").out == f"{scene.config}\n"
    scene.config.unlink()
    said = scene.call("config", "path")
    assert said.code == 2
    assert "there is no such file" in said.err
