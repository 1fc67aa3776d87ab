"""Follow-ups: which cases want planning, keeping what was planned, and what a person says became of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    TextClause,
    insert,
    or_,
    select,
    union,
    update,
)

from responder.model.case import OPEN, Case, Stage
from responder.model.decision import Verdict
from responder.model.follow_up import (
    FollowUp,
    FollowUpKind,
    FollowUpState,
    Plan,
    Planned,
    Situation,
    Standing,
)
from responder.model.promise import Commitment, Promise, PromiseStatus
from responder.store.debriefs import arise
from responder.store.errors import Conflict, NotFound
from responder.store.follow_up_tables import DUE, UNDER_WAY, follow_plan, follow_up, replan
from responder.store.moves import insert_or, lock, record
from responder.store.promise_tables import OWED, promise
from responder.store.promises import kept, noted, promises_from
from responder.store.rows import case_from, findings_from, storable
from responder.store.tables import ANSWERED, cases, decision
from responder.store.whole import CASE_COLUMNS, whole

if TYPE_CHECKING:
    from responder.store.store import Store

#: What triage says of a post that ends a matter well, and of one whose author wants no answer.
_THANKS = frozenset({"all-praise", "all-solved"})
#: Where nothing follows any more, once nothing is due.
_AT_AN_END = frozenset({Standing.OVER, Standing.THANKED})
#: From this tone on a complaint is sharp.
_SHARP = 0.7
_PLAN_OF = follow_plan.c.case_id == cases.c.id
_UNDER_WAY = (
    select(cases.c.id).join(follow_plan, _PLAN_OF).where(UNDER_WAY, follow_plan.c.version != cases.c.version)
)
#: So much of what was said stands as the evidence of a promise that it kept.
_EVIDENCE = 500
#: What stays as it is when something is put to another time.
_MOVED = ("case_id", "account", "promise_id", "owner", "text", "language", "made_at")
_ENDED = {FollowUpState.DONE: "follow-up done", FollowUpState.SKIPPED: "follow-up skipped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """A case whose plan is not of its present state, with all that a plan goes by."""

    case: Case
    situation: Situation
    #: Who does what is due.
    owner: str
    #: The state the last plan was made for, None without one: what a new one is compared with.
    planned: int | None


class FollowUps:
    """Tasks with a date; every move is compare-and-set and told in the journal."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def unplanned(self, limit: int = 100) -> list[Unplanned]:
        """Return cases that were answered, or moved since, and are not planned as they are now."""
        waiting = cases.c.stage == str(Stage.WAITING)
        either = union(_moved(ANSWERED), _moved(waiting), _UNDER_WAY).subquery()
        with self._store.read() as connection:
            numbers = connection.scalars(select(either.c.id).order_by(either.c.id).limit(limit)).all()
            return _unplanned(connection, numbers) if numbers else []

    def of(self, number: int) -> Unplanned | None:
        """Return one case in the same way, planned or not; None before it was answered."""
        with self._store.read() as connection:
            return next(iter(_unplanned(connection, [number])), None)

    def keep(
        self,
        one: Unplanned,
        plan: Plan,
        words: Mapping[str, tuple[str, str]],
        now: datetime,
        *,
        debrief_from: int,
    ) -> bool:
        """Keep a plan of a case as it was read, with text and language by mark; False when it moved since.

        One that ends with thanks is to be talked over from tier `debrief_from` on, like one that is closed.
        """
        case = one.case
        with self._store.write() as connection:
            lock(connection, [case.id])
            # The reading took several statements, and others write between them: it is compared as a whole.
            if _unplanned(connection, [case.id]) != [one]:
                return False
            for gone in plan.over:
                _end(connection, gone, _fate(connection, gone), ("", ""), now)
            for new in plan.new:
                text, language = words.get(new.mark, ("", ""))
                _add(connection, case, _row(new, one.owner, (text, language)), now)
            mine = follow_up.c.case_id == case.id, DUE, follow_up.c.owner != one.owner
            connection.execute(update(follow_up).where(*mine).values(owner=one.owner))
            over = plan.ended and (one.situation.standing in _AT_AN_END or one.situation.fixed_at is not None)
            if over and one.situation.standing is Standing.THANKED:
                arise(connection, [case.id], debrief_from, now)
            _planned(connection, case.id, {"version": case.version, "over": over})
        return True

    def done(
        self, one: FollowUp, by: str, now: datetime, *, said: str = "", promised: Sequence[Commitment] = ()
    ) -> list[Promise]:
        """Say that it is done, which keeps its promise and makes those that are `promised`; return these.

        Conflict when somebody said so before; all of it happens or nothing.
        """
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            _end(connection, one, FollowUpState.DONE, (by, said), now)
            if one.promise_id is not None:
                kept(connection, one.promise_id, by, now, said[:_EVIDENCE])
            replan(connection, one.case_id)
            about = one.case_id, one.account
            return [noted(connection, about, each, by, now) for each in promised]

    def skip(self, one: FollowUp, by: str, now: datetime, *, why: str = "") -> None:
        """Say that it is not needed; Conflict when somebody said so before."""
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            _end(connection, one, FollowUpState.SKIPPED, (by, why), now)
            replan(connection, one.case_id)

    def did(
        self,
        case: Case,
        kind: FollowUpKind,
        by: str,
        now: datetime,
        *,
        said: str = "",
        promised: Sequence[Commitment] = (),
    ) -> list[Promise]:
        """Note something done that nobody had planned, and what it `promised`; return that."""
        with self._store.write() as connection:
            lock(connection, [case.id])
            known = connection.scalars(select(follow_up.c.mark).where(follow_up.c.case_id == case.id)).all()
            mark = f"said:{kind}:{1 + sum(one.startswith(f'said:{kind}:') for one in known)}"
            row = _row(Planned(kind=kind, mark=mark, due_at=now), by, ("", ""))
            added = _add(connection, case, row, now, told=False)
            _end(connection, added, FollowUpState.DONE, (by, said), now)
            replan(connection, case.id)
            return [noted(connection, (case.id, case.account), each, by, now) for each in promised]

    def move(self, one: FollowUp, due: datetime, by: str, now: datetime) -> FollowUp:
        """Put it to another time; Conflict when it is not due any more."""
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            _set(connection, one, {"state": str(FollowUpState.MOVED), "ended_at": now, "ended_by": by})
            root, _, times = one.mark.partition("+")
            moved = {name: getattr(one, name) for name in _MOVED} | {
                "kind": str(one.kind),
                "mark": f"{root}+{int(times or 0) + 1}",
                "due_at": due,
                "state": str(FollowUpState.DUE),
                "ended_by": "",
                "said": "",
            }
            number = int(connection.scalar(insert(follow_up).returning(follow_up.c.id), moved) or 0)
            detail = {"kind": str(one.kind), "due": due.isoformat()}
            record(connection, [(one.case_id, one.account, "follow-up moved", by, detail)], now)
            return _get(connection, number)

    def fixed(self, case: Case, by: str, now: datetime, *, how: str = "") -> None:
        """Say that the matter of an answered case is put right; Conflict when somebody said so before."""
        with self._store.write() as connection:
            standing = lock(connection, [case.id])[case.id]
            if not standing.replies:
                raise Conflict(f"{case.name} was not answered yet; answer it first")
            if _fix(connection, case.id, standing.replies):
                raise Conflict(f"{case.name} is fixed, as somebody said before")
            _planned(
                connection,
                case.id,
                {
                    "version": -1,
                    "over": False,
                    "fixed_at": now,
                    "fixed_by": storable(by),
                    "fixed_turn": standing.replies,
                },
            )
            detail = {"how": how} if how else {}
            record(connection, [(case.id, case.account, "fixed", by, detail)], now)

    def not_fixed(self, case: Case, by: str, now: datetime) -> None:
        """Take that back; Conflict when nobody said so."""
        with self._store.write() as connection:
            standing = lock(connection, [case.id])[case.id]
            if not _fix(connection, case.id, standing.replies):
                raise Conflict(f"nobody said that {case.name} is fixed")
            back = {"version": -1, "over": False, "fixed_at": None, "fixed_by": "", "fixed_turn": 0}
            _planned(connection, case.id, back)
            record(connection, [(case.id, case.account, "not fixed", by, {})], now)

    def get(self, number: int) -> FollowUp:
        """Return one by its number, or raise NotFound."""
        with self._store.read() as connection:
            return _get(connection, number)

    def due(self, limit: int = 50, *, before: datetime | None = None) -> list[FollowUp]:
        """Return what is to be done, the soonest first; `before` keeps what is due before then."""
        query = select(follow_up).where(DUE).order_by(follow_up.c.due_at, follow_up.c.id).limit(limit)
        if before:
            query = query.where(follow_up.c.due_at < before)
        with self._store.read() as connection:
            return _from_rows(connection.execute(query).mappings())

    def of_case(self, number: int) -> list[FollowUp]:
        """Return every follow-up of a case, in the order in which they are or were due."""
        query = select(follow_up).where(follow_up.c.case_id == number)
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(follow_up.c.due_at, follow_up.c.id)).mappings()
            return _from_rows(rows)


def _moved(stage: ColumnElement[bool] | TextClause) -> Select[tuple[int]]:
    """Select the cases of a stage that we answered and that moved since they were planned, or never were."""
    moved = or_(follow_plan.c.case_id.is_(None), follow_plan.c.version != cases.c.version)
    answered = stage, cases.c.replies > 0, cases.c.merged_into.is_(None)
    return select(cases.c.id).join(follow_plan, _PLAN_OF, isouter=True).where(*answered, moved)


def _unplanned(connection: Connection, numbers: Sequence[int]) -> list[Unplanned]:
    rows = connection.execute(CASE_COLUMNS.add_columns(cases.c.reasons).where(cases.c.id.in_(numbers)))
    read = list(rows.mappings())
    found = whole(connection, [case_from(row) for row in read])
    rules = {row["id"]: {one.rule for one in findings_from(row["reasons"])} for row in read}
    promises: dict[int, list[Promise]] = defaultdict(list)
    for owed in promises_from(connection.execute(_of(promise, numbers).where(OWED)).mappings()):
        promises[owed.case_id].append(owed)
    known: dict[int, list[FollowUp]] = defaultdict(list)
    for one in _from_rows(connection.execute(_of(follow_up, numbers).order_by(follow_up.c.id)).mappings()):
        known[one.case_id].append(one)
    plans = {row["case_id"]: row for row in connection.execute(_of(follow_plan, numbers)).mappings()}
    who = _deciders(connection, numbers)
    return [
        Unplanned(
            case=case,
            situation=Situation(
                standing=_standing(case, rules[case.id]),
                tier=case.tier,
                turns=case.replies,
                answered_at=case.answered_at or case.moved_at,
                fixed_at=_fixed_at(plans.get(case.id), case.replies),
                angry=case.tone >= _SHARP,
                promises=promises[case.id],
                known=known[case.id],
            ),
            owner=case.owner or who.get(case.id, ""),
            planned=plans[case.id]["version"] if case.id in plans else None,
        )
        for case in found
        if case.replies
    ]


def _of(table: Any, numbers: Sequence[int]) -> Any:
    return select(table).where(table.c.case_id.in_(numbers))


def _standing(case: Case, rules: set[str]) -> Standing:
    """Return what the customer's last word makes of a case."""
    if case.merged_into is not None or case.opted_out or case.stage is Stage.CLOSED:
        return Standing.OVER
    if case.stage in OPEN:
        return Standing.AGAIN
    if case.stage is Stage.SET_ASIDE:
        return Standing.THANKED if rules & _THANKS else Standing.OVER
    return Standing.QUIET


def _deciders(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return who decided last that, or how, each case is answered."""
    query = select(decision.c.case_id, decision.c.by).where(
        decision.c.case_id.in_(numbers), decision.c.verdict.in_([str(Verdict.APPROVE), str(Verdict.DISMISS)])
    )
    return {row.case_id: row.by for row in connection.execute(query.order_by(decision.c.id))}


def _fixed_at(row: RowMapping | None, turns: int) -> datetime | None:
    """Return since when it is fixed; what was said before our last answer holds no more."""
    fixed: datetime | None = row["fixed_at"] if row is not None and row["fixed_turn"] == turns else None
    return fixed


def _fix(connection: Connection, number: int, turns: int) -> datetime | None:
    query = select(follow_plan).where(follow_plan.c.case_id == number)
    return _fixed_at(connection.execute(query).mappings().one_or_none(), turns)


def _planned(connection: Connection, number: int, values: dict[str, Any]) -> None:
    row = {"case_id": number, "fixed_by": "", "fixed_turn": 0} | values
    made = insert_or(connection, follow_plan).values(row)
    connection.execute(made.on_conflict_do_update(index_elements=["case_id"], set_=values))


def _fate(connection: Connection, one: FollowUp) -> FollowUpState:
    """Return how something ends that should not be due any more: done, where its promise was kept."""
    if one.promise_id is None:
        return FollowUpState.SKIPPED
    status = connection.scalar(select(promise.c.status).where(promise.c.id == one.promise_id))
    kept = status in {str(PromiseStatus.KEPT), str(PromiseStatus.LATE)}
    return FollowUpState.DONE if kept else FollowUpState.SKIPPED


def _row(one: Planned, owner: str, words: tuple[str, str]) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "mark": one.mark,
        "promise_id": one.promise.id if one.promise else None,
        "due_at": one.due_at,
        "owner": storable(owner),
        "text": storable(words[0]),
        "language": words[1],
    }


def _add(
    connection: Connection, case: Case, row: dict[str, Any], now: datetime, *, told: bool = True
) -> FollowUp:
    more = {
        "case_id": case.id,
        "account": case.account,
        "state": str(FollowUpState.DUE),
        "made_at": now,
        "ended_by": "",
        "said": "",
    }
    number = int(connection.scalar(insert(follow_up).returning(follow_up.c.id), more | row) or 0)
    if told:
        detail = {"kind": row["kind"], "due": row["due_at"].isoformat()}
        record(connection, [(case.id, case.account, "follow-up planned", "", detail)], now)
    return _get(connection, number)


def _end(
    connection: Connection, one: FollowUp, to: FollowUpState, said: tuple[str, str], now: datetime
) -> None:
    by, words = said
    ended = {"state": str(to), "ended_at": now, "ended_by": storable(by), "said": storable(words)}
    _set(connection, one, ended)
    record(connection, [(one.case_id, one.account, _ENDED[to], by, {"kind": str(one.kind)})], now)


def _set(connection: Connection, one: FollowUp, values: dict[str, Any]) -> None:
    """Compare-and-set something that is due."""
    same = follow_up.c.id == one.id, DUE
    if not connection.execute(update(follow_up).where(*same).values(values)).rowcount:
        state = _get(connection, one.id).state.lower()
        raise Conflict(f"that {one.kind} of c-{one.case_id} is {state}; somebody was quicker")


def _get(connection: Connection, number: int) -> FollowUp:
    row = connection.execute(select(follow_up).where(follow_up.c.id == number)).mappings().one_or_none()
    if row is None:
        raise NotFound("there is no such follow-up; see: responder follow-ups")
    return _from_rows([row])[0]


def _from_rows(rows: Iterable[RowMapping]) -> list[FollowUp]:
    names = set(FollowUp.__slots__) - {"kind", "state"}
    return [
        FollowUp(
            kind=FollowUpKind(row["kind"]),
            state=FollowUpState(row["state"]),
            **{name: row[name] for name in names},
        )
        for row in rows
    ]
