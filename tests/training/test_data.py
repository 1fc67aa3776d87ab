"""Labelled posts are read with their line, and refused with it."""

from pathlib import Path

import pytest

from responder.training.data import DataError, complaints, soundings

HEAD = "text,complaint,severity,domain\n"


def test_rows_are_read_as_posts(tmp_path: Path) -> None:
    file = tmp_path / "complaints.csv"
    file.write_text(HEAD + '"It broke &amp; burned",1,3,retail\nhello,0,0,random_tweet\n', encoding="utf-8")
    broke, hello = complaints(file)
    assert (broke.text, broke.severity, broke.customer) == ("It broke & burned", 3, True)
    assert (hello.severity, hello.customer) == (0, False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("text,domain\na,b\n", ":1: there is no column severity"),
        (HEAD + "a,1,9,retail\n", ":2: severity is '9'"),
        (HEAD + "a,1\n", ":2: this row has not as many columns"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_its_line(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "complaints.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=says):
        complaints(file)


def test_a_missing_file_and_one_that_is_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: No such file"):
        soundings(tmp_path)
    (tmp_path / "sentiment.csv").write_bytes(b"lang,text,negative\nen,\xff,1\n")
    with pytest.raises(DataError, match="not UTF-8"):
        soundings(tmp_path)


def test_escaped_letters_of_one_set_are_read_as_letters(tmp_path: Path) -> None:
    (tmp_path / "sentiment.csv").write_text("lang,text,negative\nen,fine,0\n")
    (tmp_path / "umsab.csv").write_text("lang,text,sentiment\nen,don\\u2019t,negative\n")
    assert [(one.text, one.negative, one.source) for one in soundings(tmp_path)] == [
        ("fine", False, "clarin"),
        ("don’t", True, "umsab"),
    ]
