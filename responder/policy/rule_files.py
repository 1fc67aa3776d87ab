"""Rule files: rulebook.toml says which rules there are, <language>/rules.toml what breaks them."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from responder.policy.detectors import Detector, Several, Signal
from responder.policy.patterns import Pattern, PatternError, compile_patterns, expand
from responder.policy.rule_tables import (
    SIGNAL_KEYS,
    Common,
    Language,
    common_from,
    detector_from,
    examples_from,
    fix_from,
    forbidden_words,
    identity,
    known_keys,
    shared_from,
)
from responder.policy.rules import EVERY_LANGUAGE, Kind, Rule
from responder.policy.sheets import Sheet, Table

FILE = "rules.toml"
CATALOGUE = "rulebook.toml"


@dataclass(slots=True)
class _Raw:
    """One language while its files are read; later folders lay tables over earlier ones by id, key by key."""

    rules: dict[str, Table] = field(default_factory=dict)
    signals: dict[str, Table] = field(default_factory=dict)
    pieces: dict[str, tuple[Any, Sheet]] = field(default_factory=dict)
    #: `formal` and `informal` of [register], `stop` and `forbidden` of [words], and the sheet to blame.
    lists: dict[str, tuple[Any, Sheet]] = field(default_factory=dict)
    unread: bool = False
    #: The first file of the language, where what it lacks is told.
    path: Path = Path()


class RuleFiles:
    """What was read so far; `of` makes a language's rules of it, when they are first asked for."""

    def __init__(self, problems: list[str]) -> None:
        #: What a folder switched off: "en/no-minimising" -> because.
        self.off: dict[str, str] = {}
        #: By language, what shows formal and informal address, where there are two ways to say you.
        self.registers: dict[str, tuple[Signal, Signal]] = {}
        self._problems = problems
        self._catalogue = _Raw()
        self._languages: dict[str, _Raw] = {}
        #: The ids of the open folder, with their places: an id stands once in a file.
        self._here: dict[tuple[str, str, str], str] = {}

    def open_folder(self) -> None:
        """Begin another folder: from here on a known id lays its keys over what is there."""
        self._here.clear()

    def lay_catalogue(self, sheet: Sheet) -> None:
        """Read rulebook.toml."""
        sheet.known("rule")
        for table in sheet.tables("rule"):
            self._lay("rule", EVERY_LANGUAGE, table, self._catalogue.rules)

    def lay(self, sheet: Sheet, language: str) -> None:
        """Read <language>/rules.toml."""
        raw = self._languages.setdefault(language, _Raw(path=sheet.path))
        sheet.known("review", "pieces", "register", "words", "signal", "rule")
        if "native" in (review := sheet.single("review")):
            raw.unread = review["native"] is not True
        for name, value in sheet.single("pieces").items():
            if name in raw.pieces:  # our rules would change with it, unseen
                sheet.problem(
                    sheet.line_of_key(name), f"the piece {name} is ours already; choose another name"
                )
            raw.pieces[name] = value, sheet
        for place in ("register", "words"):
            for name, value in sheet.single(place).items():
                raw.lists[name] = value, sheet
        for table in sheet.tables("signal"):
            self._lay("signal", language, table, raw.signals)
        for table in sheet.tables("rule"):
            self._lay("rule", language, table, raw.rules)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have rules, EVERY_LANGUAGE first."""
        return EVERY_LANGUAGE, *sorted(self._languages)

    def of(self, code: str) -> tuple[Rule, ...]:
        """Return the rules of a language in the order of the catalogue, after every example of theirs ran.

        What is wrong with them goes to the problems.
        """
        if code == EVERY_LANGUAGE:
            return tuple(self._shared())
        raw = self._languages[code]
        language = self._language(code, raw)
        if language.formal and language.informal:
            self.registers[code] = language.formal, language.informal
        rules = [
            self._rule(name, common, raw, language)
            for name, common in self._commons.items()
            if f"{code}/{name}" not in self.off
        ]
        own = [self._own(table, language) for name, table in raw.rules.items() if name not in self._commons]
        forbidden = [forbidden_words(language, str(raw.path))] if language.forbidden else []
        return tuple(rule for rule in (*rules, *own, *forbidden) if rule)

    @cached_property
    def _commons(self) -> dict[str, Common | None]:
        """What each rule of the catalogue is in every language; asked for when all folders are read."""
        return {name: common_from(table) for name, table in self._catalogue.rules.items()}

    def _lay(self, what: str, language: str, table: Table, shelf: dict[str, Table]) -> None:
        """Lay one table over what is there under its id."""
        name = identity(table)
        if not name:
            return
        key = (what, language, name)
        if before := self._here.get(key):
            table.problem(f"{what} {name!r} is already in this file, at {before}", key="id")
            return
        self._here[key] = table.place
        if not table.switched_off():
            shelf[name] = table.over(shelf[name]) if name in shelf else table
            return
        if name not in shelf and not (what == "rule" and name in self._catalogue.rules):
            table.problem(f"there is no {what} {name!r} to switch off", key="id")
        shelf.pop(name, None)
        if language == EVERY_LANGUAGE:
            for raw in self._languages.values():
                raw.rules.pop(name, None)
        self.off[f"{language}/{name}"] = table.words("because")

    def _shared(self) -> list[Rule]:
        """Return the rules that hold in every language, proven."""
        out = []
        for name, common in self._commons.items():
            table = self._catalogue.rules[name]
            if common and (detector := shared_from(table, common, Language(EVERY_LANGUAGE))):
                rule = common.rule(
                    EVERY_LANGUAGE,
                    detector,
                    catches=examples_from(table, "catches", EVERY_LANGUAGE),
                    spares=examples_from(table, "spares", EVERY_LANGUAGE),
                    fix=fix_from(table),
                    place=table.place,
                )
                prove(rule, table)
                out.append(rule)
        return out

    def _language(self, code: str, raw: _Raw) -> Language:
        """Return a language's pieces, signals and lists, compiled."""
        language = Language(code, unread=raw.unread)
        for name, (value, sheet) in raw.pieces.items():
            try:
                sources = [value] if isinstance(value, str) else value
                language.pieces[name] = tuple(expand(source, language.pieces) for source in sources)
            except TypeError:
                sheet.problem(sheet.line_of_key(name), f"the piece {name} must be a text, or a list of texts")
            except PatternError as error:
                sheet.problem(sheet.line_of_key(name), f"the piece {name} {error}")
        for name, (value, sheet) in raw.lists.items():
            self._list(name, value, sheet, language)
        for name, table in raw.signals.items():
            if signal := _signal(name, table, language):
                language.signals[name] = signal
        return language

    def _list(self, name: str, value: Any, sheet: Sheet, language: Language) -> None:
        """Read one of the lists of [register] and [words]."""
        if name not in {"formal", "informal", "stop", "forbidden"} or not (
            isinstance(value, list) and all(isinstance(one, str) for one in value)
        ):
            sheet.problem(sheet.line_of_key(name), f"{name} is unknown, or no list of texts")
        elif name == "forbidden":
            language.forbidden = tuple(word for word in value if word.strip())
        elif name == "stop":
            language.stop = tuple(word.lower() for word in value)
        else:
            compiled: list[Pattern] = []
            for source in value:
                try:
                    compiled.extend(compile_patterns(source, language.pieces))
                except PatternError as error:
                    sheet.problem(sheet.line_of_key(name), f"{name}: {source!r} {error}")
            setattr(language, name, Signal(id=name, patterns=tuple(compiled)))

    def _rule(self, name: str, common: Common | None, raw: _Raw, language: Language) -> Rule | None:
        """Return a rule of the catalogue in a language."""
        if common is None:
            return None
        catalogue, table = self._catalogue.rules[name], raw.rules.get(name)
        shared = shared_from(catalogue, common, language)
        if table is None:
            if common.needs_words:
                self._problems.append(f"{raw.path}:1: the rule {name} is missing in {language.code}")
            elif shared:
                return common.rule(language.code, shared, fix=fix_from(catalogue), place=catalogue.place)
            return None
        known_keys(table, common)
        if why := table.words("none", needed=False):
            return common.rule(language.code, shared or Several(detectors=()), none=why, place=table.place)
        common = common.overlaid(table)
        own = detector_from(table, common, language)
        detector = Several(detectors=(shared, own)) if shared and own else own or shared
        if detector is None or not table.sound:
            return None
        fix = fix_from(table) if table.has("fix") else fix_from(catalogue)
        return _proven(
            common, detector, table, language, fix=fix, unread=language.unread and not common.always
        )

    def _own(self, table: Table, language: Language) -> Rule | None:
        """Return a rule that a language's file brings by itself: a company's words, say."""
        common = common_from(table, alone=True)
        if common is None or common.kind is not Kind.LEXICAL:
            close = f"no rule {table.words('id')!r} in {CATALOGUE}; a rule of its own must be lexical"
            table.problem(close, key="id")
            return None
        detector = detector_from(table, common, language)
        if detector is None or not table.sound:
            return None
        return _proven(common, detector, table, language, fix=fix_from(table))


def _proven(
    common: Common,
    detector: Detector,
    table: Table,
    language: Language,
    *,
    fix: str | None,
    unread: bool = False,
) -> Rule:
    """Return a language's rule, its own examples run."""
    rule = common.rule(
        language.code,
        detector,
        catches=examples_from(table, "catches", language.code),
        spares=examples_from(table, "spares", language.code),
        fix=fix,
        unread=unread,
        place=table.place,
    )
    prove(rule, table)
    return rule


def prove(rule: Rule, table: Table) -> None:
    """Run a rule's own examples; note every catch that is not caught and every spare that is."""
    for example in rule.catches:
        if not rule.catches_in(example):
            table.problem(f"{rule.id} does not catch {example.text!r}", key="catches", holding=example.text)
    for example in rule.spares:
        if rule.catches_in(example):
            table.problem(f"{rule.id} does not spare {example.text!r}", key="spares", holding=example.text)


def _signal(name: str, table: Table, language: Language) -> Signal | None:
    """Return a signal, its examples run."""
    table.known(SIGNAL_KEYS, "a signal")
    signal = Signal(
        id=name,
        patterns=language.patterns(table, "patterns", 1),
        denied=language.patterns(table, "denied"),
    )
    for key, wanted in (("catches", True), ("spares", False)):
        for example in examples_from(table, key, language.code):
            if bool(signal.heard(example.reading())) is not wanted:
                told = "is not heard in" if wanted else "is heard in"
                table.problem(f"{name} {told} {example.text!r}", key=key, holding=example.text)
    return signal if table.sound else None
