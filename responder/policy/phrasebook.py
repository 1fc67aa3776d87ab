"""Phrasebook: many thousand phrases found by how they begin, kept as text because most are never heard."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from responder.policy.cues import GAP, LONGEST_WORD, NUMBER, SHORTEST_STEM
from responder.policy.tokens import is_stop

#: What a phrase stands for.
Meaning = TypeVar("Meaning")

#: How many words a gap may hold.
GAP_WIDTH = 3
#: How many words are remembered, and pairs of words: strangers choose them.
_MOST_WORDS, _MOST_PAIRS = 20_000, 50_000
#: What stands before a phrase, and before the number of its meaning.
_LINE, _MEANS = "\n", "\t"


class Found(NamedTuple, Generic[Meaning]):
    """A phrase found: its words are [first, after) of a text."""

    meaning: Meaning
    first: int
    after: int


class _Rest(NamedTuple, Generic[Meaning]):
    """The elements of a phrase that are still to come, and what it then means."""

    meaning: Meaning
    elements: tuple[str, ...]


class _Branch(NamedTuple, Generic[Meaning]):
    """Everything that begins with one word."""

    #: What the word alone means.
    alone: tuple[Meaning, ...]
    #: Phrases that go on with the next word, and those that go on after a gap; None for none.
    then: "_Following[Meaning] | None"
    leap: "_Following[Meaning] | None"


class _Beginning(NamedTuple):
    """What begins with one element."""

    #: The number of what it means alone; -1 for nothing.
    alone: int
    #: Each phrase without its first element (and its gap), as a line: "of order<TAB>17".
    then: str = ""
    leap: str = ""


#: What begins with each element; a number where nothing follows, which is the most of them.
_Index = dict[str, _Beginning | int]


class Phrasebook(Generic[Meaning]):
    """Phrases by how they begin. What was looked up before is remembered, and changes no answer."""

    def __init__(
        self,
        phrases: Mapping[tuple[str, ...], int],
        meanings: Sequence[Meaning],
        is_number: Callable[[str], bool],
    ) -> None:
        """Take in phrases as `responder.policy.cues.phrases` spells them, with their places in `meanings`."""
        self._meanings = meanings
        self._is_number = is_number
        begun: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for phrase, number in phrases.items():
            begun.setdefault(phrase[0], []).append((phrase[1:], number))
        self._words: _Index = {}
        self._stems: _Index = {}
        #: What a word may hold anywhere, and end with, in languages that write words together.
        self._within: _Index = {}
        self._ends: _Index = {}
        kinds = {(False, False): self._words, (False, True): self._stems}
        kinds |= {(True, True): self._within, (True, False): self._ends}
        for first, rests in begun.items():
            kinds[first.startswith("*"), first.endswith("*")][first.strip("*")] = _beginning(rests)
        self._memo: dict[str, _Branch[Meaning] | None] = {}
        #: By what begins with a word; any two numbers, and the many forms of one stem, have the same.
        self._branches: dict[tuple[int, ...], _Branch[Meaning]] = {}
        self._pairs = 0

    def find(self, words: Sequence[str]) -> list[Found[Meaning]]:
        """Return every phrase in `words` (as `Tokens` has them), in the order of their first words."""
        memo, last = self._memo, len(words) - 1
        found: list[Found[Meaning]] = []
        for place, word in enumerate(words):
            branch = memo[word] if word in memo else self._look_up(word)
            if branch is None:
                continue
            alone, then, leap = branch
            found += [Found(meaning, place, place + 1) for meaning in alone]
            if then and place < last:
                for meaning, rest in then.after(words[place + 1]):
                    after = self._follow(words, place + 2, rest) if rest else place + 2
                    if after:
                        found.append(Found(meaning, place, after))
            if leap and place < last:
                found += self._leaping(leap, words, place)
        return found

    def read(self, text: str, word: str) -> Iterator[_Rest[Meaning]]:
        """Give the phrases among the lines of `text` that go on with `word`, after it."""
        self._pairs += 1
        if self._pairs > _MOST_PAIRS:
            self.forget()
        elements = [word, *(f"{stem}*" for stem in _stems(word)), *[NUMBER] * self._is_number(word)]
        lines = [line for element in elements for end in (" ", _MEANS) for line in _lines(text, element, end)]
        within = (line for line in _lines(text, "*", "") if self._same(word, _first(line)))
        for line in (*lines, *within):
            elements_left, _, number = line.partition(_MEANS)
            yield _Rest(self._meanings[int(number)], tuple(elements_left.split(" ")[1:]))

    def _look_up(self, word: str) -> _Branch[Meaning] | None:
        if len(self._memo) >= _MOST_WORDS:
            self.forget()
        begun = list(self._begun(word))
        branch = self._branch(begun) if begun else None
        if len(word) <= LONGEST_WORD:
            self._memo[word] = branch
        return branch

    def forget(self) -> None:
        """Let go of what is remembered of words looked up before."""
        self._memo.clear()
        self._branches.clear()
        self._pairs = 0

    def _begun(self, word: str) -> Iterator[_Beginning | int]:
        """Give what begins with an element that a word is."""
        if word in self._words:
            yield self._words[word]
        if NUMBER in self._words and self._is_number(word):
            yield self._words[NUMBER]
        yield from (self._stems[stem] for stem in _stems(word[:LONGEST_WORD]) if stem in self._stems)
        if self._ends:
            ends = (word[-length:] for length in range(SHORTEST_STEM, min(len(word), LONGEST_WORD) + 1))
            yield from (self._ends[end] for end in ends if end in self._ends)
        if self._within:
            yield from (self._within[part] for part in _parts(word[:LONGEST_WORD]) if part in self._within)

    def _branch(self, begun: Sequence[_Beginning | int]) -> _Branch[Meaning]:
        key = tuple(map(id, begun))  # they live as long as this does
        if key not in self._branches:
            alone = [one if isinstance(one, int) else one.alone for one in begun]
            longer = [one for one in begun if not isinstance(one, int)]
            then, leap = "".join(one.then for one in longer), "".join(one.leap for one in longer)
            self._branches[key] = _Branch(
                tuple(self._meanings[number] for number in alone if number >= 0),
                _Following(self, then) if then else None,
                _Following(self, leap) if leap else None,
            )
        return self._branches[key]

    def _leaping(
        self, leap: "_Following[Meaning]", words: Sequence[str], place: int
    ) -> Iterator[Found[Meaning]]:
        """Give the phrases that go on after none to three words of the same thought, each once."""
        given: list[_Rest[Meaning]] = []
        for start in range(place + 1, min(place + GAP_WIDTH + 2, len(words))):
            for one in leap.after(words[start]):
                after = self._follow(words, start + 1, one.elements)
                if after and one not in given:
                    given.append(one)
                    yield Found(one.meaning, place, after)
            if is_stop(words[start]):
                return

    def _follow(self, words: Sequence[str], place: int, rest: tuple[str, ...]) -> int:
        """Return the place after the last word of a phrase, or 0 when the text goes on differently."""
        for number, element in enumerate(rest):
            if element == GAP:
                return self._leap(words, place, rest[number + 1 :])
            if place >= len(words) or not self._same(words[place], element):
                return 0
            place += 1
        return place

    def _leap(self, words: Sequence[str], place: int, rest: tuple[str, ...]) -> int:
        """Follow `rest` after none to three words of the same thought."""
        for start in range(place, min(place + GAP_WIDTH + 1, len(words))):
            if after := self._follow(words, start, rest):
                return after
            if is_stop(words[start]):
                return 0
        return 0

    def _same(self, word: str, element: str) -> bool:
        """Whether a word of a text is the one that an element asks for."""
        if element == NUMBER:
            return self._is_number(word)
        if element.startswith("*"):
            return element[1:-1] in word if element.endswith("*") else word.endswith(element[1:])
        return word.startswith(element[:-1]) if element.endswith("*") else word == element


class _Following(Generic[Meaning]):
    """How the phrases of a branch go on, by the next word; read when it is first met."""

    __slots__ = ("_book", "_met", "_text")

    def __init__(self, book: Phrasebook[Meaning], text: str) -> None:
        self._book = book
        self._text = text
        self._met: dict[str, tuple[_Rest[Meaning], ...]] = {}

    def after(self, word: str) -> tuple[_Rest[Meaning], ...]:
        """Return the phrases that go on with `word`, after it."""
        met = self._met.get(word)
        if met is None:
            met = tuple(self._book.read(self._text, word))
            if len(word) <= LONGEST_WORD:
                self._met[word] = met
        return met


def _beginning(rests: list[tuple[tuple[str, ...], int]]) -> _Beginning | int:
    """Return what goes on from one element."""
    alone = -1
    then: list[str] = []
    leap: list[str] = []
    for rest, number in rests:
        if not rest:
            alone = number
        elif rest[0] == GAP:
            leap.append(f"{_LINE}{' '.join(rest[1:])}{_MEANS}{number}")
        else:
            then.append(f"{_LINE}{' '.join(rest)}{_MEANS}{number}")
    return _Beginning(alone, "".join(then), "".join(leap)) if then or leap else alone


def _lines(text: str, element: str, end: str) -> Iterator[str]:
    """Give the lines of `text` that begin with `element` and `end`."""
    begin = f"{_LINE}{element}{end}"
    at = text.find(begin)
    while at >= 0:
        stop = text.find(_LINE, at + 1)
        yield text[at + 1 : stop] if stop >= 0 else text[at + 1 :]
        at = text.find(begin, at + 1)


def _first(line: str) -> str:
    """Return the first element of a line."""
    return line.partition(_MEANS)[0].partition(" ")[0]


def _stems(word: str) -> Iterator[str]:
    """Give how a word begins, from the shortest stem to the whole of it."""
    return (word[:length] for length in range(SHORTEST_STEM, len(word) + 1))


def _parts(word: str) -> dict[str, None]:
    """Return what a word holds, each part once."""
    return dict.fromkeys(
        word[start:end]
        for start in range(len(word) - SHORTEST_STEM + 1)
        for end in range(start + SHORTEST_STEM, len(word) + 1)
    )
