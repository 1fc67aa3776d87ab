"""Views: the searches that are saved in the settings, with how many cases each holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.cli.desk import AtDesk
from responder.cli.filters import search_of
from responder.model.search import Search

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: Counted no further: "1,000+" says enough.
_CAP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved view."""

    name: str
    search: Search
    #: How many cases it holds, at most _CAP.
    cases: int


@dataclass(frozen=True, slots=True)
class ViewsSheet:
    """Every saved view."""

    views: Sequence[Saved]
    schema: str = "responder.views/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each view as plain data."""
        return [
            {"name": one.name, "filter": str(one.search), "cases": one.cases, "more": one.cases == _CAP}
            for one in self.views
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return name, how many, filter."""
        for one in self.views:
            yield one.name, _many(one), one.search

    def draw(self, canvas: "Canvas") -> None:
        """Draw one line a view."""
        rows = [((one.name, "strong"), f"{_many(one):>6}", str(one.search)) for one in self.views]
        canvas.table(("view", " cases", "filter"), rows, widest=32)


def _many(one: Saved) -> str:
    return f"{one.cases:,}{'+' * (one.cases == _CAP)}"


def views(*, desk: AtDesk) -> None:
    """List the saved views, each with how many cases it holds (1,000+: as many or more)."""
    now = desk.now().astimezone(desk.settings.company.timezone)
    saved = []
    for name in desk.settings.views:
        search = search_of(desk, (), name).in_stage("waiting")
        saved.append(Saved(name=name, search=search, cases=desk.store.finding.count(search, now, cap=_CAP)))
    desk.screen.show(ViewsSheet(saved))
    if saved:
        desk.screen.hint(f"Look into one: responder queue --view {saved[0].name}")
    else:
        desk.screen.hint('No view is saved. Under [views] in the settings, write: mine = "owner:me"')
