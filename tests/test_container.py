"""The container is made by the same steps as dev.py, and runs as nobody in particular."""

import ast
import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "Containerfile").read_text(encoding="utf-8")
#: Each instruction on one line.
STEPS = [
    step
    for step in re.sub(r"\\\n", " ", LINES).splitlines()
    if step.strip() and not step.lstrip().startswith("#")
]


def words_of(function: str) -> list[list[str]]:
    """Return the lists of words that a function of dev.py makes."""
    tree = ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"))
    (found,) = (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function)
    lists = [node for node in ast.walk(found) if isinstance(node, ast.List)]
    return [
        [item.value for item in one.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        for one in lists
    ]


def commands() -> list[list[str]]:
    """Return every command that the container runs while it is made."""
    runs = [step.removeprefix("RUN ") for step in STEPS if step.startswith("RUN ")]
    return [shlex.split(command) for run in runs for command in run.split("&&")]


def test_its_steps_are_those_of_dev_py() -> None:
    locked, project = words_of("install_with")
    made = commands()
    assert made[0][1:3] == ["-m", "venv"]
    installs = [[word for word in one[4:] if word != "--no-cache-dir"] for one in made if "pip" in one]
    assert installs == [[*locked, "requirements.txt"], [*project, "."]]


def test_it_copies_what_it_installs_and_nothing_else() -> None:
    copied = [word for step in STEPS if step.startswith("COPY ") for word in step.split()[1:-1]]
    assert all((ROOT / one).exists() for one in copied)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == set(copied)
    assert {"responder", "connectors", "policies"} <= set(copied)


def test_it_runs_as_nobody_in_particular_and_asks_status_how_it_is() -> None:
    order = [step.split()[0] for step in STEPS]
    assert STEPS[order.index("USER")].split()[1].isdigit()
    assert order.index("USER") > max(at for at, word in enumerate(order) if word == "RUN")
    assert '["responder", "status", "--quiet"]' in STEPS[order.index("HEALTHCHECK")]
    assert STEPS[order.index("CMD")] == 'CMD ["responder", "daemon"]'
