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
from responder.model.draft import Draft
from responder.model.search import Search
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words
    from responder.cli.desk import Desk

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
    #: The case after which the next page begins; None when this is the last.
    more: str | None = None
    schema: str = "responder.queue/1"

    def items(self) -> list[dict[str, object]]:
        """Return each case as plain data."""
        return [case_item(one, self._network(one), self.drafts.get(one.id)) for one in self.cases]

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
        """Draw one line a case, or two where there is little room."""
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
        return words.marks(one, self.drafts.get(one.id))

    def _network(self, one: Case) -> str:
        return self.networks.get(one.account, one.account)

    def _late(self, one: Case) -> str:
        return "alarm" if words.due(one, self.now).endswith("late") else ""


def case_item(one: Case, network: str, draft: Draft | None) -> dict[str, object]:
    """Return a case as --json tells it."""
    said = one.target
    return {
        "id": one.name,
        "stage": str(one.stage),
        "tier": one.tier,
        "urgency": one.urgency,
        "tone": one.tone,
        "topic": one.topic,
        "due_at": moment(one.due_at) or None,
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
        "marks": list(words.marks(one, draft)),
    }


def moment(at: datetime | None) -> str:
    """Return a time for a program: ISO 8601 in UTC, "" when there is none."""
    return at.isoformat(timespec="seconds") if at else ""


def _urgency(one: Case) -> str:
    return f"{one.tier}/{one.urgency}"


def _style(one: Case) -> str:
    return {5: "alarm", 4: "alarm", 3: "care"}.get(one.tier, "")


def page(desk: "Desk", search: Search, limit: int, after: int | None = None) -> QueueSheet:
    """Return cases that `search` describes by urgency, those that follow case number `after`."""
    place = None if after is None else desk.store.casework.get(after).place
    now = desk.now()
    # days end where the people are
    local = now.astimezone(desk.settings.company.timezone)
    reached = desk.store.finding.page(search, local, after=place, limit=limit + 1)
    cases = reached[:limit]
    found = {one.id: desk.store.casework.draft(one) for one in cases if one.draft_number}
    return QueueSheet(
        cases=cases,
        now=now,
        networks=desk.networks(),
        drafts={number: draft for number, draft in found.items() if draft},
        more=cases[-1].name if len(reached) > limit else None,
    )


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
        stage: Which cases, waiting if it is left out; "open" are all in which a customer waits for us.
        account: Only what this account heard.
        limit: How many, at most 1000; 20 if it is left out.
        after: Go on after this case.
    """
    asked = search_of(desk, filter, view, {"stage": stage, "account": account})
    search = asked.in_stage("waiting")
    sheet = page(desk, search, limit, after)
    desk.screen.show(sheet, next=sheet.more)
    if not sheet.cases:
        desk.screen.hint(_empty(search, desk))
    elif sheet.more:
        desk.screen.note(_go_on(asked, limit, sheet.more))  # also to who reads a pipe
    heard = {one.value for one in search.of("account")}
    for one in desk.store.views.health():
        if one.problem and (not heard or one.name in heard):
            desk.screen.note(f"{one.name}: {one_line(one.problem, 200)} (responder doctor {one.name})")


def _empty(search: Search, desk: "Desk") -> str:
    if str(search) != "stage:waiting":
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
