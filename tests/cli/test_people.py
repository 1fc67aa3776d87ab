"""More than one person at the desk: who may do what, and who says the second yes."""

import pytest

from responder.model.case import Stage
from tests.cli.scene import Scene, Terminal
from tests.cli.test_json import documented, told
from tests.network import at

PEOPLE = (
    *("[[people]]", 'name = "Ana"', 'role = "approver"', 'teams = ["billing", "care"]'),
    *("[[people]]", 'name = "Bo"', 'role = "admin"'),
    *("[[people]]", 'name = "Kim"'),
)  # fmt: skip


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """A scene in which three people work."""
    scene.configure(*PEOPLE)
    return scene


def stage(scene: Scene, number: int = 1) -> Stage:
    return scene.store.casework.get(number).stage


def test_who_is_not_listed_is_told_who_is(desk: Scene) -> None:
    said = desk.call("approve", "c-1", "--draft", "1", who="mallory")
    assert said.code == 2
    assert "mallory is not one of the people who work here." in said.err
    assert "The config lists: Ana, Bo or Kim." in said.err
    assert "--as NAME" in said.err
    assert stage(desk) is Stage.WAITING


def test_a_name_is_taken_however_it_is_capitalised_and_kept_as_it_is_listed(desk: Scene) -> None:
    said = desk.call("approve", "c-1", "--draft", "1", "--json", who="ANA")
    assert said.code == 0
    assert said.document["items"][0]["by"] == "Ana"


def test_an_agent_is_told_who_may_approve_before_anything_is_asked(desk: Scene) -> None:
    said = desk.call("approve", "c-1", answers="y\n", who="kim")
    assert said.code == 5
    assert "[y/N]" not in said.out
    assert said.err.splitlines() == [
        "Kim (agent) may not approve.",
        "  Nothing was changed.",
        "  Ana or Bo may.",
    ]
    assert stage(desk) is Stage.WAITING


def test_an_agent_does_all_that_prepares_a_reply(desk: Scene) -> None:
    calls = (
        ("edit", "c-1", "--text", "We are sorry that your parcel is late; please send us a direct message."),
        ("redo", "c-2"),
        ("dismiss", "c-3", "--reason", "handled elsewhere"),
        ("reopen", "c-3"),
        ("correct", "c-4", "more-urgent"),
    )
    for tokens in calls:
        assert desk.call(*tokens, who="kim").code == 0, tokens
    desk.call("approve", "c-4", "--draft", "1", who="ana")
    assert desk.call("withdraw", "c-4", who="kim").code == 0


@pytest.mark.parametrize("tokens", [("edit", "c-1"), ("dismiss", "c-1"), ("redo", "c-1"), ("resume",)])
def test_a_stranger_is_stopped_before_they_type_a_word(desk: Scene, tokens: tuple[str, ...]) -> None:
    class Asked(Terminal):
        """Somebody who must not be asked."""

        def readline(self, *_: object) -> str:  # type: ignore[override]
            raise AssertionError("a question was asked")

    assert desk.call(*tokens, sits=Asked(), who="mallory").code == 2


def test_anybody_stops_all_sending_and_an_agent_does_not_let_it_go_on(desk: Scene) -> None:
    assert desk.call("pause", who="mallory").code == 0
    said = desk.call("resume", who="kim")
    assert said.code == 5
    assert "Kim (agent) may not let sending go on." in said.err
    assert desk.store.control.paused()
    assert desk.call("resume", who="ana").code == 0


def test_looking_needs_no_name(desk: Scene) -> None:
    for tokens in (("queue",), ("show", "c-1"), ("digest",)):
        assert desk.call(*tokens, who="mallory").code == 0


# --- the second yes ------------------------------------------------------------------------------------

FOUR_EYES = ("[approval]", "second_from_tier = 5", *PEOPLE)


@pytest.fixture
def two(scene: Scene) -> Scene:
    """A scene in which two must say yes to c-3, a fire, and one is enough for the others."""
    scene.configure(*FOUR_EYES)
    return scene


def test_the_first_yes_says_who_can_say_the_second_and_the_second_approves(two: Scene) -> None:
    said = two.call("approve", "c-3", answers="y\n", who="ana", width=200)
    assert said.code == 0, said.err
    assert "Two must say yes, for it is of tier 5: yours is the first." in said.out
    assert "Your yes to c-3 (draft 1) is the first of two." in said.out
    assert "Bo can say the second: responder --config" in said.out
    assert stage(two, 3) is Stage.WAITING
    two.now = at(65)
    said = two.call("approve", "c-3", answers="y\n", who="bo", width=200)
    assert "Two must say yes, and Ana did 5 min ago." in said.out
    assert "Approved c-3 (draft 1)." in said.out
    assert stage(two, 3) is Stage.APPROVED


def test_the_first_yes_is_told_to_a_pipe_and_to_a_program(two: Scene) -> None:
    assert two.call("approve", "c-3", "--draft", "1", who="ana").rows == [
        ["c-3", "approved once", "Ana", "1", "Your yes to c-3 (draft 1) is the first of two."]
    ]
    document = two.call("approve", "c-3", "--draft", "1", "--json", who="bo").document
    assert document["items"][0]["did"] == "approved"


def test_the_same_person_cannot_say_both(two: Scene) -> None:
    two.call("approve", "c-3", "--draft", "1", who="ana")
    said = two.call("approve", "c-3", "--draft", "1", who="ANA")
    assert said.code == 5
    assert "Ana said yes to c-3 already." in said.err
    assert "The second yes is for Bo." in said.err
    assert stage(two, 3) is Stage.WAITING


def test_a_card_and_the_queue_say_that_a_second_yes_is_missing(two: Scene) -> None:
    two.call("approve", "c-3", "--draft", "1", who="ana")
    two.now = at(65)
    assert "needs a second yes (Ana said yes 5 min ago)" in two.call("show", "c-3", answers="").out
    assert ["first yes", "2026-03-02T10:00:00+00:00", "Ana"] in two.call("show", "c-3").rows
    marks = {row[0]: row[11] for row in two.call("queue").rows}
    assert [marks[f"c-{number}"] for number in (1, 3)] == ["", "needs a second yes"]
    assert "needs a second yes" in two.call("queue", answers="", width=140).out
    for tokens in (("queue",), ("show", "c-3")):
        items = {one["id"]: one for one in two.call(*tokens, "--json").document["items"]}
        assert items["c-3"]["first_yes"] == {"by": "Ana", "at": "2026-03-02T10:00:00+00:00"}
    words = "We are sorry about the fire. Please unplug it and send us a direct message."
    two.call("edit", "c-3", "--text", words, who="kim")
    assert "needs a second yes" not in two.call("show", "c-3", answers="").out


def test_several_are_approved_each_by_its_own_rule(two: Scene) -> None:
    said = two.call("approve", "c-1", "c-3", answers="y\n", who="ana", width=200)
    assert said.code == 0
    assert said.out.count("yours is the first") == 1
    assert (stage(two, 1), stage(two, 3)) == (Stage.APPROVED, Stage.WAITING)


def test_one_yes_is_enough_to_words_that_somebody_else_wrote(two: Scene) -> None:
    words = "We are sorry about the fire. Please unplug the heater now and send us a direct message."
    two.call("edit", "c-3", "--text", words, who="kim")
    said = two.call("approve", "c-3", answers="y\nthey know\n", who="ana", width=200)
    assert "Two must say yes" not in said.out
    assert stage(two, 3) is Stage.APPROVED


# --- who works here ------------------------------------------------------------------------------------


def test_people_are_listed_with_what_they_did_and_only_an_admin_sees_that_of_others(desk: Scene) -> None:
    desk.configure("[approval]", "second_for_first = 1", *PEOPLE)
    for who in ("ana", "bo"):
        desk.call("approve", "c-1", "--draft", "1", who=who)
    assert desk.call("people", who="bo").rows == [
        ["Ana", "approver", "billing,care", "1", ""],
        ["Bo", "admin", "", "1", ""],
        ["Kim", "agent", "", "0", ""],
    ]
    assert [row[3] for row in desk.call("people", who="ana").rows] == ["1", "", ""]
    assert [row[3] for row in desk.call("people", who="mallory").rows] == ["", "", ""]


def test_who_is_new_is_marked_and_the_rule_is_told(desk: Scene) -> None:
    desk.configure("[approval]", "second_for_first = 3", "second_for_legal = true", *PEOPLE)
    assert [row[4] for row in desk.call("people", who="ana").rows] == ["new", "new", ""]
    said = desk.call("people", who="ana", answers="", width=120)
    assert said.out.count("needs a second yes: new here") == 2
    assert "to the first 3 replies of each person" in said.words


def test_the_fields_of_people_are_those_that_are_documented(desk: Scene) -> None:
    document = desk.call("people", "--json").document
    assert document["schema"] == "responder.people/1"
    assert told(document) == documented("responder.people/1")


def test_where_nobody_is_listed_that_is_said(scene: Scene) -> None:
    said = scene.call("people", answers="", width=120)
    assert said.code == 0
    assert "everybody may do everything" in said.out + said.err


# --- the doctor ----------------------------------------------------------------------------------------


def about_people(scene: Scene) -> list[list[str]]:
    return [[row[0], *row[2:]] for row in scene.call("doctor").rows if row[1] == "people"]


def test_the_doctor_says_who_may_approve(two: Scene) -> None:
    assert about_people(two) == [["ok", "3 people; Ana or Bo may approve", ""]]


def test_the_doctor_warns_where_only_one_may_approve(scene: Scene) -> None:
    scene.configure("[[people]]", 'name = "Ana"', 'role = "admin"')
    (line,) = about_people(scene)
    assert line[:2] == ["warn", "1 person; Ana may approve"]


def test_the_doctor_fails_where_nothing_could_ever_go_out(scene: Scene) -> None:
    scene.configure("[approval]", "second_from_tier = 5", "[[people]]", 'name = "Ana"', 'role = "admin"')
    said = scene.call("doctor")
    assert said.code == 1
    assert "asks for two people, and only one person may approve" in said.out


def test_the_doctor_finds_a_remedy_that_does_not_exist(scene: Scene) -> None:
    scene.configure("[approval]", 'second_for_remedies = ["refund", "refnd"]', *PEOPLE)
    (_, failed) = about_people(scene)
    assert failed[:2] == ["fail", "[approval] second_for_remedies names refnd, no remedy"]
