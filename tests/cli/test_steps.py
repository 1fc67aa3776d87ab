"""Poll, triage, draft and post: one line a step, its problems below, and an exit code for scripts."""

import json
from datetime import timedelta
from shlex import quote

import pytest

from responder.model.case import Stage
from responder.settings.sections import PostingSection
from tests.cli.conftest import POSTS
from tests.cli.scene import Scene, post

UNDO = PostingSection().undo


def test_poll_reads_weighs_and_drafts_and_says_what_came_of_it(empty: Scene) -> None:
    empty.say(*POSTS)
    said = empty.call("poll", answers="", width=200)
    assert said.code == 0
    assert said.out.splitlines()[:3] == [
        "poll    shop: 5 posts heard, 5 cases opened",
        "triage  5 cases weighed",
        "draft   4 replies drafted",
    ]
    config = quote(str(empty.config))
    told = f"4 drafts wait for you: responder --config {config} queue"
    assert "".join(said.words.split()).endswith("".join(told.split()))  # a long path is broken anywhere


def test_a_pipe_gets_one_count_a_line_and_a_program_one_document(empty: Scene) -> None:
    empty.say(*POSTS[:1])
    assert empty.call("poll").rows == [
        ["poll", "shop", "heard", "1"],
        ["poll", "shop", "opened", "1"],
        ["triage", "", "triaged", "1"],
        ["draft", "", "drafted", "1"],
    ]
    document = empty.call("poll", "--json").document
    assert document["schema"] == "responder.report/1"
    assert [item["step"] for item in document["items"]] == ["poll", "triage", "draft"]
    assert document["items"][0] == {
        "step": "poll",
        "account": "shop",
        "done": {},
        "problems": [],
        "notes": [],
    }


def test_a_bar_shows_how_far_it_is(empty: Scene) -> None:
    empty.say(*POSTS[:1])
    said = empty.call("poll", answers="")
    assert "Reading shop" in said.err
    assert empty.call("poll", "--quiet", answers="").err == ""


def test_the_steps_can_be_taken_one_by_one(empty: Scene) -> None:
    empty.say(*POSTS[:1])
    empty.call("poll")
    empty.say(post(9, "The tracking page is broken and nobody answers."))
    assert empty.call("triage").rows == []
    assert empty.call("draft").rows == []


def test_what_cannot_be_read_is_counted_and_listed(empty: Scene) -> None:
    with (empty.folder / "feed.jsonl").open("a") as file:
        file.write("this is not JSON\n")
    said = empty.call("poll", answers="", width=200)
    assert said.code == 0
    assert "1 entry could not be read (responder unread)" in said.out
    assert empty.call("unread").rows[0][:2] == ["shop", "feed.jsonl:1"]


def test_a_feed_that_is_away_is_told_and_tried_again_later(scene: Scene) -> None:
    (scene.folder / "feed.jsonl").unlink()
    said = scene.call("poll", answers="", width=400)
    assert said.code == 75
    assert "poll    shop: it did not work" in said.out
    assert "feed.jsonldoesnotexist" in "".join(said.words.split())  # a long path is broken where a line ends
    assert said.words.count("shop:") == 1


def test_a_secret_that_is_missing_is_no_bug_and_says_where_to_put_it(scene: Scene) -> None:
    with scene.config.open("a", encoding="utf-8") as file:
        file.write('[[accounts]]\nname = "social"\nconnector = "mastodon"\n')
        file.write('[accounts.options]\nserver = "http://127.0.0.1:9"\n')
    said = scene.call("poll", "social")
    assert said.code == 4
    assert "social_access_token: is missing; put it in a file" in said.out
    assert "bug" not in said.out + said.err


def test_only_accounts_of_the_config_can_be_named(scene: Scene) -> None:
    assert scene.call("poll", "shop").code == 0
    said = scene.call("poll", "shap")
    assert said.code == 2
    assert "There are: shop" in said.err


def test_without_an_account_there_is_nothing_to_read_and_it_says_what_to_do(scene: Scene) -> None:
    scene.config.write_text(f"[database]\nurl = 'sqlite:///{scene.folder}/r.db'\n")
    said = scene.call("poll")
    assert said.code == 2
    assert "[[accounts]]" in said.err
    assert "demo" in said.err


@pytest.fixture
def approved(scene: Scene) -> Scene:
    """A scene in which c-1 is approved, and the time to take that back is over."""
    assert scene.call("approve", "c-1", "--draft", "1").code == 0
    scene.now += UNDO
    return scene


def test_a_reply_that_may_still_be_taken_back_is_not_sent_and_says_until_when(scene: Scene) -> None:
    scene.configure(mode="on")
    said = scene.call("approve", "c-1", "--draft", "1", answers="y\n")
    assert "It goes out in 20 s; to take it back: responder" in said.words
    scene.now += UNDO - timedelta(seconds=8)
    said = scene.call("post")
    assert said.code == 75
    assert "1 approved reply is not out yet: c-1 goes out in 8 s; to take it back: responder" in said.err
    assert not scene.outbox.exists()
    assert scene.call("withdraw", "c-1").code == 0
    scene.now += UNDO
    assert scene.call("post").rows == []
    assert not scene.outbox.exists()


def test_post_says_that_posting_is_off_and_how_to_turn_it_on(approved: Scene) -> None:
    said = approved.call("post")
    assert (said.code, said.out) == (0, "")
    assert "Posting is off: nothing is sent. 1 approved reply stays in the outbox." in said.err
    assert f'mode = "on" under [posting] in {approved.config}' in said.err
    assert not approved.outbox.exists()


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(approved: Scene) -> None:
    approved.configure(mode="dry-run")
    said = approved.call("post", answers="", width=100)
    assert said.code == 0
    assert "1 reply would be sent" in said.words
    assert "c-1 would be sent: " in said.words
    assert "Posting is dry-run: nothing is sent." in said.words
    assert not approved.outbox.exists()
    document = approved.call("post", "--json").document
    assert document["items"][0]["problems"] == []
    assert document["items"][0]["notes"][0].startswith("c-1 would be sent: ")
    assert approved.call("post").rows[1][2] == "note"


def test_what_was_approved_is_sent_once(approved: Scene) -> None:
    approved.configure(mode="on")
    assert approved.call("post", answers="").out == "post    1 reply sent, 1 promised\n"
    assert approved.call("post").rows == []
    sent = [json.loads(line) for line in approved.outbox.read_text(encoding="utf-8").splitlines()]
    assert [one["in_reply_to"] for one in sent] == ["p1"]
    assert approved.store.casework.get(1).stage is Stage.ANSWERED


def test_while_sending_is_paused_nothing_is_sent_and_it_says_so(approved: Scene) -> None:
    approved.configure(mode="on")
    approved.call("pause")
    said = approved.call("post")
    assert "Sending is paused by sam; 1 approved reply waits." in said.err
    assert not approved.outbox.exists()
    approved.call("resume")
    assert approved.call("post").rows == [["post", "", "sent", "1"], ["post", "", "promised", "1"]]


def test_with_nothing_approved_it_says_where_to_begin(scene: Scene) -> None:
    scene.configure(mode="on")
    assert "Nothing is approved." in scene.call("post").err


def test_an_approval_that_ended_is_told_and_is_no_failure(approved: Scene) -> None:
    approved.configure(mode="on")
    approved.say(post(1, "My parcel came after all.", edited="2", name="Ana Moreau"))
    said = approved.call("post", answers="", width=200)
    assert said.code == 0
    assert "1 approval ended" in said.words
    assert "{+came after all.+}" in said.words
    assert not approved.outbox.exists()


def test_a_network_that_is_away_means_later(approved: Scene) -> None:
    approved.configure(mode="on")
    (approved.folder / "feed.jsonl").unlink()
    said = approved.call("post")
    assert said.code == 75
    assert ["post", "", "postponed", "1"] in said.rows


def test_a_case_that_breaks_a_step_is_left_for_later_and_told(empty: Scene) -> None:
    empty.say(*POSTS[:1])
    empty.call("poll")
    empty.call("redo", "c-1")
    empty.configure(other="x")
    said = empty.call("draft")
    assert said.code == 75
    assert "c-1 was left for later: NoAccount: shop is not in the config" in said.out
