"""Advice: what the project was founded on, what carries each piece out, and whether that is there."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.words import many
from responder.policy.advice import Advice, Trail, follow, load_advice

if TYPE_CHECKING:
    from cyclopts import App

    from responder.cli.canvas import Canvas


@dataclass(frozen=True, slots=True)
class AdviceSheet:
    """Pieces of advice; with `trails` where each reference leads, by kind and name."""

    advice: Sequence[Advice]
    trails: Mapping[tuple[str, str], Trail] | None = None
    schema: str = "responder.advice/2"

    def items(self) -> list[Mapping[str, object]]:
        """Return each piece as plain data."""
        return [{"id": one.id, "says": one.says, "by": [*map(self._item, one.by)]} for one in self.advice]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return id, what it says, what carries it out; followed: a row a reference, with both ends."""
        for one in self.advice:
            if self.trails is None:
                yield one.id, one.says, ", ".join(name for _, name in one.by)
                continue
            for kind, name in one.by:
                trail = self.trails[kind, name]
                yield one.id, kind, name, trail.found, trail.problem

    def draw(self, canvas: "Canvas") -> None:
        """Draw each piece with what carries it out, and where that leads once it was followed."""
        for one in self.advice:
            canvas.item((one.id, "strong"), one.says, hang=7)
            if self.trails is None:
                told = "; ".join(_told(kind, name) for kind, name in one.by)
                canvas.item("", (told, "faint"), hang=7)
                continue
            for kind, name in one.by:
                trail = self.trails[kind, name]
                canvas.item("", (f"{_told(kind, name)}  ", "faint"), (trail.found, "good"), hang=7)
                if trail.problem:
                    canvas.item("", (trail.problem, "care" if trail.meant else "alarm"), hang=7)
        done = many(len(self.advice), "piece of advice", "pieces of advice")
        if self.trails is None:
            canvas.line(f"{done}. Does each run? responder advice --check")
            return
        wrong = sum(bool(one.problem) and not one.meant for one in self.trails.values())
        ways = many(len(self.trails), "way", "ways")
        canvas.line(f"{done}, {ways} followed to the end: {wrong or 'none'} led nowhere.")

    def _item(self, by: tuple[str, str]) -> Mapping[str, object]:
        kind, name = by
        if self.trails is None:
            return {"kind": kind, "name": name}
        trail = self.trails[by]
        return {
            "kind": kind, "name": name, "found": trail.found, "problem": trail.problem, "meant": trail.meant,
        }  # fmt: skip


def advice(*, check: bool = False, desk: AtDesk) -> int:
    """Show the advice we were founded on, and what carries each piece out.

    Args:
        check: Follow each: run the examples of its rules, write its replies, look for its commands, options
            and settings; exit 1 where one leads nowhere.
    """
    pieces = load_advice(desk.app.policy_folders)
    if not check:
        desk.screen.show(AdviceSheet(pieces))
        return failures.DONE
    book = desk.app.policy.rulebook
    ways = list(dict.fromkeys(way for one in pieces for way in one.by))
    trails = {}
    with desk.screen.progress("Following each piece in every language") as tick:
        for place, (kind, name) in enumerate(ways):
            trails[kind, name] = here(kind, name) or follow(kind, name, book)
            tick(place / len(ways), name)
    desk.screen.show(AdviceSheet(pieces, trails))
    wrong = any(one.problem and not one.meant for one in trails.values())
    return failures.FAILED if wrong else failures.DONE


def _told(kind: str, name: str) -> str:
    """Return a reference as a person reads it."""
    return f"responder {name}" if kind == "command" else f"{kind} {name}"


def here(kind: str, name: str) -> Trail | None:
    """Go after what only this face knows, a command or a setting; None for all else."""
    if kind == "command":
        return _command(name)
    return _setting(name) if kind == "setting" else None


@cache
def _commands() -> "App":
    from responder.cli.app import build

    return build()


def _command(line: str) -> Trail:
    """Load a command, and look for each option that the line names."""
    name, *options = line.split()
    try:
        command = _commands()[name]
    except KeyError:
        return Trail(problem="there is no such command")
    known = {one for each in command.assemble_argument_collection() for one in each.names} if options else {}
    lacking = [one for one in options if one not in known]
    if lacking:
        return Trail(problem=f"it has no option {lacking[0]}")
    return Trail("runs")


def _setting(path: str) -> Trail:
    from responder.settings.sections import TABLES

    table, _, key = path.partition(".")
    if table not in TABLES or key not in {one.name for one in fields(TABLES[table])}:
        return Trail(problem="there is no such setting")
    return Trail("can be set")
