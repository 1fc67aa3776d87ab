"""Pieces: what a letter consists of, in the words of its reader; each rendering draws these and no others."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case."""

    name: str
    tier: int
    #: What the tier means.
    tier_says: str
    urgency: int
    #: The network and the public handle.
    who: str
    #: Who has it; "" is nobody.
    owner: str
    #: When the first answer is due; "" before triage.
    due: str
    late: bool
    #: The customer's words, shortened.
    said: str
    #: Where they stand; "" where there is no address to open.
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A sentence, with what to open and what to type."""

    text: str
    #: A case's name before it.
    name: str = ""
    url: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """A list of cases."""

    title: str
    rows: tuple[Row, ...]
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Sentences about one thing."""

    title: str
    facts: tuple[Fact, ...]
    note: str = ""
    #: Somebody has to look now.
    alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Counts by day."""

    title: str
    days: tuple[str, ...]
    #: What is counted, and how many each day.
    series: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """What complaints are about: the topic, how many, and how many more than before ("+3")."""

    title: str
    note: str
    topics: tuple[tuple[str, str, str], ...]


Part: TypeAlias = Cases | Facts | Chart | Topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole letter."""

    language: str
    subject: str
    #: What must be read before everything else.
    first: tuple[Fact, ...]
    parts: tuple[Part, ...]
    #: What stands below it.
    last: tuple[Fact, ...]
