"""The house keeps its own rules: sizes, names, docstrings, and papers that tell the truth."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from responder.cli.app import build
from responder.model.case import MOVES, Stage
from responder.model.delivery import DELIVERY_MOVES
from responder.model.event import ACTIONS
from responder.model.incident import INCIDENT_MOVES

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path for name in ("responder", "connectors", "policies") for path in (ROOT / name).rglob("*.py")
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
BANNED = {"utils", "util", "helpers", "common", "base", "core", "manager", "service", "misc"}
#: Folders of tests that mirror no folder of sources, and what they are for.
EXTRA_TESTS = {"lifecycle", "drill", "bench", "story", "data", "pairs", "kinds", "standins", "__snapshots__"}
#: Folders users may look for at the top, fixed with them.
TOP = {"responder", "connectors", "policies", "tests", "config", "docs"}


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def is_method(node: ast.FunctionDef) -> bool:
    """Whether it is a public method; what only tells a value is no door."""
    told = any(isinstance(one, ast.Name) and "property" in one.id for one in node.decorator_list)
    return node.name[0] != "_" and not told


def broken(path: Path) -> Iterator[str]:
    """Say what a file does that this house does not do."""
    words = path.read_text()
    tree = ast.parse(words)
    if not ast.get_docstring(tree):
        yield "give the module a docstring of one line"
    if (lines := len(words.splitlines())) > 400:
        yield f"{lines} lines: find the two thoughts in it and part them"
    if path.stem in BANNED:
        yield f"{path.stem} says nothing: name the subject"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            public = [one.name for one in node.body if isinstance(one, ast.FunctionDef) and is_method(one)]
            if len(public) > 12:
                yield f"{node.name} has {len(public)} public methods: it is two things"
        if isinstance(node, ast.FunctionDef):
            yield from _too_much(node, path)


def _too_much(function: ast.FunctionDef, path: Path) -> Iterator[str]:
    lines = (function.end_lineno or 0) - function.lineno + 1
    if lines > 60 and "migrations" not in path.parts:  # a migration is one long list
        yield f"{function.name} has {lines} lines: name its parts"
    named = [one.arg for one in function.args.posonlyargs + function.args.args]
    # what `self` is to a method, the store is to a step
    taken = [name for name in named if name not in {"self", "cls", "store"}]
    if len(taken) > 5 and function.name != "__init__":
        yield f"{function.name} takes {len(taken)} parameters"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_fits_into_the_head_and_says_what_it_is_for(path: Path) -> None:
    assert list(broken(path)) == []


def test_tests_are_sentences_without_patches() -> None:
    for path in TESTS:
        words = path.read_text()
        if path.name != "test_house.py":
            assert "mock.patch" not in words, f"{path}: a seam is missing"
            assert "monkeypatch.setattr" not in words, f"{path}: a seam is missing"
        for function in functions(path):
            if function.name.startswith("test_"):
                assert function.name.count("_") >= 3, f"{path.name}: {function.name} is no sentence"


def test_the_tests_stand_where_what_they_test_stands() -> None:
    sources = {
        path.name
        for name in ("responder", "connectors")
        for path in (ROOT / name).rglob("*")
        if path.is_dir()
    }
    sources |= {"connectors", "responder"}
    for folder in (ROOT / "tests").rglob("*"):
        if folder.is_dir() and folder.name != "__pycache__":
            names = set(folder.relative_to(ROOT / "tests").parts)
            assert names & EXTRA_TESTS or folder.name in sources, f"tests/{folder.name} mirrors nothing"


def test_every_connector_has_its_contract_test() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    contracts = "\n".join(path.read_text() for path in (ROOT / "tests" / "connectors").rglob("*.py"))
    for name, where in project["entry-points"]["responder.connectors"].items():
        classname = where.partition(":")[2]
        assert re.search(rf"class Test\w*{classname}\w*\(.*ConnectorContract", contracts), (
            f"{name} has no contract test"
        )


def test_the_page_on_the_journal_tells_every_action_and_no_other() -> None:
    page = (ROOT / "docs" / "journal.md").read_text().partition("## What happens")[2].partition("\n## ")[0]
    rows = [row.split("|")[1] for row in page.splitlines() if row.startswith("| `")]
    told = [word for row in rows for word in re.findall("`([^`]+)`", row)]
    assert sorted(told) == sorted(ACTIONS)


def test_only_the_journal_touches_its_events_and_only_to_erase_words() -> None:
    for path in (ROOT / "responder").rglob("*.py"):
        if "migrations" in path.parts:
            continue
        words = path.read_text()
        touched = re.findall(
            r"(?:update|delete)\((?:event|journal_head)\)|(?:UPDATE|DELETE FROM) event", words
        )
        allowed = ["update(journal_head)", "update(journal_head)", "update(event)"]
        assert touched == (allowed if path.name == "journal.py" else []), (
            f"{path}: the journal is append only"
        )


def test_the_top_level_is_the_one_agreed_on() -> None:
    listed = (ROOT / ".gitignore").read_text()
    for path in ROOT.iterdir():
        hidden = path.name.startswith(".") or f"/{path.name}/" in listed or f"{path.name}/" in listed
        assert not path.is_dir() or hidden or path.name in TOP, f"{path.name} is no room of this house"


def drawn(heading: str) -> set[tuple[str, str]]:
    """Return the arrows of the diagram under a heading of ARCHITECTURE.md."""
    page = (ROOT / "ARCHITECTURE.md").read_text().partition(f"{heading}\n")[2]
    diagram = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)
    assert diagram, f"no diagram under {heading}"
    return set(re.findall(r"^\s*(\w+) --> (\w+)", diagram[1], re.MULTILINE))


def test_the_drawn_machine_of_a_case_is_the_coded_one() -> None:
    # that every stage goes back to NEW is said in words there
    coded = {(str(stage), str(to)) for stage, tos in MOVES.items() for to in tos if to is not Stage.NEW}
    assert drawn("### A case") == coded


def test_the_drawn_machine_of_a_delivery_is_the_coded_one() -> None:
    assert drawn("### A delivery") == {
        (str(stage), str(to)) for stage, tos in DELIVERY_MOVES.items() for to in tos
    }


def test_the_drawn_machine_of_an_incident_is_the_coded_one() -> None:
    assert drawn("### An incident") == {
        (str(stage), str(to)) for stage, tos in INCIDENT_MOVES.items() for to in tos
    }


def test_the_commands_in_the_readme_exist() -> None:
    known = {name for name in build() if not name.startswith("-")}
    readme = (ROOT / "README.md").read_text()
    for command in re.findall(r"^(?:\.venv/bin/)?responder (?:--\S+ \S+ )*([a-z]+)", readme, re.MULTILINE):
        assert command in known, f"README names `responder {command}`"


def test_no_paper_names_an_index_of_packages() -> None:
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("*.txt"),
        *(ROOT / "docs").glob("*.md"),
        ROOT / ".ci" / "run",
    ]:
        words = path.read_text()
        assert not re.search(r"https?://[^\s/]*(pypi|pythonhosted|npmjs)", words), path
