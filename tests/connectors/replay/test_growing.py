"""Laws of a growing file: however it is cut into pieces, every post is heard, every broken line told."""

import csv
import io
import json
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from responder.connector import Page
from tests.connectors.replay.files import line_of, replay
from tests.connectors.stage import pages

#: What people write: anything but NUL and half surrogate pairs, and not only white space.
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
    str.strip
)
_BROKEN_JSON = st.one_of(
    st.sampled_from(['{"id": "5"}', "{broken", "[1]", "null", '{"text": "cut', '"text"', "{}", "\\u0000"]),
    _TEXT.map(lambda text: json.dumps([text])),
)
_BROKEN_CSV = st.sampled_from(
    ["one cell", "two,cells", "four,cells,in,all", 'a "b", c', ",x", "7,,false", "7,a,maybe"]
)


@given(st.data())
def test_a_jsonl_file_in_pieces_is_heard_like_a_whole_one(data: st.DataObject) -> None:
    lines: list[tuple[str, bool]] = data.draw(
        st.lists(
            st.one_of(
                st.tuples(_TEXT.map(lambda text: json.dumps({"text": text})), st.just(value=True)),
                st.tuples(_BROKEN_JSON, st.just(value=False)),
                st.tuples(st.sampled_from(["", "  ", "\r"]), st.none()),
            ),
            max_size=12,
        )
    )
    whole = "".join(f"{line}\n" for line, _ in lines).encode()
    if lines and lines[-1][1]:  # the last post of a file may lack its line end
        whole = data.draw(st.sampled_from([whole, whole[:-1]]))
    read = _grow(data, whole, "feed.jsonl")
    assert [(line_of(one), one.text, one.edit_mark) for page in read for one in page.mentions] == [
        (number, json.loads(line)["text"], "") for number, (line, good) in enumerate(lines, 1) if good
    ]
    assert [one.place for page in read for one in page.malformed] == [
        f"feed.jsonl:{number}" for number, (_, good) in enumerate(lines, 1) if good is False
    ]
    assert not any(page.gap for page in read)


@given(st.data())
def test_a_csv_file_in_pieces_is_heard_like_a_whole_one(data: st.DataObject) -> None:
    good_row, bad_row = _TEXT.map(lambda text: (text, True)), st.tuples(_BROKEN_CSV, st.just(value=False))
    rows: list[tuple[str, bool]] = data.draw(st.lists(st.one_of(good_row, bad_row), max_size=12))
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])))
    writer.writerow(["id", "text", "bot"])
    broken = []
    for number, (text, good) in enumerate(rows):
        if good:
            writer.writerow([f"p{number}", text, "false"])
        else:
            broken.append(f"feed.csv:{table.getvalue().count(chr(10)) + 1}")
            table.write(f"{text}\n")
    whole = table.getvalue().encode()
    if rows and rows[-1][1]:
        whole = data.draw(st.sampled_from([whole, whole[:-1], whole[:-2]]))
    read = _grow(data, whole, "feed.csv")
    assert [(one.external_id, one.text, one.edit_mark) for page in read for one in page.mentions] == [
        (f"p{number}", text, "") for number, (text, good) in enumerate(rows) if good
    ]
    assert [one.place for page in read for one in page.malformed] == broken


def _grow(data: st.DataObject, whole: bytes, name: str) -> list[Page]:
    """Write a file in pieces, poll with a new connector after each, and return the pages."""
    cuts = data.draw(st.sets(st.integers(1, max(1, len(whole) - 1)), max_size=8).map(sorted))
    page_size = data.draw(st.integers(1, 5))
    read: list[Page] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.touch()
        for start, end in pairwise([0, *cuts, len(whole), len(whole)]):  # at the end it rests
            with file.open("ab") as feed:
                feed.write(whole[start:end])
            read += pages(replay(file, page=page_size), read[-1].cursor if read else None)
        cursor = read[-1].cursor
        end_of_it = replay(file, page=page_size).poll(cursor)
    assert (end_of_it.mentions, end_of_it.malformed, end_of_it.cursor) == ((), (), cursor)
    assert end_of_it.progress == 1.0
    return read
