"""Rows of files: broken ones step aside, half-written ones wait, and another file is read from its start."""

import csv
import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from connectors.replay import Replay
from connectors.replay.rows import Place, csv_rows, json_rows
from responder.connector import Page, Unavailable
from tests.connectors.replay.files import line_of, replay, write_rows
from tests.connectors.stage import heard, pages


def texts(page: Page) -> list[str]:
    return [one.text for one in page.mentions]


def problems(page: Page) -> list[tuple[str, str]]:
    return [(one.place, one.problem) for one in page.malformed]


class Feed:
    """A file that grows, and what a connector hears of it poll by poll."""

    def __init__(self, file: Path, **options: Any) -> None:
        self.file = file
        self.file.touch()
        self.connector: Replay = replay(file, **options)
        self.cursor: str | None = None

    def write(self, data: str | bytes) -> Page:
        """Append to the file, and poll."""
        with self.file.open("ab") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        return self.poll()

    def poll(self) -> Page:
        page = self.connector.poll(self.cursor)
        self.cursor = page.cursor
        return page


@pytest.fixture
def jsonl(tmp_path: Path) -> Feed:
    return Feed(tmp_path / "feed.jsonl")


@pytest.fixture
def table(tmp_path: Path) -> Feed:
    """A CSV file with its header."""
    feed = Feed(tmp_path / "feed.csv")
    feed.write("id,text,author\n")
    return feed


# --- what is broken steps aside, and the rest goes on ---


def test_broken_lines_are_set_aside_with_their_place(jsonl: Feed) -> None:
    lines = [
        b'{"text": "first"}',
        b"{broken",
        b"[1, 2]",
        b"null",
        b'{"id": "5"}',
        b'{"text": "caf\xe9"}',
        b"\0\0\0",
        b"[" * 20_000,
        b'{"text": ' + b"9" * 5000 + b"}",
        b"",
        b'{"text": "last"}\r',
    ]
    page = jsonl.write(b"\n".join(lines) + b"\n")
    assert texts(page) == ["first", "last"]
    assert problems(page) == [
        (
            "feed.jsonl:2",
            "it is not JSON: Expecting property name enclosed in double quotes at character 2",
        ),
        ("feed.jsonl:3", "it is not a JSON object"),
        ("feed.jsonl:4", "it is not a JSON object"),
        ("feed.jsonl:5", "it has no text (column 'text')"),
        ("feed.jsonl:6", "it is not UTF-8"),
        ("feed.jsonl:7", "it holds NUL bytes"),
        ("feed.jsonl:8", "it is not JSON that can be read"),
        ("feed.jsonl:9", "it is not JSON that can be read"),
    ]
    assert page.malformed[4].body == '{"text": "caf\ufffd"}\n'
    assert line_of(page.mentions[-1]) == 11


@pytest.mark.parametrize("name", ["feed.jsonl", "feed.csv"])
def test_a_line_of_more_than_a_megabyte_is_set_aside(tmp_path: Path, name: str) -> None:
    feed = Feed(tmp_path / name)
    line = '"{}"\n' if name == "feed.csv" else '{{"text": "{}"}}\n'
    head = "text\n" if name == "feed.csv" else "\n"
    page = feed.write(head + line.format("a") + line.format("b" * 3_000_000) + line.format("c"))
    assert texts(page) == ["a", "c"]
    assert problems(page) == [(f"{name}:3", "it is longer than 1,000,000 bytes")]
    assert len(page.malformed[0].body) == 10_000
    assert line_of(page.mentions[-1]) == 4


def test_a_line_of_more_than_a_megabyte_is_told_once_its_end_is_there(jsonl: Feed) -> None:
    page = jsonl.write("x" * 1_500_000)
    assert (page.malformed, page.progress) == ((), 0)
    page = jsonl.write('\n{"text": "next"}\n')
    assert [place for place, _ in problems(page)] == ["feed.jsonl:1"]
    assert texts(page) == ["next"]


def test_a_byte_order_mark_is_no_part_of_the_first_row(tmp_path: Path) -> None:
    assert texts(Feed(tmp_path / "a.jsonl").write(b'\xef\xbb\xbf{"text": "Late!"}\n')) == ["Late!"]
    assert texts(Feed(tmp_path / "a.csv").write(b"\xef\xbb\xbftext\nLate!\n")) == ["Late!"]


def test_csv_of_every_kind_is_read(tmp_path: Path) -> None:
    page = Feed(tmp_path / "a.csv").write(
        'id,text\r\n1,"two\r\nlines, ""quoted"""\r\n\r\n,,\r\n3,6" pipe\r\n'
    )
    assert texts(page) == ['two\r\nlines, "quoted"', '6" pipe']
    assert problems(page) == []
    assert texts(Feed(tmp_path / "blank.csv").write("\n,\nid,text\n1,Late!\n")) == ["Late!"]
    assert texts(Feed(tmp_path / "b.tsv").write("id\ttext\n1\tone, two\n")) == ["one, two"]
    assert texts(Feed(tmp_path / "c.csv", delimiter=";").write("id;text\n1;one, two\n")) == ["one, two"]


def test_broken_csv_rows_are_set_aside_with_their_place(table: Feed) -> None:
    rows = (
        b'1,"two\nlines",ana',
        b"2,too few",
        b"3,too,many,cells",
        b"4,caf\xe9,ana",
        b"5,nul\0,ana",
        b'6,"a"b,ana',
        b"7,,ana",
        b"8,last,ana\n",
    )
    page = table.write(b"\n".join(rows))
    assert texts(page) == ["two\nlines", "last"]
    assert problems(page) == [
        ("feed.csv:4", "it has 2 columns, and the header has 3"),
        ("feed.csv:5", "it has 4 columns, and the header has 3"),
        ("feed.csv:6", "it is not UTF-8"),
        ("feed.csv:7", "it holds NUL bytes"),
        ("feed.csv:8", "it is not CSV: ',' expected after '\"'"),
        ("feed.csv:9", "it has no text (column 'text')"),
    ]


def test_a_stray_quote_does_not_swallow_the_rows_after_it(table: Feed) -> None:
    page = table.write('1,"never closed,ana\n2,two,ana\n3,"three",ana\n4,four,ana\n')
    assert texts(page) == ["two", "three", "four"]
    assert problems(page) == [("feed.csv:2", "it is not CSV: ',' expected after '\"'")]


def test_a_stray_quote_far_from_the_next_one_costs_only_its_own_row(table: Feed) -> None:
    rows = "".join(f"{number},text {number},ana\n" for number in range(20_000))
    table.write('x,"never closed,ana\n' + rows)
    assert len(heard(table.connector)) == 20_000


def test_rows_held_up_by_an_open_quote_are_told_once(table: Feed) -> None:
    page = table.write('1,one,ana\n2,"never closed,ana\n3,three,ana\n')
    assert texts(page) == ["one"]
    assert page.gap == "feed.csv:3: a quote is opened and not closed; the rows after it wait for its end"
    assert not page.more
    again = table.poll()
    assert (again.gap, texts(again), problems(again)) == ("", [], [])
    after = table.write('4,"four",ana\n')
    assert texts(after) == ["three", "four"]
    assert [place for place, _ in problems(after)] == ["feed.csv:3"]


@pytest.mark.parametrize(
    ("options", "header", "says"),
    [
        ({}, "id,words\n", "has no column text; it has id, words"),
        ({"skip": {"kind": ["advert"]}}, "id,text\n", "has no column kind; it has id, text"),
        ({"columns": {"author": "user"}}, "id,text\n", "has no column user; it has id, text"),
        ({}, "text,kind,text\n", "names a column twice: text"),
        ({}, '"text"x,kind\n', "the header is not CSV"),
    ],
)
def test_a_header_that_cannot_be_used_says_why(
    tmp_path: Path, options: dict[str, Any], header: str, says: str
) -> None:
    feed = Feed(tmp_path / "feed.csv", **options)
    with pytest.raises(Unavailable) as caught:
        feed.write(header + "1,Late!\n")
    assert says in str(caught.value)


def test_utf_16_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"is UTF-16\. Save it as UTF-8"):
        Feed(tmp_path / "feed.csv").write("id,text\n1,Late!\n".encode("utf-16"))


# --- what is half written waits, and is neither lost nor called broken ---


def test_a_half_written_line_waits_for_its_end(jsonl: Feed) -> None:
    for piece in ('{"id": "1", ', '"text"', ': "Late', '!"'):
        page = jsonl.write(piece)
        assert (texts(page), problems(page), page.more, page.gap) == ([], [], False, "")
        assert page == jsonl.poll()
    assert texts(jsonl.write("}\n")) == ["Late!"]


def test_a_whole_last_line_is_read_without_its_end_and_once(jsonl: Feed) -> None:
    page = jsonl.write('{"text": "one"}\n{"text": "two"}')
    assert texts(page) == ["one", "two"]
    assert page.progress == 1.0
    assert texts(jsonl.poll()) == []
    assert texts(jsonl.write("\r")) == []
    assert texts(jsonl.write("\n")) == []
    page = jsonl.write('{"text": "three"}')
    assert [line_of(one) for one in page.mentions] == [3]


def test_a_whole_last_row_of_csv_is_read_when_nothing_was_added_to_it_since(table: Feed) -> None:
    page = table.write('1,one,ana\n2,"two\nlines",ana')
    assert texts(page) == ["one"]
    assert page.gap == (
        "feed.csv:3: the last row has no line end; the next poll reads it if nothing is added to it"
    )
    assert not page.more
    page = table.poll()
    assert (texts(page), page.gap, page.progress) == (["two\nlines"], "", 1.0)
    assert texts(table.poll()) == []
    assert texts(table.write("\r\n3,three,ana\n")) == ["three"]
    assert table.poll().malformed == ()


def test_a_last_row_of_csv_that_is_still_growing_is_not_read(table: Feed) -> None:
    for piece in ("1,one,", "a", "n", "a"):
        assert texts(table.write(piece)) == []
    (mention,) = table.write("\n").mentions
    assert (mention.author.handle, mention.edit_mark) == ("ana", "")


def test_a_last_row_of_csv_that_grew_after_all_is_an_edit(tmp_path: Path) -> None:
    feed = Feed(tmp_path / "feed.csv")
    feed.write("id,text\n1,I was charged tw")
    assert texts(feed.poll()) == ["I was charged tw"]
    assert texts(feed.write("ic")) == []
    page = feed.write("e\n2,Late!\n")
    assert [(one.external_id, one.text, one.edit_mark) for one in page.mentions] == [
        ("1", "I was charged twice", "completed"),
        ("2", "Late!", ""),
    ]
    assert feed.connector.look(page.mentions[0]).sight == "present"


def test_a_half_written_row_of_csv_waits(table: Feed) -> None:
    for piece in ("1", ',"two', "\nli", 'nes, ""qu', b"\xc3", b'\xa4"', '""'):
        page = table.write(piece)
        assert (texts(page), problems(page)) == ([], [])
    assert texts(table.write(",ana\n")) == ['two\nlines, "quä"']


def test_a_half_written_header_waits(tmp_path: Path) -> None:
    feed = Feed(tmp_path / "feed.csv")
    assert texts(feed.write("id,te")) == []
    assert texts(feed.write("xt\n")) == []
    assert texts(feed.write("1,Late!\n")) == ["Late!"]


def test_what_follows_a_whole_line_on_the_same_line_is_set_aside(jsonl: Feed) -> None:
    assert texts(jsonl.write('{"text": "one"}')) == ["one"]
    page = jsonl.write(' {"text": "two"}\n{"text": "three"}\n')
    assert texts(page) == ["three"]
    assert problems(page) == [("feed.jsonl:1", "it is not JSON: Extra data at character 17")]


# --- the cursor ---


def test_a_page_holds_so_many_rows(tmp_path: Path) -> None:
    feed = write_rows(tmp_path / "feed.jsonl", *({"text": str(number)} for number in range(7)))
    read = pages(replay(feed, page=3))
    assert [texts(page) for page in read] == [["0", "1", "2"], ["3", "4", "5"], ["6"]]
    assert [page.more for page in read] == [True, True, False]
    assert read[-1].progress == 1.0
    assert 0 < (read[0].progress or 0) < (read[1].progress or 0) < 1


def test_a_page_of_long_rows_ends_early(tmp_path: Path) -> None:
    rows = ({"text": "x" * 99_000, "name": "x" * 1_000} for _ in range(100))
    read = pages(replay(write_rows(tmp_path / "feed.jsonl", *rows)))
    assert len(read) == 3
    assert sum(len(page.mentions) for page in read) == 100


@pytest.mark.parametrize(
    "after",
    ["", '{"text": "x"}\n', '{"text": "new"}\n{"text": "two"}\n{"text": "three"}\n'],
    ids=["emptied", "cut", "replaced by as much"],
)
def test_a_file_that_was_cut_or_replaced_is_read_again(jsonl: Feed, after: str) -> None:
    jsonl.write('{"text": "one"}\n{"text": "two"}\n{"text": "three"}\n')
    jsonl.file.write_text(after, encoding="utf-8")
    page = jsonl.poll()
    assert page.gap.startswith("feed.jsonl: it was cut or replaced, and is read again from its start")
    assert texts(page) == [json.loads(line)["text"] for line in after.splitlines()]
    assert jsonl.poll().gap == ""


def test_another_last_line_is_another_file_and_no_edit(jsonl: Feed) -> None:
    jsonl.write('{"text": "one"}')
    jsonl.file.write_text('{"text": "another"}\n', encoding="utf-8")
    page = jsonl.poll()
    assert page.gap
    assert [(one.text, one.edit_mark) for one in page.mentions] == [("another", "")]


def test_what_is_added_while_the_last_row_is_read_is_no_row_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "feed"
    file.write_text("text\nLate", encoding="utf-8")
    with file.open("rb", buffering=0) as raw, file.open("ab", buffering=0) as writer:
        feed = io.BufferedReader(raw)
        table, lines = csv_rows(feed, Place(5, 1), ",", {"text"}), json_rows(feed, Place(5, 1))
        for rows in (table, lines):
            assert not next(rows).ended
            writer.write(b"!\nNext!\n")
            assert list(rows) == []
            file.write_text("text\nLate", encoding="utf-8")


def test_a_file_whose_middle_changed_near_the_end_is_read_again(jsonl: Feed) -> None:
    lines = [json.dumps({"text": f"complaint {number}"}) for number in range(200)]
    jsonl.write("\n".join(lines) + "\n")
    del lines[100]
    jsonl.file.write_text(
        "\n".join(lines) + "\n" + json.dumps({"text": "a later one"}) + "\n", encoding="utf-8"
    )
    page = jsonl.poll()
    assert page.gap
    assert len(page.mentions) == 200


@pytest.mark.parametrize(
    "cursor", ["17", "1:5:1:0:0000000000000000", "2:0:0:0:0", "\0", "1:99:9:9:" + "a" * 16]
)
def test_a_cursor_that_means_nothing_here_is_the_start(jsonl: Feed, cursor: str) -> None:
    jsonl.write('{"text": "one"}\n')
    page = jsonl.connector.poll(cursor)
    assert texts(page) == ["one"]
    assert page.gap


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        feed = write_rows(
            tmp_path / f"{rows}.jsonl", *({"id": number, "text": "Late! " * 20} for number in range(rows))
        )
        connector = replay(feed)
        tracemalloc.start()
        page = connector.poll(None)
        for _ in range(rows // 500 - 1):
            page = connector.poll(page.cursor)
        connector.look(page.mentions[-1])
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(1_000)
    assert peak(50_000) < 1.5 * peak(5_000)


def test_the_same_rows_as_csv_and_as_jsonl_are_the_same_posts(tmp_path: Path) -> None:
    rows = [{"id": str(n), "text": f'Post {n}, "late"\nagain', "created_at": "2026-03-02"} for n in range(20)]
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / "a.csv").write_text(table.getvalue(), encoding="utf-8", newline="")
    assert heard(replay(tmp_path / "a.csv")) == heard(replay(write_rows(tmp_path / "a.jsonl", *rows)))
