"""One complaint, from a line in a file to the digest, through the commands that people type."""

import json
from datetime import timedelta
from pathlib import Path

from responder.settings.sections import PostingSection
from tests.cli.scene import Scene, post


def test_one_complaint_from_a_file_to_the_digest(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.configure(mode="on")
    scene.say(post(1, "My parcel never arrived and nobody answers my mails.", name="Ana Moreau"))

    assert scene.call("poll").code == 0
    (row,) = scene.call("queue").rows
    assert (row[0], row[1]) == ("c-1", "WAITING")
    (card,) = scene.call("show", "c-1", "--json").document["items"]
    assert card["draft"]["number"] == 1
    assert card["draft"]["length"] <= card["draft"]["limit"] == 300
    assert {reason["quote"] for reason in card["reasons"]} >= {"never arrived"}

    assert scene.call("post").code == 0
    assert not scene.outbox.exists()  # nobody approved anything

    better = card["draft"]["text"].replace("within 4 hours", "within 3 hours")
    assert scene.call("edit", "c-1", "--text", better).code == 0
    seen_before = scene.call("approve", "c-1", "--yes", "--draft", "1")
    assert seen_before.code == 6
    assert scene.call("approve", "c-1", "--yes", "--draft", "2").code == 0
    assert scene.call("post").code == 75  # there is time to take it back
    scene.now += PostingSection().undo
    assert scene.call("post").rows == [["post", "", "sent", "1"], ["post", "", "promised", "1"]]
    assert scene.call("post").rows == []
    assert [(one["in_reply_to"], one["text"]) for one in outbox(scene)] == [("p1", better)]
    assert scene.call("queue", "--stage", "answered").rows[0][0] == "c-1"

    scene.now += timedelta(hours=2)
    scene.say(again(scene, 2, "Still nothing. Where is it?"))
    assert scene.call("poll").rows[0] == ["poll", "shop", "heard", "1"]
    (card,) = scene.call("show", "c-1", "--json").document["items"]
    assert [(word["by"], word["text"]) for word in card["thread"]] == [
        ("customer", "My parcel never arrived and nobody answers my mails."),
        ("us", better),
        ("customer", "Still nothing. Where is it?"),
    ]
    assert card["draft"]["number"] == 3
    assert card["draft"]["text"] not in {better, ""}

    (digest,) = scene.call("digest", "--json").document["items"]
    assert (digest["open"], digest["happened"]["answered"], digest["happened"]["wrote again"]) == (1, 1, 1)
    assert [case["id"] for case in digest["overdue_cases"] + digest["waiting_cases"]] == ["c-1"]
    assert scene.call("digest").out.startswith("1 open")

    scene.now += timedelta(minutes=5)
    scene.say(again(scene, 3, "It came this minute, all solved. Thanks!"))
    scene.call("poll")
    assert scene.call("queue", "--stage", "set-aside").rows[0][0] == "c-1"
    assert scene.call("digest").out.startswith("0 open - ")
    assert scene.call("verify").code == 0
    assert len(outbox(scene)) == 1
    journal = [event.action for event in scene.store.views.card(1).events]
    assert journal.count("answered") == 1


def again(scene: Scene, number: int, text: str) -> dict[str, object]:
    """Return another post of the same customer in the same thread, of now."""
    return post(number, text, thread="p1", author="customer1", created_at=scene.now.isoformat())


def outbox(scene: Scene) -> list[dict[str, str]]:
    """Return what was posted."""
    return [json.loads(line) for line in scene.outbox.read_text(encoding="utf-8").splitlines()]
