"""Rulebook: our policy folder and a company's own laid over it, proven before anything is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from responder.model.remedy import Remedy
from responder.policy.after_files import FILE as AFTER
from responder.policy.after_files import After, load_after
from responder.policy.cue_files import lazy_cues, load_cues
from responder.policy.detectors import Signal
from responder.policy.frames import WordBook
from responder.policy.kit_files import FILE as KIT
from responder.policy.kit_files import KitWords, load_kits
from responder.policy.later import Later
from responder.policy.learned import Learned, empty, read_model
from responder.policy.promise_files import FILE as PROMISES
from responder.policy.promise_files import Promisings
from responder.policy.proof import Proving, faults
from responder.policy.reading import Reading
from responder.policy.remedies import FILE as REMEDIES
from responder.policy.remedies import load_remedies
from responder.policy.reply_files import lazy_wording, load_wording
from responder.policy.rule_files import CATALOGUE, FILE, RuleFiles
from responder.policy.rules import Rule
from responder.policy.sheets import Sheet
from responder.policy.topic_files import lazy_topics, load_topics
from responder.policy.topics import Topics
from responder.policy.variant_files import FILE as AROUND
from responder.policy.variant_files import Around, load_around
from responder.policy.vocabulary import Cues

_LANGUAGE = re.compile(r"[a-z]{2}")
#: The files a language may have, and those that a folder may have for every language.
_FILES = (FILE, "replies.toml", "topics.toml", "cues.toml", AROUND, PROMISES, AFTER, KIT)
#: ... and what is no policy and read elsewhere: how our own people are written to.
_BESIDE = ("letter.toml",)
#: ... nor are the deadlines of regulators, which are ours alone.
_ELSEWHERE = "clocks.toml"
_FOR_ALL = (CATALOGUE, "topics.toml", "advice.toml", REMEDIES)
#: The learned model of a folder; the last folder that has one wins.
MODEL = "learned/triage.bin"


class RulebookError(ValueError):
    """The policy files cannot be used. Nothing was loaded.

    `problems` holds everything that is wrong, each as `path:line: message`, once and by its place.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(sorted(dict.fromkeys(problems), key=_by_place))
        count = len(self.problems)
        head = f"The policy files have {count} problem{'s' if count > 1 else ''}; mend them and load again."
        super().__init__("\n".join([head, *self.problems]))


class Rules(Later[tuple[Rule, ...]]):
    """Rules by language, each language's read and proven when it is first asked for.

    Asking raises RulebookError when an example of that language's rules fails; `prove` also holds every reply
    of every language against them.
    """

    def __init__(self, shelf: RuleFiles, problems: list[str]) -> None:
        super().__init__(shelf.languages, self._prove)
        self._shelf = shelf
        self._problems = problems
        self._whole = False

    @property
    def proven(self) -> bool:
        """Whether every language was proven."""
        return self._whole

    def prove(self, words: WordBook, troubles: Sequence[str] = ()) -> None:
        """Prove every language and its words, so that all that is wrong (`troubles` too) is told at once."""
        if self._whole:
            return
        self._problems += troubles
        for code in self:
            with suppress(RulebookError):
                _ = self[code]
        if not self._problems:
            for code, said in words.languages.items():
                if code in self:
                    self._problems += faults(WordBook(languages={code: said}), Proving({code: self[code]}))
        if self._problems:
            raise RulebookError(self._problems)
        self._whole = True

    def _prove(self, code: str) -> tuple[Rule, ...]:
        """Return a language's rules after every example ran."""
        rules = self._shelf.of(code)
        if self._problems:
            raise RulebookError(self._problems)
        return rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Everything policy knows, proven: each rule catches and spares what it says, each reply keeps them."""

    #: Where it was read.
    folders: Sequence[Path]
    #: Tells one state of the files from another: 12 hex digits over their names and bytes.
    version: str
    #: Rules by language, in the order of the catalogue; EVERY_LANGUAGE for texts in any other.
    rules: Rules
    #: What replies are written from.
    words: WordBook
    topics: Topics
    #: What a folder switched off, with its reason: "en/no-minimising" -> because.
    off: Mapping[str, str]
    cues: Cues
    learned: Learned
    remedies: Mapping[str, Remedy]
    #: By language, which words commit us.
    promises: Promisings
    #: By language, what stands around the words that all of an incident are told.
    around: Mapping[str, Around]
    #: By language, what is said after an answer.
    after: Mapping[str, After]
    #: By language, what the offline kit says besides the scripts.
    kits: Mapping[str, KitWords]
    #: By language, what shows formal and informal address; known once the language's rules are.
    registers: Mapping[str, tuple[Signal, Signal]]

    def prove(self) -> None:
        """Read and prove every language now; raises RulebookError with every problem at once."""
        if not self.rules.proven:
            words, troubles = _every_language(self.folders)
            self.rules.prove(words, [*troubles, *self.promises.troubles()])

    def read(self, code: str) -> tuple[Rule, ...]:
        """Return a language's rules after all that it has was read and tried; raises RulebookError."""
        if code in self.cues.languages:
            self.cues.vocabulary(code)
        for part in (self.words.languages, self.promises):
            part.get(code)  # the words with the topics that they tell of
        return self.rules.get(code, ())

    def informal(self, text: str, language: str | None) -> bool:
        """Whether somebody says you to us as friends do."""
        code = (language or "").partition("-")[0].lower()
        if code not in self.rules or not self.rules[code] or code not in self.registers:
            return False
        reading = Reading(text[:20_000])
        formal, informal = (len(way.heard(reading)) for way in self.registers[code])
        return informal > formal


def load(folders: Sequence[Path], *, whole: bool = True) -> Rulebook:
    """Read the policy in `folders`: ours first, then a company's own, laid over it by language and id.

    A later table with a known id lays its keys over the earlier one, which keeps its place; a new id comes
    last; `enabled = false` with a `because` switches off. Raises RulebookError with every problem at once;
    not `whole`: what is wrong with a language's rules is told when they are first asked for.
    """
    problems: list[str] = []
    digest = sha256()
    read: list[tuple[Path, Path, bytes]] = []
    for folder in folders:
        for path in _files(folder, problems):
            try:
                raw = path.read_bytes()
            except OSError as error:
                problems.append(f"{path}:1: cannot be read: {error.strerror}")
                continue
            digest.update(f"{path.relative_to(folder).as_posix()} {len(raw)} ".encode() + raw)
            read.append((folder, path, raw))
    key = (*map(str, folders), digest.hexdigest())  # what was read whole serves both ways
    if problems or key not in _LOADED:
        book = _book(folders, read, problems, digest.hexdigest()[:12])
        if len(_LOADED) >= _MOST_LOADED:
            _LOADED.clear()
        _LOADED[key] = book
    if whole:
        _LOADED[key].prove()
    return _LOADED[key]


#: What was loaded by this process, by its folders and everything in them: it never changes.
_LOADED: dict[tuple[str, ...], Rulebook] = {}
_MOST_LOADED = 8


def model_in(folders: Sequence[Path]) -> Path | None:
    """Return the model that is used of these folders: the last one's that has one."""
    return next((one / MODEL for one in reversed(folders) if (one / MODEL).is_file()), None)


def _book(
    folders: Sequence[Path],
    read: Sequence[tuple[Path, Path, bytes]],
    problems: list[str],
    version: str,
) -> Rulebook:
    """Return what these files say; raises RulebookError with every problem if there is one."""
    shelf = RuleFiles(problems)
    for folder in folders:
        shelf.open_folder()
        for _, path, raw in (one for one in read if one[0] == folder):
            if path.name == CATALOGUE:
                shelf.lay_catalogue(Sheet(path, raw, problems))
            elif path.name == FILE:
                shelf.lay(Sheet(path, raw, problems), path.parent.name)
    topics, more = lazy_topics(folders, RulebookError)
    words, most = lazy_wording(folders, topics, RulebookError)
    remedies, wrong = load_remedies(folders)
    around, odd = load_around(folders)
    after, late = load_after(folders)
    kits, askew = load_kits(folders)
    problems += [*more, *most, *wrong, *odd, *late, *askew]
    learned = empty()
    for path, raw in ((path, raw) for folder, path, raw in read if path == folder / MODEL):
        try:
            learned = read_model(raw)
        except ValueError as error:
            problems.append(f"{path}:1: {error}")
    rules = Rules(shelf, problems)
    if problems:
        rules.prove(*_every_language(folders))
    return Rulebook(
        folders=tuple(folders),
        version=version,
        rules=rules,
        words=words,
        topics=topics,
        off=MappingProxyType(shelf.off),
        cues=lazy_cues(folders, RulebookError),
        learned=learned,
        remedies=MappingProxyType(remedies),
        promises=Promisings(folders, RulebookError),
        around=around,
        after=after,
        kits=kits,
        registers=MappingProxyType(shelf.registers),
    )


def _every_language(folders: Sequence[Path]) -> tuple[WordBook, list[str]]:
    """Return the words of every language, and what is wrong with words, topics and cues.

    All of it is let go afterwards: a company hears two languages or three.
    """
    _, troubles = load_cues(folders)
    topics, more = load_topics(folders)
    words, most = load_wording(folders, topics)
    return words, [*troubles, *more, *most]


def _files(folder: Path, problems: list[str]) -> Iterator[Path]:
    """Yield the policy files of a folder in a fixed order; note what is there and is none."""
    if not folder.is_dir():
        problems.append(f"{folder}:1: there is no such folder of policies")
        return
    if (folder / MODEL).is_file():
        yield folder / MODEL
    for path in sorted(folder.rglob("*.toml")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") for part in parts):
            continue  # a repository's own files
        if (len(parts) == 2 and parts[1] in _BESIDE) or str(path.relative_to(folder)) == _ELSEWHERE:
            continue
        in_language = len(parts) == 2 and _LANGUAGE.fullmatch(parts[0]) and parts[1] in _FILES
        if in_language or (len(parts) == 1 and parts[0] in _FOR_ALL):
            yield path
        else:
            known = f"{', '.join(_FOR_ALL)}, and {', '.join(_FILES)} in folders like en"
            problems.append(f"{path}:1: is not read; known: {known}")


def _by_place(problem: str) -> tuple[str, int, str]:
    """Sort key of problems: file, then line."""
    place = re.match(r"(.*?):(\d+): ", problem, re.DOTALL)
    return (place[1], int(place[2]), problem) if place else (problem, 0, "")
