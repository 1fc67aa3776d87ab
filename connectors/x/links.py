"""Links as X finds them in a text: also "acme.de", which nobody meant as one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

#: What may not stand in a name of a host: punctuation, blanks, what turns the direction of writing.
_PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
_BLANKS = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVALID = "\ufffe\ufeff\uffff"
_DIRECTIONS = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_LETTER = f"[^{_PUNCTUATION}{_BLANKS}{_INVALID}{_DIRECTIONS}]"
#: Latin letters with accents, which a name without https:// may hold beside plain ones.
_ACCENTS = (
    "\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
)
_ACCENTS += "\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
#: A part of a name has at most 63 letters; it begins and ends with one.
_PART = rf"{_LETTER}(?:(?:[_-]|{_LETTER}){{0,61}}{_LETTER})?\."
_LAST_PART = rf"{_LETTER}(?:(?:-|{_LETTER}){{0,61}}{_LETTER})?\."
#: What may stand in a path, at its end, in a query and at its end.
_PATH = rf"a-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_ACCENTS}"
_PATH_END = rf"a-z\u0400-\u04ff0-9+\-=_#/{_ACCENTS}"
_BRACKETS = rf"\((?:[{_PATH}]+|[{_PATH}]*\([{_PATH}]+\)[{_PATH}]*)\)"
_QUERY = r"a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|"
_QUERY_END = r"a-z0-9\-_&=#/"
#: Upper and lower case are one, of plain letters: İ is no i.
_CASE = re.IGNORECASE | re.ASCII
#: A host with a path as long as it may be; how much of it belongs to the link is seen afterwards.
_WAY = re.compile(rf"/(?:[{_PATH}]|{_BRACKETS})*", _CASE)
_WAY_ENDS = re.compile(rf"[{_PATH_END}]|{_BRACKETS}", _CASE)
_ASKED = re.compile(rf"\?[{_QUERY}]*[{_QUERY_END}]", _CASE)
_SHORT = re.compile(rf"https?://t\.co/[a-z0-9]+(?:\?[{_QUERY}]*[{_QUERY_END}])?", _CASE)
#: Longer than this it is no link.
_LONGEST = 4096


class Link(NamedTuple):
    """Where a link stands in a text."""

    start: int
    end: int


@dataclass(frozen=True)
class _Forms:
    """The two forms of a host, for which the endings of all countries and the rest are needed."""

    #: With what may stand before it and with https://, if it is there.
    any: re.Pattern[str]
    #: Inside a host that came without https://.
    plain: re.Pattern[str]


@cache
def _forms() -> _Forms:
    listed = (files("connectors.x") / "endings.txt").read_text(encoding="utf-8").split()
    listed.sort(key=len, reverse=True)
    ending = rf"(?:(?:{'|'.join(listed)})(?=[^0-9a-zA-Z@+-]|$)|xn--[-0-9a-z]+)"
    before = rf"[^A-Za-z0-9@＠$#＃{_INVALID}]|^"
    whole = rf"(?P<before>{before})(?P<scheme>https?://)?(?P<host>(?:{_PART}){{0,10}}{_LAST_PART}{ending})"
    return _Forms(
        re.compile(whole + r"(?::[0-9]+)?", _CASE),
        re.compile(rf"(?:[-a-z0-9{_ACCENTS}]+\.)+{ending}", _CASE),
    )


def links(text: str) -> Iterator[Link]:
    """Yield every link that X would make of `text`, in order; `text` is in Unicode's form NFC."""
    if "." not in text:
        return
    at = 0
    while found := _forms().any.search(text, at):
        end = _end(text, found.end())
        at = max(end, found.end())
        if end - found.start("host") > _LONGEST:
            continue
        if found["scheme"]:
            short = _SHORT.match(text, found.start("scheme"))
            yield Link(found.start("scheme"), short.end() if short else end)
        elif not re.search(r"[-_./]$", found["before"]):
            yield from _plain(found, end if text[found.end() : found.end() + 1] == "/" else 0)


def _plain(found: re.Match[str], end: int) -> Iterator[Link]:
    """Yield the links in a host without https://: only its Latin parts are taken for one.

    `end` is where the path of the last one ends, 0 when it has none; a query alone does not belong to it.
    """
    parts = list(_forms().plain.finditer(found["host"]))
    for number, part in enumerate(parts, 1):
        start, stop = (found.start("host") + place for place in part.span())
        yield Link(start, end if end and number == len(parts) else stop)


def _end(text: str, at: int) -> int:
    """Return where a link ends whose host ends at `at`: after its path and its query, if it has them."""
    if way := _WAY.match(text, at):
        last = at + 1
        for one in _WAY_ENDS.finditer(text, at + 1, way.end()):
            last = one.end()
        at = last
    if asked := _ASKED.match(text, at):
        at = asked.end()
    return at
