"""Card: everything about one case, for a program and for a pipe; responder.cli.card_drawing draws it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from responder.cli import incidents, promising, together, words
from responder.cli.log import event_item, events_of
from responder.cli.notices import notices
from responder.cli.queue import case_item, moment
from responder.model.case import Case, Stage
from responder.model.clocks import Rule
from responder.model.correction import Correction
from responder.model.decision import Decision
from responder.model.delivery import Delivery, DeliveryStage, Route
from responder.model.draft import Draft
from responder.model.incident import Incident
from responder.model.limits import Limits
from responder.model.looker import Looker
from responder.model.mention import Mention
from responder.model.pause import Pause
from responder.model.promise import Commitment
from responder.model.triage import UNKNOWN, Finding

if TYPE_CHECKING:  # the store is loaded by who reads a card
    from responder.cli.canvas import Canvas
    from responder.store.views import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word in the thread: the customer's, or ours."""

    at: datetime
    text: str
    ours: bool
    url: str
    #: Its author took it away.
    removed: bool = False
    #: It is what the draft answers.
    target: bool = False


def _nothing(_draft: Draft) -> Sequence[Commitment]:
    return ()


@dataclass(frozen=True, kw_only=True)
class CardSheet:
    """One case."""

    card: "Card"
    network: str
    now: datetime
    #: What is wrong with the account that heard it, in words; "" when nothing is.
    account_problem: str = ""
    #: Who else has it open.
    looking: Sequence[Looker] = ()
    #: The first of two yeses to its draft, where the second is missing.
    first: Decision | None = None
    #: The regulator's rule that holds for us, if one does.
    rule: Rule | None = None
    #: What the network allows; None where its connector cannot be built.
    limits: Limits | None = None
    #: The time zone a person reads times in.
    zone: tzinfo = UTC
    #: The incident under way that it belongs to.
    incident: Incident | None = None
    #: Who or what stops all sending now.
    pause: Pause = field(default_factory=Pause)
    #: What the draft would promise if it went out now, whose that would be, and who reads the card.
    promising: Callable[[Draft], Sequence[Commitment]] = _nothing
    promised_by: str = ""
    reader: str = ""
    #: Makes a command in our words one that can be typed as it stands.
    exact: Callable[[str], str] = str
    #: Decisions, deliveries and the journal too.
    history: bool = False
    schema: str = "responder.card/1"

    def items(self) -> list[dict[str, object]]:
        """Return the one case as plain data."""
        card, draft = self.card, self.card.draft
        item = case_item(card.case, self.network, draft, self.looking, self.first)
        item["reasons"] = [finding_item(one) for one in card.reasons]
        item["corrections"] = [_correction_item(one) for one in card.corrections]
        item["thread"] = [
            {
                "by": "us" if one.ours else "customer",
                "at": moment(one.at),
                "text": one.text,
                "url": one.url,
                "removed": one.removed,
            }
            for one in thread(card)
        ]
        item["draft"] = draft_item(draft, self.limits) if draft else None
        item["promises"] = [promising.item(one, self.promised_by) for one in self.promised]
        item["besides"] = words.besides(card.case.target, draft, self.limits)
        item["account_problem"] = self.account_problem
        item["paused_by"] = self.pause.whose or None
        item["incident"] = incidents.item(self.incident, card.case.id)
        item["alarms"] = [sent.alarm for sent in card.deliveries if sent.alarm]
        item["notices"] = [
            {"at": moment(one.at), "action": one.action, "detail": dict(one.detail or {})}
            for one in notices(card.events)
        ]
        item |= together.items(card)
        item["next"] = [command for command, _ in self.moves()]
        if self.history:
            item["history"] = {
                "drafts": [draft_item(one, self.limits) for one in card.drafts],
                "decisions": [_decision_item(one) for one in card.decisions],
                "deliveries": [_delivery_item(one) for one in card.deliveries],
                "journal": [event_item(one) for one in events_of(card, self.network, self.zone)],
            }
        return [item]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return lines that begin with what they tell: case, said, reason, finding, draft, next ..."""
        card, case, draft = self.card, self.card.case, self.card.draft
        post = case.target
        yield "case", case.name, case.stage
        yield "urgency", case.tier, case.urgency, words.TIERS.get(case.tier, "")
        yield "due", moment(case.due_at)
        yield from _deadline_rows(case, self.rule)
        yield "account", case.account, self.network
        yield from self._beside()
        yield "author", post.author.handle, post.author.name, words.reach(post)
        for one in thread(card):
            by = "us" if one.ours else "removed" if one.removed else "said"
            yield by, moment(one.at), one.url, one.text
        yield from _told_rows(card, self.account_problem, self.first)
        yield from together.rows(card, self.looking, self.now)
        for reason in card.reasons:
            yield "reason", f"{reason.points:+d}", reason.rule, reason.says, reason.quote
        yield from _correction_rows(card.corrections)
        if draft:
            yield from _draft_rows(draft, post, self.limits)
            yield from (("promises", line) for line in self.promises())
        for command, does in self.moves():
            yield "next", command, does
        if self.history:
            for told in events_of(card, self.network, self.zone):
                yield "journal", moment(told.event.at), told.event.action, told.event.by, told.says

    @property
    def promised(self) -> Sequence[Commitment]:
        """What the draft on the card would promise."""
        return self.promising(self.card.draft) if self.card.draft else ()

    def promises(self) -> list[str]:
        """Return the same in sentences."""
        whose = self.promised_by, self.reader
        return [promising.told(one, whose, self.now, self.zone) for one in self.promised]

    def _beside(self) -> Iterator[Sequence[object]]:
        """Give what stops all sending, and the incident it belongs to."""
        if self.pause:
            yield "paused", self.pause.whose
        if self.incident:
            yield "incident", self.incident.name, incidents.line(self.incident, self.card.case.id)

    def moves(self) -> list[tuple[str, str]]:
        """Return the commands that can be given now, each with what it does."""
        moves = [*next_moves(self.card), *together.moves(self.card.case, self.now)]
        return [(self.exact(command), does) for command, does in moves]

    def draw(self, canvas: "Canvas") -> None:
        """Draw it in the fixed order: how urgent, what they said, why, rules, draft, what can be done."""
        from responder.cli.card_drawing import draw

        draw(self, canvas)


def thread(card: "Card") -> list[Word]:
    """Return all that was said in the thread, the customer's words and ours, oldest first."""
    said = [
        Word(
            at=post.created_at,
            text=post.text,
            ours=False,
            url=post.url,
            removed=post.id in card.removed,
            target=post.id == card.case.target.id,
        )
        for post in card.posts
    ]
    ours = [
        Word(
            at=_answered_at(card, one),
            text=(one.receipt and one.receipt.text) or one.message.text,
            ours=True,
            url=one.receipt.url if one.receipt else "",
        )
        for one in card.deliveries
        if one.stage is DeliveryStage.SENT
    ]
    ours += [
        Word(at=one.at, text="(answered by hand)", ours=True, url=one.detail.get("url", ""))
        for one in card.events
        if one.action == "answered by hand"
    ]
    return sorted([*said, *ours], key=lambda one: one.at)


def _answered_at(card: "Card", sent: Delivery) -> datetime:
    """Return when a reply went out: the journal's first word of an answer after it was planned."""
    planned = sent.message.planned_at
    return next((one.at for one in card.events if one.action == "answered" and one.at >= planned), planned)


def next_moves(card: "Card") -> list[tuple[str, str]]:
    """Return the commands that can be given now, each with what it does."""
    case, name = card.case, card.case.name
    open_ended = unsettled(card)
    if open_ended:
        return [
            (f"responder settle {name} --sent URL", "it is public there"),
            (f"responder settle {name} --not-sent", "it is surely not public"),
        ]
    match case.stage:
        case Stage.WAITING:
            return _moves_of_waiting(card)
        case Stage.APPROVED:
            return [
                (f"responder withdraw {name}", "take the approval back"),
                (f"responder edit {name}", "other words; they have to be approved again"),
            ]
        case Stage.SET_ASIDE:
            return [
                (f"responder reopen {name}", "it does need a reply"),
                (f"responder correct {name} complaint", "it does, and triage was wrong"),
            ]
        case Stage.NEW:
            return [
                ("responder triage", "weigh it"),
                (f"responder dismiss {name} --reason WHY", "no reply to this"),
            ]
        case Stage.NEEDS_REPLY:
            return [
                ("responder draft", "write a draft"),
                (f"responder dismiss {name} --reason WHY", "no reply to this"),
            ]
        case Stage.ANSWERED | Stage.CLOSED:
            return []


def _moves_of_waiting(card: "Card") -> list[tuple[str, str]]:
    name = card.case.name
    away = (f"responder dismiss {name} --reason WHY", "no reply to this")
    if card.draft is None:
        return [(f"responder redo {name}", "ask the network again whether it lets us answer"), away]
    approve = (f"responder approve {name}", "exactly these words may go out")
    ended = [one for one in card.events if one.action == "approval void"][-1:]
    if ended and ended[0].detail.get("why", "").startswith("it was answered already"):
        by_hand = f"responder dismiss {name} --answered-at URL"
        return [
            (by_hand, "one of us answered on the network itself"),
            (f"responder redo {name}", "one more reply"),
        ]
    return [
        *([] if card.draft.blocked else [approve]),
        (f"responder edit {name}", "put your own words in their place"),
        (f"responder redo {name}", "another draft"),
        away,
        (f"responder correct {name} WHAT", "triage was wrong: more-urgent ..."),
    ]


def unsettled(card: "Card") -> Delivery | None:
    """Return the reply that a person has to look for or send by hand, None when there is none."""
    for one in card.deliveries:
        by_hand = one.route is Route.BY_HAND and one.stage is DeliveryStage.PLANNED
        if one.stage is DeliveryStage.UNSURE or by_hand:
            return one
    return None


def finding_item(one: Finding) -> dict[str, object]:
    """Return a finding for JSON."""
    return {
        "rule": one.rule,
        "level": str(one.level),
        "points": one.points,
        "says": one.says,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "why": one.why,
        "suggestion": one.suggestion,
        "also": list(one.also),
        "fix": one.fix,
        "fix_start": one.fix_start,
        "fix_end": one.fix_end,
    }


def draft_item(one: Draft, limits: Limits | None) -> dict[str, object]:
    """Return a draft for JSON, with its length as the network counts."""
    return {
        "number": one.number,
        "origin": str(one.origin),
        "by": one.by,
        "text": one.text,
        "language": one.language,
        "playbook": one.playbook,
        "audience": str(one.audience),
        "fingerprint": one.fingerprint,
        "rulebook": one.rulebook,
        "blocked": one.blocked,
        "created_at": moment(one.created_at),
        "length": limits.count(one.text) if limits else len(one.text),
        "limit": limits.length if limits else None,
        "unit": limits.unit if limits else "characters",
        "findings": [finding_item(finding) for finding in one.findings],
    }


def _correction_item(one: Correction) -> Mapping[str, object]:
    return {
        "at": moment(one.at),
        "by": one.by,
        "what": str(one.what),
        "language": one.language or None,
        "reason": one.reason,
        "probability": one.probability,
        "tier": one.tier,
        "urgency": one.urgency,
        "found": one.found if one.found not in {"", UNKNOWN} else None,
    }


def _draft_rows(draft: Draft, post: Mention, limits: Limits | None) -> Iterator[Sequence[object]]:
    for finding in draft.findings:
        yield "finding", finding.level, finding.rule, finding.says, finding.quote, finding.suggestion
    yield "draft", draft.number, words.counted(draft.text, limits), draft.text
    if more := words.besides(post, draft, limits):
        yield "besides", more


def _deadline_rows(case: Case, rule: Rule | None) -> Iterator[Sequence[object]]:
    """Give what runs out beside the answer, and where a regulator says so."""
    if case.settle_by:
        yield "settle", moment(case.settle_by)
    if case.rule_by:
        yield "rule", moment(case.rule_by), *((rule.id, rule.source) if rule else ())


def _told_rows(card: "Card", account_problem: str, first: Decision | None) -> Iterator[Sequence[object]]:
    if first:
        yield "first yes", moment(first.at), first.by
    if account_problem:
        yield "problem", card.case.account, account_problem
    for sent in card.deliveries:
        if sent.alarm:
            yield "alarm", sent.alarm
    for event in notices(card.events):
        yield "notice", moment(event.at), event.action, *event.detail.values()


def _correction_rows(corrections: Sequence[Correction]) -> Iterator[Sequence[object]]:
    for one in corrections:
        yield "corrected", moment(one.at), one.by, one.says, one.reason


def _decision_item(one: Decision) -> Mapping[str, object]:
    return {
        "at": moment(one.at),
        "by": one.by,
        "verdict": str(one.verdict),
        "draft": one.draft_number or None,
        "fingerprint": one.fingerprint,
        "reason": one.reason,
    }


def _delivery_item(one: Delivery) -> Mapping[str, object]:
    return {
        "stage": str(one.stage),
        "route": str(one.route),
        "text": one.message.text,
        "fingerprint": one.fingerprint,
        "tries": one.tries,
        "looks": one.looks,
        "problem": one.problem,
        "alarm": one.alarm,
        "remote_id": one.receipt.remote_id if one.receipt else None,
        "url": one.receipt.url if one.receipt else None,
    }
