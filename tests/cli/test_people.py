"""More than one person at the desk: who may do what, and who says the second yes."""

import pytest

from responder.model.case import Stage
from tests.cli.scene import Scene, Terminal

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
