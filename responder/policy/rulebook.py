"""Rulebook: our policy folder and a company's own laid over it, proven before anything is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from responder.policy.patterns import PatternError, Pieces, expand
from responder.policy.proof import Proving, faults, gaps
from responder.policy.rules import EVERY_LANGUAGE, Rule
from responder.policy.sheets import Sheet, Table
from responder.policy.tables import identity, prove, reply_from, rule_from
from responder.policy.urgency import Cues, load_cues
from responder.policy.wording import DRAFT_LANGUAGE, Reply

_LANGUAGE = re.compile(r"[a-z]{2}")
#: The files a language may have; a folder may also have `rulebook.toml`, the rules for every language.
_FILES = ("rules.toml", "replies.toml", "cues.toml")


class RulebookError(ValueError):
    """The policy files cannot be used. Nothing was loaded.

    `problems` holds everything that is wrong, each as `path:line: message`.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"The policy files have {count} problem{'s' if count > 1 else ''}; mend them and load again."
        super().__init__("\n".join([head, *self.problems]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Everything policy knows, proven: each rule catches and spares what it says, each reply keeps them."""

    #: Tells one state of the files from another: 12 hex digits over their names and bytes.
    version: str
    #: Rules by language, in the order of the files; EVERY_LANGUAGE for those that look at every text.
    rules: Mapping[str, tuple[Rule, ...]]
    #: Replies by language.
    replies: Mapping[str, tuple[Reply, ...]]
    #: Rules and replies that a folder switched off, with its reason: "en/no-minimising" -> because.
    off: Mapping[str, str]
    cues: Cues


def load(folders: Sequence[Path]) -> Rulebook:
    """Read the policy in `folders`: ours first, then a company's own, laid over it by language and id.

    A later table with a known id replaces the earlier one and keeps its place; a new id comes last;
    `enabled = false` with a `because` switches off. Raises RulebookError with every problem at once.
    """
    problems: list[str] = []
    digest = sha256()
    shelf = _Shelf(problems)
    for folder in folders:
        shelf.open_folder()
        for path in _files(folder, problems):
            try:
                raw = path.read_bytes()
            except OSError as error:
                problems.append(f"{path}:1: cannot be read: {error.strerror}")
                continue
            digest.update(f"{path.relative_to(folder).as_posix()} {len(raw)} ".encode() + raw)
            if path.name != "cues.toml":
                shelf.lay(
                    Sheet(path, raw, problems), EVERY_LANGUAGE if path.parent == folder else path.parent.name
                )
    cues, troubles = load_cues(folders)
    problems.extend(troubles)
    rules, replies = shelf.proven(folders[0] if folders else Path())
    if problems:
        raise RulebookError(sorted(dict.fromkeys(problems), key=_by_place))
    return Rulebook(
        version=digest.hexdigest()[:12],
        rules=MappingProxyType(rules),
        replies=MappingProxyType(replies),
        off=MappingProxyType(shelf.off),
        cues=cues,
    )


class _Shelf:
    """What was read so far, by language and id."""

    def __init__(self, problems: list[str]) -> None:
        #: What a folder switched off: "en/no-minimising" -> because.
        self.off: dict[str, str] = {}
        self._problems = problems
        self._rules: dict[tuple[str, str], tuple[Rule, Table]] = {}
        self._replies: dict[tuple[str, str], tuple[Reply, Table]] = {}
        self._pieces: dict[str, dict[str, tuple[str, ...]]] = {}
        self._not_names: dict[str, frozenset[str]] = {}
        #: Every (what, language, id) read so far, sound or not, and where the open folder wrote it, else "".
        self._known: dict[tuple[str, str, str], str] = {}
        #: The last file with replies of each language, and whether one of them could not be read in full.
        self._reply_files: dict[str, Path] = {}
        self._unsound_replies = False

    def open_folder(self) -> None:
        """Begin another folder: from here on a known id replaces what it names."""
        self._known = dict.fromkeys(self._known, "")

    def lay(self, sheet: Sheet, language: str) -> None:
        """Read one sheet and lay it over what is there."""
        if sheet.path.name == "replies.toml":
            self._lay_replies(sheet, language)
            return
        sheet.known("pieces", "rule")
        pieces = self._with_pieces_of(sheet, language)
        for table in sheet.tables("rule"):
            name = self._claim("rule", language, table)
            if name and (rule := rule_from(table, language, pieces)):
                self._rules[language, name] = (rule, table)

    def proven(self, home: Path) -> tuple[dict[str, tuple[Rule, ...]], dict[str, tuple[Reply, ...]]]:
        """Return rules and replies by language after every example ran and every reply met every rule.

        `home` is the folder in which replies are missed where none has any.
        """
        for (language, name), (rule, table) in self._rules.items():
            if language != EVERY_LANGUAGE and (EVERY_LANGUAGE, name) in self._rules:
                table.problem(f"rule {name!r} is already a rule for every language", key="id")
            prove(rule, table)
        rules: dict[str, tuple[Rule, ...]] = {}
        for (language, _), (rule, _) in self._rules.items():
            rules[language] = (*rules.get(language, ()), rule)
        replies: dict[str, tuple[Reply, ...]] = {}
        for (language, _), (written, table) in self._replies.items():
            reply = replace(written, not_names=self._not_names.get(language, frozenset()))
            replies[language] = (*replies.get(language, ()), reply)
            for trouble in faults(reply, Proving(rules)):
                table.problem(trouble)
        if not self._unsound_replies:
            for language in sorted({DRAFT_LANGUAGE, *replies}):
                place = self._reply_files.get(language, home / language / "replies.toml")
                self._problems.extend(f"{place}:1: {gap}" for gap in gaps(replies.get(language, ())))
        return rules, replies

    def _lay_replies(self, sheet: Sheet, language: str) -> None:
        """Read a sheet of replies."""
        sheet.known("greeting", "reply")
        self._reply_files[language] = sheet.path
        self._unsound_replies = self._unsound_replies or not sheet.readable
        words = sheet.single("greeting").get("not_names", [])
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            known = self._not_names.get(language, frozenset())
            self._not_names[language] = known | {word.casefold() for word in words}
        else:
            sheet.problem(sheet.line_of_key("not_names"), "not_names must be a list of texts")
        for table in sheet.tables("reply"):
            name = self._claim("reply", language, table)
            if name and (reply := reply_from(table, language)):
                self._replies[language, name] = (reply, table)
            self._unsound_replies = self._unsound_replies or not table.sound

    def _claim(self, what: str, language: str, table: Table) -> str:
        """Return the id under which a table is to be laid; "" when it only switches off or cannot be used."""
        name = identity(table)
        off = table.switched_off()
        if not name:
            return ""
        key = (what, language, name)
        before = self._known.get(key)
        if before:
            table.problem(f"{what} {name!r} is already in this folder, at {before}", key="id")
            return ""
        if off and before is None:
            table.problem(f"there is no {what} {name!r} to switch off", key="id")
        self._known[key] = table.place
        if off:
            (self._rules if what == "rule" else self._replies).pop((language, name), None)
            self.off[f"{language}/{name}"] = table.words("because")
        return "" if off else name

    def _with_pieces_of(self, sheet: Sheet, language: str) -> Pieces:
        """Return the named pieces of patterns that the rules of `sheet` may use, its own included."""
        pieces = self._pieces.setdefault(language, {})
        for name, value in sheet.single("pieces").items():
            alternatives = [value] if isinstance(value, str) else value
            try:
                pieces[name] = tuple(expand(source, pieces) for source in alternatives)
            except TypeError:
                sheet.problem(sheet.line_of_key(name), f"the piece {name} must be a text, or a list of texts")
            except PatternError as error:
                sheet.problem(sheet.line_of_key(name), f"the piece {name} {error}")
        return dict(pieces)


def _files(folder: Path, problems: list[str]) -> Iterator[Path]:
    """Yield the policy files of a folder in a fixed order; note what is there and is none."""
    if not folder.is_dir():
        problems.append(f"{folder}:1: there is no such folder of policies")
        return
    for path in sorted(folder.rglob("*.toml")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") for part in parts):
            continue  # a repository's own files
        if parts == ("rulebook.toml",) or (
            len(parts) == 2 and _LANGUAGE.fullmatch(parts[0]) and parts[1] in _FILES
        ):
            yield path
        else:
            problems.append(
                f"{path}:1: is not read; known: rulebook.toml, and {', '.join(_FILES)} in folders like en"
            )


def _by_place(problem: str) -> tuple[str, int, str]:
    """Sort key of problems: file, then line."""
    place = re.match(r"(.*?):(\d+): ", problem, re.DOTALL)
    return (place[1], int(place[2]), problem) if place else (problem, 0, "")
