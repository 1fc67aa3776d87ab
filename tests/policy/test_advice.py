"""Every piece of the founding advice is carried out by something, or says what it waits for."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from responder.cli.app import COMMANDS
from responder.policy.advice import dangling, load_advice
from responder.settings.sections import TABLES
from tests.policy.books import OURS, every_rule, ours

#: Articles and how many pieces each has.
ARTICLES = {"S0": 23, "S1": 21, "S2": 26, "S3": 16}


def test_every_piece_of_the_four_articles_is_there_once_and_in_order() -> None:
    expected = [f"{name}-{n:02}" for name, count in ARTICLES.items() for n in range(1, count + 1)]
    assert [one.id for one in load_advice([OURS])] == expected


def test_every_reference_leads_somewhere() -> None:
    options = re.findall(r"--([a-z_]+)", " ".join(name for one in load_advice([OURS]) for _, name in one.by))
    commands = {name for group in COMMANDS.values() for name in group}
    known = {
        "rule": {rule.id for rule in every_rule().rules["en"]},
        "topic": set(ours().topics.catalogue),
        "command": commands | {f"redo --{name}" for name in options} | {"draft --preview"},
        "setting": {
            f"{table}.{key}"
            for table, kind in TABLES.items()
            for key in (field.name for field in fields(kind))
        },
    }
    assert dangling(load_advice([OURS]), known) == []


def test_what_is_still_to_come_is_said_and_the_rest_is_carried_out() -> None:
    advice = load_advice([OURS])
    assert all(one.by or one.waits for one in advice)
    assert sum(bool(one.by) for one in advice) > 70


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[advice]]\nid = "S0-01"\nsays = "x"\n', "it has neither `by` nor `waits`"),
        ('[[advice]]\nid = "S0-01"\nsays = "x"\nby = ["prayer"]\n', "must begin with one of rule"),
    ],
)
def test_advice_that_nobody_carries_out_is_told_with_its_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "advice.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=problem):
        load_advice([tmp_path])
