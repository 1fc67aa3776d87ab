"""The founding advice from the command line: listed, and followed to where it leads."""

from io import StringIO

import pytest

from responder.cli.advice import AdviceSheet, here
from responder.cli.screen import Manner, Screen, Streams
from responder.policy.advice import Advice, Trail, load_advice
from tests.cli.scene import Scene, Terminal
from tests.policy.books import OURS


def test_the_advice_is_listed_with_what_carries_each_piece_out(scene: Scene) -> None:
    said = scene.call("advice", answers="", width=100)
    assert said.code == 0
    assert "86 pieces of advice. Does each run? responder advice --check" in said.words
    (first, *_) = scene.call("advice", "--json").document["items"]
    assert first["by"] == [
        {"kind": "rule", "name": "no-doubting-the-customer"},
        {"kind": "command", "name": "triage"},
    ]


@pytest.mark.slow
def test_each_of_our_own_pieces_leads_to_something_that_runs(scene: Scene) -> None:
    said = scene.call("advice", "--check", answers="", width=100)
    assert said.code == 0
    assert "ways followed to the end: none led nowhere." in said.words
    items = scene.call("advice", "--check", "--json").document["items"]
    assert {(by["problem"], bool(by["found"])) for one in items for by in one["by"]} == {("", True)}


def test_every_command_and_setting_that_our_own_pieces_name_is_there() -> None:
    ways = {way for one in load_advice([OURS]) for way in one.by if way[0] in {"command", "setting"}}
    found = {way: here(*way) for way in ways}
    assert len(found) > 25
    assert {way: trail for way, trail in found.items() if trail is None or trail.problem} == {}


@pytest.mark.parametrize(
    ("kind", "name", "problem"),
    [
        ("command", "pray", "there is no such command"),
        ("command", "redo --pray", "it has no option --pray"),
        ("setting", "approval.pray", "there is no such setting"),
        ("setting", "pray", "there is no such setting"),
    ],
)
def test_a_command_or_setting_that_is_not_there_leads_nowhere(kind: str, name: str, problem: str) -> None:
    trail = here(kind, name)
    assert trail is not None
    assert trail.problem == problem


def test_what_led_nowhere_is_drawn_and_counted_and_what_was_meant_is_drawn_alone() -> None:
    by = ("rule", "no-prayer"), ("rule", "no-but-apology"), ("command", "kit")
    trails = dict(
        zip(
            by,
            (Trail(problem="no such rule"), Trail("0", "switched off by you", True), Trail("runs")),
            strict=True,
        )
    )
    out = Terminal()
    screen = Screen(Streams(out, StringIO(), StringIO(), {"COLUMNS": "80", "NO_COLOR": "1"}), Manner())
    screen.show(AdviceSheet([Advice(id="S0-01", says="Say it.", by=by)], trails))
    assert [" ".join(line.split()) for line in out.getvalue().splitlines()] == [
        "S0-01 Say it.",
        "rule no-prayer",
        "no such rule",
        "rule no-but-apology 0",
        "switched off by you",
        "responder kit runs",
        "1 piece of advice, 3 ways followed to the end: 1 led nowhere.",
    ]
