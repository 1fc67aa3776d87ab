"""Deeds: what a person did to a case and what comes next, in each of the three forms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from responder.cli.failures import DONE, Failure, told
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
    #: What it promised, as docs/json.md has it.
    promises: Sequence[Mapping[str, object]] = ()


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
                "promises": list(one.promises),
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
    """Do one deed after the other and tell of them all; return the exit code of the first that failed.

    A program gets one document whatever happens: with `errors` where something was done before.
    """
    done, failed = _carried_out(deeds)
    done = [replace(one, after=screen.manner.exact(one.after)) for one in done]
    failed = [replace(one, todo=screen.manner.exact(one.todo)) for one in failed]
    if done:
        more = {"errors": [failure.item() for failure in failed]} if failed else {}
        if screen.manner.rehearsed:
            done = [replace(one, after="") for one in done]
        screen.confirm(DeedSheet(done), **more)
    if not (done and screen.manner.json):
        for failure in failed:
            screen.fail(failure)
    return failed[0].code if failed else DONE


def _carried_out(deeds: Sequence[Callable[[], Deed]]) -> tuple[list[Deed], list[Failure]]:
    """Do them; one that somebody else was quicker with does not stop the others, anything else does."""
    done: list[Deed] = []
    failed: list[Failure] = []
    for deed in deeds:
        try:
            done.append(deed())
        except Conflict as error:
            failed.append(told(error, ""))
        except Exception as error:
            if not done:
                raise
            failed.append(told(error, f"the deed after {done[-1].case}"))
            break
    return done, failed
