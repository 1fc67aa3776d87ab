"""Check: what the rules say about a text, for anybody and in any editor."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from responder.cli import failures
from responder.cli.card import finding_item
from responder.cli.desk import AtDesk
from responder.cli.known import language_of, playbook_of
from responder.cli.words import about, many
from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.triage import Finding, Level

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk

_STYLES = {Level.BLOCK: "alarm", Level.WARN: "care", Level.NOTE: "faint"}
_NAMES = {Level.BLOCK: "block", Level.WARN: "warning", Level.NOTE: "note"}
#: Longer names are words, not files, and some systems refuse even to look for them.
_LONGEST_NAME = 250
#: More is no reply to anybody.
_LONGEST_TEXT = 1_000_000


_KINDS = (
    "first_public_reply, still_angry, outage, vendor_fault, broken_promise, closed, safety, legal, "
    "private_message, call, voicemail, email or recap"
)
_GROUP = Group("What it is", sort_key=5)


def _told(says: str) -> Parameter:
    return Parameter(help=says, group=_GROUP)


@dataclass(frozen=True, slots=True)
class FindingsSheet:
    """What the rules say about a text."""

    name: str
    text: str
    language: str
    findings: Sequence[Finding]
    schema: str = "responder.findings/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each finding as plain data."""
        return [finding_item(one) for one in self.findings]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return level, rule, start, end, quote, what it says, what to do, the words that mend it."""
        for one in self.findings:
            yield one.level, one.rule, one.start, one.end, one.quote, one.says, one.suggestion, one.fix or ""

    def draw(self, canvas: "Canvas") -> None:
        """Draw the text, then each finding with its place, its reason and what to write."""
        canvas.quote(self.text)
        canvas.blank()
        for one in self.findings:
            place = _place(self.text, one)
            canvas.item((f"{one.level:<6}{place}", _STYLES[one.level]), f"{one.rule}: {about(one)}", hang=15)
            if one.fix:
                canvas.item("", ("write  ", "faint"), one.fix, hang=15)
        if not self.findings:
            canvas.line((f"The rules for {self.language} find nothing to object to.", "good"))
            return
        counts = [(level, sum(one.level is level for one in self.findings)) for level in Level]
        told = ", ".join(many(n, _NAMES[level]) for level, n in counts if n)
        blocked = any(one.level is Level.BLOCK for one in self.findings)
        canvas.line(f"{told}: {'this cannot be approved.' if blocked else 'nothing forbids it.'}")


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a text is, as far as rules ask for it."""

    lang: Annotated[str, _told("Its language, like en; the company's if it is left out.")] = ""
    audience: Annotated[
        Literal["", "public", "private", "script"],
        _told("Who takes it in: everybody (public), one reader (private), one listener (script)."),
    ] = ""
    kind: Annotated[str, _told(f"What it is: {_KINDS}.")] = ""
    origin: Annotated[
        Literal["person", "ours", "model"],
        _told("Who wrote it; rules are stricter with our own words and with a language model's."),
    ] = "person"
    against: Annotated[str, _told("The post it answers: its words, or the name of a file with them.")] = ""
    length: Annotated[int, _told("The longest text the network takes.")] = 10_000


def check(
    text: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    about: Surroundings | None = None,
    desk: AtDesk,
) -> int:
    """Check a text against the rules; exit 5 when it could not be approved.

    Args:
        text: The words, the name of a file with them, or "-" for what is piped in.
    """
    from responder.policy.judging import audience_of

    policy = desk.app.policy
    told = about or Surroundings()
    playbook = playbook_of(told.kind)
    words = _words(desk, text).strip()
    language = language_of(told.lang or desk.settings.company.language, policy)
    usual = Audience.PRIVATE if playbook == "private_message" else Audience.PUBLIC
    findings = policy.lint(
        words,
        language=language,
        audience=Audience(told.audience) if told.audience else audience_of(usual, playbook),
        playbook=playbook,
        origin=Origin(told.origin),
        post=_words(desk, told.against).strip() if told.against else "",
        length=told.length,
    )
    desk.screen.show(FindingsSheet(text, words, language, findings))
    blocked = any(one.level is Level.BLOCK for one in findings)
    return failures.BLOCKED if blocked else failures.DONE


def _words(desk: "Desk", given: str) -> str:
    """Return the words given, those of the file they name, or what is piped in."""
    if given == "-":
        return desk.screen.read()
    if "\n" in given or "\0" in given or len(given) > _LONGEST_NAME:
        return given
    path = Path(given)
    try:
        if not path.is_file():
            return given
        raw = path.read_bytes()
    except OSError as error:
        raise failures.Trouble(
            failures.FAILED,
            f"{given} cannot be read: {error.strerror}.",
            todo="Check its name and its owner.",
        ) from None
    if len(raw) > _LONGEST_TEXT:
        raise failures.Trouble(
            failures.FAILED, f"{given} holds {len(raw):,} bytes; a text has at most {_LONGEST_TEXT:,}."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise failures.Trouble(
            failures.FAILED, f"{given}, line {line}: not UTF-8 text.", todo="Save it as UTF-8."
        ) from None


def _place(text: str, one: Finding) -> str:
    """Return where a finding is, as line:column; "" about the whole."""
    if not one.end:
        return ""
    before = text[: one.start]
    return f"{before.count(chr(10)) + 1}:{one.start - before.rfind(chr(10))}"
