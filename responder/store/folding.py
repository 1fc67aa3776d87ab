"""Folding: whether a text holds words, whatever their case, in every language and on every database.

Neither LIKE nor lower() can tell: SQLite's know ASCII alone, PostgreSQL's what its locale knows.
"""

import re
from typing import Any
from unicodedata import is_normalized, normalize

from sqlalchemy import ColumnElement, Text, case, func

#: The name under which SQLite knows `holds`.
HOLDS = "responder_holds"
#: What folds into two characters: the ones that are written in our languages, and their patterns.
_ONE_FOR_TWO = {"ss": r"(?:[sS][sS]|\u00df|\u1e9e)", "i\u0307": r"(?:[iI]\u0307|\u0130)"}
_PARTS = re.compile("ss|i\u0307|.", re.DOTALL)
#: Before the eight digits of a character.
_NUMBER = "\\U"


def folded(text: str) -> str:
    """Return a text as it is compared: composed, and without case."""
    if text.isascii():
        return text.lower()
    return (text if is_normalized("NFC", text) else normalize("NFC", text)).casefold()


def holds(text: str | None, words: str, whole: int) -> int:
    """Say (1 or 0) whether a text holds words that are folded already, or (`whole`) is them."""
    if text is None:
        return 0
    said = folded(text)
    return int(said == words if whole else words in said)


def held(column: ColumnElement[Any], words: str, dialect: str, *, whole: bool = False) -> ColumnElement[bool]:
    """Return the condition that a column holds `words`, or (`whole`) is them; there are no wildcards."""
    needle = folded(words)
    if dialect == "sqlite":
        return func.responder_holds(column, needle, int(whole)) == 1
    pattern = f"^{_pattern(needle)}$" if whole else _pattern(needle)
    # most texts are plain, and looking at those without patterns is five times faster
    lower = func.lower(column.collate("C"))
    plain = lower == needle if whole else func.strpos(lower, needle) > 0
    by_pattern = func.normalize(column, type_=Text).op("~", is_comparison=True)(pattern)
    return case((func.octet_length(column) == func.char_length(column), plain), else_=by_pattern)


def _pattern(folded_words: str) -> str:
    """Return folded words as a regular expression of PostgreSQL in which each letter has every case.

    Every character is written by its number, so that none means anything else than itself.
    """
    return "".join(_ONE_FOR_TWO.get(part) or _any_case(part) for part in _PARTS.findall(folded_words))


def _any_case(char: str) -> str:
    cases = {char, *(one for one in (char.upper(), char.title()) if len(one) == 1 and one.casefold() == char)}
    return "[" + "".join(f"{_NUMBER}{ord(one):08x}" for one in sorted(cases)) + "]"
