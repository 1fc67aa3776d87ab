"""Advice: what the project was founded on, and what carries each piece out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.cli.desk import AtDesk
from responder.cli.words import many
from responder.policy.advice import Advice, load_advice

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas


@dataclass(frozen=True, slots=True)
class AdviceSheet:
    """Pieces of advice."""

    advice: Sequence[Advice]
    schema: str = "responder.advice/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each piece as plain data."""
        return [
            {
                "id": one.id,
                "says": one.says,
                "by": [{"kind": kind, "name": name} for kind, name in one.by],
                "waits": one.waits,
            }
            for one in self.advice
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return id, what it says, what carries it out, what is still to come."""
        for one in self.advice:
            yield one.id, one.says, ", ".join(name for _, name in one.by), one.waits

    def draw(self, canvas: "Canvas") -> None:
        """Draw each piece with what carries it out."""
        for one in self.advice:
            canvas.item((one.id, "strong"), one.says, hang=7)
            if one.by:
                told = "; ".join(_told(kind, name) for kind, name in one.by)
                canvas.item("", (told, "faint"), hang=7)
            if one.waits:
                canvas.item("", ("waits  ", "care"), one.waits, hang=7)
        waiting = sum(bool(one.waits) for one in self.advice)
        done = many(len(self.advice), "piece of advice", "pieces of advice")
        canvas.line(f"{done}; {waiting} wait for something that is still to come.")


def advice(*, desk: AtDesk) -> None:
    """Show the advice we were founded on, and what carries each piece out."""
    desk.screen.show(AdviceSheet(load_advice(desk.app.policy_folders)))


def _told(kind: str, name: str) -> str:
    """Return a reference as a person reads it."""
    return f"responder {name}" if kind == "command" else f"{kind} {name}"
