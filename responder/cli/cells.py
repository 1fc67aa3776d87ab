"""Cells: values on a line of CSV, which no spreadsheet takes for a formula."""

import csv
from collections.abc import Iterable
from io import StringIO

from responder.model.visible import visible

#: What makes a spreadsheet calculate, or leave the cell; the wide forms too.
_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
#: What some programs take away before they look.
_BEFORE = " \xa0'\"‘’“”\u200b\ufeff"


def cell(value: object) -> object:
    """Return what a spreadsheet shows and nothing calculates; numbers and None stay as they are."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raw = str(value)
    words = visible(raw)
    acts = any(one.startswith(_ACTS) or one.lstrip(_BEFORE).startswith(_ACTS) for one in (raw, words))
    return f"'{words}" if acts else words


def line(values: Iterable[object], end: str = "\r\n") -> str:
    """Return a line of CSV as RFC 4180 has it."""
    told = StringIO()
    csv.writer(told, lineterminator=end).writerow([cell(value) for value in values])
    return told.getvalue()
