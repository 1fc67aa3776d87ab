"""Tables: from a table of a policy file to a rule or a reply, with every problem told."""

import re
from typing import Any

from responder.model.mention import Audience
from responder.model.triage import Level
from responder.policy.contacts import disclosed_data, unknown_contacts
from responder.policy.detectors import (
    Component,
    Context,
    Detector,
    Form,
    Judgement,
    Lexical,
    other_language,
    too_long,
)
from responder.policy.patterns import Pattern, PatternError, Pieces, compile_patterns
from responder.policy.planner import TOPICS, Playbook
from responder.policy.rules import COMPLETENESS, EVERY_LANGUAGE, Example, Kind, Levels, Rule
from responder.policy.sheets import Table
from responder.policy.wording import ANY_TOPIC, PARTS, SLOTS, Reply

#: Silence for one audience.
OFF = "off"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COMMON = (
    "id",
    "kind",
    "says",
    "why",
    "source",
    "level",
    "level_own",
    "suggestion",
    "playbooks",
    "catches",
    "spares",
)
_KEYS = {
    Kind.LEXICAL: ("patterns", "antipatterns", "unless_sentence", "unless_text"),
    Kind.COMPONENT: ("component", "present", "absent", "together_with", "ahead_of"),
    Kind.CONTEXT: ("test",),
    Kind.FORMAT: ("test", "patterns"),
}
_JUDGES = {
    Kind.CONTEXT: {"contacts": unknown_contacts, "data": disclosed_data, "language": other_language},
    Kind.FORMAT: {"length": too_long},
}
#: The format test that reads patterns instead of running code.
_LEFTOVERS = "leftovers"
_EXAMPLE_KEYS = {"text", "language", "mention", "mention_language", "handle", "allowed", "length", "audience"}
#: Slots that may be empty, with the part that is left out when they are.
_ONLY_IN = {"name": "greet", "reach": "invite"}


def identity(table: Table) -> str:
    """Return the id of a table, lower-case words joined by hyphens; "" when it has none."""
    name = table.words("id")
    if name and (not _ID.fullmatch(name) or name == COMPLETENESS):
        table.problem(
            f"id {name!r} must be lower-case words joined by hyphens, and not {COMPLETENESS!r}", key="id"
        )
        return ""
    return name


def rule_from(table: Table, language: str, pieces: Pieces) -> Rule | None:
    """Return the rule that `table` tells; None when something is wrong with it, which is then noted."""
    kind = table.choice("kind", [kind.value for kind in Kind])
    if not kind:
        return None
    table.known((*_COMMON, *_KEYS[Kind(kind)]), f"a {kind} rule")
    level = _levels(table, "level")
    rule = Rule(
        id=table.words("id"),
        kind=Kind(kind),
        language=language,
        says=table.words("says"),
        why=table.words("why"),
        source=table.words("source"),
        suggestion=table.words("suggestion"),
        level=level,
        level_own=_levels(table, "level_own") if table.has("level_own") else level,
        playbooks=_playbooks(table),
        detector=_detector(table, Kind(kind), pieces),
        catches=_examples(table, "catches", language),
        spares=_examples(table, "spares", language),
        place=table.place,
    )
    return rule if table.sound else None


def prove(rule: Rule, table: Table) -> None:
    """Run a rule's own examples; note every catch that is not caught and every spare that is."""
    for example in rule.catches:
        if not rule.catches_in(example):
            table.problem(f"{rule.id} does not catch {example.text!r}", key="catches", holding=example.text)
    for example in rule.spares:
        if rule.catches_in(example):
            table.problem(f"{rule.id} does not spare {example.text!r}", key="spares", holding=example.text)


def reply_from(table: Table, language: str) -> Reply | None:
    """Return the reply that `table` tells; None when something is wrong with it, which is then noted."""
    table.known(("id", "playbook", "topic", *PARTS), "a reply")
    parts = tuple((key, table.words(key)) for key in table.keys if key in PARTS)
    for part, words in parts:
        for slot in re.findall(r"\{([^{}]*)\}", words):
            if slot not in SLOTS:
                table.problem(f"unknown slot {{{slot}}}; known: {', '.join(SLOTS)}", key=part)
            elif part != _ONLY_IN.get(slot, part):
                table.problem(
                    f"{{{slot}}} can only stand in {_ONLY_IN[slot]}: elsewhere it may be empty", key=part
                )
        if {"{", "}"} & set(re.sub(r"\{[^{}]*\}", "", words)) or words != " ".join(words.split()):
            table.problem(f"{part} must be one line with whole {{slots}} and single spaces", key=part)
    reply = Reply(
        id=table.words("id"),
        language=language,
        playbook=table.choice("playbook", [playbook.value for playbook in Playbook]),
        topic=table.choice("topic", [*filter(None, TOPICS), ANY_TOPIC]),
        parts=parts,
        place=table.place,
    )
    return reply if table.sound else None


def _levels(table: Table, key: str) -> Levels:
    """Return a level by audience; OFF is silence."""
    told = table.choices(
        key, [audience.value for audience in Audience], [*(level.value for level in Level), OFF]
    )
    levels = {audience: Level(level) for audience, level in told.items() if level != OFF}
    return Levels(public=levels.get(Audience.PUBLIC.value), private=levels.get(Audience.PRIVATE.value))


def _playbooks(table: Table) -> frozenset[str]:
    """Return the kinds of reply a rule is for."""
    chosen = table.lines("playbooks")
    for name in chosen:
        if name not in list(Playbook):
            table.problem(f"unknown playbook {name!r}; known: {', '.join(Playbook)}", key="playbooks")
    return frozenset(chosen)


def _detector(table: Table, kind: Kind, pieces: Pieces) -> Detector:
    """Return what finds the rule's places."""

    def patterns(key: str, least: int = 0) -> tuple[Pattern, ...]:
        return _patterns(table, key, pieces, least)

    match kind:
        case Kind.LEXICAL:
            return Lexical(
                patterns=patterns("patterns", 1),
                antipatterns=patterns("antipatterns"),
                unless_sentence=patterns("unless_sentence"),
                unless_text=patterns("unless_text"),
            )
        case Kind.COMPONENT:
            return Component(
                name=table.words("component"),
                present=patterns("present", 1),
                absent=patterns("absent"),
                together_with=patterns("together_with"),
                ahead_of=patterns("ahead_of"),
            )
        case Kind.CONTEXT | Kind.FORMAT:
            return _judge(table, kind)


def _judge(table: Table, kind: Kind) -> Detector:
    """Return the test in code that the rule names, or the patterns of leftovers."""
    tests = [*_JUDGES[kind], *([_LEFTOVERS] if kind is Kind.FORMAT else [])]
    test = table.choice("test", tests)
    if test == _LEFTOVERS:
        return Form(patterns=_patterns(table, "patterns", {}, 1, folded=False))
    if table.has("patterns"):
        table.problem(f"only the test {_LEFTOVERS} reads patterns", key="patterns")
    return Judgement(judge=_JUDGES[kind].get(test, too_long))


def _patterns(
    table: Table, key: str, pieces: Pieces, least: int, *, folded: bool = True
) -> tuple[Pattern, ...]:
    """Return the compiled patterns under `key`."""
    out: list[Pattern] = []
    for source in table.lines(key, least=least):
        try:
            out.extend(compile_patterns(source, pieces, folded=folded))
        except PatternError as error:
            table.problem(f"{key}: {source!r} {error}", key=key, holding=source)
    return tuple(out)


def _examples(table: Table, key: str, language: str) -> tuple[Example, ...]:
    """Return the examples under `key`, at least two: a text, or a table with a text and what surrounds it."""
    what = f"a text, or a table of {', '.join(sorted(_EXAMPLE_KEYS))}"
    return tuple(table.each(key, 2, lambda value: _example(value, language), what))


def _example(value: Any, language: str) -> Example | None:
    """Return one example; None when it is not one."""
    told = {"text": value} if isinstance(value, str) else value
    if not isinstance(told, dict) or not set(told) <= _EXAMPLE_KEYS or not isinstance(told.get("text"), str):
        return None
    try:
        context = Context(
            language=str(told.get("language", "en" if language == EVERY_LANGUAGE else language)),
            mention_text=str(told.get("mention", "")),
            mention_language=told.get("mention_language"),
            handle=str(told.get("handle", "")),
            allowed=tuple(map(str, told.get("allowed", []))),
            length=int(told.get("length", 10_000)),
            audience=Audience(told.get("audience", Audience.PUBLIC)),
        )
    except (TypeError, ValueError):
        return None
    return Example(told["text"], context)
