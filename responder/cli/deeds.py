"""Deeds: what a person did to a case and what comes next, in each of the three forms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from responder.cli.failures import CONFLICT, DONE, Failure, told
from responder.store.errors import Conflict

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that a person did."""

    #: The case, like c-101; "" when it is about all.
    case: str
    #: What was done, as the journal says it: approved, edited by hand, dismissed ...
    did: str
    by: str
    #: The whole in a sentence.
    says: str
    #: What comes next, for a person; "" when nothing does.
    after: str = ""
    #: The draft it is about; 0 when it is about the case.
    draft: int = 0


@dataclass(frozen=True, slots=True)
class DeedSheet:
    """What was done."""

    deeds: Sequence[Deed]
    schema: str = "responder.deed/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each deed as plain data."""
        return [
            {
                "case": one.case or None,
                "did": one.did,
                "by": one.by,
                "draft": one.draft or None,
                "says": one.says,
                "after": one.after,
            }
            for one in self.deeds
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return case, what was done, who did it, the draft, the sentence."""
        for one in self.deeds:
            yield one.case, one.did, one.by, one.draft or "", one.says

    def draw(self, canvas: "Canvas") -> None:
        """Draw the sentences, and below them what comes next (once, where it is the same)."""
        for at, one in enumerate(self.deeds):
            canvas.line((one.says, "good"))
            last = at + 1 == len(self.deeds)
            if one.after and (last or self.deeds[at + 1].after != one.after):
                canvas.line(one.after, indent=2)


def carry_out(screen: "Screen", deeds: Sequence[Callable[[], Deed]]) -> int:
    """Do one deed after the other and tell of them all; return the exit code.

    One that somebody else was quicker with does not stop the others; anything else does, once what was
    done before is told.
    """
    done: list[Deed] = []
    late: list[Failure] = []
    try:
        for deed in deeds:
            try:
                made = deed()
                done.append(replace(made, after=screen.exact(made.after)))
            except Conflict as error:
                late.append(told(error, ""))
    finally:
        if done:
            more = {"errors": [failure.item() for failure in late]} if late else {}
            screen.confirm(DeedSheet(done), **more)
    for failure in late:
        if not (screen.manner.json and done):
            screen.fail(failure)
    return CONFLICT if late else DONE
