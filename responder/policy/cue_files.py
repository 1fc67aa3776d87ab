"""Loading cues: policies/<language>/cues.toml, one folder over the other, every example run before use."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from responder.policy.cues import Cue, Grammar, Kind, Said, phrases
from responder.policy.sheets import Sheet, Table
from responder.policy.tokens import Tokens
from responder.policy.vocabulary import Cues, Vocabulary

FILE = "cues.toml"
#: The units of time a [language] table has words for, in hours.
UNITS = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0, "weeks": 168.0, "months": 720.0}
_WORD_LISTS = ("negators", "breakers", "turns", "times", *UNITS)
#: Past the last line of any file.
_TO_THE_END = 10**9
_CUE_KEYS = ("id", "tier", "points", "kind", "says", "words", "near", "fades", "catches", "spares")
#: Kinds that make more urgent; the others take away.
_URGENT = {Kind.HARM, Kind.BREACH, Kind.NEED}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One cue as it was read."""

    said: Said
    catches: tuple[str, ...]
    spares: tuple[str, ...]
    table: Table


@dataclass(slots=True)
class _Language:
    """One language while its files are read; later files override cues by id and words by key."""

    code: str
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    cues: dict[str, _Entry] = field(default_factory=dict)


def load_cues(folders: Sequence[Path]) -> tuple[Cues, list[str]]:
    """Read <folder>/<language>/cues.toml of every folder: ours first, then a company's own laid over it.

    A later cue with a known id replaces the earlier one; `enabled = false` with a `because` removes it.
    Returns the cues and every problem, as `path:line: message`; with problems the cues are good for nothing.
    """
    problems: list[str] = []
    vocabularies = {code: load_language(folders, code, problems) for code in _codes(folders)}
    if not problems and not any(vocabulary.cues for vocabulary in vocabularies.values()):
        where = folders[0] if folders else Path()
        problems.append(f"{where / 'en' / FILE}:1: there is no cue; without cues nothing can be weighed")
    return Cues(vocabularies), problems


def lazy_cues(folders: Sequence[Path], refuse: Callable[[list[str]], Exception]) -> Cues:
    """Return the same cues, each language read and tried when it is first asked for.

    What is wrong with it is raised then, as `refuse` makes it of the problems.
    """

    def load(code: str) -> Vocabulary:
        problems: list[str] = []
        vocabulary = load_language(folders, code, problems)
        if problems:
            raise refuse(problems)
        return vocabulary

    return Cues({}, {code: partial(load, code) for code in _codes(folders)})


def load_language(folders: Sequence[Path], code: str, problems: list[str]) -> Vocabulary:
    """Return the cues of one language; what is wrong goes to `problems`."""
    language = _Language(code)
    for folder in folders:
        if (path := folder / code / FILE).is_file():
            _read(path, language, problems)
    vocabulary = Vocabulary([entry.said for entry in language.cues.values()], {code: _grammar(language)})
    _try_examples(vocabulary, language)
    vocabulary.forget()  # thousands of words that only the examples have
    return vocabulary


def _codes(folders: Sequence[Path]) -> list[str]:
    """Return the languages that have a file in one of the folders, in order."""
    return sorted({path.parent.name for folder in folders for path in folder.glob(f"*/{FILE}")})


def load_numbers(folders: Sequence[Path], code: str) -> dict[str, float]:
    """Return one language's words for numbers, as far as its cues.toml can be read."""
    language = _Language(code)
    for folder in folders:
        if (path := folder / code / FILE).is_file():
            with suppress(OSError):
                _read_words(Sheet(path, path.read_bytes(), []), language)
    return language.numbers


def _read(path: Path, language: _Language, problems: list[str]) -> None:
    """Read one file into `language`; its problems go to `problems`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.append(f"{path}:1: cannot be read: {error.strerror}")
        return
    sheet = Sheet(path, raw, problems)
    sheet.known("language", "cue")
    _read_words(sheet, language)
    seen: set[str] = set()
    for table in sheet.tables("cue"):
        name = table.words("id")
        if name and name in seen:
            table.problem(f"the cue {name!r} stands twice in this file", key="id")
        elif table.switched_off():
            if language.cues.pop(name, None) is None:
                table.problem(f"there is no cue {name!r} to switch off", key="id")
        elif entry := _entry(table, language.code):
            language.cues[name] = entry
        seen.add(name)


def _read_words(sheet: Sheet, language: _Language) -> None:
    """Read the [language] table."""
    data = sheet.single("language")
    table = Table(sheet, data, sheet.line_holding("[language]", 1, _TO_THE_END), _TO_THE_END)
    table.known(("numbers", *_WORD_LISTS), "[language]")
    for key in _WORD_LISTS:
        if table.has(key):
            spelt = [_spelt(word, table, key, language.code) for word in table.lines(key)]
            for word in (word for word in table.lines(key) if " " in word.strip()):
                table.problem(f"{key}: {word!r} is more than one word", key=key, holding=f'"{word}"')
            language.words[key] = tuple(phrase[0] for found in spelt for phrase in found)
    numbers = data.get("numbers", {})
    if isinstance(numbers, dict) and all(type(value) in {int, float} for value in numbers.values()):
        language.numbers.update(numbers)
    else:
        table.problem("numbers must be a table of words and numbers: { two = 2 }", key="numbers")


def _entry(table: Table, language: str) -> _Entry | None:
    """Return the cue that `table` tells; None when something is wrong with it, which is then noted."""
    table.known(_CUE_KEYS, "a cue")
    kind = table.choice("kind", [kind.value for kind in Kind])
    tier, points = table.number("tier", 0, 5), table.number("points", -100, 100)
    if kind and (points > 0) is not (kind in _URGENT):
        more = "add points" if kind in _URGENT else "take points away"
        table.problem(f"points is {points}, but a cue of the kind {kind} must {more}", key="points")
    if kind and tier and kind not in _URGENT:
        table.problem(
            f"tier is {tier}, but a cue of the kind {kind} makes nothing urgent: write 0", key="tier"
        )
    cue = Cue(
        id=table.words("id"),
        language=language,
        tier=tier,
        points=points,
        kind=Kind(kind or Kind.BREACH),
        says=table.words("says"),
        fades=table.number("fades", 1, 24 * 365) if table.has("fades") else 0,
    )
    entry = _Entry(
        Said(
            cue,
            tuple(dict.fromkeys(spelt_or_noted(table, "words", language, 1))),
            tuple(_sides(entry, table, language) for entry in table.lines("near"))
            if table.has("near")
            else (),
        ),
        table.lines("catches", least=2),
        table.lines("spares", least=2),
        table,
    )
    return entry if table.sound else None


def _sides(entry: str, table: Table, language: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return the sides of an entry like "brake* | pedal + fail* | gave way", each word in every spelling."""
    sides = entry.split("+")
    if len(sides) not in {2, 3}:
        table.problem(
            f'near: {entry!r} needs two sides or three, like "brake* | pedal + fail* | gave way"',
            key="near", holding=f'"{entry}"',
        )  # fmt: skip
    words = [[word.strip() for word in side.split("|")] for side in sides]
    return tuple(
        tuple(phrase for word in side for phrase in _spelt(word, table, "near", language)) for side in words
    )


def spelt_or_noted(table: Table, key: str, language: str, least: int = 0) -> list[tuple[str, ...]]:
    """Return the words and phrases under `key` in every spelling; what is wrong with them is noted."""
    words = table.lines(key, least=least)
    return [phrase for word in words for phrase in _spelt(word, table, key, language)]


def _spelt(word: str, table: Table, key: str, language: str) -> list[tuple[str, ...]]:
    """Return a word or phrase in every spelling; what is wrong with it is noted."""
    try:
        return phrases(word, language)
    except ValueError as error:
        table.problem(f"{key}: {error}", key=key, holding=f'"{word}"')
        return []


def _grammar(language: _Language) -> Grammar:
    """Build the little words of a language."""
    words = language.words
    return Grammar(
        negators=frozenset(words.get("negators", ())),
        breakers=frozenset(words.get("breakers", ())),
        turns=frozenset(words.get("turns", ())),
        numbers={word: float(number) for word, number in language.numbers.items()},
        units={word: hours for unit, hours in UNITS.items() for word in words.get(unit, ())},
        times=frozenset(words.get("times", ())),
    )


def _try_examples(vocabulary: Vocabulary, language: _Language) -> None:
    """Run every cue's examples, and note those that do not do what they promise."""
    for entry in language.cues.values():
        cue = entry.said.cue
        for key, examples in (("catches", entry.catches), ("spares", entry.spares)):
            for example in examples:
                caught = any(hit.cue is cue and not hit.denied for hit in vocabulary.hits(Tokens(example)))
                if caught is not (key == "catches"):
                    verb = "spare" if caught else "catch"
                    entry.table.problem(
                        f"the cue {cue.id!r} does not {verb} {example!r}", key=key, holding=example
                    )
