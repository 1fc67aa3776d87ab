"""`responder alerts`: what stands, in three forms, and that somebody has seen it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.cli.alerts import CALLED
from responder.connector import Page
from responder.model.alert import Kind
from responder.model.clocks import Clocks, Targets
from responder.steps.alert import alert
from responder.steps.triage import triage
from tests.cli.scene import Scene
from tests.cli.test_json import documented, told
from tests.network import at, mention
from tests.policies import PlainPolicy

CLOCKS = Clocks(targets=Targets(first=dict.fromkeys(range(6), timedelta(hours=4))))


@pytest.fixture
def paused(scene: Scene) -> Scene:
    scene.store.control.pause("bo\x1b[31m", at(0))
    alert(scene.store, CLOCKS, at(1))
    return scene


def pause(scene: Scene) -> Mapping[str, object]:
    """Return the one alert about the pause."""
    listed = scene.call("alerts", "--json").document["items"]
    (one,) = [item for item in listed if item["kind"] == "paused"]
    assert isinstance(one, dict)
    return one


def test_what_stands_is_drawn_and_nothing_in_it_acts(paused: Scene) -> None:
    said = paused.call("alerts", answers="", width=80)
    assert said.code == 0
    assert "all sending is paused" in said.out
    assert "\x1b[31m" not in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_a_pipe_gets_a_line_each(paused: Scene) -> None:
    rows = paused.call("alerts").rows
    assert "paused" in [row[0] for row in rows]
    assert {len(row) for row in rows} == {9}


def test_the_fields_are_those_that_are_documented(paused: Scene) -> None:
    document = paused.call("alerts", "--json").document
    assert document["schema"] == "responder.alerts/1"
    assert told(document) == documented("responder.alerts/1")


def test_who_has_seen_it_is_kept(paused: Scene) -> None:
    assert paused.call("alerts", "--seen", who="Ana").code == 0
    assert pause(paused)["seen_by"] == "Ana"


def test_what_is_about_no_case_that_was_named_stays_unseen(paused: Scene) -> None:
    assert paused.call("alerts", "c-1", "--seen", who="Ana").code == 0
    assert pause(paused)["seen_by"] is None


def test_every_kind_is_called_something() -> None:
    assert set(CALLED) == set(Kind)


def test_what_no_daemon_found_yet_is_found_by_looking(scene: Scene) -> None:
    scene.store.control.pause("bo", at(0))
    assert pause(scene)["detail"] == "bo"


def test_nobody_says_to_have_seen_what_was_never_listed(scene: Scene) -> None:
    scene.store.control.pause("bo", at(0))
    scene.call("alerts", "--seen", who="Ana")
    assert pause(scene)["seen_by"] is None


def test_a_case_that_no_list_holds_any_more_can_be_named(scene: Scene) -> None:
    store = scene.store
    posts = [mention(f"{n}", "a fire in your oven", author=f"a{n}") for n in range(210)]
    store.intake.introduce({"flood": "scripted"})
    store.intake.keep(
        "flood", None, Page(mentions=tuple(replace(one, account="flood") for one in posts), cursor="1"), at(1)
    )
    triage(store, PlainPolicy(), CLOCKS, at(0))
    alert(store, CLOCKS, at(1))
    listed = scene.call("alerts", answers="")
    assert "More stand than these 200" in listed.words + listed.err
    grave = min(
        one.found.case_id or 0 for one in store.alerts.standing(limit=999) if one.found.account == "flood"
    )
    assert f"c-{grave}" not in listed.out.split(), "the newest ones fill the list"
    scene.call("alerts", f"c-{grave}", "--seen", who="Ana")
    assert {one.seen_by for one in store.alerts.standing([grave])} == {"Ana"}
