"""Making strangers' text safe to show: what would act on a terminal becomes something to read."""

import re
import unicodedata

#: Invisible or acting characters: controls, bidi overrides, zero-width and other format characters,
#: line and paragraph separators, surrogates, private use and tags.
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}
#: Letters with accents need a few combining marks in a row; a "zalgo" tower needs many.
_MARKS = re.compile(r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
                    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
_PLAIN = re.compile(r"[\x20-\x7e\n]*")
_JOINERS = "\u200d\ufe0f\ufe0e"


def visible(text: str) -> str:
    """Return `text` with every character that could act or hide shown as <U+XXXX>.

    Line feeds stay; emoji keep the joiners between them; at most four combining marks in a row stay.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _MARKS.sub(r"\1", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    return "".join(
        char if _harmless(text, place) else f"<U+{ord(char):04X}>" for place, char in enumerate(text)
    )


def one_line(text: str, width: int = 0) -> str:
    """Return `text` visible and on one line; cut to `width` characters with … when width is given."""
    line = " ".join(visible(text).split())
    return line if not width or len(line) <= width else line[: width - 1].rstrip() + "…"


def _harmless(text: str, place: int) -> bool:
    """Whether the character at `place` only shows itself (a joiner does between two emoji)."""
    char = text[place]
    if char == "\n" or unicodedata.category(char) not in _HIDDEN_CATEGORIES:
        return True
    return char in _JOINERS and place > 0 and unicodedata.category(text[place - 1]) in {"So", "Sk", "Mn"}
