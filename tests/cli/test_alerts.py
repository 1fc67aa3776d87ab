"""`responder alerts`: what stands, in three forms, and that somebody has seen it."""

from datetime import timedelta

import pytest

from responder.cli.alerts import CALLED
from responder.model.alert import Kind
from responder.model.clocks import Clocks, Targets
from responder.steps.alert import alert
from tests.cli.scene import Scene
from tests.cli.test_json import documented, told
from tests.network import at

CLOCKS = Clocks(targets=Targets(first=dict.fromkeys(range(6), timedelta(hours=4))))


@pytest.fixture
def paused(scene: Scene) -> Scene:
    scene.store.control.pause("bo\x1b[31m", at(0))
    alert(scene.store, CLOCKS, at(1))
    return scene


def test_what_stands_is_drawn_and_nothing_in_it_acts(paused: Scene) -> None:
    said = paused.call("alerts", answers="", width=80)
    assert said.code == 0
    assert "all sending is paused" in said.out
    assert "\x1b[31m" not in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_a_pipe_gets_a_line_each(paused: Scene) -> None:
    fields = paused.call("alerts").out.rstrip("\n").split("\t")
    assert fields[0] == "paused"
    assert len(fields) == 9


def test_the_fields_are_those_that_are_documented(paused: Scene) -> None:
    document = paused.call("alerts", "--json").document
    assert document["schema"] == "responder.alerts/1"
    assert told(document) == documented("responder.alerts/1")


def test_who_has_seen_it_is_kept(paused: Scene) -> None:
    assert paused.call("alerts", "--seen", who="Ana").code == 0
    (one,) = paused.call("alerts", "--json").document["items"]
    assert one["seen_by"] == "Ana"


def test_what_is_about_no_case_that_was_named_stays_unseen(paused: Scene) -> None:
    assert paused.call("alerts", "c-1", "--seen", who="Ana").code == 0
    (one,) = paused.call("alerts", "--json").document["items"]
    assert one["seen_by"] is None


def test_every_kind_is_called_something() -> None:
    assert set(CALLED) == set(Kind)
