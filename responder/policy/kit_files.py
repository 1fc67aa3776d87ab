"""Loading what the offline kit says besides: policies/<language>/kit.toml of every folder."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from responder.policy.cue_files import FILE as CUES
from responder.policy.filling import filled, slots_in

FILE = "kit.toml"
#: The lines a language has, with the slots that each holds.
_LINES: Mapping[str, frozenset[str]] = {
    "warn": frozenset({"contact"}),
    "warn_alone": frozenset(),
    "code": frozenset({"code"}),
    "promise": frozenset({"quote", "day", "time"}),
    "promise_open": frozenset({"quote"}),
    "today": frozenset(),
    "tomorrow": frozenset(),
    "later": frozenset({"day", "d", "m"}),
    "window": frozenset({"day", "from", "to"}),
    "either": frozenset({"one", "other"}),
}
_DAYS = 7
#: From so many days on, a day of the week is told with its date.
_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class KitWords:
    """What one language says of contact points, codes, promises and times; with {formal|informal}."""

    #: What impostors ask for and we never do; with {contact}, and where there is none.
    warn: str
    warn_alone: str
    #: That a {code} finds the case.
    code: str
    #: A line about a promise: its {quote} with {day} and {time}; without a time.
    promise: str
    promise_open: str
    today: str
    tomorrow: str
    #: A {day} of the week with its date, {d} and {m}.
    later: str
    #: A {day} with {from} and {to}; two of them.
    window: str
    either: str
    #: On Monday ... on Sunday.
    days: tuple[str, ...]

    def day(self, at: datetime, now: datetime) -> str:
        """Return how the day of a moment is told; both are of the zone that people live by."""
        after = (at.date() - now.date()).days
        if after in {0, 1}:
            return self.tomorrow if after else self.today
        day = self.days[at.weekday()]
        if 0 <= after < _A_WEEK:
            return day
        return filled(self.later, {"day": day, "d": str(at.day), "m": str(at.month)}, informal=False)

    def windows(self, times: Sequence[tuple[datetime, datetime]], now: datetime) -> str:
        """Return one or two windows of time in words; "" for none."""
        told = [
            filled(
                self.window,
                {"day": self.day(start, now), "from": clock(start), "to": clock(end)},
                informal=False,
            )
            for start, end in times[:2]
        ]
        if len(told) < 2:
            return told[0] if told else ""
        return filled(self.either, {"one": told[0], "other": told[1]}, informal=False)

    def promised(self, quote: str, due: datetime | None, now: datetime) -> str:
        """Return a promise of ours as a line of a letter, with its time where it has one."""
        quote = " ".join(quote.split()).rstrip(".")
        if due is None or clock(due) in quote:
            return filled(self.promise_open, {"quote": quote}, informal=False)
        slots = {"quote": quote, "day": self.day(due, now), "time": clock(due)}
        return filled(self.promise, slots, informal=False)

    def told_code(self, code: str, *, informal: bool) -> str:
        """Return the sentence about a code."""
        return filled(self.code, {"code": code}, informal=informal)

    def warning(self, contact: str, *, informal: bool) -> str:
        """Return the sentence that warns of impostors."""
        return filled(self.warn if contact else self.warn_alone, {"contact": contact}, informal=informal)


def clock(at: datetime) -> str:
    """Return a time of day as replies tell it: 9:05."""
    return f"{at.hour}:{at:%M}"


def load_kits(folders: Sequence[Path]) -> tuple[Mapping[str, KitWords], list[str]]:
    """Read <folder>/<language>/kit.toml of every folder; a later line takes the place of an earlier one.

    Returns them by language, and every problem as `path:1: message`. In the first folder every language that
    has cues has one, with every key.
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
            known = {*_LINES, "days"}
            problems += [f"{path}:1: unknown key {key!r}" for key in sorted({*table} - known)]
            read.setdefault(path.parent.name, {}).update(
                {key: value for key, value in table.items() if key in known}
            )
    spoken = {path.parent.name for folder in folders[:1] for path in folder.glob(f"*/{CUES}")}
    problems += [
        f"{folders[0] / code / FILE}:1: is missing; the cues speak this language"
        for code in sorted(spoken - {*read})
    ]
    found = {}
    for code, table in sorted(read.items()):
        wrong = [f"{folders[0] / code / FILE}:1: {says}" for says in _wrong(table)]
        problems += wrong
        if not wrong:
            lines = {key: str(table[key]) for key in _LINES}
            days = table["days"]
            found[code] = KitWords(**lines, days=tuple(map(str, days if isinstance(days, list) else ())))
    return MappingProxyType(found), problems


def _wrong(table: Mapping[str, object]) -> Iterator[str]:
    for key, slots in _LINES.items():
        line = table.get(key)
        if not isinstance(line, str) or not line.strip() or line != " ".join(line.split()):
            yield f"{key} must be one line of text with single spaces"
        elif set(slots_in(line)) != slots or set("{}") & set(re.sub(r"\{[^{}]*\}", "", line)):
            yield f"{key} must hold {', '.join(f'{{{one}}}' for one in sorted(slots)) or 'no slot'}"
    days = table.get("days")
    if (
        not isinstance(days, list)
        or len(days) != _DAYS
        or not all(isinstance(one, str) and one for one in days)
    ):
        yield "days must be seven texts, from Monday on"
