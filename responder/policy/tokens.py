"""Tokens: a text as the cues hear it, word by word, each with its place in the original."""

import re
import unicodedata

from responder.policy.reading import Reading

#: No more than this much of a text is weighed: what it costs must not grow with what a stranger pastes.
LONGEST = 2_000

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
#: Addresses and @names say nothing (first arm); then numbers, words, ends of a thought, smileys, pictures.
_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+|@\w[\w.@-]*"
    rf"|(\d+(?:[.,:]\d+)*|(?:[^\W\d_]+[{_MARKS}]*)+(?:'t\b)?|[.!?;,\n…–—]+|[:;]['-]?[()]+"
    "|[\u2600-\u27bf\U0001f300-\U0001faff])"
)
#: What hides a word, or letters in disguise: a text with one is folded with care, others the quick way.
_ODD = re.compile(
    f"[{_MARKS}\u0130\u02bc\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\uff10-\uff5a\U0001d400-\U0001d7ff\U000e0000-\U000e01ef]|&(?:#|[a-z]{2,8};)"
)
_LEFT_MARKS = re.compile(f"[{_MARKS}]+")
_STOPS = frozenset(".!?;,\n…–—")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Tokens:
    """The first LONGEST characters of a text as lower-case words, numbers, smileys and stops.

    `words[i]` stands at `span(i, i + 1)` of the original text. A stop (a run of . ! ? ; , … or a line feed)
    ends a thought: no phrase and no "not" reaches across it.
    """

    __slots__ = ("_folded", "_places", "_reading", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        heard = text[:LONGEST]
        self._reading = Reading(heard) if _ODD.search(heard) else None
        folded = self._reading.folded if self._reading else heard.lower().replace("’", "'")
        self._folded = folded
        self._places: list[tuple[int, int]] = []
        found = filter(None, _TOKEN.findall(folded))
        self.words = [_plain(word) for word in found] if self._reading else list(found)

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Return the characters of the original text behind the words [first, after), which are not none."""
        if not self._places:  # of most posts nobody asks
            self._places = [match.span() for match in _TOKEN.finditer(self._folded) if match[1]]
        start, end = self._places[first][0], self._places[after - 1][1]
        return self._reading.place(start, end) if self._reading else (start, end)


def is_stop(word: str) -> bool:
    """Whether a token ends a thought rather than says something."""
    return word[0] in _STOPS


def _plain(word: str) -> str:
    """Return a word without disguise: no towers of marks, no letters from the mathematicians' alphabets."""
    return _LEFT_MARKS.sub("", unicodedata.normalize("NFKC", word)).lower() or word


def spellings(word: str, language: str) -> tuple[str, str]:
    """Return a lower-case word as written and as people of that language type it on a foreign keyboard.

    can't, cant; čakam, cakam; in German zurück, zurueck. Cyrillic stays as it is.
    """
    if word.isascii() or "а" <= word[0] <= "я":
        return word, word.replace("'", "")
    if language == "de":
        return word, word.translate(_GERMAN)
    return word, _LEFT_MARKS.sub("", unicodedata.normalize("NFD", word)).replace("đ", "d")
