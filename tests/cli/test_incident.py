"""The command `incident`: what it prints, what it refuses, and who may."""

import json
from pathlib import Path

from tests.cli.scene import Scene, fields
from tests.cli.test_json import documented, told

WORDS = "We lost your parcel, and that's on us. I am looking for it now and will write here by 17:00."


def test_its_fields_are_those_that_are_documented(scene: Scene) -> None:
    scene.call("incident", "open", "c-1", "c-2", "--cause", "a strike at the depot", "--every", "2h")
    scene.call("incident", "statement", "i-1", WORDS)
    assert told(scene.call("incident", "list", "--json").document) == documented("responder.incidents/1")
    document = scene.call("incident", "show", "i-1", "--json").document
    own = told(document) - documented("responder.incidents/1")
    assert own == documented("responder.incident/1")
    (card,) = scene.call("show", "c-1", "--json").document["items"]
    assert card["incident"] == {
        "id": "i-1",
        "stage": "OPEN",
        "about": "a strike at the depot",
        "cases": 2,
        "membership": "in",
        "why": "sam says so",
    }
    assert fields(card)


def test_a_person_reads_what_it_is_about_and_what_to_do_next(scene: Scene) -> None:
    scene.call("incident", "open", "c-1", "c-2", "--cause", "a strike at the depot", "--every", "2h")
    shown = scene.call("incident", "show", "i-1", answers="").words
    assert "open · a strike at the depot · 2 cases · update in 2 h" in shown
    assert "incident statement i-1 WORDS" in shown
    assert "one of 2 about: a strike at the depot (i-1)" in scene.call("show", "c-1", answers="").words
    rows = scene.call("incident", "list").rows
    assert rows[0][:4] == ["i-1", "OPEN", "a strike at the depot", "2"]


def test_an_incident_whose_rhythm_cannot_be_promised_is_not_opened_by_half(scene: Scene) -> None:
    said = scene.call("incident", "open", "c-1", "c-2", "--cause", "a strike", "--every", "1m")
    assert said.code == 2
    assert "every 5 minutes" in said.err
    assert scene.call("incident", "list").rows == []
    assert scene.call("incident", "open", "c-1", "c-2", "--cause", "a strike", "--every", "5m").code == 0


def test_a_case_belongs_to_one_incident_at_a_time(scene: Scene) -> None:
    scene.call("incident", "open", "c-1", "--cause", "one")
    said = scene.call("incident", "open", "c-1", "c-2", "--cause", "two")
    assert said.code == 6
    assert "c-1 belongs to i-1 already" in said.err


def test_what_cannot_be_done_is_said_with_what_can(scene: Scene) -> None:
    assert scene.call("incident", "open", "c-1").code == 2
    assert scene.call("incident", "show", "i-9").code == 1
    scene.call("incident", "open", "c-1", "--cause", "one")
    assert scene.call("incident", "dismiss", "i-1").code == 2
    assert "no statement yet" in scene.call("incident", "update", "i-1", "News.").err
    assert scene.call("incident", "statement", "i-1", WORDS, "--language", "xx").code == 2
    assert scene.call("incident", "open", "i-1", "--cause", "again").code == 6
    assert "every 5 minutes" in scene.call("incident", "statement", "i-1", WORDS, "--every", "1m").err
    assert scene.call("incident", "statement", "i-1").code == 2
    assert scene.call("incident", "remove", "i-1", "c-2").code == 6


def test_only_who_may_approve_says_what_all_are_told(scene: Scene) -> None:
    people = '[[people]]\nname = "sam"\nrole = "approver"\n[[people]]\nname = "kim"\nrole = "agent"\n'
    scene.config.write_text(scene.config.read_text() + people)
    assert scene.call("incident", "open", "c-1", "--cause", "one", who="kim").code == 0
    assert scene.call("incident", "statement", "i-1", WORDS, who="kim").code == 5
    assert scene.call("incident", "statement", "i-1", WORDS, who="sam").code == 0


def test_a_statement_that_owns_nothing_blocks_every_reply_around_it(scene: Scene) -> None:
    scene.call("incident", "open", "c-1", "--cause", "one")
    scene.call("incident", "statement", "i-1", "Our supplier failed us all.")
    (card,) = scene.call("show", "c-1", "--json").document["items"]
    assert card["draft"]["blocked"]
    scene.call("incident", "statement", "i-1", WORDS)  # said anew, it takes the place of what was said
    (card,) = scene.call("show", "c-1", "--json").document["items"]
    assert not card["draft"]["blocked"]
    assert WORDS in card["draft"]["text"]


def test_what_all_are_told_cannot_act_on_a_terminal(scene: Scene, tmp_path: Path) -> None:
    scene.call("incident", "open", "c-1", "--cause", "\x1b]52;c;x\x07\u202e")
    shown = scene.call("incident", "show", "i-1", answers="").out
    assert all(line.isprintable() for line in shown.splitlines())
    assert json.dumps(scene.call("incident", "list", "--json").document)
