"""Reading: a text as the rules read it, with every place mapped back to the original."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from html import unescape
from html.entities import html5
from typing import Any

#: Letters and signs that fold to one lower-case character each, so that places stay where they are.
_PLAIN = re.compile(
    "[\\x20-\\x7e\u00a1-\u00ac\u00ae-\u012f\u0131-\u017f\u0400-\u045f"
    "\u2013\u2014\u2018-\u201e\u2026\u20ac\u2190-\u21ff\U0001f300-\U0001faff]*"
)
_SIGNS = str.maketrans(
    dict.fromkeys("‘’‚‛′ʼ＇`´", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
#: What cannot be seen and must not hide a word: soft hyphen, zero width, bidi, variation selectors, tags.
_HIDING = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
)
_INVISIBLE = re.compile(f"[{_HIDING}]")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
#: The pieces that fold together. At most 16 marks a letter: normalising a longer row takes quadratic time.
_PIECE = re.compile(
    r"&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});|\.{2,200}|\s{1,200}"
    rf"|.[{_MARKS}{_HIDING}]{{0,16}}",
    re.DOTALL,
)
_SENTENCE_END = re.compile(r"[.!?…][\"')\]]{0,2}[ \n]|\n")
_ABBREVIATION = re.compile(
    r"(?:\b\w|\b(?:e\.g|i\.e|mr|mrs|ms|dr|st|vs|approx|z\. ?b|u\. ?a|npr|tzv|p\. ?ej|т\. ?н))\.$"
)


class Reading:
    """A text folded for matching: NFC, lower case, straight quotes, plain dashes, no entities or odd spaces.

    A run of white space is one space, or one line feed where a paragraph ends; a run of full stops is "…".
    `place` leads from the folded text back to the original: `text[start:end]` is what was matched.
    """

    __slots__ = ("_ends", "_sentences", "_starts", "folded", "found", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        #: By detector, the places it found before; whoever reads the text keeps them here.
        self.found: dict[object, Any] = {}
        self._starts: list[int] | None = None
        self._ends: list[int] = []
        self._sentences: list[int] | None = None
        if (
            _PLAIN.fullmatch(text)
            and "  " not in text
            and ".." not in text
            and not ("&" in text and ";" in text)
        ):
            self.folded = text.translate(_SIGNS).lower() if not text.isascii() else _ascii(text)
        else:
            self.folded = self._fold()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text behind the folded span [start, end), which is not empty."""
        if self._starts is None:
            return start, end
        return self._starts[start], self._ends[end - 1]

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the folded span of the sentence that holds the folded position `at`."""
        if self._sentences is None:
            ends = (match for match in _SENTENCE_END.finditer(self.folded))
            self._sentences = [0, *(match.end() for match in ends if not self._abbreviates(match))]
        after = bisect_right(self._sentences, at)
        end = self._sentences[after] if after < len(self._sentences) else len(self.folded)
        return self._sentences[after - 1], end

    def _abbreviates(self, match: re.Match[str]) -> bool:
        """Whether the full stop found ends an abbreviation rather than a sentence."""
        stop = match.start() + 1
        return match[0] == ". " and bool(_ABBREVIATION.search(self.folded, max(0, stop - 8), stop))

    def _fold(self) -> str:
        """Fold piece by piece and remember where each folded character comes from."""
        out: list[str] = []
        self._starts = starts = []
        for match in _PIECE.finditer(self.text):
            for char in _folded(match[0]):
                if char in " \n" and out and out[-1] in " \n":
                    out[-1] = max(char, out[-1], key=" \n".index)
                    self._ends[-1] = match.end()
                    continue
                if char in ".…" and out and out[-1] in ".…":  # parted by something invisible
                    out[-1], self._ends[-1] = "…", match.end()
                    continue
                out.append(char)
                starts.append(match.start())
                self._ends.append(match.end())
        return "".join(out)


class Cover:
    """Spans laid together, to ask in logarithmic time whether one touches them."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touches(self, start: int, end: int) -> bool:
        """Whether [start, end) shares a character with one of the spans."""
        at = bisect_right(self._ends, start)
        return at < len(self._starts) and self._starts[at] < end


def _ascii(text: str) -> str:
    """Fold plain ASCII: only the backtick is a sign there."""
    return text.lower().replace("`", "'")


def _folded(piece: str) -> str:
    """Fold one piece: an entity, a run of stops or spaces, or a letter with its marks."""
    if piece[0] == "&" and len(piece) > 1:
        piece = unescape(piece) if piece[1] == "#" else html5.get(piece[1:], piece)
    if piece.startswith(".."):
        return "…"
    if piece.isspace():
        return "\n" if piece.count("\n") > 1 or "\u2029" in piece else " "
    seen = unicodedata.normalize("NFC", _INVISIBLE.sub("", piece))
    return seen.translate(_SIGNS).lower()
