"""The command line as a whole: light, lazy, and with one way to end."""

import os
import subprocess
import sys
from datetime import datetime
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.cli.app import COMMANDS, run
from responder.cli.screen import Streams
from responder.settings import Settings
from responder.wiring import App
from tests.cli.scene import Scene

#: What `responder --help` has no use for.
HEAVY = (
    *(
        "sqlalchemy",
        "alembic",
        "textblob",
        "tweepy",
        "praw",
        "pydantic",
        "apscheduler",
        "structlog",
        "textual",
        "connectors",
    ),
    *(f"responder.{name}" for name in ("wiring", "store", "policy", "steps", "settings", "daemon")),
)


def started(*tokens: str, code: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run responder as a process of its own, in a pipe."""
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "responder"]
    return subprocess.run(
        [*command, *tokens], capture_output=True, text=True, check=False, env={**os.environ, **environ}
    )


@pytest.mark.parametrize("tokens", [["--help"], ["--version"], ["quue"], ["queue", "--help"]])
def test_help_loads_nothing_heavy(tokens: list[str]) -> None:
    code = "import sys; from responder.cli.app import run; run(sys.argv[1:]); print('\\n'.join(sys.modules))"
    loaded = set(started(*tokens, code=code).stdout.splitlines())
    assert "responder.cli.app" in loaded
    assert not {name for name in loaded if name.startswith(HEAVY)}


def test_the_help_reads_as_it_did(snapshot: SnapshotAssertion) -> None:
    said = started("--help", COLUMNS="100")
    assert said.returncode == 0
    assert said.stdout == snapshot


@pytest.mark.parametrize("name", sorted(name for group in COMMANDS.values() for name in group))
def test_every_command_is_where_it_is_said_to_be_and_has_help(name: str) -> None:
    place = next(group[name][0] for group in COMMANDS.values() if name in group)
    module, _, attribute = place.rpartition(":")
    assert getattr(import_module(f"responder.cli.{module}"), attribute)
    said = started(name, "--help") if name in {"queue", "rules"} else None
    if said:
        assert said.returncode == 0
        assert said.stdout.startswith(f"Usage: responder {name}")


def test_the_version_is_that_of_the_package() -> None:
    from responder import __version__

    assert started("--version").stdout.strip() == __version__


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (["quue"], "There is no command 'quue'. Did you mean queue?"),
        (["config", "chek"], "There is no command 'chek'. Did you mean check?"),
        (["queue", "--stage", "opn"], 'Did you mean "open"?'),
        (["queue", "--lmit", "3"], "Unknown option: --lmit. Did you mean --limit?"),
        (["queue", "--limit", "0"], "Must be >= 1"),
        (["show", "x9"], "it looks like c-101"),
        (["show", "c-1", "c-2"], "There is no place for: c-2"),
        (["show"], "requires an argument"),
    ],
)
def test_a_mistyped_line_is_told_with_what_was_meant(scene: Scene, tokens: list[str], says: str) -> None:
    said = scene.call(*tokens)
    assert said.code == 2
    assert said.out == ""
    assert says in said.err
    assert "--help" in said.err.splitlines()[-1]


def test_a_mistyped_line_is_told_to_a_program_as_json(scene: Scene) -> None:
    said = scene.call("quue", "--json")
    assert said.err == ""
    assert said.document["schema"] == "responder.error/1"
    assert said.document["items"][0]["code"] == 2


def test_options_of_every_command_stand_before_or_behind_it(scene: Scene) -> None:
    before, behind = scene.call("--json", "queue"), scene.call("queue", "--json")
    assert before == behind
    assert before.document["schema"] == "responder.queue/1"


def test_a_bug_is_called_a_bug_and_its_place_is_shown_on_demand(scene: Scene) -> None:
    def broken() -> datetime:
        raise KeyError("author")

    out, err = StringIO(), StringIO()
    tokens = ["--config", str(scene.config), "queue"]
    streams = Streams(out, err, StringIO(), {})
    assert run(tokens, streams, broken) == 1
    assert "This is a bug in responder: KeyError: 'author'" in err.getvalue()
    assert "during: responder queue. " in err.getvalue()
    assert "Traceback" not in err.getvalue()
    assert run([*tokens, "--debug"], streams, broken) == 1
    assert "Traceback" in err.getvalue()


def test_ctrl_c_says_that_nothing_is_lost_and_ends_with_130(scene: Scene) -> None:
    def pressed() -> datetime:
        raise KeyboardInterrupt

    err = StringIO()
    streams = Streams(StringIO(), err, StringIO(), {})
    code = run(["--config", str(scene.config), "queue"], streams, pressed)
    assert code == 130
    assert "What was stored before stays" in err.getvalue()


@pytest.mark.slow
def test_a_closed_pipe_is_silent(scene: Scene) -> None:
    command = (
        f"'{sys.executable}' -m responder --config '{scene.config}' queue | true; echo ${{PIPESTATUS[0]}}"
    )
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert said.stderr == ""
    assert said.stdout.strip() in {"0", "141"}  # 0: all was written before the pipe was closed


@pytest.mark.slow
def test_a_closed_pipe_at_a_canvas_is_silent_too(tmp_path: Path) -> None:
    command = f"cd '{tmp_path}' && '{sys.executable}' -m responder demo | head -1; echo ${{PIPESTATUS[0]}}"
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert said.stderr == ""
    assert said.stdout.splitlines()[1] == "141"


def test_settings_that_are_wrong_stop_every_command_with_their_places(scene: Scene) -> None:
    scene.config.write_text('[posting]\nmode = "of"\n', encoding="utf-8")
    said = scene.call("queue")
    assert said.code == 2
    assert f"{scene.config}:2:8: posting.mode:" in said.err


def test_what_was_opened_is_closed_again(scene: Scene) -> None:
    assert (
        scene.call("queue").code == 0
    )  # an open connection would be a ResourceWarning, which is an error here
    App(Settings()).close()  # nothing was opened
