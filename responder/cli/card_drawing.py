"""Card drawing: one case as a person reads it, always in the same order."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from responder.cli import incidents, words
from responder.cli.card import CardSheet, Word, thread, unsettled
from responder.cli.log import draw_events, events_of
from responder.cli.notices import NOTICES, notes, notices
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
_LEVELS = {Level.BLOCK: "alarm", Level.WARN: "care", Level.NOTE: "faint"}


def draw(sheet: CardSheet, canvas: "Canvas") -> None:
    """Draw a card: how urgent, what they said, why, rules, draft, what can be done; then its history."""
    if sheet.pause:
        canvas.line((sheet.exact(words.paused(sheet.pause, sheet.now)), "alarm"))
    draw_case(sheet, canvas)
    draw_reply(sheet, canvas, sheet.exact(f"responder edit {sheet.card.case.name}"))
    _moves(sheet, canvas)
    if sheet.history:
        draw_history(sheet, canvas)


def draw_case(sheet: CardSheet, canvas: "Canvas") -> None:
    """Draw how urgent a case is, what they said, and why."""
    _head(sheet, canvas)
    _said(sheet, canvas)
    _also(sheet, canvas)
    _notes(sheet, canvas)
    _why(sheet, canvas)


def draw_reply(sheet: CardSheet, canvas: "Canvas", mend: str) -> None:
    """Draw what the rules say about the draft, and it; `mend` says how to change it."""
    if sheet.card.draft:
        draw_findings(canvas, sheet.card.draft.findings, mend)
        draw_draft(sheet, canvas, sheet.card.draft)


def draw_short_reply(sheet: CardSheet, canvas: "Canvas", mend: str) -> None:
    """Draw the same where there is little room: of each rule what it objects to; notes are only counted."""
    draft = sheet.card.draft
    if draft is None or not draft.findings:
        draw_reply(sheet, canvas, mend)
        return
    counts = Counter(one.level for one in draft.findings)
    called = {Level.BLOCK: "block", Level.WARN: "warning", Level.NOTE: "note"}
    told = ", ".join(words.many(counts[level], name) for level, name in called.items() if counts[level])
    canvas.line(("Rules  ", "strong"), told, ("; i tells what to do", "faint"))
    for one in draft.findings:
        if one.level is not Level.NOTE:
            canvas.short((f"{one.level:<7}", _LEVELS[one.level]), words.objection(one), indent=2)
    draw_draft(sheet, canvas, draft)


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
    canvas.line(_stands(sheet))
    for told, over in words.deadlines(case, sheet.rule, sheet.now, sheet.zone):
        canvas.line((told, "alarm" if over else ""))
    if case.merged_into:
        canvas.line(f"belongs to c-{case.merged_into}")
    if sheet.incident:
        canvas.line((incidents.line(sheet.incident, case.id), "care"), hang=2)
    if case.opted_out:
        canvas.line(("asked us not to answer", "care"))
    if sheet.first:
        canvas.line((words.second(sheet.first, sheet.now), "care"))
    for looker in sheet.looking:
        canvas.line((f"{one_line(looker.by)} looks at it, {words.ago(looker.since, sheet.now)}", "care"))
    if sheet.account_problem:
        canvas.item(("!", "alarm"), f"{case.account}: {one_line(sheet.account_problem, 200)}", hang=2)
    canvas.rule()


def _stands(sheet: CardSheet) -> str:
    """Return where a case stands, who has it, and until when it is put off."""
    case = sheet.card.case
    stands = words.STAGES[case.stage]
    if case.snoozed_until and case.sleeps(sheet.now):
        stands = f"put off until {words.clock(case.snoozed_until, sheet.now, sheet.zone)}"
    return f"{stands} · with {one_line(case.owner)}" if case.owner else stands


def _also(sheet: CardSheet, canvas: "Canvas") -> None:
    """Draw what was said in the cases that this one speaks for."""
    for number, posts in sorted(sheet.card.also.items()):
        canvas.line((f"Also about this: c-{number}", "strong"))
        for post in posts:
            wrote = f"{words.who(post, sheet.network)} wrote {words.ago(post.created_at, sheet.now)}"
            canvas.line(one_line(wrote), indent=2)
            canvas.quote(post.text, indent=2)
        canvas.blank()


def _notes(sheet: CardSheet, canvas: "Canvas") -> None:
    """Draw what people wrote for each other."""
    said = notes(sheet.card.events)
    if said:
        canvas.line(("Notes", "strong"), ("  never sent", "faint"))
    for one in said:
        to = f" to {one_line(one.detail['to'])}" if one.detail.get("to") else ""
        canvas.line(f"{one_line(one.by)}{to}, {words.ago(one.at, sheet.now)}", indent=2)
        canvas.quote(one.detail["note"], indent=2)
    if said:
        canvas.blank()


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
        for line in sheet.promises():
            canvas.line((line, "strong"), hang=2)
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


def draw_history(sheet: CardSheet, canvas: "Canvas") -> None:
    """Draw the journal of a case and its earlier drafts."""
    card = sheet.card
    canvas.blank()
    canvas.line(("Journal", "strong"))
    draw_events(canvas, events_of(card, sheet.network, sheet.zone), sheet.zone)
    for draft in card.drafts:
        if draft.number != card.case.draft_number:
            canvas.blank()
            draw_draft(sheet, canvas, draft)
