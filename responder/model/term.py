"""Term: one condition of a search, and how it is written."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from responder.model.triage import UNKNOWN

Value = str | int | timedelta
Comparison = Literal["=", ">", ">=", "<", "<="]

#: What stands for a stage of the case and for several of them.
STAGES = (
    *("waiting", "new", "needs-reply", "set-aside", "approved", "answered", "closed"),
    *("open", "snoozed", "all"),
)
#: What is known about a draft, as a queue marks it.
MARKS = ("blocked", "warning", "by-hand", "private", "edited")
#: What is late, and what is due by the end of the day.
LATE, TODAY = "late", "today"
#: The key of words that stand alone.
WORDS = ""
#: The name of a case, which needs no key before it; what a customer wrote like that stands in quotes.
CASE = re.compile("c-0*[1-9][0-9]{0,17}", re.IGNORECASE | re.ASCII)
#: Every key there is, with an example of what it takes.
KEYS = {
    "network": "network:x",
    "account": "account:x-main",
    "tier": "tier:>3",
    "urgency": "urgency:>=40",
    "owner": "owner:me",
    "stage": "stage:waiting",
    "text": 'text:"lost parcel"',
    "author": "author:@ana",
    "lang": "lang:de",
    "topic": "topic:lost",
    "mark": "mark:warning",
    "due": "due:<2h",
    "settle": "settle:<1d",
    "rule": "rule:<2w",
    "age": "age:>1d",
    "id": "id:c-101",
}
#: What a number may be at the most.
MOST = {"tier": 5, "urgency": 100}
#: Keys that take > >= < and <=.
COMPARED = (*MOST, "age", "due", "settle", "rule")
#: What lengths of time are written in, with their seconds.
UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1, "w": 604_800}
#: Words that mean something else than themselves, unless they stand in quotes.
MEANT = {"owner": ("me", "nobody")}
#: What has a word of its own, by key and value.
_NAMED: dict[tuple[str, Value], str] = {
    ("owner", ""): "nobody",
    ("topic", ""): "unclear",
    ("lang", UNKNOWN): "unknown",
}


class SearchError(ValueError):
    """A filter that cannot be understood: what is wrong, where in it, and what to write."""

    def __init__(self, what: str, where: str, todo: str) -> None:
        super().__init__(f"{what} ({where}). {todo}")
        self.what = what
        self.where = where
        self.todo = todo


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One condition."""

    #: One of KEYS, or WORDS.
    key: str
    #: owner: a name, "" is nobody; topic: "" is unclear; lang: "und" is unknown; tier, urgency, id: a number;
    #: age: a length of time; due, settle, rule: one, or LATE or TODAY; all else as it was typed.
    value: Value
    op: Comparison = "="
    negated: bool = False

    def __str__(self) -> str:
        key = f"{self.key}:" if self.key else ""
        op = "" if self.op == "=" else self.op
        return f"{'-' * self.negated}{key}{op}{_written(self.key, self.value)}"


def _written(key: str, value: Value) -> str:
    """Return a value as `parse` reads it."""
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return next(f"{seconds // size}{unit}" for unit, size in UNITS.items() if seconds % size == 0)
    if key == "id":
        return f"c-{value}"
    if meant := _NAMED.get((key, value)):
        return meant
    said = str(value)
    plain = re.fullmatch(r"[^\s\"\\:<>=-][^\s\"\\:]*", said) and said.lower() not in MEANT.get(key, ())
    return said if plain and (key or not CASE.fullmatch(said)) else quoted(said)


def quoted(said: str) -> str:
    """Return words in quotes."""
    escaped = re.sub(r'(["\\])', r"\\\1", said)
    return f'"{escaped}"'
