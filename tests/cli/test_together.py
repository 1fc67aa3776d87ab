"""Working together: give, pass on, note, put off, wake; and what is in no line of the queue."""

import pytest

from responder.model.case import Stage
from responder.model.decision import Decision, Verdict
from responder.model.delivery import Route
from tests.cli.scene import Scene
from tests.desk import seen


def test_cases_are_given_and_the_queue_tells_to_whom(scene: Scene) -> None:
    said = scene.call("assign", "c-1", "2", "ana", answers="")
    assert (said.code, said.out.splitlines()) == (0, ["c-1 is with ana.", "c-2 is with ana."])
    assert "It was with ana." in scene.call("assign", "c-1", "", answers="").words
    owners = {item["id"]: item["owner"] for item in scene.call("queue", "--json").document["items"]}
    assert (owners["c-1"], owners["c-2"]) == ("", "ana")
    assert "with ana" in scene.call("queue", answers="", width=120).out
    assert "with ana" in scene.call("show", "c-2", answers="").out


@pytest.mark.parametrize("words", [["c-1"], ["c-1", "c-2"], [], ["ana", "c-1"], ["nobody", "ana"]])
def test_it_must_be_clear_which_cases_and_to_whom(scene: Scene, words: list[str]) -> None:
    assert scene.call("assign", *words).code == 2


def test_who_passes_a_case_on_says_why(scene: Scene) -> None:
    assert scene.call("escalate", "c-1", "legal").code == 2
    assert scene.call("escalate", "c-1", "legal", answers="\n").code == 3
    said = scene.call("escalate", "c-1", "legal", answers="May we refund this?\n")
    assert said.code == 0
    card = scene.call("show", "c-1", answers="")
    assert "with legal" in card.out
    assert "May we refund this?" in card.out
    (note,) = scene.call("show", "c-1", "--json").document["items"][0]["notes"]
    assert (note["by"], note["to"], note["note"]) == ("sam", "legal", "May we refund this?")


def test_a_note_is_shown_to_colleagues_with_who_and_when(scene: Scene) -> None:
    assert scene.call("note", "c-1", "Called her \x1b[31mtwice", answers="").out == "Noted on c-1.\n"
    card = scene.call("show", "c-1", answers="").out
    assert "sam, just now" in card
    assert "Called her <U+001B>[31mtwice" in card
    rows = scene.call("show", "c-1").rows
    assert [row[2:] for row in rows if row[0] == "note"] == [["sam", "Called her <U+001B>[31mtwice"]]
    assert scene.call("note", "c-1", "x" * 5001).code == 2
    assert scene.call("note", "c-1").code == 2


def test_a_case_sleeps_until_its_time_and_the_queue_says_so(scene: Scene) -> None:
    said = scene.call("snooze", "c-1", "--for", "1h", answers="")
    assert "c-1 comes back 11:00, or when they write." in said.out
    queue = scene.call("queue")
    assert "c-1" not in [row[0] for row in queue.rows]
    assert "1 case put off for now: responder" in queue.err
    assert scene.call("queue", "--json").document["asleep"] == 1
    (row,) = scene.call("queue", "--stage", "snoozed").rows
    assert (row[0], "asleep 60 min" in row[11]) == ("c-1", True)
    assert "put off until 11:00" in scene.call("show", "c-1", answers="").out
    assert scene.call("show", "c-1", "--json").document["items"][0]["next"][-1].endswith(" wake c-1")
    assert scene.call("wake", "c-1", answers="").out == "c-1 is back in the queue.\n"
    assert scene.call("wake", "c-1").code == 6


@pytest.mark.parametrize(
    ("option", "back"),
    [
        (("--tomorrow",), "Tue 3 Mar 08:30"),
        (("--until", "14:00"), "14:00"),
        (("--until", "9:30"), "Tue 3 Mar 09:30"),
        (("--until", "2026-03-04"), "Wed 4 Mar 08:30"),
        (("--until", "2026-03-04 14:00"), "Wed 4 Mar 14:00"),
        (("--until", "2d"), "Wed 4 Mar 11:00"),
        (("--until-they-answer",), "when they answer, or Mon 16 Mar 11:00 at the latest"),
    ],
)
def test_a_time_is_said_as_people_say_it(scene: Scene, option: tuple[str, ...], back: str) -> None:
    scene.configure("[review]", 'tomorrow = "08:30"')
    with scene.config.open("a") as file:
        file.write('\n[company]\ntimezone = "Europe/Ljubljana"\n')
    words = scene.config.read_text().replace('[company]\nname = "Acme"', "", 1)
    scene.config.write_text(words)
    said = scene.call("snooze", "c-1", *option, answers="")
    assert back in said.words, said


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--for", "1h", "--tomorrow"),
        ("--for", "soon"),
        ("--until", "soon"),
        ("--until", "25:00"),
        ("--until", "2026-02-30"),
        ("--until", "2026-03-01"),
        ("--for", "15d"),
        ("--same",),
    ],
)
def test_a_time_that_is_none_puts_nothing_off(scene: Scene, options: tuple[str, ...]) -> None:
    said = scene.call("snooze", "c-1", *options)
    assert said.code == 2
    assert said.err
    assert scene.store.casework.get(1).snoozed_until is None


def test_others_are_told_who_has_a_card_open(scene: Scene) -> None:
    scene.store.looking.hold(1, "ana", scene.now)
    assert "ana looks at it" in scene.call("show", "c-1", answers="").out
    assert "ana looks at it" not in scene.call("show", "c-1", answers="", who="ana").out
    items = scene.call("queue", "--json").document["items"]
    assert [item["looking"][0]["by"] for item in items if item["looking"]] == ["ana"]


def test_what_only_a_person_can_send_stands_in_the_queue_and_the_digest(scene: Scene) -> None:
    store = scene.store
    case, draft = seen(store)
    by_hand(scene)
    queue = scene.call("queue")
    assert "to send by hand: c-1: answer https://net.example/p1, then: responder" in queue.err
    assert "To send by hand" in scene.call("queue", answers="").out
    (item,) = scene.call("queue", "--json").document["by_hand"]
    assert item == {
        "case": "c-1",
        "url": case.target.url,
        "text": draft.text,
        "next": "responder settle c-1 --sent URL",
    }
    letter = scene.call("digest").out
    assert "TO SEND BY HAND (1)" in letter
    scene.call("settle", "c-1", "--sent", "https://net.example/r1")
    assert scene.store.casework.get(1).stage is Stage.ANSWERED
    assert scene.call("queue", "--json").document["by_hand"] == []
    assert "TO SEND BY HAND" not in scene.call("digest").out


def by_hand(scene: Scene) -> None:
    """Approve the reply of c-1, which only a person can send."""
    case, draft = seen(scene.store)
    said = Decision(
        case_id=1,
        verdict=Verdict.APPROVE,
        by="sam",
        at=scene.now,
        draft_number=draft.number,
        fingerprint=draft.fingerprint,
    )
    scene.store.casework.approve(case, draft, said, Route.BY_HAND)


def test_who_asked_for_silence_is_not_answered_until_it_is_taken_back(scene: Scene) -> None:
    said = scene.call("opt-out", "c-1", answers="")
    assert "@customer1 is not answered from now on. c-1 is set aside." in said.words
    assert "asked us not to answer" in scene.call("show", "c-1", answers="").out
    assert scene.call("show", "c-1", "--json").document["items"][0]["opted_out"] is True
    assert scene.call("opt-out", "c-1").code == 6
    said = scene.call("opt-out", "c-1", "--undo", answers="", width=200)
    assert "may be answered again" in said.out
    assert scene.call("opt-out", "c-1", "--undo").code == 6
    assert scene.call("reopen", "c-1").code == 0


def test_cases_of_one_matter_are_shown_on_one_card_and_taken_apart_again(scene: Scene) -> None:
    assert scene.call("merge", "c-1", "c-2").code == 2
    said = scene.call("merge", "c-1", "c-2", "c-4", "--different-people", answers="", width=200)
    assert said.out.count("belongs to c-1 and is set aside") == 2
    card = scene.call("show", "c-1", answers="")
    assert "Also about this: c-2" in card.out
    assert "I was charged twice for one order" in card.out
    assert [row[1] for row in scene.call("show", "c-1").rows if row[0] == "also"] == ["c-2", "c-4"]
    also = scene.call("show", "c-1", "--json").document["items"][0]["also"]
    assert [one["posts"][0]["author"] for one in also] == ["customer2", "customer4"]
    assert "belongs to c-1" in scene.call("show", "c-2", answers="").out
    assert scene.call("split", "c-2", answers="").out.startswith("c-2 stands for itself again.")
    assert scene.store.casework.get(2).stage is Stage.NEEDS_REPLY
    assert scene.call("split", "c-2").code == 6


@pytest.mark.parametrize("words", [["c-1"], ["c-1", "c-1"], ["c-1", "c-99"]])
def test_a_merge_needs_two_cases(scene: Scene, words: list[str]) -> None:
    assert scene.call("merge", *words).code in {1, 2, 6}
    assert scene.store.casework.get(1).merged_into is None


@pytest.mark.parametrize(
    "deed",
    [
        ["approve", "c-1", "--yes", "--draft", "1"],
        ["edit", "c-1", "--text", "Other words."],
        ["redo", "c-1"],
        ["dismiss", "c-1", "--reason", "not a complaint"],
        ["correct", "c-1", "less-urgent"],
        ["assign", "c-1", "ana"],
        ["escalate", "c-1", "ana", "--note", "May we?"],
        ["note", "c-1", "Called her."],
        ["snooze", "c-1", "--for", "1h"],
        ["merge", "c-1", "c-2", "--different-people"],
        ["opt-out", "c-1"],
    ],
    ids=lambda deed: deed[0],
)
def test_a_dry_run_tells_what_a_deed_would_do_and_changes_nothing(scene: Scene, deed: list[str]) -> None:
    before = [scene.store.views.card(number) for number in (1, 2)]
    said = scene.call(*deed, "--dry-run", "--json")
    assert said.code == 0
    assert said.document["dry_run"] is True
    assert said.document["items"][0]["says"]
    spoken = scene.call(*deed, "--dry-run")
    assert "This was a dry run: nothing was changed." in spoken.err
    assert [scene.store.views.card(number) for number in (1, 2)] == before


@pytest.mark.parametrize("command", [["post"], ["poll"], ["daemon", "--once"], ["review"]])
def test_what_is_no_deed_on_a_case_has_no_dry_run_and_does_nothing(scene: Scene, command: list[str]) -> None:
    said = scene.call(*command, "--dry-run")
    assert said.code == 2
    assert "has no dry run" in said.err


def test_where_a_case_stands_is_told_in_words(scene: Scene) -> None:
    assert "c-1 is waiting; this can be done while it is set aside." in scene.call("reopen", "c-1").err
