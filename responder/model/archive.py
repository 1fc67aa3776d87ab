"""Archive: what is looked for in all that was said, and where it was found."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from unicodedata import category, normalize


class Kind(StrEnum):
    """What a text of the archive is."""

    SAID = "said"  # by a customer
    ANSWERED = "answered"  # by us, in public or by hand
    PROMISED = "promised"  # our words in the ledger
    NOTED = "noted"  # by a colleague, for colleagues
    FOLLOWED = "followed"  # what a colleague said came of a follow-up
    PREPARED = "prepared"  # in a worksheet
    LEARNED = "learned"  # in a debrief


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after the other; the last is only the beginning of one where `begun`."""

    words: tuple[str, ...]
    begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a text must hold: every one of `phrases`, and none of `without`."""

    phrases: tuple[Phrase, ...]
    without: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A text in which everything wanted was found."""

    kind: Kind
    case_id: int
    at: datetime
    #: A customer's handle, or the name of one of us; "" where nobody is told.
    by: str
    text: str


#: A word may be found by its beginning from this length on: our languages inflect at the end.
_BEGINS = 3
#: A quotation, or anything up to the next blank; with a minus before it, it must not be there.
_ASKED = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')
_WORD = re.compile(r"[^\W_]+")
#: Characters of an excerpt before what was found.
_BEFORE = 30


def wanted(asked: str) -> Wanted:
    """Return what somebody typed: words, "quoted phrases" and -words; ValueError where there is no word.

    A word is found by its beginning too, one in quotation marks only as it stands.
    """
    phrases: list[Phrase] = []
    without: list[Phrase] = []
    for one in _ASKED.finditer(asked):
        quoted, minus = one[2] is not None, one[1] or one[3]
        words = tuple(plain_words(one[2] if quoted else one[4]))
        if words:
            begun = not quoted and len(words[-1]) >= _BEGINS
            (without if minus else phrases).append(Phrase(words, begun))
    if not phrases:
        raise ValueError("there is no word to look for")
    return Wanted(phrases=tuple(phrases), without=tuple(without))


def plain_words(text: str) -> list[str]:
    """Return the words of a text as they are compared: without case and without marks on letters."""
    return _WORD.findall(_bare(text))


def excerpt(text: str, asked: Wanted, width: int) -> str:
    """Return at most `width` characters of a text in one line, around the first word that was wanted."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    starts = {word for phrase in asked.phrases for word in phrase.words}
    first = next((at for at, word in _placed(line) if any(map(word.startswith, starts))), 0)
    begin = max(0, min(first - _BEFORE, len(line) - width))
    if begin:
        begin = line.find(" ", begin, first) + 1 or begin
    shown = line[begin : begin + width - 2]
    return f"{'…' if begin else ''}{shown.rstrip()}{'…' if begin + len(shown) < len(line) else ''}"


def _placed(line: str) -> Iterator[tuple[int, str]]:
    for one in _WORD.finditer(line):
        yield one.start(), _bare(one[0])


def _bare(text: str) -> str:
    return "".join(one for one in normalize("NFD", text.casefold()) if category(one) != "Mn")
