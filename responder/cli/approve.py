"""Approve: a person says yes to exactly the words they saw."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from responder.cli import failures, promising, words
from responder.cli.card_drawing import draw_besides, draw_draft, draw_findings
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.show import card_of
from responder.cli.steps import posting_off
from responder.cli.words import CaseId, many
from responder.connector import Answerable
from responder.letter import span
from responder.model.case import Case, Stage
from responder.model.delivery import Route
from responder.model.draft import Draft, Origin
from responder.model.people import Right, folded
from responder.model.triage import Finding, Level
from responder.model.visible import one_line
from responder.steps.approve import Blocked, Yes
from responder.steps.approve import approve as step
from responder.store.errors import Conflict

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk


#: What the journal keeps of a reason.
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """A case and its draft as a person is shown them, and as they are then approved."""

    case: Case
    draft: Draft

    @property
    def warnings(self) -> list[Finding]:
        """What a person has to look at twice."""
        return [one for one in self.draft.findings if one.level is Level.WARN]


def approve(*ids: CaseId, draft: int | None = None, reason: str = "", desk: AtDesk) -> int:
    """Approve exactly the words of a draft; nothing goes out without this.

    Args:
        ids: The cases, like c-101; several are asked about together.
        draft: The number of the draft you saw; needed where nobody can be asked.
        reason: Why a warning does not hold here; needed for a draft with one, and asked for.
    """
    if not ids:
        raise failures.Trouble(failures.USAGE, "No case is named.", todo="responder approve c-101")
    desk.may(Right.APPROVE)  # not to be found out only after the yes
    seen = [_seen(desk, number, draft) for number in dict.fromkeys(ids)]
    for one in seen:
        if one.draft.blocked:
            raise _blocked(one.case, one.draft.findings)
    if not desk.screen.asks:
        if draft is None:
            raise _unnamed(seen)
        if not reason:
            _refuse_warned(seen)
    else:
        reason = _ask(desk, seen, reason)
    return carry_out(desk.screen, [partial(_approve, desk, one, reason[:_LONGEST_REASON]) for one in seen])


def _seen(desk: "Desk", number: int, draft_number: int | None) -> Seen:
    """Return the case and its current draft; Trouble or Conflict when it cannot be approved now."""
    case = desk.store.casework.get(number)
    if case.stage in {Stage.NEW, Stage.NEEDS_REPLY}:
        raise failures.Trouble(
            failures.FAILED,
            f"{case.name} has no draft yet.",
            f"It is {words.STAGES[case.stage]}.",
            "Write one: responder draft" if case.stage is Stage.NEEDS_REPLY else "First: responder poll",
        )
    if case.stage is not Stage.WAITING:
        stands = f"{words.STAGES[case.stage]}{desk.last_move(case)}"
        raise Conflict(f"{case.name} is {stands}; only a draft that waits can be approved")
    draft = desk.store.casework.draft(case)
    if draft is None and case.answerable == Answerable.NO:
        raise failures.Trouble(
            failures.BLOCKED,
            f"{case.name} cannot be answered here.",
            f"{one_line(case.answer_detail) or 'The network does not let us'}.",
            f"Ask again: responder redo {case.name}, or: responder dismiss {case.name} --reason WHY",
        )
    if draft is None or draft_number not in {None, case.draft_number}:
        raise Conflict(
            f"{case.name} has draft {case.draft_number} now, not {draft_number}; it is not what you saw"
        )
    return Seen(case, draft)


def _refuse_warned(seen: Sequence[Seen]) -> None:
    """Raise Trouble when a draft has a warning: a person says why it does not hold."""
    warned = [(one.case.name, finding) for one in seen for finding in one.warnings]
    if warned:
        raise failures.Trouble(
            failures.USAGE,
            f"{many(len(warned), 'warning')} and no reason to pass over {_them(warned)}.",
            "The reason is kept, and counted by rule.",
            "Mend the draft, or add: --reason WHY",
            tuple(f"  {case}: {words.about(finding)}" for case, finding in warned),
        )


def _them(warned: Sequence[object]) -> str:
    return "it" if len(warned) == 1 else "them"


def _ask(desk: "Desk", seen: Sequence[Seen], reason: str) -> str:
    """Show what would be approved and ask; return why warnings do not hold, "" where there are none.

    Raises Trouble with exit code 3 unless the answer is yes and a warning has its reason.
    """
    canvas = desk.screen.canvas()
    if len(seen) == 1:
        _draw_one(desk, canvas, seen[0])
        question = "Approve exactly these words?"
    else:
        for one in seen:
            _draw_short(desk, canvas, one)
        question = f"Approve exactly these {len(seen)} drafts?"
    declined = failures.Trouble(failures.DECLINED, "Nothing was approved.")
    if not desk.screen.ask(question):
        raise declined
    warnings = sum(len(one.warnings) for one in seen)
    if warnings:
        for one in seen:
            for finding in one.warnings:
                canvas.item(("warn", "care"), f"{one.case.name}: {words.about(finding)}", hang=6)
        told = f"{many(warnings, 'warning')}. Why approve all the same? (nothing: do not) "
        reason = reason or desk.screen.line(told) or ""
        if not reason:
            raise declined
    return reason if warnings else ""


def _draw_one(desk: "Desk", canvas: "Canvas", one: Seen) -> None:
    sheet = card_of(desk, one.case.id)
    said = one.case.target
    about = f"{one.case.name}  {words.who(said, sheet.network)} wrote {words.ago(said.created_at, sheet.now)}"
    canvas.line((one_line(about), "strong"))
    canvas.quote(said.text)
    canvas.blank()
    draw_findings(canvas, one.draft.findings, desk.screen.manner.exact(f"responder edit {one.case.name}"))
    draw_draft(sheet, canvas, one.draft)
    if note := _second_note(desk, one):
        canvas.line((note, "care"))


def _second_note(desk: "Desk", one: Seen) -> str:
    """Return which of two yeses this one is; "" where one is enough."""
    why = desk.store.yeses.why_two((one.case, one.draft), desk.user)
    first = desk.store.yeses.first([one.case.id]).get(one.case.id)
    if first:
        return f"Two must say yes, and {first.by} did {words.ago(first.at, desk.now())}."
    wrote = one.draft.by if one.draft.origin is Origin.PERSON else ""
    if not why or folded(wrote) not in {"", folded(desk.user)}:  # whoever wrote it has looked at it
        return ""
    return f"Two must say yes, for {why}: yours is the first."


def _draw_short(desk: "Desk", canvas: "Canvas", one: Seen) -> None:
    mark = f"  ({many(len(one.warnings), 'warning')})" if one.warnings else ""
    canvas.line((f"{one.case.name}  ", "strong"), one_line(one.case.target.text, 70))
    canvas.line(
        f"draft {one.draft.number}: ", one_line(one.draft.text, 200), (mark, "care"), indent=2, hang=2
    )
    draw_besides(canvas, words.besides(one.case.target, one.draft, desk.limits(one.case)), indent=2)
    for line in promising.lines(desk, one.case, one.draft):
        canvas.line(line, indent=2, hang=2)
    if note := _second_note(desk, one):
        canvas.line((note, "care"), indent=2)


def _approve(desk: "Desk", one: Seen, reason: str) -> Deed:
    kept = reason if one.warnings else ""
    made = promising.promised(desk, one.case, one.draft)
    whose = promising.owner(desk, one.case)
    try:
        account, seen = desk.account(one.case), (one.case, one.draft)
        yes = Yes(reason=kept, undo=desk.settings.posting.undo, policy=lambda: desk.app.policy)
        route = step(desk.store, account, seen, desk.user, desk.now(), yes)
    except Blocked as error:
        raise _blocked(one.case, error.findings) from error
    if route is None:
        return _first_of_two(desk, one)
    return Deed(
        case=one.case.name,
        did="approved",
        by=desk.user,
        draft=one.draft.number,
        says=f"Approved {one.case.name} (draft {one.draft.number}).",
        after=_what_next(desk, one, route),
        promises=[promising.item(each, whose) for each in made],
    )


def _first_of_two(desk: "Desk", one: Seen) -> Deed:
    """Return what a yes did that a second person must follow."""
    others = desk.store.roster.another(Right.APPROVE, desk.user)
    return Deed(
        case=one.case.name,
        did="approved once",
        by=desk.user,
        draft=one.draft.number,
        says=f"Your yes to {one.case.name} (draft {one.draft.number}) is the first of two.",
        after=f"{others[0].upper()}{others[1:]} can say the second: responder approve {one.case.name}",
    )


def _what_next(desk: "Desk", seen: Seen, route: Route) -> str:
    if route is Route.BY_HAND:
        case, settle = seen.case, f"responder settle {seen.case.name} --sent URL"
        return f"Only a person can answer there: {words.by_hand(case, seen.draft.text)}, then: {settle}"
    if pause := desk.store.control.pausing():
        return f"Sending is paused {pause.whose}: it stays in the outbox. Go on: {pause.todo}"
    if desk.settings.posting.mode != "on":
        return posting_off(desk, 0).replace("nothing is sent.", "it stays in the outbox.")
    undo = desk.settings.posting.undo
    if not undo:
        return "The daemon sends it, or: responder post"
    return f"It goes out in {span(undo)}; to take it back: responder withdraw {seen.case.name}"


def _blocked(case: Case, findings: Sequence[Finding]) -> Exception:
    told = "; ".join(words.about(one) for one in findings if one.level is Level.BLOCK)
    return failures.Trouble(
        failures.BLOCKED,
        f"Not approved: {case.name} breaks a rule that nobody may wave through.",
        told,
        f"Mend the words: responder edit {case.name}, or: responder dismiss {case.name} --reason WHY",
    )


def _unnamed(seen: Sequence[Seen]) -> Exception:
    names = " ".join(one.case.name for one in seen)
    numbers = {one.draft.number for one in seen}
    number = str(numbers.pop()) if len(numbers) == 1 else "N"
    return failures.Trouble(
        failures.USAGE,
        f"It must be said which draft of {names} is approved.",
        "Nobody can be asked here, and a draft may have changed since you saw it.",
        f"Look at it, then: responder approve {names} --yes --draft {number}",
    )
