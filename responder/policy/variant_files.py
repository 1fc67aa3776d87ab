"""Loading what stands around an incident's words: policies/<language>/incident.toml of every folder."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from responder.policy.cue_files import FILE as CUES

FILE = "incident.toml"
#: The lists a language has, how long each is at least, and the slots that each of its entries holds.
_LISTS: Mapping[str, tuple[int, frozenset[str]]] = {
    "greet": (3, frozenset({"name"})),
    "lead": (4, frozenset()),
    "long": (3, frozenset({"long"})),
    "sorry": (4, frozenset({"cost"})),
    "news": (3, frozenset()),
    "done": (3, frozenset()),
}
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What one language puts around the words that all are told."""

    #: With {name}.
    greet: tuple[str, ...]
    #: That we heard them; and the same with {long}, how long they say it lasts, in their own words.
    lead: tuple[str, ...]
    long: tuple[str, ...]
    #: An apology with {cost}, a clause of the topic.
    sorry: tuple[str, ...]
    #: What begins an update, and a closing note.
    news: tuple[str, ...]
    done: tuple[str, ...]
    #: What people say about how long something lasts.
    lasts: tuple[re.Pattern[str], ...]


def load_around(folders: Sequence[Path]) -> tuple[Mapping[str, Around], list[str]]:
    """Read <folder>/<language>/incident.toml of every folder; a later list takes the place of an earlier one.

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
            problems += [f"{path}:1: unknown key {key!r}" for key in sorted({*table} - {*_LISTS, "lasts"})]
            read.setdefault(path.parent.name, {}).update(table)
    spoken = {path.parent.name for folder in folders[:1] for path in folder.glob(f"*/{CUES}")}
    problems += [
        f"{folders[0] / code / FILE}:1: is missing; the cues speak this language"
        for code in sorted(spoken - {*read})
    ]
    found = {}
    for code, table in sorted(read.items()):
        wrong = [f"{code}/{FILE}:1: {says}" for says in _wrong(table)]
        problems += wrong
        if not wrong:
            found[code] = _around(table)
    return MappingProxyType(found), problems


def _wrong(table: Mapping[str, object]) -> list[str]:
    wrong = []
    for key, (least, slots) in _LISTS.items():
        entries = table.get(key)
        if not isinstance(entries, list) or not all(isinstance(one, str) for one in entries):
            wrong.append(f"{key} must be a list of texts")
            continue
        if len(set(entries)) < least:
            wrong.append(f"{key} has {len(set(entries))} wordings, and needs {least}")
        wrong += [
            f"{key}: {one!r} must hold {', '.join(slots) or 'no slot'}"
            for one in entries
            if set(_SLOT.findall(one)) != slots or one != " ".join(one.split())
        ]
    lasts = table.get("lasts")
    if not isinstance(lasts, list) or not lasts or not all(isinstance(one, str) for one in lasts):
        return [*wrong, "lasts must be a list of patterns"]
    for one in lasts:
        try:
            re.compile(one)
        except re.error as error:
            wrong.append(f"lasts: {one!r} is no pattern: {error}")
        if re.search(r"(?<!\\)[*+]|\{\d*,\}", one):
            wrong.append(f"lasts: {one!r} repeats without a bound")
    return wrong


def _around(table: Mapping[str, object]) -> Around:
    lists = {key: tuple(map(str, table[key])) for key in _LISTS}  # type: ignore[call-overload]
    lasts = tuple(re.compile(rf"\b(?:{one})\b", re.IGNORECASE) for one in table["lasts"])  # type: ignore[attr-defined]
    return Around(**lists, lasts=lasts)
