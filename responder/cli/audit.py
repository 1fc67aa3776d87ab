"""Audit: is the journal as it was written, and what stands in it."""

# ruff: noqa: D417 (the desk is no argument that people give)

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Group, Parameter, Token

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.failures import USAGE, Trouble
from responder.cli.journal_lines import Format, in_format, write_private
from responder.cli.words import CaseId, many
from responder.model.audit import Audit
from responder.model.chain import Head

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

app = App(name="audit", result_action="return_value", group_commands=Group("Commands", sort_key=0))

#: Shorter beginnings of a hash could be met by chance or by trying.
_NOTED = re.compile(r"([0-9a-f]{16,64})@([1-9][0-9]{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True)
class AuditSheet:
    """What a walk along the journal found."""

    audit: Audit
    schema: str = "responder.audit/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return it as plain data."""
        head = self.audit.head
        return [
            {
                "sound": self.audit.sound,
                "events": self.audit.events,
                "erased": self.audit.erased,
                "broken": list(self.audit.broken),
                "others": self.audit.others,
                "head": head and {"seq": head.seq, "hash": head.hash},
            }
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return "events", "erased" and "head" with what they are, and "broken" with words, one each."""
        yield "events", self.audit.events
        yield "erased", self.audit.erased
        if self.audit.head:
            yield "head", noted(self.audit.head)
        for words in self.audit.broken:
            yield "broken", words
        if self.audit.others:
            yield "broken", _others(self.audit.others)

    def draw(self, canvas: "Canvas") -> None:
        """Draw the finding, what is broken, and the head to note elsewhere."""
        one = self.audit
        if one.sound:
            canvas.line((f"The journal is as it was written: {many(one.events, 'event')}.", "good"))
        else:
            canvas.line(("The journal is not as it was written:", "alarm"))
        for words in one.broken:
            canvas.item(("!", "alarm"), words, indent=2, hang=2)
        if one.others:
            canvas.item(("!", "alarm"), _others(one.others), indent=2, hang=2)
        if one.erased:
            canvas.line(
                f"The words of {many(one.erased, 'event')} were erased; that they stood there is proven."
            )
        if one.sound and one.head and one.head.seq:
            canvas.line("Note this elsewhere; it proves later that nothing before it was changed or cut off:")
            canvas.command(f"responder audit verify --expect {noted(one.head)}")


def noted(head: Head) -> str:
    """Return a head as people note it, and as --expect reads it."""
    return f"{head.hash}@{head.seq}"


def _head(words: str) -> Head:
    told = _NOTED.fullmatch(words.strip().lower())
    if not told:
        raise Trouble(
            USAGE,
            f"{words!r} is no head of a journal.",
            "It is the hash, or the first 16 characters of it or more, then @, then its place.",
            "The head of today: responder audit verify",
        )
    return Head(int(told[2]), told[1])


def _read_day(_type: Any, tokens: Sequence[Token]) -> date:
    try:
        return date.fromisoformat(tokens[0].value)
    except ValueError:
        raise ValueError(f"{tokens[0].value!r} is not a date; it looks like 2026-03-02") from None


def _others(n: int) -> str:
    return f"and {many(n, 'more place')}"


@app.command
def verify(
    *,
    expect: Annotated[str | None, Parameter(metavar="HASH@SEQ")] = None,
    desk: AtDesk,
) -> int:
    """Walk along the journal and name every event that was changed, removed, moved or put in; exit 7 then.

    Who can change the database can write the whole journal anew, or cut off its end and the head with it:
    only a head that was noted elsewhere proves that nobody did.

    Args:
        expect: A head that was noted: it must still be part of the journal.
    """
    before = _head(expect) if expect is not None else None
    head = desk.store.audit.head()
    total = head.seq if head else 0
    with desk.screen.progress("Walking along the journal") as tick:
        found = desk.store.audit.verify(before, lambda seq: tick(seq / total if total else None, f"{seq:,}"))
    desk.screen.show(AuditSheet(found))
    return failures.DONE if found.sound else failures.BROKEN


@app.command
def export(
    *,
    since: Annotated[date | None, Parameter(converter=_read_day, metavar="DATE")] = None,
    case: CaseId | None = None,
    form: Annotated[Format, Parameter(name="--format")] = "jsonl",
    output: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    desk: AtDesk,
) -> None:
    """Print the journal, one event a line, the oldest first; docs/journal.md says what stands in it.

    Args:
        since: Only from this day on, as your calendar has it.
        case: Only what is about this case.
        form: jsonl is complete; csv is for a spreadsheet, where no cell acts as a formula.
        output: Write into this new file, which only you can read.
    """
    zone = desk.settings.company.timezone
    begin = datetime.combine(since, time(), zone) if since else None
    lines = in_format(desk.store.audit.export(begin, case), form)
    if output is None:
        _print(desk, lines)
        return
    n = write_private(output, lines) - (form == "csv")
    desk.screen.note(f"{many(n, 'event')} in {output}")


def _print(desk: AtDesk, lines: Iterable[str]) -> None:
    for line in lines:
        desk.screen.write(line, safe=True)
