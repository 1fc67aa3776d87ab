"""Loading topics: the catalogue, and each language's words for it, one folder over the other, proven."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from responder.policy.cue_files import FILE as CUES
from responder.policy.cue_files import load_numbers, spelt_or_noted
from responder.policy.cues import Grammar, Said
from responder.policy.later import Later
from responder.policy.sheets import Sheet, Table
from responder.policy.topics import REMEDIES, UNCLEAR, Spoken, Telling, Topic, Topics, naming
from responder.policy.vocabulary import Vocabulary

FILE = "topics.toml"
_HEARD = ("words", "not", "catches", "spares")
_LEAST_HEARD = (("words", 5), ("not", 0))
_TOLD = ("own", "cost", "step")
_KEYS = ("id", *_HEARD, *_TOLD, "reason", "ask")
_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
#: {formal|informal}: the only braces in a clause.
_REGISTER = re.compile(r"\{[^{}|]*\|[^{}|]*\}")
_CLAUSE_END = re.compile(r"[.!?…,;:]$")
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One topic of one language as it was read."""

    said: tuple[Said, ...]
    telling: Telling
    catches: tuple[str, ...]
    spares: tuple[str, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """What topics there are, as all folders tell it together."""

    topics: Mapping[str, Topic]
    #: Those of the first folder: each of its languages tells them all.
    first: tuple[str, ...]
    #: Those too that a folder switched off: a language may still tell them.
    ever: frozenset[str]


def load_topics(folders: Sequence[Path]) -> tuple[Topics, list[str]]:
    """Read <folder>/topics.toml and <folder>/<language>/topics.toml: ours first, then a company's own.

    A later table with a known id replaces the earlier one; `enabled = false` with a `because` removes it
    (from the catalogue: in every language). Words for numbers are those of the cues. Returns the topics and
    every problem, as `path:line: message`; with problems the topics are good for nothing. In the first
    folder every language that has cues tells every topic.
    """
    problems: list[str] = []
    catalogue = _catalogue(folders, problems)
    spoken = {code: _language(folders, code, catalogue, problems) for code in _codes(folders)}
    return Topics(catalogue.topics, spoken), problems


def lazy_topics(
    folders: Sequence[Path], refuse: Callable[[list[str]], Exception]
) -> tuple[Topics, list[str]]:
    """Return the same topics, each language read and tried when it is first asked for.

    What is wrong with it is raised then, as `refuse` makes it of the problems; what is wrong with the
    catalogue is returned.
    """
    problems: list[str] = []
    catalogue = _catalogue(folders, problems)

    def read(code: str) -> Spoken:
        found: list[str] = []
        spoken = _language(folders, code, catalogue, found)
        if found:
            raise refuse(found)
        return spoken

    return Topics(catalogue.topics, Later(_codes(folders), read)), problems


def _codes(folders: Sequence[Path]) -> list[str]:
    """Return the languages that tell topics in one of the folders, or must: those with cues in the first."""
    telling = {path.parent.name for folder in folders for path in folder.glob(f"*/{FILE}")}
    return sorted(telling | {path.parent.name for folder in folders[:1] for path in folder.glob(f"*/{CUES}")})


def _catalogue(folders: Sequence[Path], problems: list[str]) -> _Catalogue:
    """Read every folder's catalogue, one over the other."""
    topics: dict[str, Topic] = {}
    told: list[tuple[str, ...]] = []
    for place, folder in enumerate(folders):
        path = folder / FILE
        sheet = _sheet(path, problems) if path.exists() else None
        if sheet is not None:
            sheet.known("topic")
            _each(sheet, topics, _topic)
        if place == 0 and UNCLEAR not in topics:
            problems.append(f"{path}:1: the topic {UNCLEAR!r} is missing")
        told.append(tuple(topics))
    first = told[0] if told else ()
    return _Catalogue(topics, first, frozenset(name for names in told for name in names))


def _language(
    folders: Sequence[Path],
    code: str,
    catalogue: _Catalogue,
    problems: list[str],
) -> Spoken:
    """Return the topics of one language, its examples tried; what is wrong goes to `problems`."""
    entries: dict[str, _Entry] = {}
    found: list[str] = []
    for place, folder in enumerate(folders):
        if (path := folder / code / FILE).is_file():
            _read_language(path, entries, catalogue, found)
        missing = [name for name in catalogue.first if name not in entries]
        if place == 0 and missing and (folder / code / CUES).is_file():
            found.append(f"{path}:1: has no sound topic {', '.join(missing)}")
    entries = {name: entry for name, entry in entries.items() if name in catalogue.topics}
    grammar = Grammar(numbers=load_numbers(folders, code))
    spoken = Spoken(
        Vocabulary([one for entry in entries.values() for one in entry.said], {code: grammar}),
        {name: entry.telling for name, entry in entries.items()},
    )
    if not found:
        _try_examples(Topics(catalogue.topics, {code: spoken}), code, entries)
        spoken.vocabulary.forget()
    problems += found
    return spoken


def _read_language(
    path: Path, entries: dict[str, _Entry], catalogue: _Catalogue, problems: list[str]
) -> None:
    """Read one file of a language."""
    sheet = _sheet(path, problems)
    if sheet is None:
        return
    sheet.known("topic")

    def read(table: Table) -> _Entry | None:
        name = table.words("id")
        if name and name not in catalogue.ever:
            table.problem(
                f"there is no topic {name!r} in the catalogue, {FILE} beside the languages", key="id"
            )
        return _entry(table, path.parent.name)

    _each(sheet, entries, read)


def _each(sheet: Sheet, kept: dict[str, _Kept], read: Callable[[Table], _Kept | None]) -> None:
    """Lay every [[topic]] of `sheet` over what is `kept`, under its id."""
    seen: set[str] = set()
    for table in sheet.tables("topic"):
        name = table.words("id")
        if name in seen:
            table.problem(f"the topic {name!r} stands twice in this file", key="id")
        elif table.switched_off():
            if name == UNCLEAR:
                table.problem(f"the topic {UNCLEAR!r} cannot be switched off: a reply needs it", key="id")
            elif kept.pop(name, None) is None:
                table.problem(f"there is no topic {name!r} to switch off", key="id")
        elif (entry := read(table)) is not None:
            kept[name] = entry
        seen.add(name)


def _sheet(path: Path, problems: list[str]) -> Sheet | None:
    """Return a file as a sheet; None when it cannot be read, which is then noted."""
    try:
        return Sheet(path, path.read_bytes(), problems)
    except OSError as error:
        problems.append(f"{path}:1: cannot be read: {error.strerror}")
        return None


def _topic(table: Table) -> Topic | None:
    """Return one entry of the catalogue; None when something is wrong with it, which is then noted."""
    table.known(("id", "says", "family", "remedies"), "a topic of the catalogue")
    name = table.words("id")
    if name and not _ID.fullmatch(name):
        table.problem(f"id {name!r} must be lower-case words joined by _", key="id")
    remedies = table.lines("remedies")
    for remedy in remedies:
        if remedy not in REMEDIES:
            table.problem(f"unknown remedy {remedy!r}; known: {', '.join(REMEDIES)}", key="remedies")
    topic = Topic(id=name, says=table.words("says"), family=table.words("family"), remedies=remedies)
    return topic if table.sound else None


def _entry(table: Table, language: str) -> _Entry | None:
    """Return one topic of a language; None when something is wrong with it, which is then noted."""
    name = table.words("id")
    heard = name != UNCLEAR
    table.known(_KEYS if heard else tuple(key for key in _KEYS if key not in _HEARD), f"the topic {name!r}")
    words = {key: spelt_or_noted(table, key, language, least) for key, least in _LEAST_HEARD if heard}
    entry = _Entry(
        said=(
            naming(name, language, words["words"]),
            naming(name, language, words["not"], takes_back=True),
        )
        if heard
        else (),
        telling=Telling(
            own=_clauses(table, "own"),
            cost=_clauses(table, "cost"),
            step=_clauses(table, "step"),
            reason=_clause(table.words("reason"), table, "reason"),
            ask=_sentence(table),
        ),
        catches=table.lines("catches", least=3 if heard else 0),
        spares=table.lines("spares", least=3 if heard else 0),
        table=table,
    )
    return entry if table.sound else None


def _clauses(table: Table, key: str) -> tuple[str, ...]:
    """Return the clauses under `key`, at least two; what is wrong with one is noted."""
    return tuple(_clause(words, table, key) for words in table.lines(key, least=2))


def _clause(words: str, table: Table, key: str) -> str:
    """Return a clause; a stop at its end, an odd space or an odd brace is noted."""
    if _CLAUSE_END.search(words):
        table.problem(f"{key} must be a clause without a stop at its end: {words!r}", key=key, holding=words)
    return _line(words, table, key)


def _sentence(table: Table) -> str:
    """Return the question; that it does not end like a sentence is noted."""
    words = table.words("ask")
    if words and words[-1] not in ".?!…":
        table.problem(f"ask must be a whole sentence: {words!r}", key="ask")
    return _line(words, table, "ask")


def _line(words: str, table: Table, key: str) -> str:
    """Return `words`; what the writer could not handle in them is noted."""
    if words != " ".join(words.split()):
        table.problem(f"{key} must be one line with single spaces: {words!r}", key=key, holding=words)
    if {"{", "}"} & set(_REGISTER.sub("", words)):
        table.problem(f"{key} may hold no braces but {{formal|informal}}: {words!r}", key=key, holding=words)
    return words


def _try_examples(topics: Topics, code: str, entries: Mapping[str, _Entry]) -> None:
    """Run every topic's examples, and note those that do not do what they promise."""
    for name, entry in entries.items():
        for example in entry.catches:
            if (named := topics.name(example, code)) != name:
                instead = f"it names {named!r}" if named else "it names none"
                entry.table.problem(
                    f"the topic {name!r} does not catch {example!r}: {instead}",
                    key="catches",
                    holding=example,
                )
        for example in entry.spares:
            if topics.name(example, code) == name:
                entry.table.problem(
                    f"the topic {name!r} does not spare {example!r}", key="spares", holding=example
                )
