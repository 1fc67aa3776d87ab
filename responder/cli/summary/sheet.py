"""Sheet: a report at a terminal, in a pipe and for programs; as Markdown and as CSV."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from responder.cli import cells
from responder.cli.columns import Figures, draw_figures
from responder.cli.queue import moment
from responder.cli.summary.parts import covers, headline, notes, parts
from responder.cli.summary.table import Part
from responder.model.summary import Summary
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: More lines of a plot than these are a mark each at a terminal.
_LINES = 12
#: What Markdown, in any of its kinds, would take for more than letters.
_MEANS = re.compile(r"[\\`*_\[\]<>|~&$]|(?<=:)//|(?<=www)\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """What happened in some days."""

    told: Summary
    company: str = ""
    schema: str = "responder.summary/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return the report as plain data; lengths of time in seconds, amounts in units of the currency."""
        told = self.told
        return [
            {
                "at": moment(told.at.astimezone(UTC)),
                "first_day": told.period.first.isoformat(),
                "last_day": told.period.last.isoformat(),
                "timezone": str(told.period.zone),
                "from": moment(told.period.start),
                "to": moment(told.period.end),
                "before_first_day": told.period.before.first.isoformat(),
                "filter": told.search,
                "unfinished": told.unfinished,
                "says": headline(told),
                "parts": [_item(one) for one in parts(told)],
            }
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return part, line, figure and its value; numbers as a program reads them."""
        for part in parts(self.told):
            for row in part.rows:
                for (key, _), one in zip(part.columns, row.cells, strict=True):
                    if one.value is not None:
                        yield part.key, row.label, key, one.value

    def draw(self, canvas: "Canvas") -> None:
        """Draw one table a part."""
        canvas.line((covers(self.told), "strong"))
        canvas.line(headline(self.told))
        for one in notes(self.told):
            canvas.line((one, "faint"))
        for part in parts(self.told):
            canvas.blank()
            canvas.line((part.title, "strong"))
            if part.says:
                canvas.line((part.says, "faint"))
            _draw(part, canvas)

    def csv(self) -> Iterator[str]:
        """Give lines of CSV: one figure a line, under the names of the four columns."""
        yield cells.line(("part", "line", "figure", "value"))
        period = self.told.period
        yield cells.line(("report", "days", "first", period.first.isoformat()))
        yield cells.line(("report", "days", "last", period.last.isoformat()))
        yield cells.line(("report", "days", "timezone", str(period.zone)))
        yield cells.line(("report", "cases", "filter", one_line(self.told.search)))
        for row in self.rows():
            yield cells.line(one_line(one) if isinstance(one, str) else one for one in row)

    def markdown(self) -> Iterator[str]:
        """Give the blocks of a Markdown text."""
        title = f"Complaints at {self.company}" if self.company else "Complaints"
        yield f"# {escaped(title)}\n"
        yield f"{escaped(covers(self.told))}\n"
        yield f"**{escaped(headline(self.told))}**\n"
        yield "".join(f"{escaped(one)}\n" for one in notes(self.told))
        for part in parts(self.told):
            yield f"## {escaped(part.title)}\n"
            if part.says:
                yield f"{escaped(part.says)}\n"
            yield "".join(_lines(part))


def escaped(words: str) -> str:
    """Return words that Markdown shows as they are."""
    return _MEANS.sub(lambda found: f"\\{found[0]}", one_line(words))


def _item(part: Part) -> dict[str, object]:
    keys = [key for key, _ in part.columns]
    return {
        "part": part.key,
        "title": part.title,
        "lines": [
            {"line": row.label, **{key: one.value for key, one in zip(keys, row.cells, strict=True)}}
            for row in part.rows
        ],
    }


def _draw(part: Part, canvas: "Canvas") -> None:
    if part.ticks and len(part.rows) > _LINES:
        for at, (_, title) in enumerate(part.columns):
            counts = [int(row.cells[at].value or 0) for row in part.rows]
            first, last = part.ticks[0], part.ticks[-1]
            canvas.line(f"{title}: {canvas.marks(counts)}  {first} to {last}, most {max(counts):,}", indent=2)
        return
    heads = [part.columns[at][1] for at in part.shown]
    lines = [Figures(row.label, [row.cells[at].shown for at in part.shown], row.bar) for row in part.rows]
    draw_figures(canvas, heads, lines)


def _lines(part: Part) -> Iterator[str]:
    """Give the lines of a Markdown table."""
    heads = [part.of, *(part.columns[at][1] for at in part.shown)]
    yield f"| {' | '.join(map(escaped, heads))} |\n"
    yield f"|:--|{'--:|' * (len(heads) - 1)}\n"
    for row in part.rows:
        cells = [row.label, *(row.cells[at].shown for at in part.shown)]
        yield f"| {' | '.join(map(escaped, cells))} |\n"
