"""Detectors: what finds the places in a draft that a rule is about, one class a kind of rule."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.policy.patterns import Pattern
from responder.policy.reading import Cover, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What surrounds a draft, as far as rules ask for it."""

    audience: Audience = Audience.PUBLIC
    #: Who wrote the words; rules are stricter with our own and with a language model's.
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
    #: Triage's tier of the complaint; None when there is none.
    tier: int | None = None
    #: Whose fault it is, as far as we know: "ours", "vendor", "unknown", or "" when nobody said.
    fault: str = ""
    #: Our own latest public replies, for the sameness guard.
    recent: tuple[str, ...] = ()
    #: How many public replies of ours the thread has already.
    turns: int = 0
    #: The id of the remedy that somebody with the authority approved for this case; "" for none.
    remedy: str = ""
    #: Whether that remedy may be named in public.
    remedy_in_public: bool = False
    #: The most that anybody may grant of it, in its currency; None where it has no amount.
    remedy_most: float | None = None
    #: Its last day, where that is past.
    remedy_ended: date | None = None
    #: Whether the post speaks to us; None when nobody can tell.
    addressed: bool | None = None
    #: How the company signs: "^Ana"; "" when it does not.
    signature: str = ""
    #: How the company speaks to customers: "formal", "informal", or "" for either.
    register: str = ""
    #: Health, finance, law or minors: even that somebody is a customer stays private.
    regulated: bool = False
    #: Names what a text in a language is about, "" when unsure: see topics.Topics.name.
    topic_of: Callable[[str, str | None], str] | None = None


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

    def begins_with(self) -> Iterator[Pattern]:
        """Yield the patterns with which it begins to look; those that only excuse are not among them."""
        ...


WHOLE = Hit(0, 0)


def candidates(patterns: Sequence[Pattern], reading: Reading) -> Sequence[Pattern]:
    """Return those of `patterns` that a first look at the text does not rule out."""
    may, text = reading.candidates, reading.folded
    return [pattern for pattern in patterns if (may is None or pattern in may) and pattern.may_match(text)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signal:
    """Something a text says, heard with its denials: "our fault" is ownership, "not our fault" is none."""

    id: str
    patterns: tuple[Pattern, ...]
    #: Overlapping a match, they show that it is not meant.
    denied: tuple[Pattern, ...] = ()

    def heard(self, reading: Reading) -> tuple[tuple[int, int], ...]:
        """Return where it is said, in folded positions, in order; found once for a reading."""
        known = reading.found.get(self)
        if known is None:
            spans = sorted(
                match.span()
                for pattern in candidates(self.patterns, reading)
                for match in pattern.regex.finditer(reading.folded)
            )
            if spans and self.denied:
                no = Cover(match.span() for one in self.denied for match in one.matches(reading.folded))
                spans = [span for span in spans if not no.touches(*span)]
            known = reading.found[self] = tuple(spans)
        return known

    def first(self, reading: Reading) -> int | None:
        """Return where it is said first, in folded positions."""
        heard = self.heard(reading)
        return heard[0][0] if heard else None


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
    #: The same by signals: said anywhere, in the same sentence, before the match.
    unless_said: tuple[Signal, ...] = ()
    unless_said_here: tuple[Signal, ...] = ()
    unless_said_before: tuple[Signal, ...] = ()
    #: That many matches are fine.
    more_than: int = 0

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG002  # the protocol's shape
        """Return the matches that nothing excuses; those past `more_than`."""
        text = reading.folded
        spans = [
            match.span()
            for pattern in candidates(self.patterns, reading)  # most are none: this saves the rest of the way
            for match in pattern.regex.finditer(text)
        ]
        if not spans or any(pattern.found(text) for pattern in self.unless_text):
            return ()
        if any(signal.heard(reading) for signal in self.unless_said):
            return ()
        left = sorted(self._unexcused(spans, reading)) if self.more_than else self._unexcused(spans, reading)
        places = [Hit(*reading.place(start, end)) for start, end in left]
        return places[self.more_than :]

    def begins_with(self) -> Iterator[Pattern]:
        """Yield its patterns, and those of the signals that excuse."""
        yield from self.patterns
        for signal in (*self.unless_said, *self.unless_said_here, *self.unless_said_before):
            yield from signal.patterns

    def _unexcused(self, spans: list[tuple[int, int]], reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the spans that neither an antipattern, nor their sentence, nor what comes before excuses."""
        text = reading.folded
        excused = Cover(match.span() for pattern in self.antipatterns for match in pattern.matches(text))
        firsts = [first for one in self.unless_said_before if (first := one.first(reading)) is not None]
        before = min(firsts, default=len(text))
        judged: dict[tuple[int, int], bool] = {}
        for start, end in spans:
            if excused.touches(start, end) or before < start:
                continue
            if self.unless_sentence or self.unless_said_here:
                sentence = reading.sentence(start)
                if sentence not in judged:
                    judged[sentence] = self._sentence_excuses(sentence, reading)
                if judged[sentence]:
                    continue
            yield start, end

    def _sentence_excuses(self, sentence: tuple[int, int], reading: Reading) -> bool:
        """Whether something in the sentence excuses what was found there."""
        words = reading.folded[slice(*sentence)]
        if any(pattern.found(words) for pattern in self.unless_sentence):
            return True
        first, last = sentence
        return any(
            first <= start < last for signal in self.unless_said_here for start, _ in signal.heard(reading)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Component:
    """Something a reply must hold; found when it is missing."""

    #: What is missing, in words: "ownership".
    name: str
    #: One of these must be said.
    signals: tuple[Signal, ...]
    #: This one must be said in the same sentence.
    together_with: Signal | None = None
    #: It must come before this one is first said; a text without that one need not have it.
    ahead_of: Signal | None = None
    #: These must be said as well, somewhere.
    also: tuple[Signal, ...] = ()

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG002  # the protocol's shape
        """Return the whole text when the component is missing; with `ahead_of`, what came too early."""
        if self.ahead_of:
            too_early = self.ahead_of.heard(reading)
            if not too_early:
                return ()
            if self._stands(reading, too_early[0][0]):
                return ()
            return (Hit(*reading.place(*too_early[0])),)
        if not self._stands(reading, len(reading.folded)):
            return (WHOLE,)
        return () if all(signal.heard(reading) for signal in self.also) else (WHOLE,)

    def begins_with(self) -> Iterator[Pattern]:
        """Yield the patterns of every signal it listens for."""
        others = (self.together_with, self.ahead_of, *self.also)
        for signal in (*self.signals, *(other for other in others if other)):
            yield from signal.patterns

    def _stands(self, reading: Reading, end: int) -> bool:
        """Whether the component is there before the folded position `end`."""
        for signal in self.signals:
            for start, _ in signal.heard(reading):
                if start >= end:
                    break
                if self._accompanied(reading, start):
                    return True
        return False

    def _accompanied(self, reading: Reading, start: int) -> bool:
        """Whether the sentence around `start` holds what the component needs beside it, if anything."""
        if self.together_with is None:
            return True
        first, last = reading.sentence(start)
        return any(first <= other < last for other, _ in self.together_with.heard(reading))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What needs code to judge: what surrounds the draft, or its length."""

    judge: Callable[[Reading, Context], Sequence[Hit]]
    #: What `judge` listens for, where it does.
    signals: tuple[Signal, ...] = ()

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:
        """Return what `judge` finds."""
        return self.judge(reading, context)

    def begins_with(self) -> Iterator[Pattern]:
        """Yield the patterns of what `judge` listens for."""
        for signal in self.signals:
            yield from signal.patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Words whose meaning the surroundings decide: code looks at what the patterns found."""

    words: Lexical
    weigh: Callable[[Sequence[Hit], Reading, Context], Sequence[Hit]]

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:
        """Return what is left after `weigh`."""
        found = self.words.hits(reading, context)
        return self.weigh(found, reading, context) if found else ()

    def begins_with(self) -> Iterator[Pattern]:
        """Yield the patterns of its words."""
        return self.words.begins_with()


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

    def begins_with(self) -> Iterator[Pattern]:
        """Yield nothing: its patterns look at the text as it is written."""
        return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """A rule with more than one way to find something: what holds in every language, and a language's own."""

    detectors: tuple[Detector, ...]

    def hits(self, reading: Reading, context: Context) -> Sequence[Hit]:
        """Return what each of them finds."""
        return [hit for detector in self.detectors for hit in detector.hits(reading, context)]

    def begins_with(self) -> Iterator[Pattern]:
        """Yield the patterns of each of them."""
        for detector in self.detectors:
            yield from detector.begins_with()
