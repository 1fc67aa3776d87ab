"""Filling: slots and ways to say you become words, and sentences begin with a capital."""

import re
from collections.abc import Mapping
from unicodedata import normalize

from responder.model.mention import Mention

SLOT = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"\S+")
_BULLET = re.compile(r"[-–—•*]|\d{1,3}[.)]")
#: What may stand before the first letter of a sentence, and after its last stop.
_OPENING, _CLOSING = "\"'«„“‘¿¡", "\"'»”’)"
#: Words before a full stop that end no sentence, and letters with stops between: "p.m.", "z.B.".
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "approx dept etc mr mrs ms dr nr st ca bzw inkl evtl tel max std min bl ex env av art réf "
        "sr sra núm pág npr oz itd ipd str ul tj sl br гр ул тел напр г ч чл",
    )
)
_LETTERS = re.compile(r"(?:\w{1,2}\.)+\w{1,2}")
#: An address or a name with a stop inside: its letters are as they are.
_ADDRESS = re.compile(r"\w[\w-]*[.@/:]\w|@|#")


def filled(words: str, slots: Mapping[str, str], *, informal: bool) -> str:
    """Return `words` with {formal|informal} decided and every {slot} filled, what fills it taken as it is."""

    def fill(slot: re.Match[str]) -> str:
        formal, bar, close = slot[1].partition("|")
        return (close if informal else formal) if bar else slots[formal]

    return SLOT.sub(fill, words)


def slots_in(words: str) -> list[str]:
    """Return the names of the slots in `words`, without {formal|informal}."""
    return [slot for slot in SLOT.findall(words) if "|" not in slot]


def with_capitals(text: str) -> str:
    """Return `text` with a capital at the start of each sentence and line.

    Not after a comma at the end of the line before, an abbreviation or a number, and not in an address.
    """
    out, at, before, begins = [], 0, "", True
    for match in _WORD.finditer(text):
        word, new_line = match[0], "\n" in text[at : match.start()]
        if new_line:
            begins = not before.endswith(",")
        out += [text[at : match.start()], _capital(word) if begins else word]
        # a bullet or a number at the start is not the sentence yet
        begins = _ends(word) or (begins and _BULLET.fullmatch(word) is not None)
        before, at = word, match.end()
    return "".join(out) + text[at:]


def _capital(word: str) -> str:
    """Return `word` with a capital, unless it is an address."""
    place = len(word) - len(word.lstrip(_OPENING))
    upper = word[place : place + 1].upper()
    if len(upper) != 1 or _ADDRESS.match(word, place):
        return word
    return word[:place] + upper + word[place + 1 :]


def _ends(word: str) -> bool:
    """Whether a sentence ends after `word`."""
    bare = word.rstrip(_CLOSING)
    if not bare or bare[-1] not in ".!?":
        return False
    bare = bare.rstrip(".!?").lower().lstrip(_OPENING)
    return not (bare.isdecimal() or bare in _ABBREVIATIONS or _LETTERS.fullmatch(bare))


def first_name(mention: Mention, company: str, not_names: frozenset[str]) -> str:
    """Return the author's first name if what they display begins with one, else "".

    A name is 2 to 20 letters (one hyphen among them at most), a capital first and none later but after the
    hyphen, and neither a word of the company's name nor in `not_names`.
    """
    name = normalize("NFC", (mention.author.name.split() or [""])[0])
    halves = name.split("-")
    if not 2 <= len(name) <= 20 or len(halves) > 2 or not _one_script(name):
        return ""
    if not all(half.isalpha() and half[0].isupper() and half[1:] == half[1:].lower() for half in halves):
        return ""
    return "" if name.casefold() in {*company.casefold().split(), *not_names} else name


def _one_script(name: str) -> bool:
    """Whether every letter is Latin, or every letter Cyrillic: a mixture imitates a name."""
    latin = all(char < "\u0250" or "\u1e00" <= char <= "\u1eff" for char in name)
    return latin or all("\u0400" <= char <= "\u04ff" or char == "-" for char in name)
