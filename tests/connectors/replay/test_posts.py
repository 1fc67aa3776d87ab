"""What a row says: every column, what may stand in it, and what is set aside."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from responder.connector import Page
from responder.model.mention import Audience, Author, Mention
from tests.connectors.replay.files import line_of, replay, write_rows


def read(folder: Path, *rows: dict[str, Any], **options: Any) -> Page:
    """Return the page that a file of these rows gives."""
    return replay(write_rows(folder / "feed.jsonl", *rows), **options).poll(None)


def mention(folder: Path, row: dict[str, Any], **options: Any) -> Mention:
    """Return the one mention that a row gives."""
    page = read(folder, {"id": "1", "text": "Where is it?", **row}, **options)
    assert page.malformed == ()
    return page.mentions[0]


def problem(folder: Path, row: dict[str, Any]) -> str:
    """Return why a row is set aside."""
    page = read(folder, {"id": "1", "text": "Where is it?", **row})
    assert page.mentions == ()
    return page.malformed[0].problem


def test_every_column_finds_its_place(tmp_path: Path) -> None:
    row = {
        "id": 17,
        "text": " Where is it? ",
        "author": "@Ana",
        "author_id": "u1",
        "name": "Ana K.",
        "followers": 120,
        "bot": False,
        "thread": "t1",
        "created_at": "2026-03-02T10:00:00+01:00",
        "url": "https://net.example/17",
        "language": "en-GB",
        "in_reply_to": "9",
        "edited": "v2",
        "audience": "private",
    }
    assert mention(tmp_path, row) == Mention(
        account="shop",
        external_id="17",
        thread="t1",
        author=Author(id="u1", handle="Ana", name="Ana K.", followers=120, bot=False),
        text=" Where is it? ",
        created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        url="https://net.example/17",
        language="en",
        in_reply_to="9",
        edit_mark="v2",
        audience=Audience.PRIVATE,
    )


def test_a_text_alone_is_enough(tmp_path: Path) -> None:
    page = read(tmp_path, {"text": "One"}, {"text": "Two"}, created="2026-03-02")
    assert [line_of(one) for one in page.mentions] == [1, 2]
    assert [one.thread for one in page.mentions] == [one.external_id for one in page.mentions]
    assert [one.author for one in page.mentions] == [
        Author(id=f"author of {one.external_id}", handle="") for one in page.mentions
    ]
    assert {one.created_at for one in page.mentions} == {datetime(2026, 3, 2, tzinfo=UTC)}


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    columns = {"id": "tweet_id", "text": "tweet", "author": "user"}
    row = {"tweet_id": "5", "tweet": "Late!", "user": "ana", "text": "not this", "id": "nor this"}
    (heard,) = read(tmp_path, row, columns=columns).mentions
    assert (heard.external_id, heard.text, heard.author.handle) == ("5", "Late!", "ana")


def test_a_post_without_a_time_is_as_old_as_the_file(tmp_path: Path) -> None:
    feed = write_rows(tmp_path / "feed.jsonl", {"text": "Late!"})
    written = datetime.fromtimestamp(feed.stat().st_mtime, UTC)
    assert replay(feed).poll(None).mentions[0].created_at == written


@pytest.mark.parametrize(
    "told",
    [
        "2017-10-31T22:24:34Z",
        "2017-10-31 22:24:34",
        "2017-10-31T23:24:34+01:00",
        "Tue Oct 31 22:24:34 +0000 2017",
        "Wed Nov 01 00:24:34 +0200 2017",
        1509488674,
        "1509488674",
        "1509488674.0",
        " 1509488674 ",
    ],
)
def test_times_are_read_in_three_ways(tmp_path: Path, told: object) -> None:
    assert mention(tmp_path, {"created_at": told}).created_at == datetime(
        2017, 10, 31, 22, 24, 34, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "told",
    [
        "soon",
        "2017-13-31",
        12,
        -1,
        1509488674000,
        1e300,
        "0001-01-01T00:00+05:00",
        "9999-12-31",
        True,
        [],
        {},
    ],
)
def test_a_time_that_no_post_can_have_is_set_aside(tmp_path: Path, told: object) -> None:
    assert "created_at" in problem(tmp_path, {"created_at": told})


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"text": ""}, "it has no text (column 'text')"),
        ({"text": " \n"}, "it has no text (column 'text')"),
        ({"text": None}, "it has no text (column 'text')"),
        ({"text": 5}, "text is not text"),
        ({"text": ["a"]}, "text is neither text nor a whole number"),
        ({"text": "a" * 100_001}, "text is longer than 100,000 characters"),
        ({"id": "i" * 256}, "id is longer than 255 characters"),
        ({"id": 1.5}, "id is neither text nor a whole number"),
        ({"followers": "many"}, "followers is not a whole number"),
        ({"followers": -1}, "followers is not a whole number"),
        ({"followers": float("nan")}, "followers is not a whole number"),
        ({"followers": 10**400}, "followers is not a whole number"),
        ({"followers": [1]}, "followers is not a whole number"),
        ({"bot": "perhaps"}, "bot is 'perhaps', which is neither true nor false"),
        ({"own": "\x1b[2J"}, "own is '<U+001B>[2j', which is neither true nor false"),
        ({"removed": 7}, "removed is '7', which is neither true nor false"),
        ({"audience": "friends"}, "audience is 'friends', which is neither public nor private"),
        ({"text": "a\0b"}, "it holds \\u0000 or half of a surrogate pair"),
    ],
)
def test_a_row_that_is_no_post_is_set_aside_with_the_reason(
    tmp_path: Path, row: dict[str, Any], why: str
) -> None:
    assert problem(tmp_path, row) == why


def test_half_a_surrogate_pair_is_set_aside(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"text": "broken \\ud83d"}\n{"text": "whole \\ud83d\\ude21"}\n', encoding="utf-8")
    page = replay(feed).poll(None)
    assert [one.problem for one in page.malformed] == ["it holds \\u0000 or half of a surrogate pair"]
    assert [one.text for one in page.mentions] == ["whole 😡"]


def test_the_longest_text_is_kept_whole(tmp_path: Path) -> None:
    assert len(mention(tmp_path, {"text": "a" * 100_000}).text) == 100_000


@pytest.mark.parametrize(
    ("told", "followers"), [("", None), (None, None), ("120", 120), ("120.0", 120), (0, 0)]
)
def test_followers_are_a_number_or_not_told(tmp_path: Path, told: object, followers: int | None) -> None:
    assert mention(tmp_path, {"followers": told}).author.followers == followers


@pytest.mark.parametrize(("told", "language"), [("EN", "en"), ("pt_BR", "pt"), ("und", None), ("", None)])
def test_a_language_is_a_code_or_not_told(tmp_path: Path, told: str, language: str | None) -> None:
    assert mention(tmp_path, {"language": told}).language == language


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "net.example/5", ""])
def test_only_an_address_of_the_web_becomes_a_link(tmp_path: Path, url: str) -> None:
    assert mention(tmp_path, {"url": url}).url == ""


@pytest.mark.parametrize(
    "row",
    [{"author": "SHOP"}, {"author": "@shop"}, {"author_id": "Shop"}, {"author": "ana", "own": True}],
)
def test_our_own_posts_are_known_by_name_or_by_mark(tmp_path: Path, row: dict[str, Any]) -> None:
    page = read(tmp_path, {"text": "We are open.", **row}, {"text": "Late!", "author": "ana"}, own="@Shop")
    assert [one.text for one in page.mentions] == ["Late!"]


def test_rows_can_be_left_out_and_picked_by_any_column(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"text": "1", "domain": "retail", "network": "x"},
        {"text": "2", "domain": "advert", "network": "x"},
        {"text": "3", "network": "x"},
        {"text": "4", "domain": "retail", "network": "reddit"},
        {"text": "5", "domain": True, "network": "x"},
    ]
    page = read(tmp_path, *rows, skip={"domain": ["advert", "true"]}, only={"network": ["x"]})
    assert [one.text for one in page.mentions] == ["1", "3"]
    assert page.malformed == ()


def test_a_later_row_with_a_mark_is_an_edit(tmp_path: Path) -> None:
    page = read(tmp_path, {"id": 1, "text": "Late!"}, {"id": 1, "text": "It came.", "edited": 2})
    assert [(one.external_id, one.text, one.edit_mark) for one in page.mentions] == [
        ("1", "Late!", ""),
        ("1", "It came.", "2"),
    ]


@pytest.mark.parametrize("mark", [False, "False", "no", "", None, 0])
def test_a_mark_that_says_no_is_none(tmp_path: Path, mark: object) -> None:
    assert mention(tmp_path, {"edited": mark}).edit_mark == ""


def test_a_removed_post_is_told_by_its_id_and_needs_no_text(tmp_path: Path) -> None:
    page = read(tmp_path, {"id": 1, "text": "Late!"}, {"id": 1, "removed": True})
    assert [one.external_id for one in page.mentions] == ["1"]
    assert page.removed == ("1",)
