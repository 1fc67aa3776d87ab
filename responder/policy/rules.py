"""Rules: the closed set of kinds, and what they find in a draft."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.reference import spelt_in
from responder.model.triage import Finding, Level
from responder.policy.detectors import (
    WHOLE,
    Component,
    Context,
    Detector,
    Hit,
    Judgement,
    Several,
    Weighed,
)
from responder.policy.planner import Playbook
from responder.policy.prefilter import Prefilter
from responder.policy.reading import Reading

#: The language of rules that look at a text in a language we have none for.
EVERY_LANGUAGE = "*"
#: The id of the one finding in which everything a reply lacks is told together.
COMPLETENESS = "completeness"
#: How many places one rule shows; a person mends them one by one, and a hostile text has thousands.
MOST_PLACES = 10

#: The kind of reply that a draft is taken for when nobody chose one.
_USUAL = {
    Audience.PUBLIC: Playbook.FIRST_PUBLIC_REPLY,
    Audience.PRIVATE: Playbook.PRIVATE_MESSAGE,
    Audience.SCRIPT: Playbook.CALL,
}
_STRENGTH = {Level.BLOCK: 0, Level.WARN: 1, Level.NOTE: 2}


class Kind(StrEnum):
    """Every kind of rule there is. Data brings rules, only code brings kinds."""

    LEXICAL = "lexical"  # words that must not be there
    COMPONENT = "component"  # something that must be there
    CONTEXT = "context"  # what only the surroundings can tell
    FORMAT = "format"  # length and leftovers


class Example(NamedTuple):
    """A text that a rule must catch or spare, with what surrounds it."""

    text: str
    context: Context

    def reading(self) -> Reading:
        """Return the text as detectors read it."""
        return Reading(self.text)


class Levels(NamedTuple):
    """How much a rule weighs by audience; None is silence."""

    public: Level | None
    private: Level | None
    script: Level | None

    def of(self, audience: Audience) -> Level | None:
        """Return the level for an audience."""
        return Level(found) if (found := getattr(self, audience.value)) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Where a rule weighs something else than usual; every condition that is not empty must hold."""

    level: Level
    playbook: str = ""
    fault: str = ""
    #: Triage's tier; None when it does not matter.
    tier: int | None = None

    def holds(self, context: Context) -> bool:
        """Whether it is this case."""
        return (
            self.playbook in {"", context.playbook}
            and self.fault in {"", context.fault}
            and self.tier in {None, context.tier}
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One rule in one language, with the examples that prove it."""

    id: str
    kind: Kind
    #: What it protects: privacy, legal, blame, apology ...; where findings overlap, this decides.
    group: str
    #: ISO 639-1, or EVERY_LANGUAGE.
    language: str
    says: str
    why: str
    #: Where the rule comes from: a study, a law, the founding advice.
    source: str
    suggestion: str
    level: Levels
    #: The same for drafts we or a language model wrote.
    level_own: Levels
    #: Where it weighs something else; the first that holds counts.
    cases: tuple[Case, ...] = ()
    #: Nobody who speaks the language from birth has read it: it warns at most.
    unread: bool = False
    #: The kinds of reply it looks at; empty for all.
    playbooks: frozenset[str]
    detector: Detector
    #: Words in the language that mend it: in place of the sentence found, or added where something is
    #: missing; "" strikes the sentence out, None is "only a person can tell".
    fix: str | None = None
    catches: tuple[Example, ...]
    spares: tuple[Example, ...]
    #: Why it has no words in this language; "" when it has. What holds in every language stays.
    none: str = ""
    #: Where it is written: path:line.
    place: str

    def weighs(self, context: Context) -> Level | None:
        """Return the level a finding would have there; None when the rule is silent."""
        playbook = context.playbook or _USUAL[context.audience]
        if self.playbooks and playbook not in self.playbooks:
            return None
        levels = self.level if context.origin is Origin.PERSON else self.level_own
        level = levels.of(context.audience)
        if level is None:
            return None
        level = next((case.level for case in self.cases if case.holds(context)), level)
        return Level.WARN if self.unread and level is Level.BLOCK else level

    def catches_in(self, example: Example) -> bool:
        """Whether the rule finds anything in `example`, whatever it would weigh."""
        return bool(self.detector.hits(Reading(example.text), example.context))


class HoldsRules(Protocol):
    """Whatever holds rules by language; a Rulebook does."""

    @property
    def rules(self) -> Mapping[str, tuple[Rule, ...]]:
        """Rules by language; EVERY_LANGUAGE for a text in any other."""
        ...


class _Found(NamedTuple):
    """A finding on its way: its place in the book breaks ties."""

    order: int
    finding: Finding


class _Where(NamedTuple):
    """As much of a context as decides what rules weigh."""

    origin: Origin
    audience: Audience
    playbook: str
    fault: str
    tier: int | None


class _Lack(NamedTuple):
    """Something a reply does not hold."""

    level: Level
    rule: Rule
    component: Component


def check(text: str, context: Context, rulebook: HoldsRules) -> tuple[Finding, ...]:
    """Return what the rules say about a draft, the strongest first, then by place.

    Rules of the draft's language look at it, or those of every language where it has none. Spans are
    characters of `text`: text[start:end] == quote. Where findings overlap, the strongest is shown (among
    equals the first in the book, which is in the order of harm) and names the others in `also`. Everything
    a reply lacks is one finding with the id COMPLETENESS, which names the rules in `also`.
    """
    reading = _read(text) if context.origin is Origin.OURS else Reading(text)
    found: list[_Found] = []
    missing: list[_Lack] = []
    rules = rulebook.rules.get(context.language) or rulebook.rules.get(EVERY_LANGUAGE, ())
    prefilter = _prefilter(rules)
    if prefilter not in reading.found:
        reading.found[prefilter] = prefilter.candidates(reading.folded)
    reading.candidates = reading.found[prefilter]
    codes = spelt_in(text)
    where = _Where(context.origin, context.audience, context.playbook, context.fault, context.tier)
    weighed = _weighed(rules, where)
    for order, rule, level in weighed:
        hits = _hits(rule.detector, reading, context)
        if hits and isinstance(rule.detector, Component) and hits[0] == WHOLE:
            missing.append(_Lack(level, rule, rule.detector))
            continue
        if codes:
            hits = [hit for hit in hits if not _by_chance(hit, codes)]
        if hits:
            found.extend(_Found(order, one) for one in _findings(rule, level, reading, hits))
    if missing:
        found.append(_Found(len(rules), _incomplete(missing, reading)))
    if len(found) > 1:
        found = _fold(found)
    return tuple(one.finding for one in sorted(found, key=_by_strength_then_place))


def _by_chance(hit: Hit, codes: Sequence[tuple[int, int]]) -> bool:
    """Whether it is a part of a code: its syllables are drawn by chance, and "rota" is one of them."""
    return any(start <= hit.start < hit.end <= end and hit[:2] != (start, end) for start, end in codes)


def mended(text: str, finding: Finding) -> str | None:
    """Return `text` with the finding's own fix put in; None when only a person can tell what to write."""
    if finding.fix is None:
        return None
    before, after = text[: finding.fix_start].rstrip(), text[finding.fix_end :].lstrip()
    if finding.fix_start == 0 and after and not finding.fix:
        after = after[:1].upper() + after[1:]
    return " ".join(part for part in (before, finding.fix, after) if part)


@lru_cache(maxsize=64)
def _prefilter(rules: tuple[Rule, ...]) -> Prefilter:
    """Return the prefilter of a language's rules, made when the first text is checked."""
    return Prefilter(pattern for rule in rules for pattern in rule.detector.begins_with())


@lru_cache(maxsize=512)
def _weighed(rules: tuple[Rule, ...], where: _Where) -> tuple[tuple[int, Rule, Level], ...]:
    """Return the rules that are not silent there, with their order and level; the same few are asked for."""
    context = Context(**where._asdict())
    levels = [(order, rule, rule.weighs(context)) for order, rule in enumerate(rules)]
    return tuple((order, rule, level) for order, rule, level in levels if level is not None)


@lru_cache(maxsize=1024)
def _read(text: str) -> Reading:
    """Read one of our own drafts; the same wordings go out again and again."""
    return Reading(text)


def _hits(detector: Detector, reading: Reading, context: Context) -> Sequence[Hit]:
    """Return a detector's places; what depends on the words alone is found once for a reading."""
    if isinstance(detector, (Judgement, Several, Weighed)):
        return detector.hits(reading, context)
    known = reading.found.get(detector)
    if known is None:
        known = reading.found[detector] = tuple(detector.hits(reading, context))
    return known


def _findings(rule: Rule, level: Level, reading: Reading, hits: Iterable[Hit]) -> Iterator[Finding]:
    """Yield a rule's findings, at most MOST_PLACES and none within another."""
    shown: list[tuple[int, int]] = []
    for hit in hits:
        if len(shown) == MOST_PLACES:
            return
        if hit.end and any(hit.start < end and start < hit.end for start, end in shown):
            continue
        shown.append((hit.start, hit.end))
        start, end = _around(hit, reading) if hit.end else (0, 0)
        mendable = rule.fix is not None and hit.end > 0
        yield Finding(
            rule=rule.id,
            level=level,
            says=hit.says or rule.says,
            start=hit.start,
            end=hit.end,
            quote=reading.text[hit.start : hit.end],
            why=f"{rule.why} ({rule.source})",
            suggestion=rule.suggestion,
            fix=rule.fix if mendable else None,
            fix_start=start if mendable else 0,
            fix_end=end if mendable else 0,
        )


def _around(hit: Hit, reading: Reading) -> tuple[int, int]:
    """Return the sentences, in original positions, that a hit lies in."""
    first = reading.sentence(reading.unplace(hit.start))[0]
    last = reading.sentence(reading.unplace(max(hit.start, hit.end - 1)))[1]
    return reading.place(first, last) if last > first else (hit.start, hit.end)


def _incomplete(missing: list[_Lack], reading: Reading) -> Finding:
    """Return the one finding that tells everything a reply lacks; the strongest lack is its level."""
    level = min((lack.level for lack in missing), key=_STRENGTH.__getitem__)
    missing = sorted(missing, key=lambda lack: _STRENGTH[lack.level])
    return Finding(
        rule=COMPLETENESS,
        level=level,
        says="missing: " + ", ".join(lack.component.name for lack in missing),
        why=" ".join(f"{lack.rule.why} ({lack.rule.source})" for lack in missing),
        suggestion=" ".join(lack.rule.suggestion for lack in missing),
        also=tuple(lack.rule.id for lack in missing),
        fix=_completion(missing),
        fix_start=len(reading.text),
        fix_end=len(reading.text),
    )


def _completion(missing: Iterable[_Lack]) -> str | None:
    """Return the sentences that bring what is missing, none that another has brought already."""
    added = ""
    for lack in missing:
        if lack.rule.fix and lack.component.hits(_read(added), Context()):
            added = f"{added} {lack.rule.fix}".strip()
    return added or None


def _fold(found: list[_Found]) -> list[_Found]:
    """Keep the strongest of findings that overlap (among equals the first in the book), name the others."""
    kept: list[_Found] = []
    also: list[list[str]] = []
    for one in sorted(found, key=lambda one: (_STRENGTH[one.finding.level], one.order, one.finding.start)):
        at = next((at for at, other in enumerate(kept) if _overlap(one.finding, other.finding)), None)
        if at is None:
            kept.append(one)
            also.append([])
        elif one.finding.rule not in (kept[at].finding.rule, *also[at]):
            also[at].append(one.finding.rule)
    return [
        one._replace(finding=replace(one.finding, also=(*one.finding.also, *others))) if others else one
        for one, others in zip(kept, also, strict=True)
    ]


def _overlap(one: Finding, other: Finding) -> bool:
    """Whether two findings share a character; one about the whole text overlaps nothing."""
    return one.start < other.end and other.start < one.end


def _by_strength_then_place(one: _Found) -> tuple[int, int, int]:
    """Sort key of what check returns."""
    return _STRENGTH[one.finding.level], one.finding.start, one.order
