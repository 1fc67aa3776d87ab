"""A report in each of its forms: the same figures in all, safe whatever anybody is called, and well drawn."""

import csv
import json
import re
from collections import Counter
from html.parser import HTMLParser
from io import StringIO

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.cli.canvas import Canvas
from responder.cli.cells import cell
from responder.cli.envelope import envelope
from responder.cli.summary.page import page
from responder.cli.summary.parts import parts
from responder.cli.summary.sheet import SummarySheet, escaped
from responder.model.period import Period
from responder.model.summary import Summary
from responder.model.visible import one_line
from tests.cli.scene import ACTING
from tests.cli.summary.world import HOSTILE, OCTOBER, hostile, nothing, october

#: Elements without an end.
_VOID = {"meta"}


class Reader(HTMLParser):
    """Reads a page strictly: what begins must end."""

    def __init__(self, words: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.feed(words)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.cells[-1] += data


def drawn(told: Summary, width: int = 80) -> str:
    out = StringIO()
    SummarySheet(told, "Acme").draw(Canvas(out, width, color=False))
    return out.getvalue()


def table(told: Summary) -> list[list[str]]:
    return list(csv.reader(StringIO("".join(SummarySheet(told).csv()), newline="")))


def test_at_a_terminal_it_reads_as_it_did(snapshot: SnapshotAssertion) -> None:
    assert drawn(october()) == snapshot
    assert all(len(line) <= 80 for line in drawn(october()).splitlines())


def test_as_a_page_it_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    assert page(october(), "Acme") == snapshot


def test_as_markdown_it_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    assert "\n".join(SummarySheet(october(), "Acme").markdown()) == snapshot


def test_as_a_table_it_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    assert "".join(SummarySheet(october(), "Acme").csv()) == snapshot


def test_for_a_program_it_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    sheet = SummarySheet(october(), "Acme")
    assert envelope(sheet.schema, sheet.items()) == snapshot


@pytest.mark.parametrize("told", [october(), nothing(), hostile()], ids=["october", "nothing", "hostile"])
def test_each_form_tells_every_figure(told: Summary) -> None:
    figures = [row[3] for row in SummarySheet(told).rows()]
    assert [row[3] for row in table(told)[5:]] == [
        str(cell(one_line(one) if isinstance(one, str) else one)) for one in figures
    ]
    (item,) = json.loads(envelope("", SummarySheet(told).items()))["items"]
    values = [
        str(value)
        for part in item["parts"]
        for line in part["lines"]
        for key, value in line.items()
        if key != "line" and value is not None
    ]
    assert values == list(map(str, figures))
    shown = [one.shown for part in parts(told) for row in part.rows for one in row.cells if one.shown]
    cells = Reader(page(told, "")).cells
    plain = "\n".join(SummarySheet(told).markdown())
    assert all(f" {escaped(one)} |" in plain for one in shown)
    assert Counter(cells) >= Counter(map(one_line, shown))


def test_a_page_asks_for_nothing_and_runs_nothing() -> None:
    for told in (october(), nothing(), hostile()):
        words = page(told, HOSTILE[8])
        tags = Reader(words).tags
        assert {tag for tag, _ in tags} <= {
            *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2", "p"),
            *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
            *("svg", "desc", "rect", "line", "text"),
        }
        names = {name for _, attrs in tags for name in attrs}
        assert not names & {"src", "href", "style", "srcset", "action"}
        assert not {name for name in names if name.startswith("on")}
        (policy,) = [attrs["content"] for tag, attrs in tags if attrs.get("http-equiv")]
        assert policy
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "url(" not in words
        assert "@import" not in words
        assert not ACTING.search(words)


def test_a_plot_says_in_words_what_it_shows() -> None:
    tags = Reader(page(october(), "")).tags
    plots = [attrs for tag, attrs in tags if tag == "svg" and attrs.get("class") == "plot"]
    ids = {attrs["id"] for _, attrs in tags if "id" in attrs}
    assert len(plots) == 2
    for one in plots:
        assert one["role"] == "img"
        assert set(str(one["aria-labelledby"]).split()) <= ids
    assert all(
        attrs.get("aria-hidden") == "true"
        for tag, attrs in tags
        if attrs.get("class") == "bar" and tag == "svg"
    )
    assert "cases came in: 62 in all, the most (4) at Wed 21 Oct." not in page(nothing(), "")
    counted = sum(october().came_by_day)
    assert f"cases came in: {counted} in all" in page(october(), "")


def test_every_name_in_a_page_stands_for_one_thing() -> None:
    for told in (october(), hostile()):
        ids = [attrs["id"] for _, attrs in Reader(page(told, "")).tags if "id" in attrs]
        assert len(ids) == len(set(ids))


def test_no_cell_of_a_table_acts_in_a_spreadsheet() -> None:
    rows = table(hostile())
    assert all(len(row) == 4 for row in rows)
    for one in (one for row in rows for one in row):
        acts = one.lstrip(" '\"").startswith(("=", "+", "-", "@", "＝"))
        assert not acts or one.startswith("'") or re.fullmatch(r"-?\d+(\.\d+)?", one)
        assert not ACTING.search(one)
        assert "\n" not in one
    assert all(line.endswith("\r\n") for line in SummarySheet(hostile()).csv())


def test_nothing_acts_at_a_terminal_or_in_a_pipe() -> None:
    assert not ACTING.search(drawn(hostile()))
    assert all(len(line) <= 80 for line in drawn(hostile()).splitlines())


def test_markdown_shows_names_as_they_are() -> None:
    assert escaped("|*b*|[a](https://evil.example)`") == "\\|\\*b\\*\\|\\[a\\](https:\\//evil.example)\\`"
    assert escaped("<img src=x> & www.evil.example") == "\\<img src=x\\> \\& www\\.evil.example"
    lines = "\n".join(SummarySheet(hostile(), HOSTILE[10]).markdown()).splitlines()
    for line in lines:
        assert not re.search(r"(?<!\\)[<`\[]|(?<!\\)\*(?!\*)", line.strip("*"))
    # a line of a table has as many cells as its head
    tables = [line for line in lines if line.startswith("|")]
    width = 0
    for at, line in enumerate(tables):
        cells = len(re.findall(r"(?<!\\)\|", line))
        if at + 1 < len(tables) and tables[at + 1].startswith("|:--"):
            width = cells
        assert cells == width


def test_of_nothing_little_is_told() -> None:
    said = drawn(nothing()).splitlines()
    assert said == [
        "Thu 1 Oct 2026 to Sat 31 Oct 2026, both whole days, Europe/Ljubljana",
        "0 complaints came in. Nobody was answered.",
        "Made Mon 2 Nov 2026 09:12. Every case is counted, none is estimated.",
    ]
    assert list(SummarySheet(nothing()).rows()) == []


def test_a_year_is_told_by_months() -> None:
    year = october(Period(OCTOBER.first.replace(year=2025), OCTOBER.last, OCTOBER.zone))
    (months,) = [one for one in parts(year) if one.key == "months"]
    assert [row.label for row in months.rows][:2] == ["Oct 2025", "Nov 2025"]
    assert len(months.rows) == 13
    assert sum(int(row.cells[0].value or 0) for row in months.rows) == sum(year.came_by_day)


def test_many_topics_are_told_together_at_the_end() -> None:
    told = october(topics={f"topic-{n:02}": 100 - n for n in range(40)})
    (themes,) = [one for one in parts(told) if one.key == "themes"]
    assert len(themes.rows) == 26
    assert themes.rows[-1].label == "17 others"
    assert sum(int(row.cells[0].value or 0) for row in themes.rows) == sum(100 - n for n in range(40))
