"""Table: lines of cells, each with what a program reads and what a person does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from responder.letter import span
from responder.model.statistics import Spread
from responder.model.times import Share


class Cell(NamedTuple):
    """What a program reads, and what a person does."""

    value: float | str | None
    shown: str


class Row(NamedTuple):
    """What a line is about, its cells, and how long its bar is, from 0 to 1; None: it has none."""

    label: str
    cells: Sequence[Cell]
    bar: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table."""

    #: Its name for programs, and its title.
    key: str
    title: str
    #: What the lines are told apart by.
    of: str
    #: Each column: its name for programs, and its head.
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    #: What a reader has to know.
    says: str = ""
    #: What stands below the columns of a plot, one for each line; none where lines with bars say it all.
    ticks: Sequence[str] = ()

    @property
    def shown(self) -> list[int]:
        """Which columns people are shown: those in which anything stands for them."""
        return [at for at in range(len(self.columns)) if any(row.cells[at].shown for row in self.rows)]


def counts(key: str, title: str, of: str, lines: Iterable[tuple[str, int]], *, says: str = "") -> Part:
    """Return a part of plain counts; what never happened is left out."""
    known = [(name, n) for name, n in lines if n]
    most = max((n for _, n in known), default=1)
    rows = [Row(name, [count(n)], n / most) for name, n in known]
    return Part(key=key, title=title, of=of, columns=(("n", "how often"),), rows=rows, says=says)


def both(label: str, now: int, before: int) -> Row:
    """Return a line with a count of these days and of those before."""
    return Row(label, [count(now), count(before)])


def spans(label: str, now: Spread | None, before: Spread | None, which: str) -> Row:
    """Return a line with one figure (`median`, `ninetieth`) of two spreads."""
    return Row(label, [time(getattr(one, which) if one else None) for one in (now, before)])


def count(n: int) -> Cell:
    """Return a count."""
    return Cell(n, f"{n:,}")


def time(seconds: float | None) -> Cell:
    """Return a length of time in seconds; None: there is none."""
    return Cell(None, "") if seconds is None else Cell(round(seconds, 3), lasting(seconds))


def share(one: Share) -> Cell:
    """Return a share, from 0 to 1; nothing where it is one of none."""
    return Cell(round(one.n / one.of, 4), percent(one)) if one.of else Cell(None, "")


def percent(one: Share) -> str:
    """Return a share; never 100 % where one is missing, nor 0 % where there is one."""
    whole = 100 * one.n // one.of if one.n * 2 > one.of else -(-100 * one.n // one.of)
    return f"{whole} %"


def change(now: int, before: int) -> str:
    """Return how much more or less, in words that no sign is lost from."""
    if now == before:
        return "the same"
    if not before:
        return "new"
    return f"{'+' if now > before else '−'}{abs(now - before) / before:.0%}".replace("%", " %")


def lasting(seconds: float) -> str:
    """Return a length of time in seconds as people say it, rounded up."""
    return span(timedelta(seconds=seconds), up=True)
