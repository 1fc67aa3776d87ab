"""Detectors: what finds the places in a draft that a rule is about, one class a kind of rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.policy.patterns import Pattern
from responder.policy.reading import Cover, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What surrounds a draft, as far as rules ask for it."""

    audience: Audience = Audience.PUBLIC
    #: Who wrote the words; rules are stricter with our own.
    origin: Origin = Origin.OURS
    #: The kind of reply; "" when nobody chose one.
    playbook: str = ""
    #: The draft's language (ISO 639-1); rules of other languages do not look at it.
    language: str = "en"
    #: The complaint's language; None when nobody knows.
    mention_language: str | None = None
    #: The longest text the network takes, in units of `count`.
    length: int = 10_000
    count: Callable[[str], int] = len
    #: What a person calls the unit of `count`.
    unit: str = "characters"
    #: What this customer said in public in this thread, all of it.
    mention_text: str = ""
    #: The customer's handle, without a leading @.
    handle: str = ""
    #: Contact points that are ours: hosts, e-mail addresses, phone numbers, @handles, names with digits.
    allowed: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A place a detector found, in the original text; both 0 when it is about the whole."""

    start: int
    end: int
    #: What is the case, where the rule's own words need figures or names.
    says: str = ""


class Detector(Protocol):
    """Finds the places a rule is about."""

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:
        """Return every place, left to right within a pattern."""
        ...


WHOLE = Hit(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexical:
    """Words that must not be there, with the surroundings that excuse them."""

    patterns: tuple[Pattern, ...]
    #: A match of these excuses every match it overlaps.
    antipatterns: tuple[Pattern, ...] = ()
    #: Found in the sentence (where the match begins), they excuse it.
    unless_sentence: tuple[Pattern, ...] = ()
    #: Found anywhere, they excuse everything.
    unless_text: tuple[Pattern, ...] = ()

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG002  # the protocol's shape
        """Return the matches that nothing excuses."""
        text = reading.folded
        spans = [
            match.span()
            for pattern in self.patterns
            if pattern.may_match(text)  # most do not: this saves the rest of the way
            for match in pattern.regex.finditer(text)
        ]
        if not spans or any(pattern.found(text) for pattern in self.unless_text):
            return ()
        excused = Cover(match.span() for pattern in self.antipatterns for match in pattern.matches(text))
        judged: dict[tuple[int, int], bool] = {}
        out: list[Hit] = []
        for start, end in spans:
            if excused.touches(start, end):
                continue
            if self.unless_sentence:
                sentence = reading.sentence(start)
                if sentence not in judged:
                    words = text[slice(*sentence)]
                    judged[sentence] = any(pattern.found(words) for pattern in self.unless_sentence)
                if judged[sentence]:
                    continue
            out.append(Hit(*reading.place(start, end)))
        return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Component:
    """Something a reply must hold; found when it is missing."""

    #: What is missing, in words: "ownership".
    name: str
    present: tuple[Pattern, ...]
    #: Overlapping a match of `present`, they show that it is not meant: "not our fault".
    absent: tuple[Pattern, ...] = ()
    #: At least one of these must stand in the same sentence.
    together_with: tuple[Pattern, ...] = ()
    #: The component must come before the first match of these; a text without one need not have it.
    ahead_of: tuple[Pattern, ...] = ()

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG002  # the protocol's shape
        """Return the whole text when the component is missing."""
        end = len(reading.folded)
        if self.ahead_of:
            firsts = (next(pattern.matches(reading.folded), None) for pattern in self.ahead_of)
            starts = [match.start() for match in firsts if match]
            if not starts:
                return ()
            end = min(starts)
        return () if self._stands(reading, end) else (WHOLE,)

    def _stands(self, reading: Reading, end: int) -> bool:
        """Whether the component is there before the folded position `end`."""
        text = reading.folded
        alone: set[tuple[int, int]] = set()
        for pattern in self.present:
            for match in pattern.matches(text):
                if match.start() >= end:
                    break
                if any(absent.touches(text, *match.span()) for absent in self.absent):
                    continue
                sentence = reading.sentence(match.start()) if self.together_with else (0, 0)
                if sentence not in alone and self._accompanied(text[slice(*sentence)]):
                    return True
                alone.add(sentence)
        return False

    def _accompanied(self, sentence: str) -> bool:
        """Whether `sentence` holds what the component needs beside it, if anything."""
        return not self.together_with or any(pattern.found(sentence) for pattern in self.together_with)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What needs code to judge: what surrounds the draft, or its length."""

    judge: Callable[[Reading, Context], Sequence[Hit]]

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:
        """Return what `judge` finds."""
        return self.judge(reading, context)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """Signs that must not be in the text as it is written: capitals count, nothing is folded."""

    patterns: tuple[Pattern, ...]

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG002  # the protocol's shape
        """Return every match in the original text."""
        return [
            Hit(*match.span())
            for pattern in self.patterns
            if pattern.may_match(reading.text)
            for match in pattern.regex.finditer(reading.text)
        ]


def too_long(reading: Reading, context: Context) -> Sequence[Hit]:
    """Return the whole text when the network would not take it, with how much is too much."""
    over = context.count(reading.text) - context.length
    return (Hit(0, 0, f"{over:,} {context.unit} over the limit of {context.length:,}"),) if over > 0 else ()


def other_language(reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG001  # the shape of a judge
    """Return the whole text when the complaint is known to be in another language (region aside)."""
    theirs = (context.mention_language or "").partition("-")[0].lower()
    if len(theirs) == 2 and theirs != context.language:  # networks say "und" or "zxx" when they do not know
        return (Hit(0, 0, f"The complaint is in {theirs}, this reply in {context.language}"),)
    return ()
