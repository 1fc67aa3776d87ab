"""`responder triage`: a post explained, a file scored, a model trained."""

import json
from pathlib import Path

import pytest

from tests.cli.scene import Scene


def test_a_post_is_explained_with_the_words_that_earned_each_point(empty: Scene) -> None:
    said = empty.call("triage", "You charged me twice and my son got an electric shock", answers="")
    assert "A complaint, tier 5" in said.out
    assert "charged me twice" in said.words
    assert "electric shock" in said.words
    assert "reads like a complaint" in said.words


def test_a_post_that_is_set_aside_says_why(empty: Scene) -> None:
    said = empty.call("triage", "I love my new lamp, thank you so much!", answers="")
    assert "Set aside" in said.out
    assert "praise" in said.words


def test_what_is_piped_in_is_one_post(empty: Scene) -> None:
    (one,) = empty.call("triage", "-", "--json", answers="Mein Paket ist weg").document["items"]
    assert (one["language"], one["line"], one["text"]) == ("de", None, "Mein Paket ist weg")


def test_a_table_is_scored_row_by_row(empty: Scene, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(
        "text,lang,posted_at,reach\n"
        '"Mon colis n\'est pas arrivé",fr,2026-03-01T09:00:00,120\n'
        "love it thanks!,en,,\n"
        "the heater caught fire,,,not a number\n",
        encoding="utf-8",
    )
    document = empty.call("triage", str(file), "--json").document
    assert document["schema"] == "responder.triage/1"
    parcel, thanks, fire = document["items"]
    assert [one["line"] for one in document["items"]] == [2, 3, 4]
    assert (parcel["language"], parcel["complaint"]) == ("fr", True)
    assert {"learned"} <= {reason["rule"] for reason in parcel["reasons"]}
    assert (thanks["complaint"], thanks["tier"]) == (False, 0)
    assert (fire["tier"], fire["complaint"]) == (5, True)
    assert 0 <= fire["probability"] <= 1
    assert 0 <= fire["tone"] <= 1
    table = empty.call("triage", str(file), answers="").out
    assert table.index("the heater") < table.index("Mon colis") < table.index("love it")
    assert "3 posts, 1 set aside." in table


def test_lines_of_json_are_scored_too(empty: Scene, tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(json.dumps({"text": "где моя посылка"}) + "\n\n" + json.dumps({"text": "ok"}) + "\n")
    first, second = empty.call("triage", str(file), "--json").document["items"]
    assert (first["language"], first["line"]) == (None, 1)
    assert second["line"] == 3


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "body\nhello\n", "a.csv:1: there is no column `text`, but body"),
        ("a.jsonl", '{"text": "a"}\nnot json\n', "a.jsonl:2: not JSON"),
        ("a.jsonl", "[1]\n", "a.jsonl:1: not an object"),
        ("a.jsonl", '{"body": "a"}\n', "a.jsonl:1: there is no `text`"),
        ("a.csv", "text,posted_at\nhello,yesterday\n", "Line 2: 'yesterday' is no time"),
    ],
)
def test_a_file_that_cannot_be_scored_says_where(
    empty: Scene, tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text)
    said = empty.call("triage", str(tmp_path / name))
    assert said.code == 1
    assert says in said.err
    assert said.out == ""


def test_a_file_that_is_not_there_is_no_post(empty: Scene) -> None:
    said = empty.call("triage", "nowhere.csv")
    assert (said.code, said.out) == (1, "")
    assert "nowhere.csv is not there" in said.err


def test_training_says_what_is_wrong_with_the_data_and_writes_nothing(empty: Scene, tmp_path: Path) -> None:
    out = tmp_path / "my.bin"
    said = empty.call("triage", "train", "--data", str(tmp_path), "--out", str(out))
    assert said.code == 1
    assert "complaints.csv cannot be read" in said.err
    assert not out.exists()


def test_what_a_stranger_wrote_does_nothing_to_the_terminal(empty: Scene) -> None:
    said = empty.call("triage", "my parcel \x1b[2J\u202e is late", answers="")
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
