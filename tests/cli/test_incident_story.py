"""The story of an incident, through the command line: many write alike, and each is answered once."""

import json
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from responder.policy.similar import SAME, similar
from tests.cli.scene import Scene, post
from tests.network import at

#: What customers write within half an hour; c-7 is about something else.
WROTE = (
    "The app is down, I cannot log in since this morning.",
    "can't log in, your app is down again!!",
    "Is your app down? Log in does not work for me",
    "app down, nobody here can log in",
    "I can not log in to the app, is it down?",
    "App is down, no log in since ten, what is going on?",
    "My parcel never arrived and nobody answers my mails.",
)
STATEMENT = "We broke the log-in of our app, and we are fixing it now. I will write here by 17:00."
NEWS = "We have found what broke the log-in and are putting it back now. I will write here by 19:00."


def said(number: int, text: str, minutes: float, **more: object) -> dict[str, object]:
    return post(number, text, created_at=at(minutes).isoformat(), name=f"Mira{number}", **more)


@pytest.fixture
def burst(empty: Scene) -> Scene:
    """A scene of an old installation in which many write alike."""
    empty.configure('undo = "0s"', mode="on")
    empty.now = at(-60 * 24 * 20)
    empty.say(post(100, "Your waiter was rude.", created_at=(empty.now - timedelta(hours=1)).isoformat()))
    empty.call("poll")
    empty.now = at(60)
    empty.say(*(said(n, text, 30 + n) for n, text in enumerate(WROTE, 1)))
    assert "1 incident proposed" in empty.call("poll", answers="", width=200).out
    return empty


def sent(scene: Scene) -> dict[str, str]:
    """Return what went out, by the post it answers."""
    lines = scene.outbox.read_text(encoding="utf-8").splitlines() if scene.outbox.exists() else []
    rows = [json.loads(line) for line in lines]
    return {row["in_reply_to"]: row["text"] for row in rows}


def members(scene: Scene) -> list[str]:
    (one,) = scene.call("incident", "show", "i-1", "--json").document["items"]
    return [member["case"] for member in one["members"] if member["membership"] != "out"]


def approve(scene: Scene, *cases: str) -> None:
    """Approve drafts together at a terminal, where each is read."""
    told = scene.call("approve", *cases, answers="y\nour statement\n", width=200)
    assert told.code == 0, told.out + told.err
    assert all(case in told.out for case in cases)


def test_many_who_write_alike_are_answered_each_in_their_own_words_and_told_when_it_is_over(
    burst: Scene,
) -> None:
    (one,) = burst.call("incident", "list", "--json").document["items"]
    assert (one["stage"], one["cases"]) == ("PROPOSED", 6)
    assert one["why"].startswith("6 people wrote alike within an hour")
    burst.call("incident", "open", "i-1", "--cause", "log-in of the app", "--every", "2h")
    told = burst.call("incident", "statement", "i-1", STATEMENT).out
    assert "6 replies wait for approval" in told
    burst.call("post")
    assert sent(burst) == {}  # nobody approved anything yet

    cases = members(burst)
    approve(burst, *cases)
    burst.now = at(65)
    burst.call("post")
    replies = sent(burst)
    assert set(replies) == {f"p{n}" for n in range(1, 7)}
    assert all(STATEMENT in text for text in replies.values())
    assert max(similar(*pair) for pair in combinations(replies.values(), 2)) < SAME
    assert "since this morning" in replies["p1"].lower()

    burst.now = at(60 + 130)
    assert [one.name for one in burst.store.incidents.due(burst.now)] == ["i-1"]
    assert "an update is due" in burst.call("digest").words
    burst.say(said(20, "Still no log in, any news?", 180, thread="p1", author="customer1"))
    burst.call("poll")
    told = burst.call("incident", "update", "i-1", NEWS).out
    assert "1 reply waits for approval" in told
    assert "5" in told or "it is answered" in told
    assert burst.store.incidents.due(burst.now) == []
    approve(burst, cases[0])
    burst.now = at(60 + 140)
    burst.call("post")
    assert NEWS in sent(burst)["p20"]
    assert len(sent(burst)) == 7  # nobody was answered twice under one post

    burst.call("incident", "close", "i-1", "The log-in works again. We test it every hour from now on.")
    (one,) = burst.call("incident", "list", "--all", "--json").document["items"]
    assert one["stage"] == "CLOSED"
    assert burst.call("verify").code == 0
    assert burst.call("audit", "verify").code == 0


@pytest.mark.slow
def test_one_whose_trouble_is_something_else_is_taken_out_and_gets_words_of_its_own(burst: Scene) -> None:
    burst.call("incident", "open", "i-1", "--cause", "log-in of the app")
    burst.call("incident", "statement", "i-1", STATEMENT)
    cases = members(burst)
    burst.say(
        said(21, "Mine is something else: you charged my card twice.", 62, thread="p2", author="customer2")
    )
    burst.now = at(63)
    burst.call("poll")
    other = cases[1]
    (card,) = burst.call("show", other, "--json").document["items"]
    assert STATEMENT not in card["draft"]["text"]  # who writes again is not told the same once more by itself
    assert burst.call("incident", "remove", "i-1", other).code == 0
    assert other not in members(burst)
    approve(burst, *(case for case in cases if case != other))
    burst.now = at(70)
    burst.call("post")
    assert set(sent(burst)) == {"p1", "p3", "p4", "p5", "p6"}
    burst.call("poll")
    assert other not in members(burst)


@pytest.mark.slow
def test_one_that_never_belonged_loses_the_words_and_an_approval_of_them(burst: Scene) -> None:
    burst.call("incident", "open", "i-1", "--cause", "log-in of the app")
    burst.call("incident", "statement", "i-1", STATEMENT)
    case = members(burst)[0]
    approve(burst, case)
    assert "words of its own" in burst.call("incident", "remove", "i-1", case, answers="").out
    burst.now = at(70)
    burst.call("post")
    assert sent(burst) == {}
    burst.call("draft")
    (card,) = burst.call("show", case, "--json").document["items"]
    assert STATEMENT not in card["draft"]["text"]


@pytest.mark.slow
def test_what_was_approved_before_is_void_with_the_reason_and_what_a_person_wrote_stays(
    burst: Scene, tmp_path: Path
) -> None:
    burst.call("incident", "open", "i-1", "--cause", "log-in of the app")
    first, second, *_ = members(burst)
    approve(burst, first)
    words = tmp_path / "words.txt"
    words.write_text(
        "Our log-in broke, that's on us, and I'm sorry. I am on it and write here by 17:00. ^Sam"
    )
    burst.call("edit", second, "--file", str(words))
    told = burst.call("incident", "statement", "i-1", STATEMENT).out
    assert f"{second}: sam wrote its words by hand" in told
    (card,) = burst.call("show", first, "--json").document["items"]
    assert card["stage"] == "WAITING"
    assert "its words are stale" in json.dumps(card["notices"])
    assert STATEMENT in card["draft"]["text"]
    (other,) = burst.call("show", second, "--json").document["items"]
    assert other["draft"]["by"] == "sam"


@pytest.mark.slow
def test_what_a_language_lacks_is_asked_for_and_never_translated(burst: Scene) -> None:
    burst.say(said(30, "Eure App ist down, ich kann mich nicht einloggen!", 58, language="de"))
    burst.call("poll")
    burst.call("incident", "open", "i-1", "--cause", "log-in of the app")
    burst.call("incident", "add", "i-1", "c-9")
    told = burst.call("incident", "statement", "i-1", STATEMENT).out
    assert "1 case in de has no words yet" in told
    (card,) = burst.call("show", "c-9", "--json").document["items"]
    assert STATEMENT not in card["draft"]["text"]


def test_what_is_tried_with_dry_run_changes_nothing(burst: Scene) -> None:
    assert burst.call("incident", "open", "i-1", "--cause", "x", "--dry-run").code == 0
    (one,) = burst.call("incident", "list", "--json").document["items"]
    assert one["stage"] == "PROPOSED"


def test_what_is_dismissed_is_not_proposed_again_by_the_next_who_says_the_same(burst: Scene) -> None:
    burst.call("incident", "dismiss", "i-1")
    burst.say(*(said(40 + n, text, 61 + n) for n, text in enumerate(WROTE[:6])))
    burst.now = at(75)
    burst.call("poll")
    assert burst.call("incident", "list", "--json").document["items"] == []
