"""Patterns: regular expressions from policy data, compiled only when their work per character is bounded."""

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

#: The standard library's own reading of a pattern; the same in every Python we support, though not public.
_parser: Any = import_module("re._parser")
#: What most of a pattern is: nothing is inside it, and there is one way through it.
_LEAVES = frozenset(
    getattr(_parser, name) for name in ("LITERAL", "NOT_LITERAL", "ANY", "AT", "IN", "RANGE", "CATEGORY")
)

_PIECE = re.compile(r"\{([A-Z_]{1,40})\}")
_LETTERS = frozenset({_parser.LITERAL, _parser.RANGE})
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
#: The longest a single repeat may be, and how many ways one pattern may go from one place. Together they keep
#: matching linear in the text: every place costs at most a fixed amount of work.
LONGEST_REPEAT = 200
MOST_WAYS = 20_000
#: A first look at more words than this costs more than it saves.
_MOST_NEEDLES = 64
#: An index of many patterns looks for more at no cost.
_MOST_INDEXED = 2_000
#: How far past its end a pattern may look ahead.
_AHEAD = 40

#: Named parts of patterns: each has one or more alternatives.
Pieces = Mapping[str, tuple[str, ...]]


#: What a possessive repeat may repeat: one character.
_SINGLE = frozenset({"IN", "LITERAL", "NOT_LITERAL", "ANY"})


class PatternError(ValueError):
    """A pattern that cannot be used; the message says why and what to write instead."""


class Pattern:
    """A pattern with a cheap first look; compiled when a text first gets past it, for most never do."""

    __slots__ = ("_regex", "longest", "needles", "source", "telling")

    def __init__(self, source: str, groups: tuple[tuple[str, ...], ...], longest: int) -> None:
        self.source = source
        #: Groups of words: a match holds at least one word of each. Derived from the pattern, never guessed.
        self.needles = tuple(group for group in groups if len(group) <= _MOST_NEEDLES)
        #: The group that tells most, however long: what an index of patterns looks for. Empty when none is.
        self.telling = max(groups, key=lambda group: (min(map(len, group)), -len(group)), default=())
        #: The longest a match can be.
        self.longest = longest
        self._regex: re.Pattern[str] | None = None

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled regular expression."""
        if self._regex is None:
            self._regex = re.compile(self.source)
        return self._regex

    def may_match(self, text: str) -> bool:
        """Whether the first look lets `text` through; False is certain, True is not."""
        for words in self.needles:
            for word in words:
                if word in text:
                    break
            else:
                return False
        return True

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield every match in `text`, left to right, none overlapping."""
        return self.regex.finditer(text) if self.may_match(text) else iter(())

    def touches(self, text: str, start: int, end: int) -> bool:
        """Whether a match shares a character with text[start:end]; looks no further than one can reach."""
        first, last = max(0, start - self.longest), end + self.longest + _AHEAD
        if not self.may_match(text[first:last]):
            return False
        around = self.regex.finditer(text, first, last)
        return any(match.start() < end and start < match.end() for match in around)

    def found(self, text: str) -> bool:
        """Whether the pattern matches anywhere in `text`."""
        return self.may_match(text) and self.regex.search(text) is not None


def compile_patterns(source: str, pieces: Pieces, *, folded: bool = True) -> tuple[Pattern, ...]:
    """Compile `source` with every {NAME} replaced by one of the alternatives that `pieces` hold for it.

    A source that is nothing but a {NAME} gives a pattern for each alternative, and each has its own first
    look; any other gives one pattern. `folded` patterns meet folded text, which is lower case. Raises
    PatternError when a pattern is no regular expression, names an unknown piece, could never match folded
    text, matches the empty text, or holds a repeat without a bound.
    """
    alone = _PIECE.fullmatch(source)
    sources = pieces[alone[1]] if alone and alone[1] in pieces else (expand(source, pieces),)
    return tuple(_compiled(one, folded) for one in sources)


@lru_cache(maxsize=16_384)
def _compiled(expanded: str, folded: bool) -> Pattern:  # noqa: FBT001  # lru_cache wants it by position
    """Compile a pattern without names; once, however often a rulebook is loaded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # "possible nested set": it may soon mean something else
            tree = _parser.parse(expanded)
    except (re.error, OverflowError, Warning) as error:
        raise PatternError(f"is not a regular expression: {error}") from None
    if tree.getwidth()[0] == 0:
        raise PatternError("matches the empty text, so it would be found everywhere")
    if _ways(tree) > MOST_WAYS:
        raise PatternError(
            f"may go more than {MOST_WAYS:,} ways from one place; "
            "shorten its repeats, or make those of a single character possessive: [a-z]{0,9}+"
        )
    if folded and (upper := _upper_case(tree)):
        raise PatternError(f"holds the capital {upper!r}, but text is matched in lower case")
    return Pattern(expanded, _needles(tree), int(tree.getwidth()[1]))


def expand(source: str, pieces: Pieces) -> str:
    """Return `source` with every {NAME} replaced; raises PatternError for a name that is not there."""

    def piece(match: re.Match[str]) -> str:
        if match[1] not in pieces:
            known = ", ".join(sorted(pieces)) or "none"
            raise PatternError(f"names the piece {{{match[1]}}}, which does not exist; known: {known}")
        alternatives = pieces[match[1]]
        return alternatives[0] if len(alternatives) == 1 else f"(?:{'|'.join(alternatives)})"

    return _PIECE.sub(piece, source)


def _nodes(tree: Any) -> list[tuple[Any, Any]]:
    """Return a part's nodes: going through the part itself takes three times as long."""
    return getattr(tree, "data", tree)  # type: ignore[no-any-return]


def _children(op: str, argument: Any) -> list[Any]:
    """Return the parts inside one node of a pattern."""
    match op:
        case "BRANCH":
            return list(argument[1])
        case "SUBPATTERN":
            return [argument[3]]
        case "ASSERT" | "ASSERT_NOT":
            return [argument[1]]
        case _ if op in _REPEATS:
            return [argument[2]]
        case _:
            return []


def _ways(tree: Any) -> int:
    """Return in how many ways a pattern may go from one place, arms of a branch taken as exclusive."""
    total = 1
    for operation, argument in _nodes(tree):
        if operation in _LEAVES:
            continue
        op = str(operation)
        inner = max((_ways(child) for child in _children(op, argument)), default=1)
        if op.startswith("GROUPREF"):
            raise PatternError("refers back to a group, which cannot be matched in bounded time")
        if op.startswith("ASSERT") and argument[0] < 0 and len(set(argument[1].getwidth())) > 1:
            raise PatternError("looks behind at words of several lengths; write one look for each length")
        if op in _REPEATS:
            inner = _repeat_ways(op, argument, inner)
        if op == "ATOMIC_GROUP":
            raise PatternError("holds an atomic group, which Python before 3.11.5 matches wrongly")
        total *= inner
        if total > MOST_WAYS:
            return total
    return total


def _repeat_ways(op: str, argument: tuple[Any, Any, Any], inner: int) -> int:
    """Return the ways through one repeat; raises PatternError when it has no bound."""
    least, most = int(argument[0]), int(argument[1])
    if most > LONGEST_REPEAT:
        shown = "no upper bound" if argument[1] == _parser.MAXREPEAT else f"the upper bound {most}"
        raise PatternError(
            f"holds a repeat with {shown}; write at most {{0,{LONGEST_REPEAT}}}, so that no text can stall it"
        )
    if op == "POSSESSIVE_REPEAT":
        if len(argument[2]) != 1 or str(argument[2][0][0]) not in _SINGLE:
            raise PatternError(
                "holds a possessive group, which Python before 3.11.5 matches wrongly; take the + away"
            )
        return 1
    return sum(min(inner**times, MOST_WAYS + 1) for times in range(least, most + 1))


def _upper_case(tree: Any) -> str:
    """Return a literal that lower-case text cannot hold, or ""."""
    for operation, argument in _nodes(tree):
        if operation in _LETTERS:
            first = chr(argument[0] if operation is _parser.RANGE else argument)
            if first != first.lower():
                return first
            continue
        for child in [argument] if operation is _parser.IN else _children(str(operation), argument):
            if found := _upper_case(child):
                return found
    return ""


def _needles(tree: Any) -> tuple[tuple[str, ...], ...]:
    """Return groups of words of which any match of the pattern holds at least one each."""
    groups: list[frozenset[str]] = []
    run = ""
    for operation, argument in _nodes(tree):
        if operation is _parser.LITERAL:
            run += chr(argument)
        elif operation is not _parser.AT:
            groups.append(frozenset({run}))
            run = ""
            if operation not in _LEAVES:
                groups.extend(_inner_needles(str(operation), argument))
    groups.append(frozenset({run}))
    useful = {group for group in groups if len(group) <= _MOST_INDEXED and all(map(_telling, group))}
    return tuple(
        tuple(sorted(group, key=lambda word: (len(word), word)))  # short words are the likely ones
        for group in sorted(useful, key=lambda group: (len(group), sorted(group)))
    )


def _telling(word: str) -> bool:
    """Whether it tells something that a text holds `word`: two letters, or one rare sign."""
    return len(word) > 1 or (len(word) == 1 and not word.isalnum() and word not in " ',.-")


def _inner_needles(op: str, argument: Any) -> list[frozenset[str]]:
    """Return the groups that one node of a pattern demands."""
    if op == "BRANCH":
        arms = [_needles(arm) for arm in argument[1]]
        if not all(arms):
            return []
        best = [max(groups, key=lambda group: (min(map(len, group)), -len(group))) for groups in arms]
        return [frozenset(word for group in best for word in group)]
    if op in {"SUBPATTERN", "ATOMIC_GROUP"} or (op in _REPEATS and argument[0] > 0):
        return [frozenset(group) for child in _children(op, argument) for group in _needles(child)]
    return []
