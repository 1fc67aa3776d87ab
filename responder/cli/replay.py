"""Replay: which stored cases the rules, the model and the settings of now would move; nothing is changed."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.reading import read_since
from responder.cli.words import many
from responder.model.triage import UNKNOWN
from responder.model.visible import one_line
from responder.steps.replay import Moved, Replay, Stand
from responder.steps.replay import replay as step

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: What can happen to a case, in the order in which the summary tells it.
_KINDS = ("moved up", "moved down", "set aside", "picked up", "another language")


@dataclass(frozen=True, slots=True)
class ReplaySheet:
    """What a replay found."""

    replay: Replay
    schema: str = "responder.replay/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each case that would move as plain data."""
        return [
            {
                "case": one.case.name,
                "text": one.case.target.text,
                "moves": sorted(one.kinds),
                "before": _item(one.before),
                "after": _item(one.after),
                "new": list(one.new),
                "gone": list(one.gone),
            }
            for one in self.replay.moved
        ]

    def more(self) -> dict[str, object]:
        """Return the figures for the envelope."""
        found = self.replay
        return {
            "weighed": found.weighed,
            "moving": found.moving,
            "failed": found.failed,
            **{kind.replace(" ", "_"): found.kinds.get(kind, 0) for kind in _KINDS},
            "corrections": found.corrections,
            "agreed": found.agreed,
        }

    def rows(self) -> Iterator[Sequence[object]]:
        """Return case, before, after, the reasons that are new, those that are gone, the post."""
        for one in self.replay.moved:
            new, gone = ",".join(one.new), ",".join(one.gone)
            yield one.case.name, _told(one.before), _told(one.after), new, gone, one.case.target.text

    def draw(self, canvas: "Canvas") -> None:
        """Draw each case that would move with its reasons, and the figures below."""
        for one in self.replay.moved:
            _draw(canvas, one)
        if others := self.replay.moving - len(self.replay.moved):
            canvas.line((f"and {many(others, 'other case')}: --limit", "faint"))
        canvas.line(summary(self.replay))


def _draw(canvas: "Canvas", one: Moved) -> None:
    canvas.line((f"{one.case.name}  ", "strong"), f"{_told(one.before)} -> ", (_told(one.after), _style(one)))
    canvas.short((f"“{one_line(one.case.target.text, 200)}”", "faint"), indent=4)
    for sign, reasons in (("+", one.new), ("-", one.gone)):
        for rule, says in reasons.items():
            canvas.item(sign, f"{says} ", (rule, "faint"), indent=4, hang=2)


def summary(found: Replay) -> str:
    """Return the figures of a replay in a few sentences."""
    moved = ", ".join(f"{found.kinds[kind]:,} {kind}" for kind in _KINDS if found.kinds.get(kind))
    said = [f"{many(found.weighed, 'case')} weighed anew: {moved or 'none would move'}."]
    if found.failed:
        said.append(f"{many(found.failed, 'case')} could not be weighed.")
    if found.corrections:
        told = many(found.corrections, "correction")
        said.append(f"By itself triage agrees with {found.agreed:,} of {told}.")
    return " ".join([*said, "Nothing was changed."])


def replay(
    *,
    since: Annotated[timedelta | None, Parameter(converter=read_since, metavar="TIME")] = None,
    policies: Annotated[tuple[Path, ...], Parameter(metavar="FOLDER")] = (),
    limit: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=1000))] = 50,
    desk: AtDesk,
) -> int:
    """Weigh stored cases anew, and tell which would move by the rules, the model and the settings of now.

    Each is weighed as of when it was weighed the last time, with what people corrected. Nothing is changed.

    Args:
        since: Only cases that were weighed within this time, like 30d.
        policies: Try this folder of policies in place of those in the config; may be given more than once.
        limit: How many cases to show, those that move most; 50 if it is left out, at most 1000.
    """
    policy = desk.app.policy_of(policies) if policies else desk.app.policy
    now = desk.now()
    with desk.screen.progress("Weighing") as tick:
        found = step(
            desk.store,
            policy,
            now - since if since else None,
            most=limit,
            progress=lambda n: tick(None, many(n, "case")),
        )
    sheet = ReplaySheet(found)
    desk.screen.show(sheet, **sheet.more())
    if not desk.screen.drawn:
        desk.screen.note(summary(found))
    return failures.DONE


def _item(stand: Stand) -> Mapping[str, object]:
    language = stand.language if stand.language != UNKNOWN else None
    return {"complaint": stand.complaint, "tier": stand.tier, "language": language}


def _told(stand: Stand) -> str:
    """Return "tier 3, en"."""
    return f"{f'tier {stand.tier}' if stand.complaint else 'aside'}, {stand.language}"


def _style(one: Moved) -> str:
    return "alarm" if one.before.complaint and not one.after.complaint else "strong"
