"""Debriefs: which closed cases are talked over, what was written, and what was to be changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, delete, exists, insert, or_, select, update

from responder.model.case import Case
from responder.model.debrief import Action, Debrief, DebriefState, DebriefWhy
from responder.store.debrief_tables import DUE, NOT_DONE, debrief, debrief_action
from responder.store.errors import Conflict, NotFound
from responder.store.moves import insert_or, lock, record
from responder.store.rows import storable
from responder.store.tables import cases, event

if TYPE_CHECKING:
    from responder.store.store import Store

#: What no cause can be known by: topics.UNCLEAR, and nothing.
_UNTOLD = frozenset({"", "unclear"})
#: A cause that was talked over comes back within this time.
_BACK_WITHIN = timedelta(days=90)


class Debriefs:
    """The forms; a case has one."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def write(
        self,
        case: Case,
        seen: Debrief | None,
        answers: Mapping[str, str],
        actions: Sequence[Action],
        *,
        by: str,
        now: datetime,
    ) -> Debrief:
        """Keep a form as it was filled in; Conflict when somebody wrote it after it was `seen`.

        A case that has none gets one. Of an action that stands there as before, that it was done stays.
        """
        with self._store.write() as connection:
            lock(connection, [case.id])
            tier = max(case.tier, _tiers(connection, [case.id]).get(case.id, 0))
            _due(connection, case.id, (case.account, tier, case.topic), (DebriefWhy.PERSON, by), now)
            current = _get(connection, case.id)
            if current.written_at != (seen.written_at if seen else None):
                raise Conflict(f"the debrief of {case.name} was written by {current.written_by} meanwhile")
            done = {(one.what, one.owner): one for one in current.actions if one.done_at}
            values = {
                "state": str(DebriefState.WRITTEN),
                "written_at": now,
                "written_by": storable(by),
                "answers": {key: storable(words) for key, words in answers.items()},
                "words": storable("\n".join([*answers.values(), *(one.what for one in actions)])),
            }
            mine = debrief.c.case_id == case.id
            connection.execute(update(debrief).where(mine).values(values))
            connection.execute(delete(debrief_action).where(debrief_action.c.case_id == case.id))
            rows = [_action_row(case.id, number, one, done) for number, one in enumerate(actions, 1)]
            if rows:
                connection.execute(insert(debrief_action), rows)
            detail = {"actions": str(len(rows))}
            record(connection, [(case.id, case.account, "debrief written", by, detail)], now)
            return _get(connection, case.id)

    def done(self, one: Debrief, number: int, by: str, now: datetime) -> None:
        """Say that an action is done; Conflict when it was before, NotFound where there is none."""
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            mine = debrief_action.c.case_id == one.case_id, debrief_action.c.number == number
            if not connection.execute(
                update(debrief_action).where(*mine, NOT_DONE).values(done_at=now, done_by=storable(by))
            ).rowcount:
                if connection.scalar(select(debrief_action.c.id).where(*mine)) is None:
                    raise NotFound(f"the debrief of c-{one.case_id} has no action {number}")
                raise Conflict(f"action {number} of c-{one.case_id} is done already")
            detail = {"number": str(number)}
            record(connection, [(one.case_id, one.account, "debrief action done", by, detail)], now)

    def get(self, number: int) -> Debrief:
        """Return the form of a case, or raise NotFound."""
        with self._store.read() as connection:
            return _get(connection, number)

    def pending(self, limit: int = 50) -> list[Debrief]:
        """Return the forms that are due and those with something left to change, the oldest first."""
        open_ = exists().where(debrief_action.c.case_id == debrief.c.case_id, NOT_DONE)
        query = select(debrief).where(or_(DUE, open_)).order_by(debrief.c.made_at, debrief.c.case_id)
        with self._store.read() as connection:
            return _from_rows(connection, connection.execute(query.limit(limit)).mappings())

    def since(self, since: datetime | None = None, until: datetime | None = None) -> list[Debrief]:
        """Return all forms made from `since` on and before `until`, the oldest first."""
        query = select(debrief).order_by(debrief.c.made_at, debrief.c.case_id)
        if since:
            query = query.where(debrief.c.made_at >= since)
        if until:
            query = query.where(debrief.c.made_at < until)
        with self._store.read() as connection:
            return _from_rows(connection, connection.execute(query).mappings())


def arise(connection: Connection, numbers: Iterable[int], from_tier: int, now: datetime) -> int:
    """Let those of these cases, which end now, be talked over that were grave or came again."""
    ids = sorted(numbers)
    tiers = _tiers(connection, ids)
    found = 0
    columns = (cases.c.id, cases.c.account, cases.c.author_id, cases.c.topic, cases.c.tier)
    for row in connection.execute(select(*columns).where(cases.c.id.in_(ids)).order_by(cases.c.id)):
        tier = max(row.tier, tiers.get(row.id, 0))
        why = DebriefWhy.TIER if tier >= from_tier else _again(connection, row, now)
        if why:
            about = row.account, tier, row.topic
            found += _due(connection, row.id, about, (why, ""), now)
    return found


def _again(connection: Connection, row: Any, now: datetime) -> DebriefWhy | None:
    """Return whether the same customer had the same cause before, or a cause that was talked over is back."""
    if row.topic in _UNTOLD:
        return None
    before = select(cases.c.id).where(
        cases.c.author_id == row.author_id,
        cases.c.account == row.account,
        cases.c.topic == row.topic,
        cases.c.replies > 0,
        cases.c.id < row.id,
    )
    if connection.scalar(before.limit(1)) is not None:
        return DebriefWhy.AUTHOR
    same = select(debrief.c.state).where(
        debrief.c.topic == row.topic, debrief.c.made_at >= now - _BACK_WITHIN
    )
    states = set(connection.scalars(same.distinct()))
    # one that waits to be talked over holds for all that come meanwhile
    return DebriefWhy.TOPIC if states == {str(DebriefState.WRITTEN)} else None


def _due(
    connection: Connection,
    number: int,
    about: tuple[str, int, str],
    why: tuple[DebriefWhy, str],
    now: datetime,
) -> int:
    account, tier, topic = about
    row = {
        "case_id": number,
        "account": account,
        "state": str(DebriefState.DUE),
        "why": str(why[0]),
        "tier": tier,
        "topic": topic,
        "made_at": now,
        "written_by": "",
        "answers": {},
        "words": "",
    }
    made = insert_or(connection, debrief).values(row).on_conflict_do_nothing()
    if not connection.execute(made).rowcount:
        return 0
    record(connection, [(number, account, "debrief due", why[1], {"why": str(why[0])})], now)
    return 1


def _tiers(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Return the worst tier that triage ever gave each of these cases: thanks at the end hide nothing."""
    worst: dict[int, int] = defaultdict(int)
    query = select(event.c.case_id, event.c.detail).where(
        event.c.case_id.in_(numbers), event.c.action == "triaged"
    )
    for row in connection.execute(query):
        told = str(row.detail.get("tier", ""))
        worst[row.case_id] = max(worst[row.case_id], int(told) if told.isdecimal() else 0)
    return worst


def _action_row(
    number: int, place: int, one: Action, done: Mapping[tuple[str, str], Action]
) -> dict[str, object]:
    before = done.get((one.what, one.owner))
    return {
        "case_id": number,
        "number": place,
        "what": storable(one.what),
        "owner": storable(one.owner),
        "due": one.due.isoformat() if one.due else "",
        "done_at": before.done_at if before else None,
        "done_by": before.done_by if before else "",
    }


def _get(connection: Connection, number: int) -> Debrief:
    rows = connection.execute(select(debrief).where(debrief.c.case_id == number)).mappings()
    found = _from_rows(connection, rows)
    if not found:
        raise NotFound(f"c-{number} has no debrief; see: responder debriefs")
    return found[0]


def _from_rows(connection: Connection, rows: Iterable[RowMapping]) -> list[Debrief]:
    read = list(rows)
    numbers = [row["case_id"] for row in read]
    actions: dict[int, list[Action]] = defaultdict(list)
    query = select(debrief_action).where(debrief_action.c.case_id.in_(numbers))
    for row in connection.execute(query.order_by(debrief_action.c.case_id, debrief_action.c.number)):
        actions[row.case_id].append(
            Action(
                number=row.number,
                what=row.what,
                owner=row.owner,
                due=date.fromisoformat(row.due) if row.due else None,
                done_at=row.done_at,
                done_by=row.done_by,
            )
        )
    names = set(Debrief.__slots__) - {"state", "why", "actions"}
    return [
        Debrief(
            state=DebriefState(row["state"]),
            why=DebriefWhy(row["why"]),
            actions=tuple(actions[row["case_id"]]),
            **{name: row[name] for name in names},
        )
        for row in read
    ]
