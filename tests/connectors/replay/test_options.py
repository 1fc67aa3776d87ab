"""The options of a replay account: what is wrong is said all at once, and what is right is taken."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.replay.columns import COLUMNS
from connectors.replay.options import KNOWN, checked


def problems(**options: Any) -> list[str]:
    """Return what is wrong with options, line by line."""
    with pytest.raises(ValueError, match=r": ") as caught:
        checked(options)
    return str(caught.value).splitlines()


def test_a_path_is_enough() -> None:
    options = checked({"file": "feeds/posts.jsonl"})
    assert options.file == Path("feeds/posts.jsonl")
    assert options.outbox == Path("feeds/posts.outbox.jsonl")
    assert options.network == "replay"
    assert options.delimiter == ""
    assert options.page == 500


@pytest.mark.parametrize(
    ("told", "delimiter"),
    [
        ({"file": "a.jsonl"}, ""),
        ({"file": "a.NDJSON"}, ""),
        ({"file": "a.csv"}, ","),
        ({"file": "a.tsv"}, "\t"),
        ({"file": "a.csv", "delimiter": ";"}, ";"),
        ({"file": "export", "format": "csv"}, ","),
        ({"file": "a.csv", "format": "jsonl"}, ""),
    ],
)
def test_the_format_is_known_by_the_ending_or_told(told: dict[str, Any], delimiter: str) -> None:
    assert checked(told).delimiter == delimiter


def test_every_problem_is_listed_at_once() -> None:
    assert problems(flie="a.csv", page=0, columns={"txet": "tweet"}, own=7, skip={"domain": "spam"}) == [
        "flie: is not known; did you mean file?",
        "file: is missing; it is the path of a JSONL or CSV file",
        "columns.txet: is not known; did you mean text?",
        "own: must be our author id or handle, or a list of them",
        'skip: must be a table of lists like {domain = ["advert", "spam"]}',
        "page: must be a whole number from 1 to 10000",
    ]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"file": ""}, "file: must be the path of a JSONL or CSV file"),
        ({"file": "a\0b.csv"}, "file: must be the path of a JSONL or CSV file"),
        ({"file": 5}, "file: must be the path of a JSONL or CSV file"),
        (
            {"file": "posts.json"},
            "format: the ending of posts.json does not tell it; must be one of jsonl, ndjson, csv, tsv",
        ),
        ({"format": "xls"}, "format: 'xls' is not known; must be one of jsonl, ndjson, csv, tsv"),
        ({"delimiter": ";;"}, 'delimiter: must be one character, like ";"'),
        ({"delimiter": '"'}, 'delimiter: must be one character, like ";"'),
        ({"file": "a.jsonl", "delimiter": ";"}, "delimiter: a JSONL file has none"),
        ({"network": ["x"]}, "network: must be a word, like x or reddit"),
        ({"columns": {"text": 5}}, 'columns: must be a table like {text = "tweet"}'),
        ({"columns": "text"}, 'columns: must be a table like {text = "tweet"}'),
        ({"only": []}, 'only: must be a table of lists like {domain = ["advert", "spam"]}'),
        ({"page": True}, "page: must be a whole number from 1 to 10000"),
        ({"created": "soon"}, "created: must be a time like 2026-01-31T09:00:00Z"),
        (
            {"outbox": "a.csv"},
            "outbox: is the file itself; our replies must not stand among the posts",
        ),
        ({"columns": {"zzz": "a"}}, f"columns.zzz: is not known; known are {', '.join(COLUMNS)}"),
    ],
)
def test_each_problem_says_what_is_expected(wrong: dict[str, Any], line: str) -> None:
    assert problems(**{"file": "a.csv", **wrong}) == [line]


@pytest.mark.parametrize("told", ["2026-01-31T09:00:00Z", datetime(2026, 1, 31, 9, tzinfo=UTC)])
def test_a_time_may_be_text_or_a_time_of_toml(told: object) -> None:
    assert checked({"file": "a.csv", "created": told}).created == datetime(2026, 1, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize("told", ["@Shop", ["shop", ""]])
def test_our_own_names_are_compared_without_case_and_at(told: object) -> None:
    assert checked({"file": "a.csv", "own": told}).own == {"shop"}


def test_every_option_and_column_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "connectors.md").read_text(encoding="utf-8")
    ours = page.partition("## Replay")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in ours.splitlines() if line.startswith("| `")]
    documented = [word for cell in cells for word in re.findall("`(.+?)`", cell)]
    assert sorted(documented) == sorted([*KNOWN, *COLUMNS])
