"""The decisions of dev.py that can be tried without a network, and what the lock files promise."""

import ast
import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dev = load()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[^\w.-]", requirement, maxsplit=1)[0]) for requirement in requirements}


def pins(lock_file: str) -> dict[str, str]:
    text = (ROOT / lock_file).read_text(encoding="utf-8")
    return {normal(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


def pyproject() -> dict[str, Any]:
    read: dict[str, dict[str, list[str]]] = tomllib.loads(
        (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    )
    return read


# --- Python


def test_an_old_python_is_told_what_is_needed_and_how_to_go_on() -> None:
    said = dev.too_old((3, 8, 18))
    assert "Python 3.11 or newer is needed, this is 3.8.18." in said
    assert "uv run dev.py demo" in said


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
def test_a_python_that_is_new_enough_is_told_nothing(version: tuple[int, ...]) -> None:
    assert dev.too_old(version) == ""


def test_an_old_python_can_read_it_far_enough_to_say_so() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    check = next(i for i, node in enumerate(tree.body) if isinstance(node, ast.If))
    before = [node for node in tree.body[:check] if not isinstance(node, ast.Import | ast.ImportFrom)]
    # Only plain text and too_old stand before the check: what Python 3.6 would stumble over comes after
    assert [type(node) for node in before] == [ast.Expr, ast.Assign, ast.FunctionDef]


# --- commands


@pytest.mark.parametrize("asked", [["dance"], [], ["check", "tests/test_dev.py"]])
def test_what_is_not_understood_lists_the_commands_and_exits_2(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(asked) == 2
    said = capsys.readouterr().err
    assert (" ".join(asked) or "nothing was asked") in said
    assert all(re.search(rf"^  {command} ", said, re.MULTILINE) for command in dev.COMMANDS)


def test_only_the_checks_that_are_named_are_run_also_when_one_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    runs: list[tuple[str, ...]] = []

    def fail(*command: str) -> int:
        runs.append(command)
        return 1

    assert dev.each(["lint", "types"], fail) == 1
    assert runs == [dev.CHECKS["lint"], dev.CHECKS["types"]]
    assert capsys.readouterr().out.endswith("\ncheck: failed: lint, types\n")


@pytest.mark.parametrize("asked", ["help", "--help", "-h"])
def test_help_is_an_answer_and_not_an_error(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([asked]) == 0
    assert capsys.readouterr() == (dev.USAGE, "")


# --- trouble


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("Retrying after 'NewConnectionError'\nERROR: No matching distribution found", "out of reach"),
        ("error: Failed to fetch: alembic\n  cause: tcp connect error", "out of reach"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("cause: failed to copy file: No space left on device (os error 28)", "disk is full"),
        ("Error: [Errno 13] Permission denied: '.venv'", "cannot be written by you"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "Do not take the hashes out"),
        ("error: Hash mismatch for `alembic==1.20.1`", "Do not take the hashes out"),
        ("ERROR: No matching distribution found for alembic==1.20.1", "no ready-made file"),
        ("ERROR: something that nobody has seen before", "in the lines above"),
    ],
)
def test_a_failed_step_tells_the_cause_in_plain_words(said: str, advice: str) -> None:
    told = dev.failure("Installing requirements.txt", said)
    assert told.startswith("Installing requirements.txt failed:\n  | ")
    assert said.splitlines()[-1] in told
    assert advice in told
    assert told.endswith("give the same command again: it goes on where it stopped.")


# --- what is installed


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (*LOCKS, "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def test_an_unchanged_tree_is_not_installed_again(tree: Path) -> None:
    assert dev.contents("requirements.txt", tree) == dev.contents("requirements.txt")


@pytest.mark.parametrize("changed", ["requirements.txt", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_again(tree: Path, changed: str) -> None:
    before = dev.contents("requirements.txt", tree)
    with (tree / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert dev.contents("requirements.txt", tree) != before


def test_a_set_up_for_the_demo_does_not_pass_for_one_with_test_tools(tree: Path) -> None:
    (tree / "requirements-dev.txt").write_bytes((tree / "requirements.txt").read_bytes())
    assert dev.contents("requirements.txt", tree) != dev.contents("requirements-dev.txt", tree)


# --- the lock files


@pytest.mark.parametrize("lock_file", LOCKS)
def test_a_lock_file_names_no_host_no_option_and_no_path(lock_file: str) -> None:
    line = re.compile(r"([\w.-]+==[\w.!+]+( ; [\w\s.'()=!<>]+)?|    --hash=sha256:[0-9a-f]{64})( \\)?")
    text = (ROOT / lock_file).read_text(encoding="utf-8")
    assert [found for found in text.splitlines() if not line.fullmatch(found)] == []


@pytest.mark.parametrize("lock_file", LOCKS)
def test_every_line_of_a_lock_file_has_a_hash(lock_file: str) -> None:
    text = (ROOT / lock_file).read_text(encoding="utf-8")
    locked = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert {one.partition("==")[0] for one in locked} == set(pins(lock_file))
    assert [found for found in locked if "--hash=sha256:" not in found] == []


def test_every_library_of_the_project_is_locked() -> None:
    assert names(pyproject()["project"]["dependencies"]) <= pins("requirements.txt").keys()


def test_every_tool_of_the_project_is_locked_for_development() -> None:
    tools = [tool for tool in pyproject()["dependency-groups"]["dev"] if isinstance(tool, str)]
    assert names(tools) <= pins("requirements-dev.txt").keys()


def test_what_builds_the_project_is_locked_for_the_demo() -> None:
    assert names(pyproject()["build-system"]["requires"]) <= pins("requirements.txt").keys()


def test_development_runs_on_the_versions_that_the_demo_runs_on() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
