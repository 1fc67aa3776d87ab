"""What is due after an answer, at the command line: from what a yes promises to the closing note."""

import pytest

from responder.model.follow_up import FollowUpState
from responder.model.promise import PromiseStatus
from tests.cli.scene import Scene, post
from tests.cli.test_json import documented, told
from tests.lifecycle.world import TARGETS
from tests.network import at

#: Of a post that tells of a lawyer: tier 4.
GRAVE = post(6, "My lawyer will hear of this: you charged me twice.", name="Ana Moreau")
DAY = 24 * 60


@pytest.fixture
def answered(scene: Scene) -> Scene:
    """A scene in which c-2, about money, was answered at minute 60 with a promise of news within 4 hours."""
    scene.configure('undo = "0s"', mode="on")
    assert scene.call("approve", "c-2", "--draft", "1").code == 0
    assert scene.call("post").code == 0
    return scene


def kinds(scene: Scene, *tokens: str) -> list[str]:
    return [row[1] for row in scene.call("follow-ups", *tokens).rows]


def test_the_card_says_what_a_yes_promises_and_the_ledger_holds_exactly_that(scene: Scene) -> None:
    scene.configure('undo = "0s"', mode="on")
    shown = scene.call("show", "c-2", answers="", width=120)
    assert "This promises: our next word by 14:00 today (you)" in shown.out
    (promised, *_) = scene.call("show", "c-2", "--json").document["items"][0]["promises"]
    asked = scene.call("approve", "c-2", answers="y\n", width=120)
    assert asked.out.count("This promises: our next word by 14:00 today (you)") == 1
    scene.call("post")
    (line, *_) = scene.call("promises", "--json").document["items"]
    assert {key: line[key] for key in promised} == promised
    assert scene.call("show", "c-2", "--json").document["items"][0]["promises"] == []


def test_a_promise_is_that_of_who_has_the_case(scene: Scene) -> None:
    scene.configure('undo = "0s"', mode="on")
    assert scene.call("assign", "c-2", "mira").code == 0
    assert "(mira)" in scene.call("show", "c-2", answers="", width=120).out
    deed = scene.call("approve", "c-2", "--draft", "1", "--json").document["items"][0]
    assert {one["owner"] for one in deed["promises"]} == {"mira"}
    scene.call("post")
    assert {one["owner"] for one in scene.call("promises", "--json").document["items"]} == {"mira"}


def test_several_are_approved_with_what_each_promises(scene: Scene) -> None:
    said = scene.call("approve", "c-1", "c-2", answers="n\n", width=120)
    assert said.out.count("This promises: our next word by 14:00 today (you)") == 2


def test_what_is_due_is_listed_with_its_words_and_nothing_of_it_is_sent(answered: Scene) -> None:
    assert answered.call("follow-ups").rows[0][:3] == ["c-2", "update", "due"]
    document = answered.call("follow-ups", "--json").document
    assert document["schema"] == "responder.follow-ups/1"
    assert told(document) == documented("responder.follow-ups/1")
    said = answered.call("follow-up", "c-2", "update", answers="", width=120)
    assert "As promised, here is where it stands" in said.words
    assert "p-1: sam promised on 02 Mar, due 02 Mar 14:00 UTC" in said.words
    assert "A post is answered once here: post it by hand" in said.words
    before = answered.outbox.read_text(encoding="utf-8")
    answered.now = at(3 * DAY)
    assert answered.call("daemon", "--once").code in {0, 75}
    assert answered.outbox.read_text(encoding="utf-8") == before


def test_from_a_broken_promise_to_the_closing_note(answered: Scene) -> None:
    answered.now = at(DAY + 60)
    answered.call("post")  # which also reads and plans
    assert kinds(answered) == ["broken-promise"]
    shown = answered.call("follow-up", "c-2", "broken-promise", answers="", width=120)
    assert "e promised you news by 14:00 on 2 March" in shown.words
    said = answered.call("follow-up", "c-2", "broken-promise", "--said", "I told her on the phone.")
    assert said.code == 0, said.err
    assert answered.store.promises.get(1).status is PromiseStatus.LATE
    assert kinds(answered) == ["status"]
    assert answered.call("fixed", "c-2", "--how", "paid back").code == 0
    assert kinds(answered) == ["check", "quality"]
    for kind in ("check", "quality", "closing"):
        assert answered.call("follow-up", "c-2", kind, "--said", "We asked.").code == 0, kind
    assert kinds(answered) == []
    answered.now = at(12 * DAY)
    answered.call("daemon", "--once")
    assert answered.call("show", "c-2").rows[0] == ["case", "c-2", "CLOSED"]
    story = answered.call("log", "c-2", answers="", width=200).words
    assert "Sam said that it is put right: paid back." in story
    assert "To be followed up: status, due" in story


def test_the_digest_tells_what_is_due_beside_the_promises(answered: Scene) -> None:
    document = answered.call("digest", "--json").document["items"][0]
    assert [(one["case"], one["kind"]) for one in document["follow_ups"]] == [("c-2", "update")]
    assert "the public word we promised (sam)" in answered.call("digest", answers="", width=120).words


@pytest.mark.slow
def test_an_overdue_one_is_an_alert_until_it_is_done(answered: Scene) -> None:
    answered.call("promise", "p-1", "--kept")
    answered.call("post")
    answered.now = at(9 * DAY)
    answered.call("daemon", "--once")
    assert [row[0] for row in answered.call("alerts", "c-2").rows] == ["follow up late"]
    answered.call("fixed", "c-2")
    for kind in ("check", "quality", "closing"):
        assert answered.call("follow-up", "c-2", kind, "--done").code == 0
    assert answered.store.alerts.sweep(TARGETS, at(900 * DAY)) >= 1  # looked at once a minute
    assert answered.call("alerts", "c-2").rows == []


def test_who_says_a_moment_later_that_it_is_done_does_not_end_the_next_one(answered: Scene) -> None:
    assert answered.call("follow-up", "c-2", "update", "--done").code == 0
    (next_,) = answered.store.follow_ups.due()
    said = answered.call("follow-up", "c-2", "update", "--done")
    assert said.code == 6
    assert "Sam said just now that the update of c-2 is done, and the next one is due" in said.err
    assert answered.store.follow_ups.due() == [next_]
    assert next_.promise_id
    assert answered.store.promises.get(next_.promise_id).status is PromiseStatus.OPEN
    answered.now = next_.due_at
    assert answered.call("follow-up", "c-2", "update", "--done").code == 0


def test_two_written_answers_to_a_grave_case_ask_for_a_call(scene: Scene) -> None:
    scene.configure('undo = "0s"', "[follow_up]", "call_after = 1", mode="on")
    scene.say(GRAVE)
    scene.call("poll")
    (number,) = [row[0] for row in scene.call("queue").rows if "lawyer" in " ".join(row)]
    yes = scene.call("approve", number, "--draft", "1")
    assert yes.code == 0, yes.err
    sent = scene.call("post")
    assert sent.code == 0, sent.err
    assert kinds(scene, number) == ["call", "update"]
    script = scene.call("follow-up", number, "call", answers="", width=120)
    assert "(pause: listen, do not interrupt)" in script.words
    assert scene.call("follow-up", number, "call", "--done").code == 0
    assert "recap" in kinds(scene, number)


def test_it_can_be_put_off_skipped_and_tried(answered: Scene) -> None:
    assert answered.call("promise", "p-1", "--kept").code == 0
    answered.call("post")
    assert answered.call("follow-up", "c-2", "status", "--done", "--dry-run").code == 0
    assert answered.store.follow_ups.due()[0].state is FollowUpState.DUE
    said = answered.call("follow-up", "c-2", "status", "--move", "2026-03-09 10:00")
    assert "The status of c-2 is due Mon 09 Mar 10:00." in said.words
    assert answered.call("follow-up", "c-2", "status", "--skip", "--why", "she called us").code == 0
    skipped = [one for one in answered.call("follow-ups", "c-2", "--json").document["items"] if one["said"]]
    assert [(one["state"], one["said"], one["ended_by"]) for one in skipped] == [
        ("skipped", "she called us", "sam")
    ]


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (["follow-up", "c-2", "status", "--skip"], "No status of c-2 is due."),
        (["follow-up", "c-2", "nonsense"], 'Invalid value "nonsense" for KIND'),
        (["follow-up", "c-2", "update", "--done", "--skip"], "Say one thing"),
        (["follow-up", "c-2", "update", "--move", "tomorrow"], "Its time was promised"),
        (["follow-up", "c-2", "update", "--said", "a\x1b[31mb"], "hold something that cannot be seen"),
        (["follow-up", "c-2", "update", "--said", "x" * 5000], "That is longer than 4,000 characters."),
        (["follow-up", "c-2", "update", "--said", "  "], "Nothing stands in --said"),
        (["follow-up", "c-2", "update", "--done", "--why", "x"], "--why goes with --skip"),
        (["follow-up", "c-1", "call", "--done"], "c-1 was not answered yet"),
        (["follow-up", "c-99", "call", "--done"], "there is no case c-99"),
        (["follow-ups", "x"], "is not the id of a case"),
        (["fixed", "c-1"], "c-1 was not answered yet; answer it first"),
        (["fixed", "c-2", "--not"], "obody said that c-2 is fixed"),
    ],
)
def test_what_cannot_be_done_is_told(answered: Scene, tokens: list[str], says: str) -> None:
    said = answered.call(*tokens)
    assert said.code != 0
    assert says.lower() in " ".join(said.err.split()).lower()
