"""Cues: words that tell something about a post, found in one pass over its text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from responder.policy.near import Place, meetings
from responder.policy.tokens import Tokens, is_stop, spellings

#: In a phrase: up to three words of the same thought may stand here.
GAP = "..."
#: In a phrase: any number.
NUMBER = "#"
_GAP_WIDTH = 3
_LONGEST_PHRASE = 8
_MOST_GAPS = 2
_LONGEST_SPAN = _LONGEST_PHRASE + _MOST_GAPS * _GAP_WIDTH
_SHORT_WORD = 4
_SHORTEST_STEM = 3
#: How many words before a cue a "not" may stand.
_REACH = 3
#: How many words are remembered, and how long one may be: strangers choose them.
_MEMO_SIZE, _LONGEST_WORD = 20_000, 40


class Kind(StrEnum):
    """What a cue says about the writer."""

    HARM = "harm"  # somebody is or may be hurt, cheated, stranded: never set aside
    BREACH = "breach"  # something was not as it should be
    NEED = "need"  # who is affected or how soon: raises what is wrong, and is nothing wrong by itself
    PRAISE = "praise"
    SOLVED = "solved"
    QUESTION = "question"
    SPAM = "spam"
    OPT_OUT = "opt-out"  # asks us not to answer or write


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One table of a cues.toml: words that mean the same thing to us."""

    id: str
    language: str
    #: 0 to 5, as in `responder.model.triage.Triage.tier`.
    tier: int
    #: What it adds to the urgency; negative for what takes away.
    points: int
    kind: Kind
    #: What is the case, for a person.
    says: str
    #: Its words and phrases in every spelling, as `phrases` gives them.
    phrases: tuple[tuple[str, ...], ...]
    #: Words that say it together in one sentence, in any order: each entry has two sides or three (what it
    #: is about, what happened), each side its words and phrases.
    near: tuple[tuple[tuple[tuple[str, ...], ...], ...], ...] = ()
    catches: tuple[str, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The little words of a language that cues need."""

    #: A cue within three words after one of these is denied.
    negators: frozenset[str] = frozenset()
    #: Words a "not" does not reach across: "I can't believe the heater smoked".
    breakers: frozenset[str] = frozenset()
    #: Praise before one of these is taken back: "lovely, but".
    turns: frozenset[str] = frozenset()
    #: two -> 2.0 and so on.
    numbers: Mapping[str, float] = field(default_factory=dict)
    #: Words and stems for lengths of time, in hours.
    units: Mapping[str, float] = field(default_factory=dict)
    #: Words and stems for what one counts: times, calls, e-mails.
    times: frozenset[str] = frozenset()


class Hit(NamedTuple):
    """A cue found: its words are [first, after) of the tokens."""

    cue: Cue
    first: int
    after: int
    #: A "not" stands before it.
    denied: bool


class _Side(NamedTuple):
    """One side of an entry of `near`."""

    cue: Cue
    entry: int
    number: int
    #: How many sides the entry has.
    of: int


class _Phrase(NamedTuple):
    """A cue's words after the first, or after the second where the index has already met that."""

    cue: Cue | _Side
    rest: tuple[str, ...]


class _Branch(NamedTuple):
    """Everything that begins with one word."""

    #: Cues that need no further word.
    alone: tuple[Cue | _Side, ...]
    #: Phrases by their second word, and those whose second element is a stem, a gap or a number.
    by_next: Mapping[str, tuple[_Phrase, ...]]
    others: tuple[_Phrase, ...]


class Vocabulary:
    """The cues of one language, or of several, indexed by the first two words of each phrase."""

    def __init__(self, cues: Iterable[Cue], grammars: Mapping[str, Grammar]) -> None:
        self.cues = tuple(cues)
        #: By language: a Swedish "ni" (you) is no Slovene "ni" (is not); a "not" denies cues of its own only.
        self.grammars = grammars
        #: The little words of all of them.
        self.grammar = _together(list(grammars.values()))
        self._words: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[_Phrase]] = {}
        #: What was looked up before; bounded, and the same answer with it and without.
        self._memo: dict[str, _Branch | None] = {}
        #: By what begins with a word; any two numbers, and the many forms of one stem, have the same.
        self._branches: dict[tuple[int, ...], _Branch] = {}
        for cue in self.cues:
            self._index(cue, cue.phrases)
            for entry, sides in enumerate(cue.near):
                for number, side in enumerate(sides):
                    self._index(_Side(cue, entry, number, len(sides)), side)

    def _index(self, cue: Cue | _Side, spelt: Iterable[tuple[str, ...]]) -> None:
        for phrase in spelt:
            first, rest = phrase[0], phrase[1:]
            index = self._stems if first.endswith("*") else self._words
            index.setdefault(first.removesuffix("*"), []).append(_Phrase(cue, rest))

    def hits(self, tokens: Tokens) -> list[Hit]:
        """Return every cue found in the order of the text, denied ones too.

        What makes calmer does not count inside a longer cue that makes more urgent, nor the other way
        round: "thanks" in "thanks for nothing", "complaint" in "no complaints".
        """
        words, sides = tokens.words, list[tuple[_Side, int, int]]()
        found = self._everything(words, sides)
        if len(found) > 1:
            found = _longest(found)
        return sorted([*found, *self._met(sides, words)], key=_place) if len(sides) > 1 else found

    def everything(self, tokens: Tokens) -> list[Hit]:
        """Return the words and phrases found in the order of the text, also what a longer one makes void."""
        return self._everything(tokens.words, [])

    def _everything(self, words: list[str], sides: list[tuple[_Side, int, int]]) -> list[Hit]:
        """Find all there is in one pass; what is one side of something goes to `sides`, with its place."""
        memo = self._memo
        last = len(words) - 1
        found: list[Hit] = []
        for place, word in enumerate(words):
            branch = memo[word] if word in memo else self._look_up(word)
            if branch is None:
                continue
            ends: list[tuple[Cue | _Side, int]] = [(cue, place + 1) for cue in branch.alone]
            if place < last:
                for cue, rest in branch.by_next.get(words[place + 1], ()):
                    ends.append((cue, self._follow(words, place + 2, rest)))
                for cue, rest in branch.others:
                    ends.append((cue, self._follow(words, place + 1, rest)))
            self._take_in(ends, place, words, found, sides)
        return found

    def _take_in(
        self,
        ends: list[tuple[Cue | _Side, int]],
        place: int,
        words: list[str],
        found: list[Hit],
        sides: list[tuple[_Side, int, int]],
    ) -> None:
        """Note what begins at `place`, as far as it goes on to its end (0 is: it does not)."""
        for cue, after in ends:
            if after and isinstance(cue, Cue):
                found.append(Hit(cue, place, after, self._denied(cue, words, place)))
            elif after and isinstance(cue, _Side):
                sides.append((cue, place, after))

    def _met(self, sides: list[tuple[_Side, int, int]], words: list[str]) -> Iterator[Hit]:
        """Bring the sides together that stand near each other; a "not" before the last side denies it."""
        places: dict[tuple[str, str, int], tuple[Cue, list[list[Place]]]] = {}
        for side, first, after in sides:
            key = side.cue.language, side.cue.id, side.entry
            _, of = places.setdefault(key, (side.cue, [[] for _ in range(side.of)]))
            of[side.number].append((first, after))
        for cue, of in places.values():
            for (first, after), happened in meetings(of, words):
                yield Hit(cue, first, after, self._denied(cue, words, happened))

    def _look_up(self, word: str) -> _Branch | None:
        """Return what begins with `word`, and remember it."""
        found = list(self._words.get(word, ()))
        if self._same(word, NUMBER):
            found.extend(self._words.get(NUMBER, ()))
        for length in range(1, min(len(word), _LONGEST_WORD) + 1):
            found.extend(self._stems.get(word[:length], ()))
        branch = self._branch(found) if found else None
        if len(word) <= _LONGEST_WORD:
            if len(self._memo) >= _MEMO_SIZE:
                self._memo.clear()
            self._memo[word] = branch
        return branch

    def _branch(self, found: list[_Phrase]) -> _Branch:
        key = tuple(map(id, found))  # the phrases live as long as this does
        if key not in self._branches:
            self._branches[key] = _branch(found)
        return self._branches[key]

    def _follow(self, words: list[str], place: int, rest: tuple[str, ...]) -> int:
        """Return the place after the last word of a phrase, or 0 when the text goes on differently."""
        for number, element in enumerate(rest):
            if element == GAP:
                return self._leap(words, place, rest[number + 1 :])
            if place >= len(words) or not self._same(words[place], element):
                return 0
            place += 1
        return place

    def _leap(self, words: list[str], place: int, rest: tuple[str, ...]) -> int:
        """Follow `rest` after none to three words of the same thought."""
        for start in range(place, min(place + _GAP_WIDTH + 1, len(words))):
            if after := self._follow(words, start, rest):
                return after
            if is_stop(words[start]):
                return 0
        return 0

    def _same(self, word: str, element: str) -> bool:
        """Whether a word of the text is the one a phrase asks for."""
        if element == NUMBER:
            return word[0].isdigit() or word in self.grammar.numbers
        return word.startswith(element[:-1]) if element.endswith("*") else word == element

    def _denied(self, cue: Cue, words: list[str], first: int) -> bool:
        """Whether a "not" shortly before takes the cue back; who is without insulin needs it all the more."""
        if cue.kind is Kind.NEED:
            return False
        grammar = self.grammars[cue.language]
        for place in range(first - 1, max(first - 1 - _REACH, -1), -1):
            word = words[place]
            if word in grammar.negators:
                return True
            if word in grammar.breakers or is_stop(word):
                return False
        return False


class Cues:
    """The cues of every language, and all of them together for posts whose language nobody told."""

    def __init__(self, vocabularies: Mapping[str, Vocabulary]) -> None:
        self._vocabularies = dict(vocabularies)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are cues for (ISO 639-1), in order."""
        return tuple(sorted(self._vocabularies))

    def vocabulary(self, language: str | None) -> Vocabulary:
        """Return the cues of a language; for one that is not told or not ours, all of them."""
        return self._vocabularies.get(base_language(language)) or self._pooled

    @cached_property
    def _pooled(self) -> Vocabulary:
        """All languages as one."""
        vocabularies = self._vocabularies.values()
        return Vocabulary(
            (cue for vocabulary in vocabularies for cue in vocabulary.cues),
            {code: vocabulary.grammar for code, vocabulary in self._vocabularies.items()},
        )


def base_language(language: str | None) -> str:
    """Return "pt" for "pt-BR" and "" for None."""
    return (language or "").replace("_", "-").partition("-")[0].lower()


def phrases(words: str, language: str) -> list[tuple[str, ...]]:
    """Return a cue's word or phrase as elements, in every spelling people of `language` use.

    An element is a word, a `stem*`, `...` (up to three words may stand here) or `#` (a number). Raises
    ValueError, with the reason, for one that could not be found in any text or would be found in most.
    """
    elements = [element for piece in words.lower().split() for element in _elements(piece, language)]
    written = [element[0] for element in elements]
    if not written or GAP in {written[0], written[-1]} or written == [NUMBER]:
        raise ValueError(f"{words!r} is open at one end, or only a number")
    if len(written) > _LONGEST_PHRASE or written.count(GAP) > _MOST_GAPS:
        raise ValueError(f"{words!r} is too long: at most {_LONGEST_PHRASE} words and {_MOST_GAPS} gaps")
    if len(written) == 1 and len(written[0]) < _SHORT_WORD:
        return [(written[0],)]  # without its accents a short word is usually another one
    return list(dict.fromkeys(zip(*elements, strict=True)))


def _elements(piece: str, language: str) -> list[tuple[str, str]]:
    """Return one piece of a phrase in both spellings; "can't" and "l'app" are one and two elements."""
    if piece in {GAP, NUMBER}:
        return [(piece, piece)]
    word = piece.removesuffix("*")
    found = [word] if word.isalpha() else Tokens(word).words
    if not found or any(is_stop(part) for part in found):
        raise ValueError(f"{piece!r} is not a word; a phrase is made of words, stem*, ... and #")
    if word == piece:
        return [spellings(part, language) for part in found]
    if not _SHORTEST_STEM <= len(found[-1]) <= _LONGEST_WORD:
        raise ValueError(f"the stem {piece!r} needs {_SHORTEST_STEM} to {_LONGEST_WORD} letters before the *")
    written, typed = spellings(found[-1], language)
    return [*(spellings(part, language) for part in found[:-1]), (f"{written}*", f"{typed}*")]


def _branch(found: list[_Phrase]) -> _Branch:
    """Sort phrases that begin with one word by what comes after it."""
    by_next: dict[str, tuple[_Phrase, ...]] = {}
    others = []
    for cue, rest in found:
        if rest and (rest[0] in {GAP, NUMBER} or rest[0].endswith("*")):
            others.append(_Phrase(cue, rest))
        elif rest:
            by_next[rest[0]] = (*by_next.get(rest[0], ()), _Phrase(cue, rest[1:]))
    return _Branch(tuple(cue for cue, rest in found if not rest), by_next, tuple(others))


def _place(hit: Hit) -> int:
    return hit.first


def _longest(found: list[Hit]) -> list[Hit]:
    """Leave out what a longer hit says otherwise: hits that pull the other way, and denied ones."""
    up: dict[int, int] = {}
    down: dict[int, int] = {}
    for hit in found:
        if hit.after - hit.first > 1:
            reach = down if hit.cue.points < 0 else up
            reach[hit.first] = max(hit.after, reach.get(hit.first, 0))
    return [hit for hit in found if not _outdone(hit, up, down)] if up or down else found


def _outdone(hit: Hit, up: Mapping[int, int], down: Mapping[int, int]) -> bool:
    """Whether a longer hit (its last place by its first) holds this one and says otherwise."""
    against = (up, down) if hit.denied else (up,) if hit.cue.points < 0 else (down,)
    for reach in against:
        if reach.get(hit.first, 0) > hit.after:
            return True
        starts = range(max(0, hit.first - _LONGEST_SPAN), hit.first)
        if reach and any(reach.get(start, 0) >= hit.after for start in starts):
            return True
    return False


def _together(grammars: list[Grammar]) -> Grammar:
    """Return the little words of several languages as one."""
    return Grammar(
        negators=frozenset().union(*(grammar.negators for grammar in grammars)),
        breakers=frozenset().union(*(grammar.breakers for grammar in grammars)),
        turns=frozenset().union(*(grammar.turns for grammar in grammars)),
        numbers={word: number for grammar in grammars for word, number in grammar.numbers.items()},
        units={word: hours for grammar in grammars for word, hours in grammar.units.items()},
        times=frozenset().union(*(grammar.times for grammar in grammars)),
    )
