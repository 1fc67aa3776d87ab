"""Rule tables: from one table of a rules file to what it means, with every problem told."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.triage import Level
from responder.policy import judges
from responder.policy.contacts import disclosed_data, unknown_contacts
from responder.policy.detectors import (
    Component,
    Context,
    Detector,
    Form,
    Hit,
    Judgement,
    Lexical,
    Signal,
    Weighed,
)
from responder.policy.patterns import Pattern, PatternError, compile_patterns
from responder.policy.planner import Playbook
from responder.policy.reading import Reading
from responder.policy.rules import COMPLETENESS, EVERY_LANGUAGE, Case, Example, Kind, Levels, Rule
from responder.policy.sheets import Table

#: Silence for one audience.
OFF = "off"
#: What a rule protects, the gravest first; rulebook.toml keeps this order.
GROUPS = (
    "privacy",
    "safety",
    "legal",
    "blame",
    "apology",
    "promise",
    "ownership",
    "plan",
    "empathy",
    "offline",
    "style",
    "platform",
    "script",
)
SIGNAL_KEYS = ("id", "patterns", "denied", "catches", "spares")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SAID = ("says", "why", "source", "suggestion")
_WEIGHT = ("level", "level_own", "cases", "playbooks")
_CATALOGUE = (
    "id", "group", "kind", *_SAID, *_WEIGHT, "always", "test", "weigh", "words", "component", "signals",
    "together_with", "ahead_of", "also", "more_than", "patterns", "catches", "spares", "fix",
)  # fmt: skip
_EXCUSES = ("antipatterns", "unless_sentence", "unless_text")
_EXCUSES_SAID = ("unless_said", "unless_said_here", "unless_said_before")
_IN_A_LANGUAGE = ("id", "patterns", *_EXCUSES, *_EXCUSES_SAID, "catches", "spares", "fix", "none")

#: Tests in code that need no words of a language.
_JUDGES: Mapping[str, Callable[[Reading, Context], Sequence[Hit]]] = {
    "contacts": unknown_contacts,
    "data": disclosed_data,
    "language": judges.other_language,
    "length": judges.too_long,
    "copied": judges.copied,
    "unsigned": judges.unsigned,
    "turns": judges.ping_pong,
    "uninvited": judges.uninvited,
    "voicemail": judges.long_or_telling_voicemail,
}
#: Tests in code that look at what a language's patterns found.
_WEIGHS = {
    "remedy": judges.unapproved,
    "told": judges.asked_again,
    "cheer": judges.off_key,
    "causes": judges.too_many_causes,
    "files": judges.told_from_files,
    "ledger": judges.as_found,
}
#: A format test that reads patterns, and tests that read a language's lists.
_LEFTOVERS, _RESTATED, _REGISTER = "leftovers", "restated", "register"
_TESTS = (*_JUDGES, _LEFTOVERS, _RESTATED)
#: What an example may tell of its surroundings: texts, values, and what is converted.
_TEXTS = ("handle", "playbook", "fault", "remedy", "signature", "register")
_AS_THEY_ARE = ("mention_language", "tier", "addressed", "remedy_in_public")
_SURROUNDINGS = (
    "text", "language", "mention", "length", "turns", "audience", "origin", "allowed", "recent", "regulated",
    *_TEXTS, *_AS_THEY_ARE,
)  # fmt: skip


@dataclass(slots=True)
class Language:
    """What a language's rules are made of."""

    code: str
    unread: bool = False
    pieces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    stop: tuple[str, ...] = ()
    #: Words the company does not use: "synergy", "synerg*".
    forbidden: tuple[str, ...] = ()
    formal: Signal | None = None
    informal: Signal | None = None

    def patterns(self, table: Table, key: str, least: int = 0) -> tuple[Pattern, ...]:
        """Return the compiled patterns under `key` of `table`."""
        return patterns_from(table, key, self.pieces, least)

    def said(self, table: Table, names: Sequence[str], key: str) -> tuple[Signal, ...]:
        """Return the signals called `names`, which stand under `key`."""
        for name in names:
            if name not in self.signals:
                table.problem(f"there is no signal {name!r} in {self.code}", key=key)
        return tuple(self.signals[name] for name in names if name in self.signals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What a rule is in every language."""

    id: str
    kind: Kind
    group: str
    says: str
    why: str
    source: str
    suggestion: str
    level: Levels
    level_own: Levels
    cases: tuple[Case, ...]
    playbooks: frozenset[str]
    #: It may block in a language that nobody native has read: privacy, leftovers, channels.
    always: bool
    #: A language must bring words for it.
    needs_words: bool
    #: The test in code that weighs those words; "" when there is none.
    weigh: str
    component: str
    signals: tuple[str, ...]
    together_with: str
    ahead_of: str
    also: tuple[str, ...]
    more_than: int

    def rule(self, language: str, detector: Detector, *, place: str, **more: Any) -> Rule:
        """Return the rule in a language."""
        told = {
            name: getattr(self, name)
            for name in ("id", "kind", "group", *_SAID, "level", "level_own", "cases", "playbooks")
        }
        return Rule(
            language=language,
            detector=detector,
            place=place,
            **{"catches": (), "spares": (), **told, **more},
        )

    def overlaid(self, table: Table) -> "Common":
        """Return this with the words and weights that `table` has of its own."""
        changed: dict[str, Any] = {key: table.words(key) for key in _SAID if table.has(key)}
        for key in ("level", "level_own"):
            if table.has(key):
                changed[key] = _levels(table, key)
        if table.has("cases"):
            changed["cases"] = _cases(table)
        return replace(self, **changed)


def identity(table: Table) -> str:
    """Return the id of a table, lower-case words joined by hyphens; "" when it has none."""
    name = table.words("id")
    if name and (not _ID.fullmatch(name.replace("_", "-")) or name == COMPLETENESS):
        table.problem(
            f"id {name!r} must be lower-case words joined by hyphens, and not {COMPLETENESS!r}", key="id"
        )
        return ""
    return name


def known_keys(table: Table, common: Common) -> None:
    """Note the keys of a language's table that mean nothing there."""
    table.known((*_IN_A_LANGUAGE, *_SAID, "level", "level_own", "cases"), f"{common.id} in a language")


def common_from(table: Table, *, alone: bool = False) -> Common | None:
    """Return what a table of the catalogue says; `alone`: a language's own rule, whole in one table."""
    kind = table.choice("kind", [kind.value for kind in Kind])
    if not kind:
        return None
    table.known((*_CATALOGUE, *(_IN_A_LANGUAGE if alone else ())), "a rule")
    level = _levels(table, "level")
    component = table.words("component", needed=kind == Kind.COMPONENT)
    common = Common(
        id=table.words("id"),
        kind=Kind(kind),
        group=table.choice("group", GROUPS) if table.has("group") or not alone else "style",
        says=table.words("says"),
        why=table.words("why"),
        source=table.words("source"),
        suggestion=table.words("suggestion"),
        level=level,
        level_own=_levels(table, "level_own") if table.has("level_own") else level,
        cases=_cases(table),
        playbooks=_playbooks(table),
        always=table.flag("always"),
        needs_words=table.flag("words")
        or (kind in {Kind.LEXICAL, Kind.COMPONENT} and not table.has("patterns")),
        weigh=table.choice("weigh", [*_WEIGHS, _REGISTER]) if table.has("weigh") else "",
        component=component,
        signals=table.lines("signals", least=1 if component else 0),
        together_with=table.words("together_with", needed=False),
        ahead_of=table.words("ahead_of", needed=False),
        also=table.lines("also"),
        more_than=table.number("more_than", 0, 9) if table.has("more_than") else 0,
    )
    return common if table.sound else None


def shared_from(table: Table, common: Common, language: Language) -> Detector | None:
    """Return what finds a rule's places in every language; None when only a language's words do."""
    test = table.choice("test", _TESTS) if table.has("test") else ""
    if test == _LEFTOVERS:
        return Form(patterns=patterns_from(table, "patterns", {}, 1, folded=False))
    if test == _RESTATED:
        return Judgement(judge=judges.restated(language.stop))
    if test:
        return Judgement(judge=_JUDGES[test])
    if table.has("patterns"):
        words = Lexical(patterns=patterns_from(table, "patterns", {}, 1))
        return Weighed(words=words, weigh=_WEIGHS[common.weigh]) if common.weigh in _WEIGHS else words
    return None


def detector_from(table: Table, common: Common, language: Language) -> Detector | None:
    """Return what finds a rule's places in a language; None when it cannot be built, which is then noted."""
    if common.kind is Kind.COMPONENT:
        return _component(table, common, language)
    if common.weigh == _REGISTER:
        if language.formal and language.informal:
            ways = language.formal, language.informal
            return Judgement(judge=judges.mixed_register(*(way.heard for way in ways)), signals=ways)
        table.problem("[register] needs formal and informal, or the rule a `none`", key="id")
        return None
    words = Lexical(
        patterns=language.patterns(table, "patterns", 1),
        antipatterns=language.patterns(table, "antipatterns"),
        unless_sentence=language.patterns(table, "unless_sentence"),
        unless_text=language.patterns(table, "unless_text"),
        more_than=common.more_than,
        **{key: language.said(table, table.lines(key), key) for key in _EXCUSES_SAID},
    )
    return Weighed(words=words, weigh=_WEIGHS[common.weigh]) if common.weigh else words


def _component(table: Table, common: Common, language: Language) -> Component | None:
    """Return what hears whether a component is there."""

    def one(name: str) -> Signal | None:
        return next(iter(language.said(table, [name], "id")), None) if name else None

    signals = language.said(table, common.signals, "id")
    if not signals:
        return None
    return Component(
        name=common.component,
        signals=signals,
        together_with=one(common.together_with),
        ahead_of=one(common.ahead_of),
        also=language.said(table, common.also, "id"),
    )


def forbidden_words(language: Language, place: str) -> Rule:
    """Return the rule that finds the words a company does not use."""
    words = (re.escape(Reading(word.rstrip("*")).folded) + (r"\w{0,30}" if word.endswith("*") else "")
             for word in language.forbidden)  # fmt: skip
    level = Levels(Level.BLOCK, Level.BLOCK, Level.WARN)
    return Rule(
        id="no-forbidden-words",
        kind=Kind.LEXICAL,
        group="style",
        language=language.code,
        says="Uses a word that this company does not use",
        why="Your own list says so.",
        source="[words] forbidden in your rules.toml",
        suggestion="Say it another way.",
        level=level,
        level_own=level,
        playbooks=frozenset(),
        detector=Lexical(patterns=compile_patterns(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", {})),
        catches=(),
        spares=(),
        place=place,
    )


def fix_from(table: Table) -> str | None:
    """Return the words that mend what a rule found; None when a person must find them."""
    if not table.has("fix"):
        return None
    return table.words("fix", needed=False)


def patterns_from(
    table: Table, key: str, pieces: Mapping[str, tuple[str, ...]], least: int, *, folded: bool = True
) -> tuple[Pattern, ...]:
    """Return the compiled patterns under `key`."""
    out: list[Pattern] = []
    for source in table.lines(key, least=least):
        try:
            out.extend(compile_patterns(source, pieces, folded=folded))
        except PatternError as error:
            table.problem(f"{key}: {source!r} {error}", key=key, holding=source)
    return tuple(out)


def examples_from(table: Table, key: str, language: str) -> tuple[Example, ...]:
    """Return the examples under `key`, at least two: a text, or a table with a text and what surrounds it."""
    what = f"a text, or a table of {', '.join(_SURROUNDINGS)}"
    return tuple(table.each(key, 2, lambda value: _example(value, language), what))


def _example(value: Any, language: str) -> Example | None:
    """Return one example; None when it is not one."""
    told = {"text": value} if isinstance(value, str) else value
    if not isinstance(told, dict) or not set(told) <= set(_SURROUNDINGS):
        return None
    if not isinstance(told.get("text"), str):
        return None
    more: dict[str, Any] = {key: told[key] for key in _AS_THEY_ARE if key in told}
    more |= {key: str(told[key]) for key in _TEXTS if key in told}
    try:
        context = Context(
            language=str(told.get("language", "en" if language == EVERY_LANGUAGE else language)),
            mention_text=str(told.get("mention", "")),
            length=int(told.get("length", 10_000)),
            turns=int(told.get("turns", 0)),
            audience=Audience(told.get("audience", Audience.PUBLIC)),
            origin=Origin(told.get("origin", Origin.OURS)),
            allowed=tuple(map(str, told.get("allowed", []))),
            recent=tuple(map(str, told.get("recent", []))),
            regulated=told.get("regulated", False) is True,
            **more,
        )
    except (TypeError, ValueError):
        return None
    return Example(told["text"], context)


def _levels(table: Table, key: str) -> Levels:
    """Return a level by audience; OFF is silence. A script weighs what private words do, if not told."""
    told = table.choices(
        key,
        [audience.value for audience in Audience],
        [*(level.value for level in Level), OFF],
        optional=(Audience.SCRIPT.value,),
    )
    private = told.get(Audience.PRIVATE.value, OFF)
    levels = {"public": told.get("public", OFF), "private": private, "script": told.get("script", private)}
    return Levels(**{name: None if level == OFF else Level(level) for name, level in levels.items()})


def _cases(table: Table) -> tuple[Case, ...]:
    """Return where a rule weighs something else than usual."""

    def read(value: Any) -> Case | None:
        if not isinstance(value, dict) or not set(value) <= {"playbook", "fault", "tier", "level"}:
            return None
        try:
            return Case(
                level=Level(value["level"]),
                playbook=value.get("playbook", ""),
                fault=value.get("fault", ""),
                tier=value.get("tier"),
            )
        except (KeyError, ValueError):
            return None

    what = "a table with a level and a playbook, fault or tier"
    return tuple(table.each("cases", 0, read, what)) if table.has("cases") else ()


def _playbooks(table: Table) -> frozenset[str]:
    """Return the kinds of reply a rule is for."""
    chosen = table.lines("playbooks")
    for name in chosen:
        if name not in list(Playbook):
            table.problem(f"unknown playbook {name!r}; known: {', '.join(Playbook)}", key="playbooks")
    return frozenset(chosen)
