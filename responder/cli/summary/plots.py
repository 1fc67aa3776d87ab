"""Plots: columns as SVG, drawn by hand, that say in words what they show."""

from collections.abc import Sequence
from html import escape

from responder.cli.summary.table import Part
from responder.model.visible import one_line

#: Units of the drawing: as wide as a telephone, so that its letters are not made smaller there.
_WIDTH, _HEIGHT, _LEFT, _HEAD, _FOOT = 360, 70, 2, 24, 16
#: Names below the columns that find room beside each other.
_TICKS = 8


def plot(part: Part) -> str:
    """Return the columns of a part as one SVG: a strip for each of its series, all over the same names."""
    if not part.ticks:
        return ""
    series = _series(part)
    strip = _HEAD + _HEIGHT
    height = strip * len(series) + _FOOT
    drawn = [
        _strip(title, values, [one.label for one in part.rows], at * strip, at)
        for at, (title, values) in enumerate(series)
    ]
    key = part.key
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">{_said(part.title)}</title>'
        f'<desc id="{key}-desc">{_said(describe(part))}</desc>'
        f"{''.join(drawn)}{_ticks(part.ticks, height - 4)}</svg>"
    )


def bar(share: float) -> str:
    """Return a thin bar, so long a share of its room; its number stands beside it."""
    width = max(round(share * 100, 1), 0.5 if share else 0)
    return (
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="s0" width="{width:g}" height="4"/></svg>'
    )


def describe(part: Part) -> str:
    """Return in words what a plot shows, for who cannot see it; the table beside it has all numbers."""
    said = []
    for title, values in _series(part):
        most = max(values)
        where = part.rows[values.index(most)].label
        said.append(f"{title}: {sum(values):,} in all, the most ({most:,}) at {where}.")
    return " ".join(said)


def _series(part: Part) -> list[tuple[str, list[int]]]:
    """Return each column of whole numbers, with its title."""
    found = []
    for at, (_, title) in enumerate(part.columns):
        values = [row.cells[at].value for row in part.rows]
        if all(isinstance(one, int) for one in values):
            found.append((title, [int(one or 0) for one in values]))
    return found


def _strip(title: str, values: Sequence[int], labels: Sequence[str], top: int, number: int) -> str:
    most, slot = max([*values, 1]), (_WIDTH - 2 * _LEFT) / len(values)
    gap = min(4.0, slot / 4)
    floor = top + _HEAD + _HEIGHT
    made = [
        f'<text x="{_LEFT}" y="{top + 14}" class="head">{_said(title)}</text>',
        f'<text x="{_WIDTH - _LEFT}" y="{top + 14}" class="faint end">most {max(values):,}</text>',
    ]
    for at, n in enumerate(values):
        tall = round(n / most * (_HEIGHT - 4), 1)
        if n:
            tall = max(tall, 1.0)
            x, wide = _LEFT + at * slot + gap / 2, slot - gap
            made.append(
                f'<rect class="s{number}" x="{x:.1f}" y="{floor - tall:.1f}" width="{wide:.1f}"'
                f' height="{tall:.1f}"><title>{_said(labels[at])}: {n:,}</title></rect>'
            )
    made.append(f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _LEFT}" y1="{floor}" y2="{floor}"/>')
    return "".join(made)


def _ticks(names: Sequence[str], y: int) -> str:
    """Name the columns, or as many of them as find room: the first, the last, and some between."""
    slot = (_WIDTH - 2 * _LEFT) / len(names)
    shown = range(len(names)) if len(names) <= _TICKS else _some(len(names))
    made = []
    for at in shown:
        x, anchor = _LEFT + (at + 0.5) * slot, "middle"
        if len(names) > _TICKS and at in {0, len(names) - 1}:
            x, anchor = (_LEFT, "start") if at == 0 else (_WIDTH - _LEFT, "end")
        made.append(f'<text x="{x:.1f}" y="{y}" class="faint {anchor}">{_said(names[at])}</text>')
    return "".join(made)


def _some(n: int) -> list[int]:
    """Return five places from the first to the last, evenly far from each other."""
    return [round(one * (n - 1) / 4) for one in range(5)]


def _said(words: str) -> str:
    return escape(one_line(words))
