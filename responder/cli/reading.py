"""Reading: what could not be read, and whether the kept figures are right."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, get_args

from cyclopts import Parameter, Token, validators

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.settings.kinds import Duration, Kind

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: Reads "24h" as the config does.
_DURATION: Kind = get_args(Duration)[1]


def read_duration(_type: Any, tokens: Sequence[Token]) -> object:
    """Return the length of time in 2h or 7d; none at all for never."""
    told = tokens[0].value
    return timedelta(0) if told == "never" else _DURATION.read(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSheet:
    """A list of facts, one a line."""

    schema: str
    facts: Sequence[Mapping[str, str]]
    #: What a person reads above them; "" for nothing.
    title: str = ""

    def items(self) -> Sequence[Mapping[str, str]]:
        """Return the facts."""
        return self.facts

    def rows(self) -> Sequence[Sequence[str]]:
        """Return the values of each fact."""
        return [tuple(fact.values()) for fact in self.facts]

    def draw(self, canvas: "Canvas") -> None:
        """Draw a title and one paragraph a fact."""
        if self.title:
            canvas.line((self.title, "strong"))
        for fact in self.facts:
            canvas.line("  ".join(fact.values()), hang=4)


def read_since(_type: Any, tokens: Sequence[Token]) -> object:
    """Return the length of time in 24h or 7d."""
    return _DURATION.read(tokens[0].value)


def unread(
    *, limit: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=1000))] = 50, desk: AtDesk
) -> None:
    """List what could not be read as a post, the newest first: account, place, problem.

    Args:
        limit: How many, at most 1000; 50 if it is left out.
    """
    facts = desk.store.views.unread(limit)
    desk.screen.show(LinesSheet(schema="responder.unread/1", facts=facts))
    if not facts:
        desk.screen.hint("Everything could be read.")


def verify(*, desk: AtDesk) -> int:
    """Count every case anew and compare with the kept figures; exit 1 when they differ."""
    facts = [{"difference": one} for one in desk.store.views.verify()]
    title = "The kept figures are wrong; the scan is right:" if facts else ""
    desk.screen.show(LinesSheet(schema="responder.verify/1", facts=facts, title=title))
    if not facts:
        desk.screen.hint("The kept figures and the scan agree.")
    return failures.FAILED if facts else failures.DONE
