"""Queue: what waits, the most urgent first, page by page."""

# ruff: noqa: D417 (the desk is no argument that people give)

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from responder.cli import words
from responder.cli.desk import AtDesk
from responder.cli.filters import Filter, StageName, View, search_of
from responder.cli.words import CaseId
from responder.model.case import Case
from responder.model.decision import Decision
from responder.model.delivery import Delivery
from responder.model.draft import Draft
from responder.model.looker import Looker
from responder.model.search import Search
from responder.model.span import span
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words
    from responder.cli.desk import Desk

#: What is looked for where nothing is said.
_WAITING = "stage:waiting"
#: Narrower than this, a case takes two lines.
_ONE_LINE_FROM = 100
#: From this width on, one line has room for reach.
_REACH_FROM = 120


@dataclass(frozen=True, kw_only=True)
class QueueSheet:
    """A page of cases."""

    cases: Sequence[Case]
    now: datetime
    networks: Mapping[str, str]
    drafts: Mapping[int, Draft] = field(default_factory=dict)
    #: Who has a card open, by case.
    looking: Mapping[int, Sequence[Looker]] = field(default_factory=dict)
    #: Approved replies that a person has to send themselves; told at the first page of what waits.
    by_hand: Sequence[Delivery] = ()
    #: The first of two yeses, where the second is missing.
    firsts: Mapping[int, Decision] = field(default_factory=dict)
    #: The case after which the next page begins; None when this is the last.
    more: str | None = None
    schema: str = "responder.queue/1"

    def items(self) -> list[dict[str, object]]:
        """Return each case as plain data."""
        return [
            case_item(
                one,
                self._network(one),
                self.drafts.get(one.id),
                self.looking.get(one.id, ()),
                self.firsts.get(one.id),
            )
            for one in self.cases
        ]

    def rows(self) -> Iterable[Sequence[object]]:
        """Return the fields of each case, in the order that docs/json.md gives for a pipe."""
        for one in self.cases:
            said = one.target
            yield (
                one.name, one.stage, one.tier, one.urgency, moment(one.due_at),
                one.account, self._network(one),
                said.author.handle, "" if said.author.followers is None else said.author.followers,
                moment(said.created_at), one.spoken or "", ",".join(self._marks(one)), said.text,
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw one line a case, or two where there is little room; then what is to be sent by hand."""
        self._draw_cases(canvas)
        if self.by_hand:
            canvas.blank()
            canvas.line(("To send by hand", "strong"))
        for one in self.by_hand:
            canvas.line((f"c-{one.case_id}  ", "strong"), words.sent_by_hand(one), indent=2, hang=7)

    def _draw_cases(self, canvas: "Canvas") -> None:
        if canvas.width >= _ONE_LINE_FROM:
            head = ("case", "urgent", "answer", "who", "reach", "age", "lang", "", "they wrote")
            reach = canvas.width >= _REACH_FROM
            canvas.table(head, [self._cells(one, reach=reach) for one in self.cases])
            return
        for one in self.cases:
            said = one.target
            facts = (
                words.who(said, self._network(one)),
                words.age(said.created_at, self.now),
                one.spoken or "",
                ", ".join(self._marks(one)),
                words.reach(said),
            )
            canvas.short(
                (f"{one.name:<7}", "strong"),
                (f"{_urgency(one):<6}", _style(one)),
                (f"{words.due(one, self.now):<12}", self._late(one)),
                " · ".join(one_line(fact) for fact in facts if fact),
            )
            canvas.short(one_line(said.text, 200), indent=7)

    def _cells(self, one: Case, *, reach: bool) -> "Sequence[Words]":
        said = one.target
        return (
            (one.name, "strong"),
            (_urgency(one), _style(one)),
            (words.due(one, self.now), self._late(one)),
            one_line(words.who(said, self._network(one)), 22),
            words.short_reach(said) if reach else "",
            words.age(said.created_at, self.now),
            one_line(one.spoken or "", 3),
            ", ".join(self._marks(one)),
            one_line(said.text, 200),
        )

    def _marks(self, one: Case) -> tuple[str, ...]:
        asleep = f"asleep {span(one.snoozed_until - self.now)}" if one.snoozed_until else ""
        also = (
            asleep if one.sleeps(self.now) else "",
            f"with {one_line(one.owner, 20)}" if one.owner else "",
            *(f"{one_line(looker.by, 20)} looks at it" for looker in self.looking.get(one.id, ())),
        )
        marks = words.marks(one, self.drafts.get(one.id), self.firsts.get(one.id))
        return (*marks, *(mark for mark in also if mark))

    def _network(self, one: Case) -> str:
        return self.networks.get(one.account, one.account)

    def _late(self, one: Case) -> str:
        return "alarm" if words.due(one, self.now).endswith("late") else ""


def case_item(
    one: Case,
    network: str,
    draft: Draft | None,
    looking: Sequence[Looker] = (),
    first: Decision | None = None,
) -> dict[str, object]:
    """Return a case as --json tells it; `first` is the first yes of two."""
    said = one.target
    return {
        "id": one.name,
        "stage": str(one.stage),
        "tier": one.tier,
        "urgency": one.urgency,
        "tone": one.tone,
        "topic": one.topic,
        "due_at": moment(one.due_at) or None,
        "owed_since": moment(one.owed_since) or None,
        "settle_by": moment(one.settle_by) or None,
        "rule_by": moment(one.rule_by) or None,
        "opened_at": moment(one.opened_at),
        "account": one.account,
        "network": network,
        "author": {
            "id": said.author.id,
            "handle": said.author.handle,
            "name": said.author.name,
            "followers": said.author.followers,
            "bot": said.author.bot,
        },
        "text": said.text,
        "language": one.spoken,
        "created_at": moment(said.created_at),
        "url": said.url,
        "audience": str(said.audience),
        "posts": one.posts,
        "replies": one.replies,
        "draft": one.draft_number or None,
        "owner": one.owner,
        "snoozed_until": moment(one.snoozed_until) or None,
        "woken_from": moment(one.woken_from) or None,
        "merged_into": f"c-{one.merged_into}" if one.merged_into else None,
        "looking": [{"by": looker.by, "since": moment(looker.since)} for looker in looking],
        "marks": list(words.marks(one, draft, first)),
        "first_yes": {"by": first.by, "at": moment(first.at)} if first else None,
    }


def moment(at: datetime | None) -> str:
    """Return a time for a program: ISO 8601 in UTC, "" when there is none."""
    return at.isoformat(timespec="seconds") if at else ""


def _urgency(one: Case) -> str:
    return f"{one.tier}/{one.urgency}"


def _style(one: Case) -> str:
    return {5: "alarm", 4: "alarm", 3: "care"}.get(one.tier, "")


def page(desk: "Desk", search: Search, limit: int, after: int | None = None) -> QueueSheet:
    """Return cases that `search` describes by urgency, those that follow case number `after`.

    Those that sleep are left out of what waits; asked for by themselves, they stand by when they wake.
    """
    now = desk.now()
    reached = _reached(desk, search, limit + 1, after)
    cases = reached[:limit]
    found = {one.id: desk.store.casework.draft(one) for one in cases if one.draft_number}
    first = str(search) == _WAITING and after is None
    return QueueSheet(
        cases=cases,
        now=now,
        networks=desk.networks(),
        drafts={number: draft for number, draft in found.items() if draft},
        looking=desk.store.looking.at([one.id for one in cases], now),
        by_hand=desk.store.lists.by_hand() if first else (),
        firsts=desk.store.yeses.first(found),
        more=cases[-1].name if len(reached) > limit else None,
    )


def _reached(desk: "Desk", search: Search, limit: int, after: int | None) -> Sequence[Case]:
    now = desk.now()
    last = None if after is None else desk.store.casework.get(after)
    if str(search) == "stage:snoozed":
        return desk.store.lists.asleep(now, after=last, limit=limit)
    # days end where the people are
    local = now.astimezone(desk.settings.company.timezone)
    return desk.store.finding.page(search, local, after=last.place if last else None, limit=limit)


def queue(
    *filter: Filter,  # noqa: A002 (what people read in the help)
    view: View = "",
    stage: StageName | None = None,
    account: Annotated[str | None, Parameter(metavar="NAME")] = None,
    limit: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=1000))] = 20,
    after: CaseId | None = None,
    desk: AtDesk,
) -> None:
    """List cases, the most urgent first.

    Args:
        view: The cases of a saved view: responder views.
        stage: Which cases, waiting if it is left out; "open" are all in which a customer waits for us,
            "snoozed" those put off.
        account: Only what this account heard.
        limit: How many, at most 1000; 20 if it is left out.
        after: Go on after this case.
    """
    asked = search_of(desk, filter, view, {"stage": stage, "account": account})
    search = asked.in_stage("waiting")
    sheet = page(desk, search, limit, after)
    asleep = desk.store.lists.count_asleep(desk.now()).n if str(search) == _WAITING else 0
    by_hand = [words.by_hand_item(one) for one in sheet.by_hand]
    pause = desk.store.control.pausing()
    if pause and desk.screen.drawn:  # read before anything else, and by who reads a pipe on standard error
        desk.screen.canvas().line((words.paused(pause, desk.now()), "alarm"))
    paused_by = pause.whose or None
    desk.screen.show(sheet, next=sheet.more, asleep=asleep, by_hand=by_hand, paused_by=paused_by)
    if pause and not desk.screen.drawn:
        desk.screen.note(words.paused(pause, desk.now()))
    if not sheet.cases:
        desk.screen.hint(_empty(search, desk))
    elif sheet.more:
        desk.screen.note(_go_on(asked, limit, sheet.more))  # also to who reads a pipe
    _beside(desk, sheet, asleep)
    heard = {one.value for one in search.of("account")}
    for one in desk.store.views.health():
        if one.problem and (not heard or one.name in heard):
            desk.screen.note(f"{one.name}: {one_line(one.problem, 200)} (responder doctor {one.name})")


def _beside(desk: "Desk", sheet: QueueSheet, asleep: int) -> None:
    """Tell of what is in no line of the queue and must not be forgotten."""
    if sheet.by_hand and not desk.screen.drawn:
        for sent in sheet.by_hand:
            desk.screen.note(f"to send by hand: c-{sent.case_id}: {words.sent_by_hand(sent)}")
    if asleep:
        desk.screen.note(f"{words.many(asleep, 'case')} put off for now: responder queue --stage snoozed")


def _empty(search: Search, desk: "Desk") -> str:
    if str(search) != _WAITING:
        return f"There is no case for: {search}"
    heard = any(one.heard_at for one in desk.store.views.health())
    return (
        "Nothing waits for you. What else there is: responder queue --stage all, responder digest"
        if heard
        else "Nothing was read yet. Begin with: responder poll, or responder demo"
    )


def _go_on(asked: Search, limit: int, more: str) -> str:
    words = [shlex.quote(str(one)) for one in asked.terms]
    words += [f"--limit {limit}"] * (limit != 20) + [f"--after {more}"]
    return f"More: responder queue {' '.join(words)}"
