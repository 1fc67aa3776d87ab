"""Search: what people type to find cases, `network:x tier:>3 owner:me -lang:de "lost parcel"`, as a value.

Several keys must all hold. One key told twice is an alternative, and so is the range that its comparisons
draw together (`tier:>1 tier:<5`). Words alone must all be in what the customer wrote; the name of a case is
that case. `-` turns a term round.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from responder.model.term import (
    CASE,
    COMPARED,
    KEYS,
    LATE,
    MARKS,
    MEANT,
    MOST,
    STAGES,
    TODAY,
    UNITS,
    WORDS,
    Comparison,
    SearchError,
    Term,
    Value,
    quoted,
)
from responder.model.triage import UNKNOWN

#: A longer filter is a paste into the wrong place.
_LONGEST = 1_000
_LONGEST_TIME = timedelta(days=3650)
_TERM = re.compile(
    r"""(?P<minus>-?)(?:(?P<key>[^\s":]+):)?(?P<op>>=|<=|>|<|)"""
    r"""(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s"]*))(?=\s|$)""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Search:
    """A filter; `str` writes it so that `parse` gives an equal one. An empty one finds every case."""

    terms: tuple[Term, ...] = ()

    def of(self, key: str) -> tuple[Term, ...]:
        """Return the terms of a key."""
        return tuple(one for one in self.terms if one.key == key)

    def but(self, *keys: str) -> "Search":
        """Return it without the terms of these keys."""
        return Search(tuple(one for one in self.terms if one.key not in keys))

    def told(self, key: str, value: Value) -> "Search":
        """Return it with one more term."""
        return Search((*self.terms, Term(key=key, value=value)))

    def in_stage(self, usual: str) -> "Search":
        """Return it with the usual stage where it names none."""
        return self if self.of("stage") else self.told("stage", usual)

    def over(self, usual: "Search") -> "Search":
        """Return it laid over another: a key that both name is as it is here; words alone must all hold."""
        mine = {one.key for one in self.terms} - {WORDS}
        return Search((*usual.but(*mine).terms, *self.terms))

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


def parse(text: str, me: str = "") -> Search:
    """Return the search that `text` describes; `me` is who asks. Raises SearchError, naming the place."""
    if len(text) > _LONGEST:
        what, where = f"A filter has at most {_LONGEST:,} characters", f"this one has {len(text):,}"
        raise SearchError(what, where, "Write a shorter one.")
    terms = []
    at = _next(text, 0)
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None:
            raise _broken(text, at)
        terms.append(_Reader(match, me).term())
        at = _next(text, match.end())
    return Search(tuple(terms))


def joined(words: Sequence[str]) -> str:
    """Return the words of a command line as one filter, with the quotes that a shell took off."""
    return " ".join(map(_requoted, words))


def _requoted(word: str) -> str:
    word = word.strip()
    if '"' in word or not any(char.isspace() for char in word):
        return word
    minus, rest = ("-", word[1:]) if word.startswith("-") else ("", word)
    key, colon, value = rest.partition(":")
    if colon and key.lower() in {"text", "author", "owner"} and not _keyed(value):
        return f"{minus}{key}:{quoted(value)}"
    return word if _keyed(rest) else f"{minus}{quoted(rest)}"


def _keyed(words: str) -> bool:
    return any(one.lstrip("-").partition(":")[0].lower() in KEYS for one in words.split() if ":" in one)


def _next(text: str, at: int) -> int:
    """Return where the next term begins."""
    return at + len(text[at:]) - len(text[at:].lstrip())


def _broken(text: str, at: int) -> SearchError:
    rest = text[at:]
    if rest.count('"') % 2:
        return SearchError("A quote is not closed", _place(at, rest), 'Put a " at the end of the words.')
    todo = 'Put a blank after a quotation, and \\" for a quotation mark in one.'
    return SearchError("A quotation mark stands inside a word", _place(at, rest.split()[0]), todo)


def _place(at: int, piece: str) -> str:
    short = piece if len(piece) <= 40 else f"{piece[:39]}…"
    return f"at character {at + 1} of the filter: {short}"


class _Reader:
    """Reads one term of a filter."""

    def __init__(self, match: "re.Match[str]", me: str) -> None:
        self._match, self._me = match, me
        self._literal = match["quoted"] is not None
        alone = match["key"] is None and not self._literal and CASE.fullmatch(match["plain"])
        self._key = "id" if alone else (match["key"] or "").lower()
        said = re.sub(r"\\(.)", r"\1", match["quoted"], flags=re.DOTALL) if self._literal else match["plain"]
        # before words alone, > and < are part of them
        self._op = match["op"] if self._key else ""
        self._said = said if self._key or self._literal else match["op"] + said

    def term(self) -> Term:
        """Return it, or raise SearchError."""
        if self._key and self._key not in KEYS:
            raise self._unknown()
        if not self._said.strip():
            shell = "; in a shell, put quotes around what holds > or <" if self._key in COMPARED else ""
            raise self._error(f"Nothing follows {self._match[0]}", f"{self._like()}{shell}")
        if self._op and self._key not in COMPARED:
            raise self._error(f"{self._key} cannot be compared with {self._op}", self._like())
        op: Comparison = self._op or "="  # type: ignore[assignment]  # the pattern knows no other
        return Term(key=self._key, value=self._value(), op=op, negated=bool(self._match["minus"]))

    def _value(self) -> Value:
        match self._key:
            case "tier" | "urgency":
                return self._number()
            case "age" | "due" | "settle" | "rule":
                return self._time()
            case "stage" | "mark":
                return self._one_of(STAGES if self._key == "stage" else MARKS)
            case "owner":
                return self._owner()
            case "id":
                return self._id()
            case _:
                return self._name()

    def _name(self) -> str:
        """Return words as they are, or the name of something of ours, all of which are small."""
        if self._key in {WORDS, "text", "author"}:
            return self._said
        said = self._said.lower()
        return {("lang", "unknown"): UNKNOWN, ("topic", "unclear"): ""}.get((self._key, said), said)

    def _number(self) -> int:
        most = MOST[self._key]
        if not re.fullmatch("[0-9]{1,3}", self._said, re.ASCII) or int(self._said) > most:
            raise self._error(f"{self._key} is a whole number from 0 to {most}", self._like())
        return int(self._said)

    def _time(self) -> Value:
        if self._key != "age" and not self._op:
            return self._one_of((LATE, TODAY), f" or a time to go, like {self._key}:<2h")
        length = re.fullmatch("([0-9]{1,9})([smhdw])", self._said, re.ASCII)
        if not length or not self._op:
            raise self._error(f"{self._key} is compared with a length of time", self._like())
        time = timedelta(seconds=int(length[1]) * UNITS[length[2]])
        if time > _LONGEST_TIME:
            raise self._error("Nothing here is longer than ten years", self._like())
        return time

    def _owner(self) -> str:
        if self._literal or self._said.lower() not in MEANT["owner"]:
            return self._said
        if self._said.lower() == "nobody":
            return ""
        if not self._me:
            raise self._error("It is not clear who owner:me is", "Name somebody: owner:NAME")
        return self._me

    def _id(self) -> int:
        match = re.fullmatch(r"(?:c-)?0*([1-9][0-9]{0,17})", self._said, re.IGNORECASE | re.ASCII)
        if not match:
            raise self._error("This is not the id of a case", self._like())
        return int(match[1])

    def _one_of(self, known: Sequence[str], more: str = "") -> str:
        said = self._said.lower().replace("_", "-")
        if said in known:
            return said
        near = get_close_matches(said, known, 1)
        hint = f"; did you mean {self._key}:{near[0]}?" if near else ""
        there_are = f"There are {', '.join(known)}{more}."
        raise self._error(f"{self._key}:{said[:30]} is not known{hint}", there_are)

    def _unknown(self) -> SearchError:
        near = get_close_matches(self._key, KEYS, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        todo = f"There are {', '.join(KEYS)}; words of the customer with a colon in them stand in quotes."
        return self._error(f"{self._key[:30]}: is not known{hint}", todo)

    def _like(self) -> str:
        return f"Write it like {KEYS[self._key]}" if self._key else 'Write words like "lost parcel"'

    def _error(self, what: str, todo: str) -> SearchError:
        return SearchError(what, _place(self._match.start(), self._match[0]), todo)
