"""Making strangers' text safe to show: what would act on a terminal becomes something to read."""

import re
from unicodedata import category, normalize

_PLAIN = re.compile(r"[\x20-\x7e\n]*")
#: Acting or invisible: controls, bidi overrides and other format characters, line and paragraph
#: separators, half surrogates, private use, what Unicode has not assigned.
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
#: Letters, marks and symbols to Unicode, and yet nothing to see.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
#: Combining marks: drawn onto the character before them.
_MARKS = frozenset({"Mn", "Me"})
#: A letter with accents needs a few marks in a row; a "zalgo" tower needs many.
_FEW = 4
_JOINER = "\u200d"
#: Choose between the text and the emoji form of what stands before them, as in 1️⃣ and ™️.
_FORMS = "\ufe0e\ufe0f"
_TAKES_FORMS = frozenset({"So", "Sm", "Po", "Pd", "Nd"})


def visible(text: str) -> str:
    """Return `text` with every character that could act or hide shown as <U+XXXX>.

    Line feeds stay; emoji keep the joiners between them; at most four combining marks in a row stay.
    """
    if _PLAIN.fullmatch(text):
        return text
    # Few marks first: the time to put many in order grows with their square. Order can make more of them.
    text = _few_marks(normalize("NFC", _few_marks(text.replace("\r\n", "\n"))))
    shown, stood = [], False
    for place, char in enumerate(text):
        stood = _stands(text, place, stood=stood)
        shown.append(char if stood else f"<U+{ord(char):04X}>")
    return "".join(shown)


def one_line(text: str, width: int = 0) -> str:
    """Return `text` visible and on one line; cut to `width` characters with … when width is given."""
    line = " ".join(visible(text).split())
    return line if not width or len(line) <= width else line[: width - 1].rstrip(f" {_JOINER}") + "…"


def _few_marks(text: str) -> str:
    """Return `text` without the marks that follow on `_FEW` others."""
    kept, row = [], 0
    for char in text:
        row = row + 1 if char >= "\u0300" and category(char) in _MARKS else 0
        if row <= _FEW:
            kept.append(char)
    return "".join(kept)


def _stands(text: str, place: int, *, stood: bool) -> bool:
    """Whether the character at `place` may stand as it is; `stood`: whether the one before it does."""
    char = text[place]
    kind = _kind(char)
    if char == "\n":
        return True
    if char == _JOINER:
        return stood and _joins(text, place)
    if kind in _HIDDEN or char in _BLANK:
        return False
    if kind in _MARKS:  # onto something hidden, or onto what we print before the text, none may be drawn
        return stood and not text[place - 1].isspace() and _fits(text[place - 1], char)
    return True


def _kind(char: str) -> str:
    """Return the Unicode category; an emoji may be younger than Python's tables."""
    return "So" if "\U0001f000" <= char <= "\U0001faff" and category(char) == "Cn" else category(char)


def _fits(before: str, mark: str) -> bool:
    """Whether a mark may follow `before`; one that only chooses a form needs something that has forms."""
    if mark in _FORMS:
        return _kind(before) in _TAKES_FORMS or before == "\u2139"
    if "\ufe00" <= mark <= "\ufe0f" or "\U000e0100" <= mark <= "\U000e01ef":
        return _kind(before) == "Lo"
    return True


def _joins(text: str, place: int) -> bool:
    """Whether the joiner at `place` stands between two emoji."""
    before = text[place - 2 : place] if text[place - 1] in _FORMS else text[place - 1]
    after = text[place + 1 : place + 2]
    return _emoji(before[:1]) and bool(after) and (_emoji(after) or after in "\u2194\u2195")


def _emoji(char: str) -> bool:
    return bool(char) and (_kind(char) == "So" or "\U0001f3fb" <= char <= "\U0001f3ff")
