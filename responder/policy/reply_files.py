"""Loading replies: policies/<language>/replies.toml, one folder over the other, each frame measured."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from responder.policy.cue_files import FILE as CUES
from responder.policy.filling import SLOT
from responder.policy.frame_tables import reply_from, script_from
from responder.policy.frames import DAYS, HOURS, Phrases, Reply, Script, WordBook, Words
from responder.policy.later import Later
from responder.policy.lengths import Lengths
from responder.policy.planner import BROKEN, SCRIPTS, Playbook
from responder.policy.sheets import Sheet, Table
from responder.policy.topics import Topics

FILE = "replies.toml"
#: How many frames each playbook needs, so that two replies in a row never read the same.
LEAST = {
    Playbook.FIRST_PUBLIC_REPLY: 3,
    Playbook.STILL_ANGRY: 3,
    Playbook.OUTAGE: 2,
    Playbook.VENDOR_FAULT: 2,
    Playbook.BROKEN_PROMISE: 3,
    Playbook.CLOSED: 2,
    Playbook.SAFETY: 2,
    Playbook.LEGAL: 2,
    Playbook.PRIVATE_MESSAGE: 3,
}
#: The slots each phrase has.
_PHRASES = {
    "hour": (),
    "hours": ("n",),
    "days": ("n",),
    "next_day": ("time",),
    "private": (),
    "elsewhere": ("contact",),
    "reference": ("code",),
}
#: Phrases a language may have besides: the same promises for a script, which is no reply.
_SPOKEN = {"spoken_hour": (), "spoken_hours": ("n",), "spoken_days": ("n",)}
_COUNTED = re.compile(r"((?:spoken_)?(?:hours|days))_([0-9]+(?:_[0-9]+)*|few)")


@dataclass(slots=True)
class _Language:
    """One language while its files are read; later files override frames by id and phrases by key."""

    code: str
    path: Path
    not_names: frozenset[str] = frozenset()
    phrases: dict[str, str] = field(default_factory=dict)
    replies: dict[str, tuple[Reply, Table]] = field(default_factory=dict)
    scripts: dict[str, Script] = field(default_factory=dict)
    sound: bool = True


def load_wording(folders: Sequence[Path], topics: Topics) -> tuple[WordBook, list[str]]:
    """Read <folder>/<language>/replies.toml of every folder: ours first, then a company's own laid over it.

    A later frame or script with a known id replaces the earlier one; `enabled = false` with a `because`
    removes it. Returns the words and every problem, as `path:line: message`; with problems they are good for
    nothing. In the first folder every language that has cues has every phrase, frame and script; every frame
    with every topic fits the smallest limit.
    """
    problems = _missing(folders)
    book = {code: _load(folders, code, topics, problems) for code in _codes(folders)}
    return WordBook(languages=MappingProxyType(book)), problems


def lazy_wording(
    folders: Sequence[Path], topics: Topics, refuse: Callable[[list[str]], Exception]
) -> tuple[WordBook, list[str]]:
    """Return the same words, each language read and measured when it is first asked for.

    What is wrong with it is raised then, as `refuse` makes it of the problems; which languages are missing
    is returned.
    """

    def read(code: str) -> Words:
        problems: list[str] = []
        words = _load(folders, code, topics, problems)
        if problems:
            raise refuse(problems)
        return words

    return WordBook(languages=Later(_codes(folders), read)), _missing(folders)


def _codes(folders: Sequence[Path]) -> list[str]:
    """Return the languages that have a file in one of the folders, in order."""
    return sorted({path.parent.name for folder in folders for path in folder.glob(f"*/{FILE}")})


def _missing(folders: Sequence[Path]) -> list[str]:
    """Say which of the first folder's languages have cues, and no words in any folder."""
    expected = sorted(path.parent.name for folder in folders[:1] for path in folder.glob(f"*/{CUES}"))
    known = _codes(folders)
    return [
        f"{folders[0] / code / FILE}:1: is missing; the cues speak this language"
        for code in expected
        if code not in known
    ]


def _load(folders: Sequence[Path], code: str, topics: Topics, problems: list[str]) -> Words:
    """Return the words of one language; what is wrong goes to `problems`."""
    paths = [folder / code / FILE for folder in folders]
    there = [path for path in paths if path.is_file()] or paths[:1]  # gone since: that is told
    language = _Language(code, there[0])
    for path in there:
        _read(path, language, problems)
    words = _words(language, topics)
    _prove(language, words, problems)
    return words


def _prove(language: _Language, words: Words, problems: list[str]) -> None:
    """Note what a language lacks, and its frames that can be too long."""
    if language.sound:
        problems.extend(f"{language.path}:1: {gap}" for gap in _gaps(language))
    lengths = Lengths(words)
    for reply, table in language.replies.values():
        for fault in lengths.too_long(reply):
            table.problem(fault)


def _words(language: _Language, topics: Topics) -> Words:
    """Return what was read of a language as its words."""
    replies: dict[str, tuple[Reply, ...]] = {}
    for reply, _ in language.replies.values():
        replies[reply.playbook] = (*replies.get(reply.playbook, ()), reply)
    return Words(
        language=language.code,
        not_names=language.not_names,
        phrases=_phrases(language.phrases),
        replies=MappingProxyType(replies),
        scripts=MappingProxyType({script.playbook: script for script in language.scripts.values()}),
        tellings=topics.tellings(language.code),
    )


def _read(path: Path, language: _Language, problems: list[str]) -> None:
    """Read one file into `language`; its problems go to `problems`."""
    before = len(problems)
    try:
        sheet = Sheet(path, path.read_bytes(), problems)
    except OSError as error:
        problems.append(f"{path}:1: cannot be read: {error.strerror}")
        language.sound = False
        return
    sheet.known("greeting", "phrases", "reply", "script")
    words = sheet.single("greeting").get("not_names", [])
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        language.not_names |= {word.casefold() for word in words}
    else:
        sheet.problem(sheet.line_of_key("not_names"), "not_names must be a list of texts")
    _read_phrases(sheet, language)
    _read_tables(sheet, language)
    language.sound = language.sound and len(problems) == before


def _read_tables(sheet: Sheet, language: _Language) -> None:
    """Read the frames and scripts."""
    seen: set[str] = set()
    for table in sheet.tables("reply"):
        if (name := _claimed(table, language.replies, seen, "reply")) and (
            reply := reply_from(table, language.code)
        ):
            language.replies[name] = reply, table
    seen = set()
    for table in sheet.tables("script"):
        if (name := _claimed(table, language.scripts, seen, "script")) and (
            script := script_from(table, language.code)
        ):
            language.scripts[name] = script


def _claimed(table: Table, known: dict[str, Any], seen: set[str], what: str) -> str:
    """Return the id under which a table is to be laid; "" when it only switches off or cannot be used."""
    name = table.words("id")
    if not name:
        return ""
    if name in seen:
        table.problem(f"the {what} {name!r} stands twice in this file", key="id")
        return ""
    seen.add(name)
    if not table.switched_off():
        return name
    if known.pop(name, None) is None:
        table.problem(f"there is no {what} {name!r} to switch off", key="id")
    return ""


def _read_phrases(sheet: Sheet, language: _Language) -> None:
    """Read the [phrases] table."""
    for key, value in sheet.single("phrases").items():
        line = sheet.line_of_key(key)
        counted = _COUNTED.fullmatch(key)
        if key not in (_PHRASES | _SPOKEN) and not counted:
            sheet.problem(
                line, f"unknown phrase {key!r}; known: {', '.join(_PHRASES)}, hours_2, days_2_3_4 ..."
            )
        elif not isinstance(value, str) or not value.strip() or value != " ".join(value.split()):
            sheet.problem(line, f"the phrase {key} must be one line of text with single spaces")
        else:
            known = {"n"} if counted else set((_PHRASES | _SPOKEN)[key])
            slots = {slot for slot in SLOT.findall(value) if "|" not in slot}
            if slots - known or (known - slots and not counted):
                needed = " and ".join(f"{{{slot}}}" for slot in known) or "no slot"
                sheet.problem(line, f"the phrase {key} must hold {needed} and no other slot")
            language.phrases[key] = value


def _phrases(read: Mapping[str, str]) -> Phrases:
    """Return phrases with every number spelt out."""
    return Phrases(
        hours={1: read.get("hour", ""), **_spans(read, "hours", HOURS)},
        days=_spans(read, "days", DAYS),
        spoken_hours={
            1: read.get("spoken_hour", read.get("hour", "")),
            **_spans(read, "hours", HOURS),
            **_spans(read, "spoken_hours", HOURS),
        },
        spoken_days={**_spans(read, "days", DAYS), **_spans(read, "spoken_days", DAYS)},
        next_day=read.get("next_day", ""),
        private=read.get("private", ""),
        elsewhere=read.get("elsewhere", ""),
        reference=read.get("reference", ""),
    )


def _spans(read: Mapping[str, str], unit: str, numbers: Sequence[int]) -> dict[int, str]:
    """Return a phrase for each number; the narrowest key for a number wins."""
    by_number = dict.fromkeys(numbers, read[unit]) if unit in read else {}
    keys = [match for key in read if (match := _COUNTED.fullmatch(key)) and match[1] == unit]
    for match in sorted(keys, key=lambda match: (match[2] != "few", match[2].count("_") == 0)):
        chosen = _few(numbers) if match[2] == "few" else map(int, match[2].split("_"))
        by_number.update(dict.fromkeys((n for n in chosen if n in numbers), read[match[0]]))
    return {n: words.replace("{n}", str(n)) for n, words in by_number.items()}


def _few(numbers: Iterable[int]) -> list[int]:
    """Return the numbers that take the "few" form in Slavic languages: 2 to 4 and 22 to 24, not 12 to 14."""
    return [n for n in numbers if n % 10 in {2, 3, 4} and n // 10 != 1]


def _gaps(language: _Language) -> list[str]:
    """Return what a language lacks."""
    gaps = [f"[phrases] lacks {key}" for key in _PHRASES if key not in language.phrases]
    if not language.not_names:
        gaps.append("[greeting] lacks not_names")
    counts = [reply.playbook for reply, _ in language.replies.values()]
    for playbook, least in LEAST.items():
        if (count := counts.count(playbook)) < least:
            gaps.append(f"{playbook} has {count} replies, and needs {least}")
    abouts = {reply.about for reply, _ in language.replies.values()}
    gaps += [f"broken_promise has no reply about {kind!r}" for kind in BROKEN if kind and kind not in abouts]
    scripts = {script.playbook for script in language.scripts.values()}
    return gaps + [f"there is no script {name}" for name in sorted(SCRIPTS) if name not in scripts]
