"""Cues: words that tell something about a post, and how they are spelt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from responder.policy.tokens import Tokens, is_stop, spellings

#: In a phrase: up to three words of the same thought may stand here.
GAP = "..."
#: In a phrase: any number.
NUMBER = "#"
LONGEST_PHRASE, MOST_GAPS, LONGEST_WORD = 8, 2, 40
#: Words without accents or apostrophes, stems that are long enough, gaps and numbers.
_PLAIN = re.compile(r"(?:[a-zа-я]+|[a-zа-я]{3,40}\*|#|\.\.\.)(?: (?:[a-zа-я]+|[a-zа-я]{3,40}\*|#|\.\.\.))*")
_SHORT_WORD = 4
SHORTEST_STEM = 3


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
    #: After so many hours it is not urgent any more; 0 for never.
    fades: int = 0


class Said(NamedTuple):
    """A cue with how it is said, which is let go once it is indexed."""

    cue: Cue
    #: Its words and phrases in every spelling, as `phrases` gives them.
    phrases: tuple[tuple[str, ...], ...]
    #: Words that say it together in one sentence, in any order: each entry has two sides or three (what it
    #: is about, what happened), each side its words and phrases.
    near: tuple[tuple[tuple[tuple[str, ...], ...], ...], ...] = ()


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


def base_language(language: str | None) -> str:
    """Return "pt" for "pt-BR" and "" for None."""
    return (language or "").replace("_", "-").partition("-")[0].lower()


def phrases(words: str, language: str) -> list[tuple[str, ...]]:
    """Return a cue's word or phrase as elements, in every spelling people of `language` use.

    An element is a word, a `stem*`, an `*end` of words, a `*part*` that words hold anywhere, `...` (up to
    three words may stand here) or `#` (a number). Raises ValueError, with the reason, for one that could not
    be found in any text or would be found in most.
    """
    pieces = words.lower().split()
    if _PLAIN.fullmatch(" ".join(pieces)):  # one spelling, and no piece is two elements: most of them
        elements = [(piece, piece) for piece in pieces]
    else:
        elements = [element for piece in pieces for element in _elements(piece, language)]
    written = [element[0] for element in elements]
    if not written or GAP in {written[0], written[-1]} or written == [NUMBER]:
        raise ValueError(f"{words!r} is open at one end, or only a number")
    if len(written) > LONGEST_PHRASE or written.count(GAP) > MOST_GAPS:
        raise ValueError(f"{words!r} is too long: at most {LONGEST_PHRASE} words and {MOST_GAPS} gaps")
    if len(written) == 1 and len(written[0]) < _SHORT_WORD:
        return [(written[0],)]  # without its accents a short word is usually another one
    spelt = zip(*elements, strict=True)
    return list(dict.fromkeys(spelt))


def _elements(piece: str, language: str) -> list[tuple[str, str]]:
    """Return one piece of a phrase in both spellings; "can't" and "l'app" are one and two elements."""
    if piece in {GAP, NUMBER}:
        return [(piece, piece)]
    before, after = "*" * piece.startswith("*"), "*" * piece.endswith("*")
    word = piece.removeprefix("*").removesuffix("*")
    found = [word] if word.isalpha() else Tokens(word).words
    if not found or any(is_stop(part) for part in found):
        raise ValueError(
            f"{piece!r} is not a word; a phrase is made of words, stem*, *end, *part*, ... and #"
        )
    if word == piece:
        return [spellings(part, language) for part in found]
    if not SHORTEST_STEM <= len(found[-1]) <= LONGEST_WORD:
        raise ValueError(f"the stem {piece!r} needs {SHORTEST_STEM} to {LONGEST_WORD} letters beside the *")
    written, typed = spellings(found[-1], language)
    starred = tuple(f"{before}{one}{after}" for one in (written, typed))
    return [*(spellings(part, language) for part in found[:-1]), (starred[0], starred[1])]
