"""Vocabulary: the cues of a language, found in one pass over a text."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from responder.policy.cues import (
    GAP,
    LONGEST_PHRASE,
    LONGEST_WORD,
    MOST_GAPS,
    NUMBER,
    SHORTEST_STEM,
    Cue,
    Grammar,
    Hit,
    Kind,
    base_language,
)
from responder.policy.near import Place, meetings
from responder.policy.tokens import Tokens, is_stop

#: How many words a gap may hold, and the longest phrase with its gaps.
_GAP_WIDTH = 3
_LONGEST_SPAN = LONGEST_PHRASE + MOST_GAPS * _GAP_WIDTH
#: What stands first in an element that is no plain word.
_OPEN = (NUMBER, "*")
#: How many words before a cue a "not" may stand.
_REACH = 3
#: How many words are remembered: strangers choose them.
_MEMO_SIZE = 20_000


class _Side(NamedTuple):
    """One side of an entry of `near`."""

    cue: Cue
    #: Which entry of which cue: a number of its own in the vocabulary.
    entry: int
    number: int
    #: How many sides the entry has.
    of: int


#: Sides, and where they stand: their words are [first, after).
_Stands = tuple[tuple[_Side, ...], int, int]


class _Phrase(NamedTuple):
    """A cue's words after the first, or after the second where the index has already met that."""

    cue: Cue | _Side
    rest: tuple[str, ...]


class _Branch(NamedTuple):
    """Everything that begins with one word."""

    #: Cues, and sides of them, that need no further word.
    alone: tuple[Cue, ...]
    sides: tuple[_Side, ...]
    #: Phrases by their second word; those whose second element is a stem or a number; those with a gap there.
    by_next: Mapping[str, tuple[_Phrase, ...]]
    others: tuple[_Phrase, ...]
    gaps: tuple[_Phrase, ...]
    #: What `by_next` and `others` came to for a second word before.
    met: dict[str, tuple[_Phrase, ...]]


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
        #: What a word may hold anywhere, in languages that write words together.
        self._within: dict[str, list[_Phrase]] = {}
        #: What was looked up before; bounded, and the same answer with it and without.
        self._memo: dict[str, _Branch | None] = {}
        #: By what begins with a word; any two numbers, and the many forms of one stem, have the same.
        self._branches: dict[tuple[int, ...], _Branch] = {}
        self._entries = 0
        for cue in self.cues:
            self._index(cue, cue.phrases)
            for sides in cue.near:
                self._entries += 1
                for number, side in enumerate(sides):
                    self._index(_Side(cue, self._entries, number, len(sides)), side)

    def _index(self, cue: Cue | _Side, spelt: Iterable[tuple[str, ...]]) -> None:
        for phrase in spelt:
            first, rest = phrase[0], phrase[1:]
            within = self._within if first.startswith("*") else self._stems
            index = within if first.endswith("*") else self._words
            index.setdefault(first.strip("*"), []).append(_Phrase(cue, rest))

    def hits(self, tokens: Tokens) -> list[Hit]:
        """Return every cue found in the order of the text, denied ones too.

        What makes calmer does not count inside a longer cue that makes more urgent, nor the other way
        round: "thanks" in "thanks for nothing", "complaint" in "no complaints".
        """
        plain, near = self.apart(tokens)
        found = _longest(plain) if len(plain) > 1 else plain
        return sorted([*found, *near], key=_place) if near else found

    def apart(self, tokens: Tokens) -> tuple[list[Hit], list[Hit]]:
        """Return the hits of words and phrases, and those of what is said near each other."""
        sides: list[_Stands] = []
        found = self._everything(tokens.words, sides)
        return found, list(self._met(sides, tokens.words)) if len(sides) > 1 else []

    def everything(self, tokens: Tokens) -> list[Hit]:
        """Return the words and phrases found in the order of the text, also what a longer one makes void."""
        return self._everything(tokens.words, [])

    def _everything(self, words: list[str], sides: list[_Stands]) -> list[Hit]:
        """Find all there is in one pass; what is one side of something goes to `sides`, with its place."""
        memo, last, present = self._memo, len(words) - 1, frozenset(words)
        found: list[Hit] = []
        for place, word in enumerate(words):
            branch = memo[word] if word in memo else self._look_up(word)
            if branch is None:
                continue
            found += [Hit(cue, place, place + 1, self._denied(cue, words, place)) for cue in branch.alone]
            if branch.sides:
                sides.append((branch.sides, place, place + 1))
            if place < last:
                for cue_or_side, after in self._longer(branch, words, place, present):
                    if isinstance(cue_or_side, Cue):
                        denied = self._denied(cue_or_side, words, place)
                        found.append(Hit(cue_or_side, place, after, denied))
                    else:
                        sides.append(((cue_or_side,), place, after))
        return found

    def _longer(
        self, branch: _Branch, words: list[str], place: int, present: frozenset[str]
    ) -> list[tuple[Cue | _Side, int]]:
        """Return what begins with the word at `place` and goes on to its end, with the place after that."""
        then = words[place + 1]
        met = branch.met.get(then)
        if met is None:
            met = self._meet(branch, then)
        ends = [(cue, self._follow(words, place + 2, rest) if rest else place + 2) for cue, rest in met]
        for cue, rest in branch.gaps:
            wanted = rest[0]
            if (
                wanted in present or wanted[0] in _OPEN or wanted[-1] == "*"
            ):  # most are not in the text at all
                ends.append((cue, self._leap(words, place + 1, rest)))
        return [end for end in ends if end[1]]

    def _meet(self, branch: _Branch, then: str) -> tuple[_Phrase, ...]:
        """Return the phrases of a branch that go on with the word `then`, after it, and remember them."""
        stems = (_Phrase(cue, rest[1:]) for cue, rest in branch.others if self._same(then, rest[0]))
        met = (*branch.by_next.get(then, ()), *stems)
        if len(then) <= LONGEST_WORD:
            if len(branch.met) >= _MEMO_SIZE // 10:
                branch.met.clear()
            branch.met[then] = met
        return met

    def _met(self, sides: list[_Stands], words: list[str]) -> Iterator[Hit]:
        """Bring the sides together that stand near each other; a "not" before the last side denies it."""
        present: dict[int, int] = {}
        for some, _, _ in sides:
            for side in some:
                present[side.entry] = present.get(side.entry, 0) | 1 << side.number
        places: dict[int, tuple[Cue, list[list[Place]]]] = {}
        for some, first, after in sides:
            for side in some:
                if (
                    present[side.entry] + 1 == 1 << side.of
                ):  # every side stands somewhere; most entries lack one
                    _, of = places.setdefault(side.entry, (side.cue, [[] for _ in range(side.of)]))
                    of[side.number].append((first, after))
        for cue, of in places.values():
            for (first, after), happened in meetings(of, words):
                yield Hit(cue, first, after, self._denied(cue, words, happened))

    def _look_up(self, word: str) -> _Branch | None:
        """Return what begins with `word`, and remember it."""
        found = list(self._words.get(word, ()))
        if self._same(word, NUMBER):
            found.extend(self._words.get(NUMBER, ()))
        for length in range(1, min(len(word), LONGEST_WORD) + 1):
            found.extend(self._stems.get(word[:length], ()))
        if self._within:
            found.extend(self._held(word[:LONGEST_WORD]))
        branch = self._branch(found) if found else None
        if len(word) <= LONGEST_WORD:
            if len(self._memo) >= _MEMO_SIZE:
                self._memo.clear()
            self._memo[word] = branch
        return branch

    def _held(self, word: str) -> Iterator[_Phrase]:
        """Give the phrases that begin with something this word holds, each once."""
        held = dict.fromkeys(
            word[start:end]
            for start in range(len(word) - SHORTEST_STEM + 1)
            for end in range(start + SHORTEST_STEM, len(word) + 1)
        )
        for part in held:
            yield from self._within.get(part, ())

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
        if not element.endswith("*"):
            return word == element
        return element[1:-1] in word if element.startswith("*") else word.startswith(element[:-1])

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


def _branch(found: list[_Phrase]) -> _Branch:
    """Sort phrases that begin with one word by what comes after it."""
    by_next: dict[str, tuple[_Phrase, ...]] = {}
    others, gaps = [], []
    for cue, rest in found:
        if not rest:
            continue
        if rest[0] == GAP:
            gaps.append(_Phrase(cue, rest[1:]))
        elif rest[0] == NUMBER or rest[0].endswith("*"):
            others.append(_Phrase(cue, rest))
        else:
            by_next[rest[0]] = (*by_next.get(rest[0], ()), _Phrase(cue, rest[1:]))
    alone = [cue for cue, rest in found if not rest]
    return _Branch(
        alone=tuple(one for one in alone if isinstance(one, Cue)),
        sides=tuple(one for one in alone if isinstance(one, _Side)),
        by_next=by_next,
        others=tuple(others),
        gaps=tuple(gaps),
        met={},
    )


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


class Several:
    """The cues of several languages as one: each is heard by its own, with its own "not"."""

    def __init__(self, vocabularies: Sequence[Vocabulary]) -> None:
        self._vocabularies = vocabularies
        self.grammar = _together([one.grammar for one in vocabularies])

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The cues of all of them."""
        return tuple(cue for one in self._vocabularies for cue in one.cues)

    def hits(self, tokens: Tokens) -> list[Hit]:
        """Return every cue found in the order of the text, as `Vocabulary.hits` does."""
        heard = [one.apart(tokens) for one in self._vocabularies]
        # languages share their little words and smileys: one hit of a cue at a place is enough
        once = {(hit.first, hit.after, hit.cue.id, hit.denied): hit for found, _ in heard for hit in found}
        plain = sorted(once.values(), key=_place)
        return sorted([*_longest(plain), *(hit for _, near in heard for hit in near)], key=_place)


class Cues:
    """The cues of every language, and all of them together for posts whose language nobody told."""

    def __init__(
        self,
        vocabularies: Mapping[str, Vocabulary],
        later: Mapping[str, Callable[[], Vocabulary]] | None = None,
    ) -> None:
        self._vocabularies = dict(vocabularies)
        #: What loads the languages that nobody asked for yet; it may raise.
        self._later = dict(later or {})
        self._several: dict[tuple[str, ...], Several] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are cues for (ISO 639-1), in order."""
        return tuple(sorted({*self._vocabularies, *self._later}))

    def vocabulary(self, *languages: str | None) -> "Vocabulary | Several":
        """Return the cues of a language, of several as one, or (none told, or not ours) of all."""
        if len(languages) == 1:
            code = base_language(languages[0])
            if code in self.languages:
                return self._one(code)
        codes = tuple(sorted(code for code in languages if code in self.languages)) or self.languages
        if codes not in self._several:
            self._several[codes] = Several([self._one(code) for code in codes])
        return self._several[codes]

    def _one(self, code: str) -> Vocabulary:
        if code not in self._vocabularies:
            self._vocabularies[code] = self._later[code]()
        return self._vocabularies[code]
