"""Conditions: what is so that somebody must know now, by queries that no number of cases makes longer."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from responder.model.alert import OF_CASES, OF_CLOCK, Found, Kind
from responder.model.case import OPEN, Case, Stage
from responder.model.clocks import Clocks
from responder.model.incident import IncidentStage
from responder.model.triage import GRAVE
from responder.store.follow_up_tables import DUE, follow_up
from responder.store.incident_tables import incident
from responder.store.pausing import file_pauses
from responder.store.promise_tables import OWED, promise
from responder.store.rows import case_from
from responder.store.side_tables import control
from responder.store.tables import ALARMED, PENDING, REFUSED, account, cases, delivery
from responder.store.watch_tables import gap
from responder.store.whole import CASE_COLUMNS

#: A poll may fail for so long before anybody is told: most networks stumble, and come back.
_ILL_AFTER = timedelta(minutes=30)
#: A promise is due soon.
_SOON = timedelta(minutes=30)
_OF_REPLIES = frozenset({Kind.UNSURE, Kind.ALARM, Kind.REFUSED})
_REPLIES = select(
    *(delivery.c[name] for name in ("id", "case_id", "account", "draft_number", "problem", "alarm")),
    cases.c.tier, cases.c.stage, cases.c.draft_number.label("of_case"),
).join(cases, cases.c.id == delivery.c.case_id)  # fmt: skip
_WHICH: dict[Kind, tuple[Any, ...]] = {
    Kind.UNSURE: (PENDING, delivery.c.stage == "UNSURE"),
    Kind.ALARM: (ALARMED,),
    Kind.REFUSED: (REFUSED,),
}
#: What is to be followed up; of what was promised the promise tells.
_PAST = DUE, follow_up.c.promise_id.is_(None)
#: Of each kind no more are found at once.
_MOST = 200


def of_case(one: Case, clocks: Clocks, now: datetime) -> Iterator[Found]:
    """Give what stands about a case by its clocks and its tier."""
    if one.stage in OPEN and one.tier >= GRAVE:
        yield _about(Kind.GRAVE, one)
    for clock, over in clocks.struck(one, now)[0].items():
        yield _about(OF_CLOCK[clock, over], one)


def beside(connection: Connection, pause_file: Path | None, now: datetime) -> Iterator[Found]:
    """Give what stands beside the clocks: the pause, accounts, and replies that did not go as approved."""
    paused = select(control.c.by).where(control.c.name == "pause", control.c.value == "on")
    for row in connection.execute(paused):
        yield Found(kind=Kind.PAUSED, subject="", detail=row.by)
    if file_pauses(pause_file):
        yield Found(kind=Kind.PAUSED, subject="file", detail=str(pause_file))
    late = or_(account.c.heard_at.is_(None), account.c.heard_at < now - _ILL_AFTER)
    ill = or_(account.c.stopped, (account.c.problem != "") & late)
    blind = list(connection.execute(select(gap.c.account, gap.c.says).where(gap.c.until.is_(None))))
    for row in blind:
        yield Found(kind=Kind.BLIND, subject=row.account, account=row.account, detail=row.says)
    known = {row.account for row in blind}
    for row in connection.execute(select(account.c.name, account.c.problem).where(ill)):
        if row.name not in known:
            yield Found(kind=Kind.ILL, subject=row.name, account=row.name, detail=row.problem)
    yield from _promised(connection, now)
    yield from _replies(connection, select(delivery.c.id).order_by(delivery.c.id.desc()).limit(_MOST))


def _promised(connection: Connection, now: datetime) -> Iterator[Found]:
    """Give the promises that are due soon or were not kept, and the incidents whose next news is due."""
    owed = select(promise).where(OWED, promise.c.due_at < now + _SOON).order_by(promise.c.due_at).limit(_MOST)
    for row in connection.execute(owed):
        late = row.status == "BROKEN" or row.due_at < now
        yield Found(
            kind=Kind.PROMISE_LATE if late else Kind.PROMISE_NEAR,
            subject=f"p-{row.id}",
            case_id=row.case_id,
            account=row.account,
            detail=row.quote,
        )
    past = select(follow_up).where(*_PAST, follow_up.c.due_at < now).order_by(follow_up.c.due_at).limit(_MOST)
    for row in connection.execute(past):
        subject, known = f"f-{row.id}", {"case_id": row.case_id, "account": row.account}
        yield Found(kind=Kind.FOLLOW_UP, subject=subject, detail=row.kind, **known)
    due = select(incident.c.id, incident.c.cause).where(
        incident.c.stage == str(IncidentStage.OPEN), incident.c.due_at <= now
    )
    for row in connection.execute(due.limit(_MOST)):
        yield Found(kind=Kind.NEWS, subject=f"i-{row.id}", detail=f"i-{row.id} {row.cause}")


def _replies(connection: Connection, some: Select[tuple[int]]) -> Iterator[Found]:
    """Give the replies among these that did not go, or do not stand, as they were approved."""
    for kind, which in _WHICH.items():
        # in a statement of its own, where its words are about replies alone
        for row in connection.execute(_REPLIES.where(delivery.c.id.in_(some.where(*which)))):
            if kind is not Kind.REFUSED or _waits(row):
                yield _reply(kind, row)


def _waits(row: Any) -> bool:
    """Whether a case waits with the words that were refused: nobody wrote others, or let it go."""
    return bool(row.stage == str(Stage.WAITING) and row.draft_number == row.of_case)


def reasons_to_stand(
    connection: Connection, rows: Sequence[Row[Any]], clocks: Clocks, pause_file: Path | None, now: datetime
) -> set[tuple[str, str]]:
    """Return which of these alerts still stand, by kind and subject."""
    numbers = {row.case_id for row in rows if row.kind in OF_CASES}
    found = list(beside(connection, pause_file, now))
    # also those that are not among the latest
    replies = [int(row.subject.removeprefix("d-")) for row in rows if row.kind in _OF_REPLIES]
    if replies:
        found += _replies(connection, select(delivery.c.id).where(delivery.c.id.in_(replies)))
    if numbers:
        read = connection.execute(CASE_COLUMNS.where(cases.c.id.in_(numbers))).mappings()
        found += [one for known in map(case_from, read) for one in of_case(known, clocks, now)]
    return {(str(one.kind), one.subject) for one in found}


def _about(kind: Kind, one: Case) -> Found:
    return Found(kind=kind, subject=one.name, case_id=one.id, account=one.account, tier=one.tier)


def _reply(kind: Kind, row: Any) -> Found:
    return Found(
        kind=kind,
        subject=f"d-{row.id}",
        case_id=row.case_id,
        account=row.account,
        tier=row.tier,
        detail=row.alarm if kind is Kind.ALARM else row.problem,
    )
