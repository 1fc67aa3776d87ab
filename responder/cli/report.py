"""Report sheet: what steps did, in counts and in sentences for what went wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.cli.words import many
from responder.steps.report import Report

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: The counts of a report as a person reads them: one, and several.
_COUNTS = {
    "heard": ("post heard", "posts heard"),
    "opened": ("case opened", "cases opened"),
    "edited": ("post edited by its author", "posts edited by their authors"),
    "removed": ("post removed by its author", "posts removed by their authors"),
    "malformed": (
        "entry could not be read (responder unread)",
        "entries could not be read (responder unread)",
    ),
    "triaged": ("case weighed", "cases weighed"),
    "drafted": ("reply drafted", "replies drafted"),
    "stepped aside": ("case left for later", "cases left for later"),
    "sent": ("reply sent", "replies sent"),
    "would send": ("reply would be sent", "replies would be sent"),
    "planned": ("reply not sent yet", "replies not sent yet"),
    "postponed": ("reply postponed", "replies postponed"),
    "refused": ("reply refused by its network", "replies refused by their networks"),
    "unsure": ("reply may or may not be public", "replies may or may not be public"),
    "void": ("approval ended", "approvals ended"),
    "found": ("reply found public", "replies found public"),
    "proposed": (
        "incident proposed (responder incident list)",
        "incidents proposed (responder incident list)",
    ),
    "joined": ("case joined an incident", "cases joined incidents"),
    "told alike": ("reply drafted around an incident's words", "replies drafted around incidents' words"),
    "looked": ("reply looked for", "replies looked for"),
}
#: The most problems that a person is shown at once.
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step's report."""

    step: str
    report: Report
    #: The account, where a step works on one.
    account: str = ""
    #: How many of the report's last sentences are no problems: what a dry run tells.
    notes: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong."""
        return self.report.problems[: len(self.report.problems) - self.notes]


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """What one or more steps did."""

    steps: Sequence[StepDone]
    schema: str = "responder.report/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each step as plain data."""
        return [
            {
                "step": one.step,
                "account": one.account or None,
                "done": dict(one.report.done),
                "problems": list(one.problems),
                "notes": list(one.report.problems[len(one.problems) :]),
            }
            for one in self.steps
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return step, account, what, how often; and step, account, "problem" or "note", words."""
        for one in self.steps:
            for what, n in one.report.done.items():
                yield one.step, one.account, what, n
            for at, said in enumerate(one.report.problems):
                yield one.step, one.account, "problem" if at < len(one.problems) else "note", said

    def draw(self, canvas: "Canvas") -> None:
        """Draw one line a step, with its problems below."""
        for one in self.steps:
            account = f"{one.account}: " if one.account else ""
            canvas.item((one.step, "strong"), account, told(one.report), hang=8)
            for problem in one.problems[:_MOST_PROBLEMS]:
                said = problem.removeprefix(f"{one.account}: ") if one.account else problem
                canvas.item(("!", "care"), said, indent=8, hang=2)
            for note in one.report.problems[len(one.problems) :]:
                canvas.item("-", note, indent=8, hang=2)
            if (others := len(one.problems) - _MOST_PROBLEMS) > 0:
                canvas.line(f"! and {many(others, 'more problem')}; --json tells them all", indent=8)


def told(report: Report) -> str:
    """Return the counts of a report in words, "nothing new" when there are none."""
    counts = [f"{n:,} {_COUNTS.get(what, (what, what))[n != 1]}" for what, n in report.done.items() if n]
    if not counts:
        return "it did not work" if report.problems else "nothing new"
    return ", ".join(counts)
