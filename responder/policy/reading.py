"""Reading: a text as the rules read it, with every place mapped back to the original."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Container, Iterable
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
#: Of _PLAIN, what stands for itself wherever it is: no space, no full stop, no ampersand.
_ONE_EACH = "!-%'-\\-/-~\u00a1-\u00ac\u00ae-\u012f\u0131-\u017f\u0400-\u045f\u2013\u2014\u2018-\u201e"
_PIECE = re.compile(
    rf"(?P<plain>[{_ONE_EACH}]{{1,200}}(?![{_MARKS}{_HIDING}]))"
    r"|&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});|\.{2,200}|\s{1,200}"
    rf"|.[{_MARKS}{_HIDING}]{{0,16}}",
    re.DOTALL,
)
#: Letters that look the same in two scripts, and hide a word from every pattern.
_TO_LATIN = str.maketrans("аеорсухіјѕԁһ", "aeopcyxijsdh")
_TO_CYRILLIC = str.maketrans("aeopcyx", "аеорсух")
_CYRILLIC, _LATIN = re.compile("[\u0430-\u045f\u0501\u04bb]"), re.compile("[a-z\u00df-\u017f]")
_WORD = re.compile(r"[^\W\d_]{2,40}")
_SENTENCE_END = re.compile(r"[.!?…][\"')\]]{0,2}[ \n]|\n")
_ABBREVIATION = re.compile(
    r"(?:\b\w|\b(?:e\.g|i\.e|mr|mrs|ms|dr|st|vs|approx|no|z\. ?b|d\. ?h|u\. ?a|bzw|ca|ggf|inkl|evtl|str|nr"
    r"|p\. ?ej|sr|sra|núm|av|mme|p\. ?ex|env|kl|t\. ?ex|bl\. ?a|d\. ?v\. ?s|npr|tzv|oz|tj|ul|št|tel|prof"
    r"|т\. ?н|т\. ?е|напр|ул|бул|тел|чл))\.$"
)


class Reading:
    """A text folded for matching: NFC, lower case, straight quotes, plain dashes, no entities or odd spaces.

    A run of white space is one space, or one line feed where a paragraph ends; a run of full stops is "…".
    `place` leads from the folded text back to the original: `text[start:end]` is what was matched.
    """

    __slots__ = ("_ends", "_sentences", "_starts", "candidates", "folded", "found", "spelt", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        #: By detector, the places it found before; whoever reads the text keeps them here.
        self.found: dict[object, Any] = {}
        #: The patterns that may match, as a prefilter found; None when nobody looked.
        self.candidates: Container[object] | None = None
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
        #: The same with every letter as it is: a host is not ours because it looks so.
        self.spelt = self.folded
        if _CYRILLIC.search(self.folded) and _LATIN.search(self.folded):
            self.folded = _WORD.sub(_in_one_script, self.folded)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text behind the folded span [start, end), which is not empty."""
        if self._starts is None:
            return start, end
        return self._starts[start], self._ends[end - 1]

    def unplace(self, at: int) -> int:
        """Return the folded position of the original position `at`."""
        if self._starts is None:
            return at
        return max(0, min(bisect_right(self._starts, at), len(self._starts)) - 1)

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the folded span of the sentence that holds the folded position `at`."""
        begins = self._sentence_begins()
        after = bisect_right(begins, at)
        return begins[after - 1], begins[after] if after < len(begins) else len(self.folded)

    def sentence_number(self, at: int) -> int:
        """Return which sentence, from 1, holds the original position `at`."""
        return bisect_right(self._sentence_begins(), self.unplace(at))

    def _sentence_begins(self) -> list[int]:
        """Return where sentences begin, in folded positions."""
        if self._sentences is None:
            ends = (match for match in _SENTENCE_END.finditer(self.folded))
            self._sentences = [0, *(match.end() for match in ends if not self._abbreviates(match))]
        return self._sentences

    def _abbreviates(self, match: re.Match[str]) -> bool:
        """Whether the full stop found ends an abbreviation rather than a sentence."""
        stop = match.start() + 1
        if match[0] != ". ":
            return False
        if self.folded[stop - 2 : stop - 1].isdecimal() and match.end() < len(self.folded):
            return self.text[self.place(match.end(), match.end() + 1)[0]].islower()  # "by the 16. of May"
        return bool(_ABBREVIATION.search(self.folded, max(0, stop - 8), stop))

    def _fold(self) -> str:
        """Fold piece by piece and remember where each folded character comes from."""
        out: list[str] = []
        starts: list[int] = []
        self._starts = starts
        for match in _PIECE.finditer(self.text):
            if match["plain"]:
                out.extend(match[0].translate(_SIGNS).lower())
                starts.extend(range(*match.span()))
                self._ends.extend(range(match.start() + 1, match.end() + 1))
                continue
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


def _in_one_script(word: re.Match[str]) -> str:
    """Return a word whose look-alikes from another script are put into its own; as long as it was."""
    strange = len(_CYRILLIC.findall(word[0]))
    if not strange or not _LATIN.search(word[0]):
        return word[0]
    return word[0].translate(_TO_LATIN if strange * 2 < len(word[0]) else _TO_CYRILLIC)


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
