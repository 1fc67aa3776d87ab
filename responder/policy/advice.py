"""Advice: each piece of advice this project was founded on, and what carries it out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from responder.policy.frames import PARTS
from responder.policy.planner import Playbook
from responder.policy.sheets import Sheet

FILE = "advice.toml"
#: What may carry out a piece of advice.
KINDS = ("rule", "playbook", "part", "topic", "command", "setting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One piece."""

    #: Article and number: "S0-01".
    id: str
    says: str
    #: What carries it out, as (kind of KINDS, name).
    by: tuple[tuple[str, str], ...]
    #: What is still to come; "" for nothing.
    waits: str


def load_advice(folders: Sequence[Path]) -> tuple[Advice, ...]:
    """Return the advice of the first folder that has any; raises ValueError with every problem."""
    path = next((folder / FILE for folder in folders if (folder / FILE).is_file()), None)
    if path is None:
        return ()
    problems: list[str] = []
    sheet = Sheet(path, path.read_bytes(), problems)
    sheet.known("advice")
    found = []
    for table in sheet.tables("advice"):
        table.known(("id", "says", "by", "waits"), "a piece of advice")
        by = []
        for one in table.lines("by"):
            kind, _, name = one.partition(":")
            if kind not in KINDS or not name:
                table.problem(f"{one!r} must begin with one of {', '.join(KINDS)} and a colon", key="by")
            by.append((kind, name))
        waits = table.words("waits", needed=False)
        if not by and not waits:
            table.problem("it has neither `by` nor `waits`: who carries it out?")
        found.append(Advice(id=table.words("id"), says=table.words("says"), by=tuple(by), waits=waits))
    if problems:
        raise ValueError("\n".join(problems))
    return tuple(found)


def dangling(advice: Sequence[Advice], known: Mapping[str, Collection[str]]) -> list[str]:
    """Return each reference that leads nowhere; `known` has rules, topics, commands and settings."""
    names = {"playbook": list(Playbook), "part": PARTS, **known}
    return [
        f"{one.id}: {kind}:{name}"
        for one in advice
        for kind, name in one.by
        if name not in names.get(kind, ())
    ]
