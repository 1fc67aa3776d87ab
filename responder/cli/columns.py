"""Columns: figures under their heads, each line with a bar; on a narrow screen a paragraph a line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: Between two columns, before a label; what of a label must be seen beside a bar, and in any case.
_GAP, _INDENT, _LABEL, _SHORTEST = 2, 2, 30, 12
_BAR = 10


class Figures(NamedTuple):
    """What a line is about, its figures, and how long its bar is, from 0 to 1; None: it has none."""

    label: str
    cells: Sequence[str]
    bar: float | None = None


def draw_figures(canvas: "Canvas", heads: Sequence[str], lines: Sequence[Figures]) -> None:
    """Draw lines of figures; no figure is cut, a label only where there is no room, and bars come last."""
    shown = [(one_line(line.label), [one_line(cell) for cell in line.cells], line.bar) for line in lines]
    widths = [max(map(len, column)) for column in zip(heads, *(cells for _, cells, _ in shown), strict=True)]
    room = canvas.width - sum(width + _GAP for width in widths)
    longest = max(len(label) for label, _, _ in shown) + _INDENT
    if room < min(longest, _SHORTEST):
        for label, cells, _ in shown:
            told = ", ".join(
                f"{head.strip()} {cell}" for head, cell in zip(heads, cells, strict=True) if cell
            )
            canvas.line(f"{label}: {told}", indent=_INDENT, hang=2)
        return
    bars = any(bar is not None for *_, bar in shown) and room - _BAR - _GAP >= min(longest, _LABEL)
    room -= (_BAR + _GAP) * bars
    rows = [
        (
            f"{' ' * _INDENT}{one_line(label, room - _INDENT)}",
            *(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)),
            *(canvas.bar(bar or 0, _BAR) for _ in range(bars)),
        )
        for label, cells, bar in shown
    ]
    head = ["", *(f"{one:>{width}}" for one, width in zip(heads, widths, strict=True)), *([""] * bars)]
    canvas.table(head, rows, widest=max(room, *widths))
