"""Rules: are they right, which are there, and what do they say about a text."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Group, Parameter

from responder.cli import failures
from responder.cli.card import finding_item
from responder.cli.desk import AtDesk
from responder.cli.words import about, many
from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.triage import Finding, Level
from responder.policy.detectors import Context
from responder.policy.rules import Rule
from responder.policy.rules import check as judge

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

app = App(name="rules", result_action="return_value", group_commands=Group("Commands", sort_key=0))
_STYLES = {Level.BLOCK: "alarm", Level.WARN: "care", Level.NOTE: "faint"}


@dataclass(frozen=True, slots=True)
class RulesSheet:
    """Rules, with what each weighs."""

    rules: Sequence[Rule]
    schema: str = "responder.rules/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each rule as plain data."""
        return [
            {
                "id": one.id,
                "language": one.language,
                "kind": str(one.kind),
                "level": one.level._asdict(),
                "level_own": one.level_own._asdict(),
                "playbooks": sorted(one.playbooks),
                "says": one.says,
                "why": one.why,
                "source": one.source,
                "suggestion": one.suggestion,
                "place": one.place,
            }
            for one in self.rules
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return language, id, kind, level in public, level in private, what it says."""
        for one in self.rules:
            yield one.language, one.id, one.kind, one.level.public or "-", one.level.private or "-", one.says

    def draw(self, canvas: "Canvas") -> None:
        """Draw one line a rule."""
        head = ("lang", "rule", "public", "private", "it finds")
        rows = [(lang, id_, public, private, says) for lang, id_, _, public, private, says in self.rows()]
        canvas.table(head, [tuple(map(str, row)) for row in rows])


@dataclass(frozen=True, slots=True)
class FindingsSheet:
    """What the rules say about a text."""

    text: str
    findings: Sequence[Finding]
    schema: str = "responder.findings/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each finding as plain data."""
        return [finding_item(one) for one in self.findings]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return level, rule, start, end, quote, what it says, what to do."""
        for one in self.findings:
            yield one.level, one.rule, one.start, one.end, one.quote, one.says, one.suggestion

    def draw(self, canvas: "Canvas") -> None:
        """Draw each finding with its place in the text."""
        canvas.quote(self.text)
        for one in self.findings:
            place = f"{one.start}-{one.end}" if one.end else "whole"
            canvas.item((f"{one.level:<6}{place}", _STYLES[one.level]), f"{one.rule}: {about(one)}", hang=15)
        if not self.findings:
            canvas.line("The rules find nothing to object to.")


@app.command
def check(*, desk: AtDesk) -> None:
    """Load all rules and replies and run their examples; say everything that is wrong, as file:line."""
    book = desk.app.policy.rulebook
    facts = {
        "version": book.version,
        "rules": sum(map(len, book.rules.values())),
        "replies": sum(map(len, book.replies.values())),
        "off": dict(book.off),
    }
    if desk.screen.manner.json:
        desk.screen.document("responder.rulebook/1", [facts])
        return
    off = "".join(f"{name} is switched off: {because}\n" for name, because in book.off.items())
    rules = many(sum(map(len, book.rules.values())), "rule")
    replies = many(sum(map(len, book.replies.values())), "reply", "replies")
    desk.screen.write(f"{off}{rules} and {replies} are right (version {book.version})\n")


@app.command(name="list")
def every(*, language: str | None = None, desk: AtDesk) -> None:
    """List the rules with what they weigh in public and in private.

    Args:
        language: Only those for this language, like en; "*" are those for every language.
    """
    rules = desk.app.policy.rulebook.rules
    desk.screen.show(RulesSheet([one for lang in rules if language in {None, lang} for one in rules[lang]]))


@app.command(name="test")
def try_out(
    text: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    language: str = "en",
    private: bool = False,
    ours: bool = False,
    desk: AtDesk,
) -> int:
    """Check a text as if it were a person's draft; exit 5 when it could not be approved.

    Args:
        text: The words; "-" is what is piped in.
        language: Their language.
        private: As a private message; in public if this is left out.
        ours: As a draft of ours, with which the rules are stricter.
    """
    words = desk.screen.read() if text == "-" else text
    context = Context(
        audience=Audience.PRIVATE if private else Audience.PUBLIC,
        origin=Origin.OURS if ours else Origin.PERSON,
        language=language,
        allowed=desk.app.policy.allowed,
    )
    findings = judge(words.strip(), context, desk.app.policy.rulebook)
    desk.screen.show(FindingsSheet(words.strip(), findings))
    blocked = any(one.level is Level.BLOCK for one in findings)
    return failures.BLOCKED if blocked else failures.DONE
