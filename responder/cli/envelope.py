"""Envelope: what every command prints under --json; docs/json.md is its documentation."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

#: Everything but plain ASCII is looked at.
_SUSPECT = re.compile(r"[^\x20-\x7e\n]")
#: Categories that could act on a terminal or hide in it, as in responder.model.visible.
_HIDDEN = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}


def envelope(schema: str, items: Sequence[Mapping[str, object]], **more: object) -> str:
    r"""Return one JSON document: its schema ("responder.queue/1"), its items, and what else it tells.

    Lossless, and safe on a terminal: every character that could act there or hide is \u-escaped, the
    letters of all languages stay readable.
    """
    document = json.dumps({"schema": schema, "items": items, **more}, ensure_ascii=False, indent=2)
    return _SUSPECT.sub(_escaped, document) + "\n"


def line(item: Mapping[str, object]) -> str:
    r"""Return one item on one line, as lossless and as safe on a terminal as an envelope."""
    return _SUSPECT.sub(_escaped, json.dumps(item, ensure_ascii=False, default=str)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if unicodedata.category(char) not in _HIDDEN:
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
