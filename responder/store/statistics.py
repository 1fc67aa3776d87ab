"""Statistics: what figures are made of. Every question looks at a bounded number of rows, the latest."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from responder.model.case import OPEN
from responder.model.decision import Verdict
from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.search import Search
from responder.model.statistics import Reply
from responder.model.times import Answer
from responder.model.triage import Level
from responder.store.answers import answered
from responder.store.finding import conditions
from responder.store.rows import findings_from
from responder.store.side_tables import correction
from responder.store.tables import PENDING, account, cases, decision, delivery, draft, stage_tally
from responder.store.views import rules_of
from responder.store.whole import TARGET

if TYPE_CHECKING:
    from responder.store.store import Store

#: The latest answers, and the latest replies and approvals, that are looked at.
LATEST_ANSWERS, LATEST_REPLIES = 20_000, 5_000
#: The latest decisions among which those of one person are looked for, and so many of theirs.
LATEST_DECISIONS, LATEST_OWN = 50_000, 2_000
_DRAFT_OF_DELIVERY = (draft.c.case_id == delivery.c.case_id) & (draft.c.number == delivery.c.draft_number)
DRAFT_OF_DECISION = (draft.c.case_id == decision.c.case_id) & (draft.c.number == decision.c.draft_number)
_MADE = (decision.c.case_id, decision.c.verdict, decision.c.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision of a person; `before` and `after` are our last draft and what was approved."""

    case_id: int
    verdict: Verdict
    seconds: float | None
    before: str | None
    after: str | None


class Statistics:
    """Read-only."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def open(self) -> Mapping[tuple[int, str], int]:
        """Return how many customers wait, by tier and network."""
        query = select(stage_tally.c.tier, account.c.connector, func.sum(stage_tally.c.n))
        query = query.join(account, account.c.name == stage_tally.c.account)
        of_open = query.where(stage_tally.c.stage.in_(OPEN)).group_by(stage_tally.c.tier, account.c.connector)
        with self._store.read() as connection:
            return {(tier, network): int(n) for tier, network, n in connection.execute(of_open) if n}

    def by_stage_and_tier(self) -> Mapping[tuple[str, int], int]:
        """Return how many cases there are, by stage and tier."""
        query = select(stage_tally.c.stage, stage_tally.c.tier, func.sum(stage_tally.c.n))
        with self._store.read() as connection:
            rows = connection.execute(query.group_by(stage_tally.c.stage, stage_tally.c.tier))
            return {(stage, tier): int(n) for stage, tier, n in rows if n}

    def pending(self) -> Mapping[str, int]:
        """Return how many replies are not settled, by stage."""
        query = select(delivery.c.stage, func.count()).where(PENDING).group_by(delivery.c.stage)
        with self._store.read() as connection:
            return {stage: int(n) for stage, n in connection.execute(query)}

    def answers(self, search: Search, since: datetime, now: datetime) -> tuple[list[Answer], bool]:
        """Return the latest cases answered since then that `search` describes; whether there were more."""
        latest = (
            select(cases.c.id)
            .where(cases.c.answered_at.between(since, now))
            .order_by(cases.c.answered_at.desc())
            .limit(LATEST_ANSWERS)
        )
        with self._store.read(whole=True) as connection:
            n = connection.scalar(select(func.count()).select_from(latest.subquery())) or 0
            found = list(answered(connection, cases.c.id.in_(latest), search, since, now))
            return found, n == LATEST_ANSWERS

    def replies(self, search: Search, since: datetime, now: datetime) -> list[Reply]:
        """Return the latest replies that went out since then, in cases that `search` describes."""
        latest = (
            select(delivery.c.id)
            .where(delivery.c.sent_at.between(since, now))
            .order_by(delivery.c.sent_at.desc())
            .limit(LATEST_REPLIES)
        )
        query = (
            select(draft.c.playbook, delivery.c.audience, draft.c.findings)
            .select_from(delivery)
            .join(draft, _DRAFT_OF_DELIVERY)
            .join(cases, cases.c.id == delivery.c.case_id)
            .join(TARGET, TARGET.c.id == cases.c.target_id)
            .where(delivery.c.id.in_(latest))
        )
        with self._store.read() as connection:
            rows = connection.execute(query.where(*conditions(connection, search, now)))
            return [
                Reply(playbook=row[0], private=row[1] == str(Audience.PRIVATE), rules=warned(row[2]))
                for row in rows
            ]

    def overrides(self, search: Search, since: datetime, now: datetime) -> Counter[str]:
        """Count, by rule, the warnings of drafts that people approved since then, among the latest."""
        approved = (
            select(decision.c.id)
            .where(decision.c.verdict == str(Verdict.APPROVE))
            .order_by(decision.c.id.desc())
            .limit(LATEST_REPLIES)
        )
        query = (
            select(draft.c.findings)
            .select_from(decision)
            .join(draft, DRAFT_OF_DECISION)
            .join(cases, cases.c.id == decision.c.case_id)
            .join(TARGET, TARGET.c.id == cases.c.target_id)
            .where(decision.c.id.in_(approved), decision.c.at.between(since, now))
        )
        counts: Counter[str] = Counter()
        with self._store.read() as connection:
            for found in connection.scalars(query.where(*conditions(connection, search, now))):
                counts.update(warned(found))
        return counts

    def decided(self, name: str, since: datetime) -> tuple[list[Decided], bool]:
        """Return a person's latest decisions since then, oldest first; whether there may be more."""
        latest = select(decision.c.id).order_by(decision.c.id.desc()).limit(LATEST_DECISIONS)
        ours = draft.alias("ours")
        before = (
            select(ours.c.text)
            .where(
                ours.c.case_id == decision.c.case_id,
                ours.c.number <= decision.c.draft_number,
                ours.c.origin != str(Origin.PERSON),
            )
            .order_by(ours.c.number.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            select(*_MADE, before.label("before"), draft.c.text)
            .outerjoin(draft, DRAFT_OF_DECISION)
            .where(decision.c.id.in_(latest), decision.c.by == name, decision.c.at >= since)
            .order_by(decision.c.id.desc())
            .limit(LATEST_OWN)
        )
        with self._store.read() as connection:
            rows = connection.execute(query).all()
        made = [
            Decided(case_id=row[0], verdict=Verdict(row[1]), seconds=row[2], before=row[3], after=row[4])
            for row in reversed(rows)
        ]
        return made, len(made) == LATEST_OWN

    def corrected(self, name: str, since: datetime) -> set[int]:
        """Return the cases about which a person said, since then, that triage was wrong."""
        latest = select(correction.c.id).order_by(correction.c.id.desc()).limit(LATEST_DECISIONS)
        query = select(correction.c.case_id).where(
            correction.c.id.in_(latest), correction.c.by == name, correction.c.at >= since
        )
        with self._store.read() as connection:
            return set(connection.scalars(query))


def warned(found: list[dict[str, Any]] | None) -> frozenset[str]:
    """Return the rules that warn of a draft's words."""
    warnings = (one for one in findings_from(found) if one.level is Level.WARN)
    return frozenset(name for one in warnings for name in rules_of(one))
