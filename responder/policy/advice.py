"""Advice: each piece this project was founded on, what carries it out, and whether that is there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from responder.policy.frames import PARTS, Words
from responder.policy.planner import Playbook
from responder.policy.proof import Proving, broken, trials_of
from responder.policy.rulebook import Rulebook
from responder.policy.rules import EVERY_LANGUAGE
from responder.policy.sheets import Sheet

FILE = "advice.toml"
#: What may carry out a piece of advice.
KINDS = ("rule", "playbook", "part", "topic", "command", "setting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One piece."""

    #: Article and number: "S0-01".
    id: str
    says: str
    #: What carries it out, as (kind of KINDS, name).
    by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a reference leads."""

    #: What was run at its end: "88 examples in 8 languages".
    found: str = ""
    #: What of it is missing or switched off, and why; "" for nothing.
    problem: str = ""
    #: Whether it was a decision of this company: what it switched off is no mistake of ours.
    meant: bool = False


def load_advice(folders: Sequence[Path]) -> tuple[Advice, ...]:
    """Return the advice of the first folder that has any; raises ValueError with every problem."""
    path = next((folder / FILE for folder in folders if (folder / FILE).is_file()), None)
    if path is None:
        return ()
    problems: list[str] = []
    sheet = Sheet(path, path.read_bytes(), problems)
    sheet.known("advice")
    found = []
    for table in sheet.tables("advice"):
        table.known(("id", "says", "by"), "a piece of advice")
        by = []
        for one in table.lines("by"):
            kind, _, name = one.partition(":")
            if kind not in KINDS or not name:
                table.problem(f"{one!r} must begin with one of {', '.join(KINDS)} and a colon", key="by")
            by.append((kind, name))
        if not by:
            table.problem("it has no `by`: who carries it out?")
        found.append(Advice(id=table.words("id"), says=table.words("says"), by=tuple(by)))
    if problems:
        raise ValueError("\n".join(problems))
    return tuple(found)


def follow(kind: str, name: str, book: Rulebook) -> Trail:
    """Go after a reference to a rule, a playbook, a part or a topic, in every language that has rules.

    A rule's examples ran when its language was loaded, or this raises RulebookError; a playbook is written
    out and held against the rules; a part and a topic have words. KeyError for the kinds that policy does
    not know.
    """
    languages = sorted(set(book.rules) - {EVERY_LANGUAGE})
    return _FOLLOWED[kind](name, book, languages)


def _rule(name: str, book: Rulebook, languages: Sequence[str]) -> Trail:
    found = {code: [one for one in book.rules[code] if one.id == name] for code in languages}
    off = {code: because for code in languages if (because := book.off.get(f"{code}/{name}"))}
    lacking = [code for code, rules in found.items() if not rules and code not in off]
    if lacking:
        return Trail(problem=f"there is no such rule in {', '.join(lacking)}")
    every = [one for one in book.rules[EVERY_LANGUAGE] if one.id == name]  # of what no language has words for
    examples = sum(len(one.catches) + len(one.spares) for one in [*every, *chain(*found.values())])
    told = f"{examples} examples ran in {_languages([code for code in languages if found[code]])}"
    if off:
        reasons = "; ".join(f"{code}: {because}" for code, because in off.items())
        return Trail(told, f"switched off by you, {reasons}", meant=True)
    return Trail(told)


def _playbook(name: str, book: Rulebook, languages: Sequence[str]) -> Trail:
    if name not in list(Playbook):
        return Trail(problem="there is no such kind of reply")
    count = 0
    for code, words in _words(book, languages):
        trials = list(trials_of(Playbook(name), words)) if words else []
        if words is None or not trials:
            return Trail(problem=f"{code} has no words for it")
        if faults := broken(trials, words, Proving({code: book.rules[code]})):
            return Trail(problem=faults[0])
        count += len(trials)
    return Trail(f"{count} written in {_languages(languages)}; the rules object to none")


def _part(name: str, book: Rulebook, languages: Sequence[str]) -> Trail:
    if name not in PARTS:
        return Trail(problem="no reply has such a part")
    count = 0
    for code, words in _words(book, languages):
        frames = [one for every in words.replies.values() for one in every] if words else []
        having = sum(any(part == name for part, _ in one.parts) for one in frames)
        if not having:
            return Trail(problem=f"no reply in {code} has it")
        count += having
    return Trail(f"in {count} replies of {_languages(languages)}")


def _topic(name: str, book: Rulebook, languages: Sequence[str]) -> Trail:
    if name not in book.topics.catalogue:
        return Trail(problem="there is no such topic")
    lacking = [code for code, words in _words(book, languages) if not words or name not in words.tellings]
    if lacking:
        return Trail(problem=f"replies do not speak of it in {', '.join(lacking)}")
    return Trail(f"told in {_languages(languages)}")


_FOLLOWED: Mapping[str, Callable[[str, Rulebook, Sequence[str]], Trail]] = {
    "rule": _rule,
    "playbook": _playbook,
    "part": _part,
    "topic": _topic,
}


def _words(book: Rulebook, languages: Sequence[str]) -> Iterator[tuple[str, Words | None]]:
    for code in languages:
        yield code, book.words.languages.get(code)


def _languages(codes: Sequence[str]) -> str:
    return f"{len(codes)} language{'' if len(codes) == 1 else 's'}"
