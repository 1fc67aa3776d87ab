"""Loading what we say after an answer: policies/<language>/followups.toml of every folder."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from responder.policy.cue_files import FILE as CUES
from responder.policy.filling import SLOT

FILE = "followups.toml"
#: What is said, and the slots it may hold.
TEXTS = ("update", "status", "check", "quality")
_SLOTS = frozenset({"name", "step", "when"})
#: What may have been promised, and what stands beside it.
PROMISED = ("update", "call", "action", "outcome")
_BY = frozenset({"time", "day", "month"})
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What one language says after an answer."""

    #: Lines, by what they are for.
    texts: Mapping[str, tuple[str, ...]]
    #: What was promised, each with {by}.
    promised: Mapping[str, str]
    #: The moment, with {time}, {day} and {month}; and how the months are called in it.
    by: str
    months: tuple[str, ...]


def load_after(folders: Sequence[Path]) -> tuple[Mapping[str, After], list[str]]:
    """Read <folder>/<language>/followups.toml of every folder; a later key takes the place of an earlier one.

    Returns them by language, and every problem as `path:1: message`. In the first folder every language that
    has cues has one.
    """
    read: dict[str, dict[str, object]] = {}
    problems: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob(f"*/{FILE}")):
            try:
                table = tomllib.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                problems.append(f"{path}:1: cannot be read: {error}")
                continue
            problems += [f"{path}:1: unknown key {key!r}" for key in sorted({*table} - {*TEXTS, "promised"})]
            known = read.setdefault(path.parent.name, {})
            own, before = table.pop("promised", {}), known.get("promised", {})
            known.update(table)
            if isinstance(own, dict) and isinstance(before, dict):
                known["promised"] = {**before, **own}
    spoken = {path.parent.name for folder in folders[:1] for path in folder.glob(f"*/{CUES}")}
    problems += [
        f"{folders[0] / code / FILE}:1: is missing; the cues speak this language"
        for code in sorted(spoken - {*read})
    ]
    found = {}
    for code, table in sorted(read.items()):
        wrong = [f"{code}/{FILE}:1: {says}" for says in (*_wrong_texts(table), *_wrong_promised(table))]
        problems += wrong
        if not wrong:
            found[code] = _after(table)
    return MappingProxyType(found), problems


def _wrong_texts(table: Mapping[str, object]) -> list[str]:
    wrong = []
    for key in TEXTS:
        lines = table.get(key)
        if not isinstance(lines, list) or not lines or not all(isinstance(one, str) for one in lines):
            wrong.append(f"{key} must be a list of lines")
            continue
        for one in lines:
            slots = {slot for slot in SLOT.findall(one) if "|" not in slot}
            if slots - _SLOTS or one != " ".join(one.split()):
                wrong.append(f"{key}: {one!r} may hold {', '.join(sorted(_SLOTS))}, on one line")
    return wrong


def _wrong_promised(table: Mapping[str, object]) -> list[str]:
    promised = table.get("promised")
    if not isinstance(promised, dict) or set(promised) != {*PROMISED, "by", "months"}:
        return [f"promised must have {', '.join(PROMISED)}, by and months"]
    wrong = [
        f"promised.{key} must hold {{by}} and no other slot"
        for key in PROMISED
        if not isinstance(promised[key], str) or re.findall(r"\{(\w+)\}", promised[key]) != ["by"]
    ]
    by, months = promised["by"], promised["months"]
    if not isinstance(by, str) or set(re.findall(r"\{(\w+)\}", by)) != _BY:
        wrong.append(f"promised.by must hold {', '.join(sorted(_BY))}")
    if not isinstance(months, list) or len({str(one) for one in months}) != _MONTHS:
        wrong.append("promised.months must name the twelve months")
    return wrong


def _after(table: Mapping[str, object]) -> After:
    promised: Mapping[str, object] = table["promised"]  # type: ignore[assignment]
    return After(
        texts={key: tuple(map(str, table[key])) for key in TEXTS},  # type: ignore[call-overload]
        promised={key: str(promised[key]) for key in PROMISED},
        by=str(promised["by"]),
        months=tuple(map(str, promised["months"])),  # type: ignore[call-overload]
    )
