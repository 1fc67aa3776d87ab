"""Reading for people: pages of the queue, one whole case, the digest's figures, each account's health."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    TextClause,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)

from responder.model.case import OPEN, Case, Stage
from responder.model.correction import Correction
from responder.model.decision import Decision, Verdict
from responder.model.delivery import Delivery, DeliveryStage
from responder.model.digest import OVERDUE_CAP, AccountHealth, Figures
from responder.model.draft import Draft
from responder.model.event import Event
from responder.model.mention import Audience, Mention
from responder.model.triage import Finding, Level
from responder.store.approval import DELIVERY_COLUMNS
from responder.store.caps import silent
from responder.store.planned_once import LIMIT, fixed
from responder.store.rows import case_from, delivery_from, draft_from, event_from, findings_from, mention_from
from responder.store.side_tables import malformed
from responder.store.tables import (
    AWAKE,
    PENDING,
    SAME,
    account,
    cases,
    decision,
    delivery,
    draft,
    event,
    hour_tally,
    mention,
    stage_tally,
)
from responder.store.whole import CASE_COLUMNS, ONE_CASE, case_row, corrections_of

if TYPE_CHECKING:
    from responder.store.store import Store

#: The latest answers whose time a median is taken of.
_MEDIAN_OF = 500
#: Most urgent cases of a stage among which a digest looks for those that are overdue, or are not.
_LOOKED_AT = 500
#: What belongs to one case.
_ITS: BindParameter[int] = bindparam("case")
_ON_CARD = ONE_CASE.add_columns(cases.c.reasons)
_POSTS = (
    select(mention).join(cases, SAME).where(cases.c.id == _ITS).order_by(mention.c.created_at, mention.c.id)
)
_DRAFTS = select(draft).where(draft.c.case_id == _ITS).order_by(draft.c.number)
_DECISIONS = select(decision).where(decision.c.case_id == _ITS).order_by(decision.c.id)
_DELIVERIES = DELIVERY_COLUMNS.where(delivery.c.case_id == _ITS).order_by(delivery.c.id)
_JOURNAL = select(event).where(event.c.case_id == _ITS).order_by(event.c.id)
_ALSO = (
    select(mention, cases.c.id.label("case_id"))
    .join(cases, SAME)
    .where(cases.c.merged_into == _ITS)
    .order_by(cases.c.id, mention.c.created_at, mention.c.id)
)
_RECENT = (
    select(draft.c.text)
    .where(draft.c.audience == str(Audience.PUBLIC))
    .order_by(draft.c.id.desc())
    .limit(LIMIT)
)
_PENDING = DELIVERY_COLUMNS.where(PENDING).limit(LIMIT)
_UNSETTLED = _PENDING.where(delivery.c.stage == fixed(DeliveryStage.UNSURE)).order_by(delivery.c.id)
_HELD = _PENDING.where(delivery.c.stage.in_(["PLANNED", "SENDING"])).order_by(
    delivery.c.not_before, delivery.c.id
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything there is about one case."""

    case: Case
    #: Why it stands where it does in the queue.
    reasons: tuple[Finding, ...]
    #: The customer's posts, oldest first, also those removed since.
    posts: tuple[Mention, ...]
    #: Ids (ours) of the posts their author removed.
    removed: frozenset[int]
    drafts: tuple[Draft, ...]
    decisions: tuple[Decision, ...]
    #: What people said triage got wrong, oldest first.
    corrections: tuple[Correction, ...]
    deliveries: tuple[Delivery, ...]
    events: tuple[Event, ...]
    #: What was said in cases that it speaks for, by their number, oldest first.
    also: Mapping[int, tuple[Mention, ...]] = field(default_factory=dict)

    @property
    def draft(self) -> Draft | None:
        """The current draft; none when it is for an earlier post than the one to be answered now."""
        now = self.case.draft_number, self.case.target.id
        return next((one for one in self.drafts if (one.number, one.target_id) == now), None)


class Views:
    """Read-only; none of these takes longer because there are more cases."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def overrides(self) -> Counter[str]:
        """Count, by rule, the warnings of drafts that people approved; one draft counts once a rule."""
        approved = (
            select(draft.c.findings)
            .join(
                decision,
                (decision.c.case_id == draft.c.case_id) & (decision.c.draft_number == draft.c.number),
            )
            .where(decision.c.verdict == str(Verdict.APPROVE))
        )
        counts: Counter[str] = Counter()
        with self._store.read() as connection:
            for found in connection.scalars(approved):
                warned = [one for one in findings_from(found) if one.level is Level.WARN]
                counts.update({name for one in warned for name in rules_of(one)})
        return counts

    def recent_drafts(self, limit: int) -> list[str]:
        """Return the words of the latest public drafts, the newest first; every reply was one."""
        with self._store.read() as connection:
            return list(connection.scalars(_RECENT, {"limit": limit}))

    def page(
        self,
        stage: Stage,
        *,
        after: tuple[int, datetime, int] | None = None,
        name: str | None = None,
        limit: int = 50,
        now: datetime | None = None,
    ) -> list[Case]:
        """Return cases in `stage` by urgency, following the place `after` (a case's `place`).

        `name` keeps only that account's; `now` leaves out, of those that wait for a person, who sleeps then.
        """
        place = tuple_(cases.c.rank, cases.c.opened_at, cases.c.id)
        query = CASE_COLUMNS.order_by(*place).limit(LIMIT)
        if after is not None:
            query = query.where(place > after)
        if name is not None:
            query = query.where(cases.c.account == name)
        if now is None or stage is not Stage.WAITING:
            return self._cases(query.where(cases.c.stage == str(stage)), limit)
        # an account's own are few: its index finds them. Of all, those that sleep would be in the way
        one_by_one = (cases.c.stage == str(Stage.WAITING), cases.c.snoozed_until.is_(None))
        awake = query.where(*one_by_one) if name else query.where(self._awake())
        woken = query.where(*_woken(now))
        with self._store.read() as connection:
            found = [connection.execute(one, {"limit": limit}).mappings().all() for one in (awake, woken)]
        pages = [map(case_from, rows) for rows in found]
        return list(islice(merge(*pages, key=lambda one: one.place), limit))

    def card(self, number: int) -> Card:
        """Return all about case `number`, or raise NotFound."""
        with self._store.read() as connection:
            row = case_row(connection, number, _ON_CARD)
            which = {"case": number}
            posts = connection.execute(_POSTS, which).mappings().all()
            drafts = connection.execute(_DRAFTS, which)
            sent = connection.execute(_DELIVERIES, which)
            journal = connection.execute(_JOURNAL, which)
            return Card(
                case=replace(case_from(row), opted_out=bool(silent(connection, [number]))),
                reasons=findings_from(row["reasons"]),
                posts=tuple(mention_from(post) for post in posts),
                removed=frozenset(post["id"] for post in posts if post["removed_at"]),
                drafts=tuple(draft_from(one) for one in drafts.mappings()),
                decisions=_decisions(connection, number),
                corrections=tuple(corrections_of(connection, [number]).get(number, ())),
                deliveries=tuple(delivery_from(one) for one in sent.mappings()),
                events=tuple(event_from(one) for one in journal.mappings()),
                also=_also(connection, number),
            )

    def figures(self, now: datetime, since: datetime) -> Figures:
        """Return the digest's counts at `now`, with what happened in the hours from `since` to `now`."""
        with self._store.read() as connection:
            by_stage: Counter[str] = Counter()
            open_by_tier: Counter[int] = Counter()
            for row in connection.execute(select(stage_tally)):
                by_stage[row.stage] += row.n
                if row.stage in OPEN:
                    open_by_tier[row.tier] += row.n
            late = (
                select(cases.c.id)
                .where(cases.c.stage.in_(OPEN), cases.c.due_at < now)
                .limit(OVERDUE_CAP)
                .subquery()
            )
            happened = select(hour_tally.c.action, func.sum(hour_tally.c.n)).where(
                hour_tally.c.hour.between(int(since.timestamp()) // 3600, int(now.timestamp()) // 3600)
            )
            return Figures(
                by_stage={stage: n for stage, n in by_stage.items() if n},
                open_by_tier={tier: n for tier, n in sorted(open_by_tier.items(), reverse=True) if n},
                overdue=connection.scalar(select(func.count()).select_from(late)) or 0,
                happened={
                    row[0]: int(row[1]) for row in connection.execute(happened.group_by(hour_tally.c.action))
                },
                median_answer=_median_answer(connection, since, now),
            )

    def overdue(self, now: datetime, limit: int = 10) -> list[Case]:
        """Return the most urgent open cases whose first answer is late.

        Looked for among the 500 latest and the 500 most urgent of each open stage.
        """
        order = cases.c.rank, cases.c.opened_at, cases.c.id
        parts = []
        for stage in OPEN:
            inside = select(cases.c.id, cases.c.due_at).where(cases.c.stage == str(stage))
            late = inside.where(cases.c.due_at < now).order_by(cases.c.due_at)
            parts += [some.limit(_LOOKED_AT).subquery() for some in (late, inside.order_by(*order))]
        found = union_all(*(select(part.c.id).where(part.c.due_at < now) for part in parts))
        return self._cases(CASE_COLUMNS.where(cases.c.id.in_(found)).order_by(*order).limit(LIMIT), limit)

    def waiting(self, now: datetime, limit: int = 10) -> list[Case]:
        """Return the most urgent cases that wait for a person and are not overdue, of the first 500.

        Those that sleep are left out.
        """
        order = cases.c.rank, cases.c.opened_at, cases.c.id
        inside = select(cases.c.id).order_by(*order).limit(_LOOKED_AT)
        parts = [
            inside.where(self._awake()).subquery(),
            inside.where(*_woken(now)).subquery(),
        ]
        found = union_all(*(select(part.c.id) for part in parts))
        query = CASE_COLUMNS.where(cases.c.id.in_(found), cases.c.due_at >= now)
        return self._cases(query.order_by(*order).limit(LIMIT), limit)

    def unsettled(self, limit: int = 20) -> list[Delivery]:
        """Return replies that may be public and that only looking, or a person, can settle."""
        with self._store.read() as connection:
            rows = connection.execute(_UNSETTLED, {"limit": limit}).mappings()
            return [delivery_from(row) for row in rows]

    def held(self, limit: int = 20) -> list[Delivery]:
        """Return approved replies that are not out yet: planned, or in a sender's hand, the oldest first."""
        with self._store.read() as connection:
            rows = connection.execute(_HELD, {"limit": limit}).mappings()
            return [delivery_from(row) for row in rows]

    def health(self) -> list[AccountHealth]:
        """Return how each account is doing."""
        with self._store.read() as connection:
            return [
                AccountHealth(
                    name=row.name,
                    network=row.connector,
                    heard_at=row.heard_at,
                    polled_at=row.polled_at,
                    problem=row.problem,
                    stopped=row.stopped,
                )
                for row in connection.execute(select(account).order_by(account.c.name))
            ]

    def unread(self, limit: int = 50) -> list[Mapping[str, str]]:
        """Return what could not be read, newest first: account, place, problem."""
        query = select(malformed.c.account, malformed.c.place, malformed.c.problem)
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(malformed.c.id.desc()).limit(limit)).mappings()
            return [{name: str(value) for name, value in row.items()} for row in rows]

    def verify(self) -> list[str]:
        """Count every case anew and return where the roll-up differs; an empty list is the proof."""
        scan = select(cases.c.account, cases.c.stage, cases.c.tier, func.count()).group_by(
            cases.c.account, cases.c.stage, cases.c.tier
        )
        actions = select(event.c.account, event.c.action, func.count()).group_by(
            event.c.account, event.c.action
        )
        kept_actions = select(hour_tally.c.account, hour_tally.c.action, func.sum(hour_tally.c.n)).group_by(
            hour_tally.c.account, hour_tally.c.action
        )
        with self._store.read(whole=True) as connection:
            kept = {tuple(row[:3]): int(row[3]) for row in connection.execute(select(stage_tally)) if row[3]}
            counted = {tuple(row[:3]): int(row[3]) for row in connection.execute(scan)}
            kept |= {tuple(row[:2]): int(row[2]) for row in connection.execute(kept_actions)}
            counted |= {tuple(row[:2]): int(row[2]) for row in connection.execute(actions)}
        both: defaultdict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
        for place, numbers in enumerate((kept, counted)):
            for key, n in numbers.items():
                both[key][place] = n
        return [
            f"{' '.join(map(str, key))}: kept {was}, counted {now}"
            for key, (was, now) in sorted(both.items(), key=str)
            if was != now
        ]

    def _awake(self) -> TextClause:
        return AWAKE[self._store.engine.dialect.name]

    def _cases(self, query: Select[tuple[object, ...]], limit: int) -> list[Case]:
        """Return the cases that a query with LIMIT finds."""
        with self._store.read() as connection:
            return [case_from(row) for row in connection.execute(query, {"limit": limit}).mappings()]


def _also(connection: Connection, number: int) -> Mapping[int, tuple[Mention, ...]]:
    said: defaultdict[int, tuple[Mention, ...]] = defaultdict(tuple)
    for row in connection.execute(_ALSO, {"case": number}).mappings():
        said[row["case_id"]] += (mention_from(row),)
    return said


def _woken(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say of which cases that wait for a person the sleep is over; who never slept is not among them."""
    # in words by which only the index of those that slept seems to serve (SQLite)
    return cases.c.snoozed_until <= now, cases.c.stage.concat(literal_column("''")) == fixed(Stage.WAITING)


def _decisions(connection: Connection, number: int) -> tuple[Decision, ...]:
    rows = connection.execute(_DECISIONS, {"case": number})
    return tuple(
        Decision(
            case_id=row.case_id,
            verdict=Verdict(row.verdict),
            by=row.by,
            at=row.at,
            draft_number=row.draft_number,
            fingerprint=row.fingerprint,
            reason=row.reason,
            seconds=row.seconds,
            seen=row.seen,
            two=row.two,
        )
        for row in rows
    )


def _median_answer(connection: Connection, since: datetime, now: datetime) -> timedelta | None:
    latest = (
        select(cases.c.answered_at, cases.c.opened_at)
        .where(cases.c.answered_at.between(since, now))
        .order_by(cases.c.answered_at.desc())
        .limit(_MEDIAN_OF)
    )
    times = sorted(row.answered_at - row.opened_at for row in connection.execute(latest))
    return times[len(times) // 2] if times else None


def rules_of(finding: Finding) -> tuple[str, ...]:
    """Return the rules a warning stands for: what a reply lacks is told in one, about no place in it."""
    return (finding.rule,) if finding.end else finding.also or (finding.rule,)
