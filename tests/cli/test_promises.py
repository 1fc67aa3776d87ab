"""What we promised, at the command line: listed with its time, kept, moved, dropped, and noted by hand."""

import pytest

from responder.model.promise import PromiseStatus
from tests.cli.scene import Scene
from tests.cli.test_json import documented, told
from tests.network import at

#: A reply with two promises, in German, as a person wrote it.
WORDS = (
    "Wir haben Ihr Paket verloren, und Sie warten seit zwei Wochen. Das tut uns leid, und das geht auf uns."
    " Ich melde mich hier bis 17 Uhr. Am Montag rufe ich Sie an. ^Sam"
)


@pytest.fixture
def sent(scene: Scene) -> Scene:
    """A scene in which those words went out at minute 60."""
    scene.configure('undo = "0s"', mode="on")
    assert scene.call("edit", "c-4", "--text", WORDS).code == 0
    assert scene.call("approve", "c-4", "--draft", "2", "--reason", "tried").code == 0
    said = scene.call("post")
    assert said.code == 0, said.err
    assert "promised 2" in said.words
    return scene


def test_what_was_promised_is_listed_with_when_it_is_due(sent: Scene) -> None:
    said = sent.call("promises", answers="", width=120)
    assert said.code == 0
    first, second = (line for line in said.out.splitlines() if line.lstrip().startswith("p-"))
    assert "p-1" in first
    assert "c-4" in first
    assert " late" not in first
    assert "Ich melde mich hier bis 17 Uhr." in first
    assert "call" in second
    document = sent.call("promises", "--json").document
    assert told(document) == documented("responder.promises/1")
    assert [one["owner"] for one in document["items"]] == ["sam", "sam"]
    assert [row[:3] for row in sent.call("promises").rows] == [["p-1", "c-4", "open"], ["p-2", "c-4", "open"]]


def test_what_was_not_kept_says_by_how_long_and_leads(sent: Scene) -> None:
    sent.now = at(60 * 30)
    assert sent.call("daemon", "--once").code in {0, 75}
    said = sent.call("promises", answers="", width=120)
    assert "late" in said.out.split("p-2")[0]
    assert "1 promise not kept in time" in said.words
    assert sent.call("promises", "--json").document["items"][0]["status"] == "broken"


def test_a_person_says_that_it_was_kept_and_where_that_is_seen(sent: Scene) -> None:
    said = sent.call("promise", "p-1", "--kept", "--where", "https://net.example/ours")
    assert (said.code, said.words) == (0, "c-4 promise kept sam p-1 is kept.")
    one = sent.store.promises.get(1)
    assert (one.status, one.evidence, one.ended_by) == (PromiseStatus.KEPT, "https://net.example/ours", "sam")
    again = sent.call("promise", "p-1", "--kept")
    assert again.code == 6
    assert "he promise p-1 is kept already" in " ".join(again.err.split())
    assert [row[2] for row in sent.call("promises", "c-4").rows] == ["kept", "open"]


def test_another_time_takes_the_place_of_the_first(sent: Scene) -> None:
    said = sent.call("promise", "p-1", "--moved-to", "tomorrow")
    assert said.code == 0
    assert "p-3 takes its place, due" in said.words
    assert [row[0] for row in sent.call("promises").rows] == ["p-3", "p-2"]


def test_words_that_were_none_are_dropped_with_why(sent: Scene) -> None:
    assert sent.call("promise", "p-2", "--none", "she wants no call").code == 0
    assert sent.store.promises.get(2).evidence == "she wants no call"


def test_a_promise_on_the_phone_is_noted(scene: Scene) -> None:
    said = scene.call("promise", "c-1", "We'll send a new kettle tomorrow", answers="")
    assert said.code == 0
    assert "p-1 is noted, due in" in said.words
    assert scene.call("promise", "c-1", "A voucher", "--due", "2h").code == 0
    assert [row[7] for row in scene.call("promises").rows] == [
        "A voucher",
        "We'll send a new kettle tomorrow",
    ]


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (["p-9", "--kept"], "here is no promise p-9; see: responder promises"),
        (["p-x", "--kept"], "is no promise; they look like p-7"),
        (["p-1"], "Say what became of p-1."),
        (["p-1", "--kept", "--none"], "Say one thing"),
        (["c-1"], "Say what was promised."),
        (["c-99", "We call"], "c-99"),
        (["p-1", "--moved-to", "never"], "is no time"),
    ],
)
def test_what_cannot_be_done_is_told(sent: Scene, tokens: list[str], says: str) -> None:
    said = sent.call("promise", *tokens)
    assert said.code != 0
    assert says in " ".join(said.err.split())


def test_a_rehearsal_keeps_nothing(sent: Scene) -> None:
    assert sent.call("promise", "p-1", "--kept", "--dry-run").code == 0
    assert sent.store.promises.get(1).status is PromiseStatus.OPEN


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (["c-4", "we write by Friday", "--kept"], "are for a promise, like p-7"),
        (["p-1", "called at nine", "--kept"], "goes with --where"),
        (["p-1", "--kept", "--due", "tomorrow"], "another time is --moved-to"),
        (["p-1", "--none", "--where", "there"], "--where goes with --kept"),
        (["c-4", "we send\u202e it tomorrow"], "something that cannot be seen"),
    ],
)
def test_nothing_that_was_told_of_a_promise_is_passed_over_in_silence(
    sent: Scene, tokens: list[str], says: str
) -> None:
    before = sent.store.promises.of_case(4)
    said = sent.call("promise", *tokens)
    assert said.code != 0
    assert says in " ".join(said.err.split())
    assert sent.store.promises.of_case(4) == before


def test_a_promise_of_which_no_time_was_understood_says_so(sent: Scene) -> None:
    assert "is noted, without a time." in sent.call("promise", "c-4", "We send the report soon.").words
