"""Rules: the closed set of kinds, and what they find in a draft."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.triage import Finding, Level
from responder.policy.detectors import Component, Context, Detector, Hit, Judgement
from responder.policy.reading import Reading

#: The language of rules that look at every text.
EVERY_LANGUAGE = "*"
#: The id of the one finding in which everything a reply lacks is told together.
COMPLETENESS = "completeness"
#: How many places one rule shows; a person mends them one by one, and a hostile text has thousands.
MOST_PLACES = 10

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


class Levels(NamedTuple):
    """How much a rule weighs by audience; None is silence."""

    public: Level | None
    private: Level | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, with the examples that prove it."""

    id: str
    kind: Kind
    #: ISO 639-1, or EVERY_LANGUAGE.
    language: str
    says: str
    why: str
    #: Where the rule comes from: a study, a law, the founding advice.
    source: str
    suggestion: str
    level: Levels
    #: The same for drafts we wrote ourselves.
    level_own: Levels
    #: The kinds of reply it looks at; empty for all.
    playbooks: frozenset[str]
    detector: Detector
    catches: tuple[Example, ...]
    spares: tuple[Example, ...]
    #: Where it is written: path:line.
    place: str

    def weighs(self, context: Context) -> Level | None:
        """Return the level a finding would have there; None when the rule is silent."""
        if self.playbooks and context.playbook and context.playbook not in self.playbooks:
            return None
        levels = self.level_own if context.origin is Origin.OURS else self.level
        return levels.public if context.audience is Audience.PUBLIC else levels.private

    def catches_in(self, example: Example) -> bool:
        """Whether the rule finds anything in `example`, whatever it would weigh."""
        return bool(self.detector.hits(Reading(example.text), example.context))


class HoldsRules(Protocol):
    """Whatever holds rules by language; a Rulebook does."""

    @property
    def rules(self) -> Mapping[str, tuple[Rule, ...]]:
        """Rules by language; EVERY_LANGUAGE for those that look at every text."""
        ...


class _Found(NamedTuple):
    """A finding on its way: its place in the book breaks ties."""

    order: int
    finding: Finding


def check(text: str, context: Context, rulebook: HoldsRules) -> tuple[Finding, ...]:
    """Return what the rules say about a draft, the strongest first, then by place.

    Rules of the draft's language and of every language look at it. Spans are characters of `text`:
    text[start:end] == quote. Where findings overlap the strongest is shown, and its `why` names the others.
    Everything a reply lacks is one finding with the id COMPLETENESS.
    """
    reading = _read(text) if context.origin is Origin.OURS else Reading(text)
    found: list[_Found] = []
    missing: list[tuple[Level, Rule, Component]] = []
    rules = rulebook.rules.get(EVERY_LANGUAGE, ()) + rulebook.rules.get(context.language, ())
    for order, rule in enumerate(rules):
        level = rule.weighs(context)
        if level is None:
            continue
        hits = _hits(rule.detector, reading, context)
        if hits and isinstance(rule.detector, Component):
            missing.append((level, rule, rule.detector))
        elif hits:
            found.extend(_Found(order, one) for one in _findings(rule, level, reading, hits))
    if missing:
        found.append(_Found(len(rules), _incomplete(missing)))
    if len(found) > 1:
        found = _fold(found)
    return tuple(one.finding for one in sorted(found, key=_by_strength_then_place))


@lru_cache(maxsize=1024)
def _read(text: str) -> Reading:
    """Read one of our own drafts; the same few hundred wordings go out again and again."""
    return Reading(text)


def _hits(detector: Detector, reading: Reading, context: Context) -> Sequence[Hit]:
    """Return a detector's places; what depends on the words alone is found once for a reading."""
    if isinstance(detector, Judgement):
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
        yield Finding(
            rule=rule.id,
            level=level,
            says=hit.says or rule.says,
            start=hit.start,
            end=hit.end,
            quote=reading.text[hit.start : hit.end],
            why=f"{rule.why} ({rule.source})",
            suggestion=rule.suggestion,
        )


def _incomplete(missing: list[tuple[Level, Rule, Component]]) -> Finding:
    """Return the one finding that tells everything a reply lacks; the strongest lack is its level."""
    return Finding(
        rule=COMPLETENESS,
        level=min((level for level, _, _ in missing), key=_STRENGTH.__getitem__),
        says="missing: " + ", ".join(component.name for _, _, component in missing),
        why=" ".join(f"{rule.why} ({rule.source})" for _, rule, _ in missing),
        suggestion=" ".join(rule.suggestion for _, rule, _ in missing),
    )


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
        one._replace(finding=replace(one.finding, why=f"{one.finding.why} Also here: {', '.join(others)}."))
        if others
        else one
        for one, others in zip(kept, also, strict=True)
    ]


def _overlap(one: Finding, other: Finding) -> bool:
    """Whether two findings share a character; one about the whole text overlaps nothing."""
    return one.start < other.end and other.start < one.end


def _by_strength_then_place(one: _Found) -> tuple[int, int, int]:
    """Sort key of what check returns."""
    return _STRENGTH[one.finding.level], one.finding.start, one.order
