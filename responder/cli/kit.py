"""Kit: everything for a conversation away from the thread, piece by piece, in the customer's language."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.card import finding_item
from responder.cli.card_drawing import draw_findings
from responder.cli.desk import AtDesk
from responder.cli.when import until
from responder.cli.words import CaseId, language
from responder.model.case import Case
from responder.model.limits import Limits
from responder.model.people import Right
from responder.model.promise import Promise
from responder.model.triage import Finding, Level
from responder.policy.kit import Kind, blocks
from responder.steps.kit import Announced, Piece, Wanted, call_windows, kit, lacking, promise_call

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk

#: What each piece is to whoever uses it.
TITLES = {
    Kind.MESSAGE: "Private message",
    Kind.CALL: "Call",
    Kind.VOICEMAIL: "Voicemail, when nobody picks up",
    Kind.EMAIL: "E-mail, when a call is impossible",
    Kind.RECAP: "Recap, after the call",
    Kind.STATUS: "Word on where it stands",
    Kind.CLOSING: "Public note, once it is put right",
}


@dataclass(frozen=True, slots=True)
class KitSheet:
    """Pieces of the kit for one case."""

    case: Case
    pieces: Sequence[Piece]
    #: The call that the e-mail among them announces.
    call: Promise | None = None
    schema: str = "responder.kit/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each piece as plain data; a script for a call also in its blocks."""
        return [
            {
                "case": self.case.name,
                "kind": str(one.kind),
                "language": one.words.language if one.words else None,
                "text": one.words.text if one.words else None,
                "blocks": _block_items(one),
                "findings": [finding_item(each) for each in one.words.findings] if one.words else [],
                "missing": list(one.missing),
                "promise": self.call.name if self.call and one.kind is Kind.EMAIL else None,
            }
            for one in self.pieces
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return case, kind, language, what is missing, the words."""
        for one in self.pieces:
            words = one.words
            yield (
                self.case.name, str(one.kind), words.language if words else "", ", ".join(one.missing),
                words.text if words else "",
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw each piece under its title, with what the rules say."""
        for at, one in enumerate(self.pieces):
            if at:
                canvas.rule()
            if one.words is None:
                canvas.line((TITLES[one.kind], "strong"))
                canvas.line((held_back(self.case, one), "care"), indent=2)
                continue
            canvas.line((TITLES[one.kind], "strong"), (f"  in {language(one.words.language)}", "faint"))
            canvas.blank()
            canvas.quote(one.words.text)
            canvas.blank()
            draw_findings(canvas, one.words.findings, f"responder redo {self.case.name} --help")
        if self.call and self.call.due_at:
            canvas.line((f"The call is promised: {self.call.name}.", "good"))


def held_back(case: Case, one: Piece) -> str:
    """Return why a piece is not given."""
    if one.missing:
        return f"{case.name} is of tier {case.tier}: first write down {', '.join(one.missing)}."
    why = f"responder kit {case.name} --kind email --why '...'"
    return f"Call first. Where no call is possible, say why: {why}"


def kit_of(desk: "Desk", case: Case, wanted: Wanted, at: datetime | None = None) -> KitSheet:
    """Return the sheet of what is wanted; an e-mail among it has its call written into the ledger."""
    store, policy, now = desk.store, desk.app.policy, desk.now()
    times = call_windows(store, case, desk.app.calendar, at, now)
    whole = Wanted(
        kinds=wanted.kinds,
        caller=wanted.caller or desk.user[:1].upper() + desk.user[1:],
        why=wanted.why,
        news=wanted.news,
        goal=wanted.goal,
        times=times,
        missing=lacking(store, case, desk.settings.approval.worksheet_from_tier),
    )
    pieces = kit(store, policy, case, desk.limits(case) or Limits(length=10_000), whole, now)
    email = next((one.words for one in pieces if one.kind is Kind.EMAIL and one.words), None)
    if not (email and times):
        return KitSheet(case, pieces)
    told = policy.told_window(case, times[0], now)
    call = Announced(email=email.text, window=times[0], told=told, why=wanted.why)
    return KitSheet(case, pieces, promise_call(store, case, call, desk.user, now))


def kit_command(  # noqa: PLR0913 (what people may say of it)
    id: CaseId,  # noqa: A002 (what people type)
    /,
    *,
    kind: str = "",
    why: str = "",
    at: str = "",
    news: str = "",
    caller: str = "",
    desk: AtDesk,
) -> int:
    """Print what is said and written away from the thread: nothing of it is sent.

    Args:
        id: The case, like c-101.
        kind: One piece: message, call, voicemail, email, recap, status or closing.
        why: With an e-mail: why no call is possible. It also writes the call it announces into the ledger.
        at: When we call: 14:00, tomorrow, '2026-03-02 14:00'; the next opening hours if it is left out.
        news: What is new, a clause in the customer's language: for status.
        caller: Who calls and signs, by the name customers may hear; your own if it is left out.
    """
    kinds = (_kind(kind),) if kind else tuple(Kind)
    if why.strip():
        desk.may(Right.PROMISE)
    case = desk.store.casework.get(id)
    when = until(at, desk.settings, desk.now()) if at else None
    wanted = Wanted(kinds=kinds, caller=caller, why=why, news=news)
    sheet = kit_of(desk, case, wanted, when)
    if kind and sheet.pieces[0].words is None:
        one = sheet.pieces[0]
        todo = f"responder worksheet {case.name}" if one.missing else ""
        raise failures.Trouble(
            failures.BLOCKED if one.missing else failures.USAGE, held_back(case, one), todo=todo
        )
    desk.screen.show(sheet)
    if not kind:
        desk.screen.hint(f"One of them alone: responder kit {case.name} --kind call")
    blocked = [one for one in sheet.pieces if one.words and _blocked(one.words.findings)]
    return failures.BLOCKED if blocked else failures.DONE


def _blocked(findings: Sequence[Finding]) -> bool:
    return any(one.level is Level.BLOCK for one in findings)


def _kind(told: str) -> Kind:
    name = told.strip().lower()
    if name not in list(Kind):
        raise failures.Trouble(
            failures.USAGE, f"There is no piece {told!r} of the kit.", todo=f"Known: {', '.join(Kind)}."
        )
    return Kind(name)


def _block_items(one: Piece) -> list[Mapping[str, object]]:
    """Return the blocks of a call, in which a pause is an aside."""
    if one.kind is not Kind.CALL or one.words is None:
        return []
    return [
        {
            "title": block.title,
            "branch": block.branch,
            "lines": [{"says": says, "aside": aside} for says, aside in block.lines],
        }
        for block in blocks(one.words.text)
    ]
