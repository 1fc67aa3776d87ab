"""Summing up: what happened in some days. All of it is counted; how long that takes grows with the days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    type_coerce,
    union,
)

from responder.model.case import Stage
from responder.model.decision import Verdict
from responder.model.period import Period
from responder.model.search import Search
from responder.model.summary import cause
from responder.model.times import Times, times
from responder.store.answers import BY_HAND, answered
from responder.store.finding import asks_posts, conditions
from responder.store.statistics import DRAFT_OF_DECISION, warned
from responder.store.tables import REPORTED, cases, decision, delivery, draft, event
from responder.store.whole import TARGET

if TYPE_CHECKING:
    from responder.store.store import Store

#: Every time zone is so many minutes from the next: no day begins inside a slot.
_SLOT = 15 * 60 * 1_000_000
_FETCHED = 10_000
#: Cases alike in all that is told apart: account, tier, topic, language, stage, whether weighed, complaint.
Kind = tuple[str, int, str, str, str, bool, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What was counted, all of it at one moment."""

    came: Mapping[Kind, int]
    came_by_day: Sequence[int]
    times: Times
    #: Replies by audience.
    replies: Mapping[str, int]
    answers_by_day: Sequence[int]
    happened: Mapping[str, int]
    #: Reasons of dismissals, as they were typed.
    dismissed: Mapping[str, int]
    approved: int
    overrides: Mapping[str, int]
    voided: Mapping[str, int]


class Summing:
    """Read-only."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def sums(self, search: Search, of: Period, now: datetime) -> Sums:
        """Return what happened in these days to the cases that `search` describes."""
        with self._store.read(whole=True) as connection:
            return _Days(connection, search, of, now).sums()

    def briefly(self, search: Search, of: Period, now: datetime) -> tuple[Mapping[Kind, int], Times]:
        """Return what came in in these days, and how fast customers were answered."""
        with self._store.read(whole=True) as connection:
            days = _Days(connection, search, of, now)
            return days.came(), days.times()


class _Days:
    """Some days, on one connection."""

    def __init__(self, connection: Connection, search: Search, of: Period, now: datetime) -> None:
        self._connection, self._search, self._of, self._now = connection, search, of, now

    def sums(self) -> Sums:
        sent, by_hand = self._sent(), self._events().where(event.c.action == BY_HAND)
        decided = self._decided()
        return Sums(
            came=self.came(),
            came_by_day=self._by_day(self._opened(), cases.c.opened_at),
            times=self.times(),
            replies=self._counts(sent, delivery.c.audience),
            answers_by_day=[
                n + more
                for n, more in zip(
                    self._by_day(sent, delivery.c.sent_at), self._by_day(by_hand, event.c.at), strict=True
                )
            ],
            happened=self._counts(self._events(), event.c.action),
            dismissed={why: n for verdict, why, n in decided if verdict == str(Verdict.DISMISS)},
            approved=sum(n for verdict, _, n in decided if verdict == str(Verdict.APPROVE)),
            overrides=self._overrides(),
            voided=self._voided(),
        )

    def came(self) -> dict[Kind, int]:
        weighed = or_(cases.c.first_by.is_not(None), cases.c.due_at.is_not(None))
        complaint = or_(cases.c.stage != str(Stage.SET_ASIDE), cases.c.draft_number > 0)
        kind = (cases.c.account, cases.c.tier, cases.c.topic, cases.c.language, cases.c.stage)
        told = [*kind, case((weighed, 1), else_=0), case((complaint, 1), else_=0)]
        query = self._opened().with_only_columns(*told, func.count()).group_by(*told)
        rows = self._connection.execute(query)
        return {(*row[:5], bool(row[5]), bool(row[6])): row[7] for row in rows}

    def times(self) -> Times:
        # the search is asked of the cases that were answered, once
        sent = select(delivery.c.case_id).where(self._within(delivery.c.sent_at))
        by_hand = select(event.c.case_id).where(REPORTED, self._within(event.c.at), event.c.action == BY_HAND)
        which = cases.c.id.in_(union(sent, by_hand))
        return times(answered(self._connection, which, self._search, self._of.start, self._now))

    def _decided(self) -> list[tuple[str, str, int]]:
        wanted = decision.c.verdict.in_([str(Verdict.DISMISS), str(Verdict.APPROVE)])
        # why somebody approved despite a warning is not counted
        reason = case((decision.c.verdict == str(Verdict.DISMISS), decision.c.reason), else_="")
        query = select(decision.c.verdict, reason.label("why"), func.count())
        query = self._of_cases(query.where(self._within(decision.c.at), wanted), decision.c.case_id)
        rows = self._connection.execute(query.group_by(decision.c.verdict, "why"))
        return [(row[0], row[1], row[2]) for row in rows]

    def _overrides(self) -> dict[str, int]:
        query = select(draft.c.findings).select_from(decision).join(draft, DRAFT_OF_DECISION)
        approved = decision.c.verdict == str(Verdict.APPROVE), self._within(decision.c.at)
        # in words that PostgreSQL expects of many: else it would look through all drafts for few
        words = cast(draft.c.findings, Text)
        suspect = func.replace(words, '"level":"warn"', "") != words
        query = self._of_cases(query.where(*approved, suspect), decision.c.case_id)
        counts: Counter[str] = Counter()
        for found in self._connection.scalars(query.execution_options(yield_per=_FETCHED)):
            counts.update(warned(found))
        return dict(counts.most_common())

    def _voided(self) -> dict[str, int]:
        query = self._events().with_only_columns(event.c.detail).where(event.c.action == "delivery void")
        rows = self._connection.scalars(query.execution_options(yield_per=_FETCHED))
        return dict(Counter(cause(str((detail or {}).get("why", ""))) for detail in rows).most_common())

    def _opened(self) -> Select[Any]:
        return self._of_cases(select(cases.c.id).where(self._within(cases.c.opened_at)), None)

    def _sent(self) -> Select[Any]:
        query = select(delivery.c.id).where(self._within(delivery.c.sent_at))
        return self._of_cases(query, delivery.c.case_id)

    def _events(self) -> Select[Any]:
        query = select(event.c.id).where(REPORTED, self._within(event.c.at))
        return self._of_cases(query, event.c.case_id)

    def _within(self, at: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(at >= self._of.start, at < self._of.end)

    def _of_cases(self, query: Select[Any], number: ColumnElement[Any] | None) -> Select[Any]:
        """Return a query limited to the cases that are meant; all are where the search says nothing."""
        if not self._search.terms:
            return query
        if number is not None:
            query = query.join(cases, cases.c.id == number)
        if asks_posts(self._search):
            query = query.join(TARGET, TARGET.c.id == cases.c.target_id)
        return query.where(*conditions(self._connection, self._search, self._now))

    def _counts(self, query: Select[Any], column: ColumnElement[Any]) -> dict[str, int]:
        counted = query.with_only_columns(column, func.count(), maintain_column_froms=True).group_by(column)
        return {row[0]: row[1] for row in self._connection.execute(counted)}

    def _by_day(self, query: Select[Any], at: ColumnElement[Any]) -> list[int]:
        slot = (type_coerce(at, BigInteger) // _SLOT).label("slot")
        counted = query.with_only_columns(slot, func.count(), maintain_column_froms=True).group_by("slot")
        days = [0] * self._of.days
        for number, n in self._connection.execute(counted):
            days[self._of.day_of(int(number) * _SLOT)] += n
        return days
