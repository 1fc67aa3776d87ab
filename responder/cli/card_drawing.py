"""Card drawing: one case as a person reads it, always in the same order."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from responder.cli import words
from responder.cli.card import CardSheet, Word, thread, unsettled
from responder.cli.notices import NOTICES, notices
from responder.model.correction import CORRECTED, Correction
from responder.model.delivery import DeliveryStage
from responder.model.difference import difference
from responder.model.draft import Draft, Origin
from responder.model.event import Event
from responder.model.mention import Audience
from responder.model.triage import Finding, Level
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words

#: How many earlier words of a thread are drawn without --history.
_EARLIER = 4
#: Details of the journal that only the machine reads.
_INNER = {"fingerprint", "fence", "id", "text", "shown"}
_LEVELS = {Level.BLOCK: "alarm", Level.WARN: "care", Level.NOTE: "faint"}


def draw(sheet: CardSheet, canvas: "Canvas") -> None:
    """Draw a card: how urgent, what they said, why, rules, draft, what can be done; then its history."""
    _head(sheet, canvas)
    _said(sheet, canvas)
    _why(sheet, canvas)
    if sheet.card.draft:
        mend = sheet.exact(f"responder edit {sheet.card.case.name}")
        draw_findings(canvas, sheet.card.draft.findings, mend)
        draw_draft(sheet, canvas, sheet.card.draft)
    _moves(sheet, canvas)
    if sheet.history:
        _history(sheet, canvas)


def _head(sheet: CardSheet, canvas: "Canvas") -> None:
    case, said = sheet.card.case, sheet.card.case.target
    due = words.due(case, sheet.now)
    late = due.endswith("late")
    answer: list[Words] = (
        [(f"answer {'' if late else 'due '}{due}", "alarm" if late else "strong")] if due else []
    )
    tier = f"urgency {case.urgency}, tier {case.tier}: {words.TIERS.get(case.tier, '')}"
    canvas.sides([(f"{case.name}  ", "strong"), tier], answer)
    name = f"({one_line(said.author.name, 40)})" if said.author.name else ""
    bot = "an automated account" if said.author.bot else ""
    who = f"{words.who(said, sheet.network)} {name}".strip()
    private = "" if said.audience is Audience.PUBLIC else "in private"
    facts = (who, words.reach(said), private, bot, words.language(case.spoken), f"account {case.account}")
    canvas.line(" · ".join(one_line(fact) for fact in facts if fact))
    canvas.line(words.STAGES[case.stage])
    if sheet.account_problem:
        canvas.item(("!", "alarm"), f"{case.account}: {one_line(sheet.account_problem, 200)}", hang=2)
    canvas.rule()


def _said(sheet: CardSheet, canvas: "Canvas") -> None:
    said = thread(sheet.card)
    place = next((at for at, one in enumerate(said) if one.target), len(said) - 1)
    for one in said[place : place + 1]:
        _word(sheet, canvas, one, "They wrote")
    _told(sheet, canvas)
    before = said[:place] if sheet.history else said[:place][-_EARLIER:]
    left_out = place - len(before)
    if before:
        canvas.blank()
        canvas.line(("Before that in the thread", "strong"))
    if left_out:
        canvas.line((f"{words.many(left_out, 'earlier word')} not shown: --history", "faint"), indent=2)
    for one in before:
        _word(sheet, canvas, one, "We answered" if one.ours else "They wrote", indent=2)
    for one in said[place + 1 :]:
        canvas.blank()
        _word(sheet, canvas, one, "We answered" if one.ours else "They wrote")
    canvas.blank()


def _told(sheet: CardSheet, canvas: "Canvas") -> None:
    """Draw what went otherwise than planned."""
    for event in notices(sheet.card.events):
        canvas.line((f"{_notice(sheet, event)}", "care"), hang=2)
    for sent in sheet.card.deliveries:
        if sent.alarm:
            canvas.line((f"Look at our reply: {one_line(sent.alarm, 600)}", "alarm"), hang=2)


def _word(sheet: CardSheet, canvas: "Canvas", one: Word, lead: str, indent: int = 0) -> None:
    removed = ", and removed it since" if one.removed else ""
    when = (f"{lead} {words.ago(one.at, sheet.now)}{removed}", "" if indent else "strong")
    where = (f"  {one_line(one.url)}" if one.url else "", "faint")
    canvas.line(when, where, indent=indent, hang=2)
    canvas.quote(one.text, indent=2)


def _notice(sheet: CardSheet, event: Event) -> str:
    detail = " ".join(event.detail.values())
    if event.action == "edited" and detail:
        detail = difference(detail, sheet.card.case.target.text)
    said = f"{NOTICES[event.action]} {words.ago(event.at, sheet.now)}"
    return f"{said}: {one_line(detail, 600)}" if detail else f"{said}."


def _why(sheet: CardSheet, canvas: "Canvas") -> None:
    if not sheet.card.reasons and not sheet.card.corrections:
        return
    canvas.line((f"Why {sheet.card.case.urgency}", "strong"))
    for one in sheet.card.reasons:
        if one.rule == CORRECTED:  # told below, with when and what triage had said
            continue
        quote = f"  “{one_line(one.quote, 60)}”" if one.quote else ""
        points = f"{one.points:+d}" if one.points else ""
        canvas.item(f"{points:>5}", one.says, (quote, "faint"), hang=7)
    for said in sheet.card.corrections:
        why = f": {one_line(said.reason)}" if said.reason else ""
        when = f"{one_line(said.by)} said {words.ago(said.at, sheet.now)}: {said.says}{why}"
        canvas.item(("told", "faint"), when, _triage_said(said), indent=1, hang=6)
    canvas.blank()


def _triage_said(said: Correction) -> "Words":
    """Return what triage had said when a person corrected it."""
    chance = f"{said.probability:.0%} likely a complaint"
    return f" (triage: tier {said.tier}, {chance}, {words.language(said.found)})", "faint"


def draw_findings(canvas: "Canvas", findings: Sequence[Finding], mend: str) -> None:
    """Draw what the rules say about a draft, the strongest first; `mend` is the command to change it."""
    if not findings:
        canvas.line(("Rules  ", "strong"), "nothing to object to")
    else:
        canvas.line(("Rules", "strong"))
    for one in findings:
        canvas.item((one.level, _LEVELS[one.level]), words.about(one), indent=2, hang=7)
        if one.fix and one.level is not Level.NOTE:
            canvas.item(("write", "faint"), one.fix, indent=2, hang=7)
    if any(one.level is Level.BLOCK for one in findings):
        canvas.line(f"It cannot be approved as it stands. Mend it: {mend}", indent=2)
    canvas.blank()


def draw_draft(sheet: CardSheet, canvas: "Canvas", draft: Draft) -> None:
    """Draw a draft with its number and its length as the network counts."""
    by = f"by {draft.by}" if draft.origin is Origin.PERSON else draft.playbook.replace("_", " ")
    kind = "" if draft.audience == "public" else ", private"
    about = one_line(f", {by}, {words.language(draft.language)}{kind}")
    canvas.sides([(f"Draft {draft.number}", "strong"), about], [words.counted(draft.text, sheet.limits)])
    canvas.quote(draft.text)
    if draft.number == sheet.card.case.draft_number:  # others were for another post, or may have been
        draw_besides(canvas, words.besides(sheet.card.case.target, draft, sheet.limits))
    canvas.blank()


def draw_besides(canvas: "Canvas", more: str, indent: int = 0) -> None:
    """Draw what would go out with a draft, where there is something."""
    if more:
        canvas.line((one_line(more, 600), "care"), indent=indent, hang=2)


def _moves(sheet: CardSheet, canvas: "Canvas") -> None:
    moves = sheet.moves()
    waits = unsettled(sheet.card)
    if waits and waits.stage is not DeliveryStage.UNSURE:
        how = words.by_hand(sheet.card.case, waits.message.text)
        canvas.line(f"Only a person can answer here: {how}, then:")
    elif waits:
        canvas.line("Look whether our reply is public, then say so; nothing is sent again until then:")
    elif not moves:
        canvas.line(("Nothing is left to do here.", "faint"))
    width = max((len(command) for command, _ in moves), default=0)
    for command, does in moves:
        if width + 36 > canvas.reading_width:
            canvas.command(command)
        else:
            canvas.item(command, (does, "faint"), indent=2, hang=width + 2)


def _history(sheet: CardSheet, canvas: "Canvas") -> None:
    card = sheet.card
    canvas.blank()
    canvas.line(("Journal", "strong"))
    for event in card.events:
        detail = "; ".join(f"{key} {value}" for key, value in event.detail.items() if key not in _INNER)
        by = f" by {event.by}" if event.by else ""
        said = one_line(f"{event.action}{by}{f': {detail}' if detail else ''}", 400)
        canvas.item((f"{event.at.astimezone(sheet.zone):%Y-%m-%d %H:%M}", "faint"), said, indent=2, hang=18)
    for draft in card.drafts:
        if draft.number != card.case.draft_number:
            canvas.blank()
            draw_draft(sheet, canvas, draft)
