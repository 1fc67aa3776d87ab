"""Vocabulary: the cues of a language, found in one pass over a text."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from responder.policy.cues import (
    LONGEST_PHRASE,
    MOST_GAPS,
    Cue,
    Grammar,
    Hit,
    Kind,
    Said,
    base_language,
)
from responder.policy.near import meetings
from responder.policy.phrasebook import GAP_WIDTH, Found, Phrasebook
from responder.policy.tokens import Tokens, is_stop

#: The longest phrase with its gaps.
_LONGEST_SPAN = LONGEST_PHRASE + MOST_GAPS * GAP_WIDTH
#: How many words before a cue a "not" may stand.
_REACH = 3
_MOST_SIDES = 3


class _Meaning(NamedTuple):
    """What a phrase stands for."""

    cues: tuple[Cue, ...]
    #: The entries of `near` of which it is a first, a second and a third side: a bit an entry.
    sides: tuple[int, ...]


class _Entry(NamedTuple):
    """One entry of `near`: of so many sides."""

    cue: Cue
    of: int


class Vocabulary:
    """The cues of one language, found in one pass over a text."""

    def __init__(self, said: Iterable[Said], grammars: Mapping[str, Grammar]) -> None:
        said = tuple(said)
        self.cues = tuple(one.cue for one in said)
        #: By language: a Swedish "ni" (you) is no Slovene "ni" (is not); a "not" denies cues of its own only.
        self.grammars = grammars
        #: The little words of all of them.
        self.grammar = _together(list(grammars.values()))
        self._entries = [_Entry(one.cue, len(sides)) for one in said for sides in one.near]
        #: A bit for each entry that has no third side.
        self._of_two = sum(
            1 << number for number, entry in enumerate(self._entries) if entry.of < _MOST_SIDES
        )
        self._book = self._indexed(said)

    def _indexed(self, said: Sequence[Said]) -> Phrasebook[_Meaning]:
        cues: dict[tuple[str, ...], dict[int, None]] = {}
        sides: dict[tuple[str, ...], list[int]] = {}
        for number, one in enumerate(said):
            for phrase in one.phrases:
                cues.setdefault(phrase, {})[number] = None
        for entry, of in enumerate(of for one in said for of in one.near):
            for number, side in enumerate(of):
                for phrase in side:
                    sides.setdefault(phrase, [0] * _MOST_SIDES)[number] |= 1 << entry
        means = {
            phrase: (tuple(cues.get(phrase, ())), tuple(sides.get(phrase, ())))
            for phrase in dict.fromkeys([*cues, *sides])
        }
        meanings = {meaning: number for number, meaning in enumerate(dict.fromkeys(means.values()))}
        return Phrasebook(
            {phrase: meanings[meaning] for phrase, meaning in means.items()},
            [_Meaning(tuple(self.cues[number] for number in told), of) for told, of in meanings],
            lambda word: word[0].isdigit() or word in self.grammar.numbers,
        )

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
        found = self._book.find(tokens.words)
        sides = [one for one in found if one.meaning.sides]
        return self._plain(found, tokens.words), list(self._met(sides, tokens.words)) if len(
            sides
        ) > 1 else []

    def everything(self, tokens: Tokens) -> list[Hit]:
        """Return the words and phrases found in the order of the text, also what a longer one makes void."""
        return self._plain(self._book.find(tokens.words), tokens.words)

    def forget(self) -> None:
        """Let go of what is remembered of texts heard before; the same answer with it and without."""
        self._book.forget()

    def _plain(self, found: Iterable[Found[_Meaning]], words: list[str]) -> list[Hit]:
        return [
            Hit(cue, first, after, self._denied(cue, words, first))
            for meaning, first, after in found
            for cue in meaning.cues
        ]

    def _met(self, found: Sequence[Found[_Meaning]], words: list[str]) -> Iterator[Hit]:
        """Bring the sides together that stand near each other; a "not" before the last side denies it."""
        first = second = third = 0
        for one in found:
            sides = one.meaning.sides
            first |= sides[0]
            second |= sides[1]
            third |= sides[2]
        complete = first & second & (third | self._of_two)  # most entries lack a side
        while complete:
            bit = complete & -complete
            complete ^= bit
            cue, of = self._entries[bit.bit_length() - 1]
            places = [
                sorted((begin, after) for meaning, begin, after in found if meaning.sides[side] & bit)
                for side in range(of)
            ]
            for (begin, after), happened in meetings(places, words):
                yield Hit(cue, begin, after, self._denied(cue, words, happened))

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

    def everything(self, tokens: Tokens) -> list[Hit]:
        """Return the words and phrases found in the order of the text, as `Vocabulary.everything` does."""
        return sorted((hit for one in self._vocabularies for hit in one.everything(tokens)), key=_place)


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
        #: The languages there are cues for (ISO 639-1), in order.
        self.languages = tuple(sorted({*vocabularies, *self._later}))

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
