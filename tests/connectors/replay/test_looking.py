"""A second look at a post: what the file and the outbox say about it now."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from responder.connector import Answerable, Look, Sight
from responder.model.mention import Audience
from tests.connectors.replay.files import replay, write_rows
from tests.connectors.stage import heard


def look(folder: Path, first: dict[str, Any], *later: dict[str, Any], **options: Any) -> Look:
    """Hear one post, let the file grow, and look again."""
    connector = replay(write_rows(folder / "feed.jsonl", first), **options)
    mention = heard(connector)[0]
    write_rows(folder / "feed.jsonl", *later)
    return connector.look(mention)


LATE = {"id": "5", "text": "Late!"}


def test_the_last_row_of_a_post_counts(tmp_path: Path) -> None:
    seen = look(tmp_path, LATE, {**LATE, "text": "b", "edited": "1"}, {**LATE, "text": "c", "edited": "2"})
    assert seen.sight is Sight.CHANGED
    assert seen.now is not None
    assert (seen.now.text, seen.now.edit_mark) == ("c", "2")


def test_the_same_row_again_is_no_change(tmp_path: Path) -> None:
    assert look(tmp_path, LATE, LATE).sight is Sight.PRESENT


@pytest.mark.parametrize("change", [{"text": "Very late!"}, {"audience": "private"}])
def test_a_change_without_a_mark_gets_one(tmp_path: Path, change: dict[str, str]) -> None:
    seen = look(tmp_path, LATE, {**LATE, **change})
    assert seen.sight is Sight.CHANGED
    assert seen.now is not None
    assert seen.now.edit_mark.startswith("text ")
    assert replay(tmp_path / "feed.jsonl").look(seen.now).sight is Sight.PRESENT


def test_a_change_of_audience_is_a_change(tmp_path: Path) -> None:
    seen = look(tmp_path, LATE, {**LATE, "audience": "private"})
    assert seen.now is not None
    assert seen.now.audience is Audience.PRIVATE


def test_a_broken_row_about_a_post_says_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, LATE, {"id": "5", "text": ""}, {"id": "5", "removed": "5"}).sight is Sight.PRESENT


def test_a_post_written_again_after_its_removal_is_there(tmp_path: Path) -> None:
    assert look(tmp_path, LATE, {"id": "5", "removed": True}, LATE).sight is Sight.PRESENT


def test_our_answer_counts_even_when_the_post_was_edited_after_it(tmp_path: Path) -> None:
    answer = {"id": "9", "text": "Sorry!", "own": True, "in_reply_to": "5"}
    seen = look(tmp_path, LATE, answer, {**LATE, "text": "Very late!", "edited": "1"})
    assert seen == Look(sight=Sight.ANSWERED, detail="feed.jsonl holds our answer")


def test_a_post_that_is_not_in_the_file_any_more_is_gone(tmp_path: Path) -> None:
    feed = write_rows(tmp_path / "feed.jsonl", LATE)
    mention = heard(replay(feed))[0]
    feed.write_text("", encoding="utf-8")
    assert replay(feed).look(mention) == Look(sight=Sight.GONE, detail="feed.jsonl does not hold it any more")


def test_a_post_without_an_id_is_found_by_its_line(tmp_path: Path) -> None:
    feed = write_rows(tmp_path / "feed.jsonl", {"text": "One"}, {"text": "Two"})
    second = heard(replay(feed))[1]
    assert replay(feed).look(second).sight is Sight.PRESENT


def test_a_post_without_an_id_is_not_taken_for_the_one_on_its_line_in_a_new_file(tmp_path: Path) -> None:
    feed = write_rows(tmp_path / "feed.jsonl", {"text": "One"})
    (first,) = heard(replay(feed))
    feed.unlink()
    write_rows(feed, {"text": "Another"})
    assert replay(feed).look(first).sight is Sight.GONE
    (other,) = heard(replay(feed))
    assert other.external_id != first.external_id


@pytest.mark.parametrize(
    "line",
    ['{"id": "\\u0061bc", "text": "x"}', '{"id": "abc", "text": "x"}', '{"text": "\\u017e", "id": "abc"}'],
)
def test_an_id_is_found_however_it_is_written(tmp_path: Path, line: str) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(line + "\n", encoding="utf-8")
    (mention,) = heard(replay(feed))
    assert mention.external_id == "abc"
    assert replay(feed).look(mention).sight is Sight.PRESENT


@pytest.mark.parametrize("post_id", ['a"b', "a/b", "a\\b", "ž", "a b", "📦", "row-x"])
def test_ids_of_every_kind_are_found(tmp_path: Path, post_id: str) -> None:
    assert look(tmp_path, {"id": post_id, "text": "Late!"}).sight is Sight.PRESENT


def test_only_the_account_that_heard_a_post_may_answer_it(tmp_path: Path) -> None:
    connector = replay(write_rows(tmp_path / "feed.jsonl", LATE))
    mention = heard(connector)[0]
    assert connector.eligibility(mention).answerable is Answerable.API
    assert connector.eligibility(replace(mention, account="bakery")).answerable is Answerable.NO


def test_another_persons_post_in_its_place_is_not_the_post_that_was_approved(tmp_path: Path) -> None:
    feed = write_rows(tmp_path / "feed.jsonl", {"id": "2", "text": "One", "author": "ana"})
    (mention,) = heard(replay(feed))
    feed.unlink()
    write_rows(feed, {"id": "2", "text": "One", "author": "eve"})
    assert replay(feed).look(mention).sight is Sight.GONE


def test_what_the_author_wrote_since_is_seen_in_the_same_look(tmp_path: Path) -> None:
    said = {"author_id": "7", "thread": "t"}
    first = {"id": "1", "text": "Where is it?", **said}
    later = {"id": "2", "text": "It came, thanks!", **said}
    gone = {"id": "4", "text": "Oh.", **said}
    seen = look(
        tmp_path, first, later, {"id": "3", "text": "Mine too.", "author_id": "8", "thread": "t"},
        gone, {**gone, "removed": True},
    )  # fmt: skip
    assert seen.sight is Sight.PRESENT
    assert [one.text for one in seen.since] == ["It came, thanks!"]
