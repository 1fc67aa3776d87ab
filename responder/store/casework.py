"""Cases on their way to a decision: the machine's batches, and a person's moves one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, bindparam, exists, insert, or_, select, update

from responder.model.case import Case, Stage
from responder.model.clocks import Running
from responder.model.decision import Decision, Verdict
from responder.model.delivery import Route
from responder.model.draft import Draft, Origin, fingerprint
from responder.model.facts import Facts
from responder.model.people import NotAllowed, Right
from responder.model.triage import Finding, Triage
from responder.store.approval import in_flight, plan, thread_as_seen, void_planned
from responder.store.debriefs import arise
from responder.store.deciding import Eyes, decided, expect_first_yes, eyes_on
from responder.store.errors import Conflict
from responder.store.expecting import expect
from responder.store.follow_up_tables import DUE, follow_up
from responder.store.moves import LONGEST, Move, Standing, at_time, is_time, lock, move, record
from responder.store.parting import joined, parted
from responder.store.planned_once import LIMIT
from responder.store.references import keep_references
from responder.store.rows import (
    case_from,
    draft_from,
    draft_values,
    findings_from,
    findings_values,
    mention_from,
    storable,
)
from responder.store.tables import ANSWERED, cases, draft
from responder.store.whole import CASE_COLUMNS, case_row, whole

if TYPE_CHECKING:
    from responder.store.store import Store

#: A case that made a step fail is left alone for this long, doubled each time up to a day.
STEP_ASIDE = timedelta(minutes=10)

#: From this tier on a closed case is talked over, where nobody says otherwise.
LEARN_FROM = 4

#: What each verdict does to the case, and the word the journal has for it.
_VERDICTS: dict[Verdict, tuple[Stage, str]] = {
    Verdict.REDO: (Stage.NEEDS_REPLY, "redo asked"),
    Verdict.DISMISS: (Stage.SET_ASIDE, "dismissed"),
    Verdict.WITHDRAW: (Stage.WAITING, "withdrawn"),
    Verdict.REOPEN: (Stage.NEEDS_REPLY, "reopened"),
}
#: From where a person may do so.
_FROM: dict[Verdict, frozenset[Stage]] = {
    Verdict.APPROVE: frozenset({Stage.WAITING}),
    Verdict.REDO: frozenset({Stage.WAITING}),
    Verdict.DISMISS: frozenset({Stage.WAITING, Stage.NEEDS_REPLY, Stage.NEW}),
    Verdict.WITHDRAW: frozenset({Stage.APPROVED, Stage.WAITING}),  # where it waits: the first yes of two
    Verdict.REOPEN: frozenset({Stage.SET_ASIDE}),
}

#: Where there are words to put others in the place of; and what may also give words to a case without.
_WITH_WORDS = frozenset({Stage.WAITING, Stage.APPROVED})
_FOLLOWS = {"words put back": _WITH_WORDS | {Stage.NEEDS_REPLY}}

_DUE = (
    CASE_COLUMNS.where(
        cases.c.stage == bindparam("stage"), or_(cases.c.stumbles == 0, is_time(cases.c.not_before))
    )
    .order_by(cases.c.rank, cases.c.opened_at, cases.c.id)
    .limit(LIMIT)
)
_DRAFT = select(draft).where(draft.c.case_id == bindparam("case"), draft.c.number == bindparam("draft"))
_WITH_DRAFT = (
    CASE_COLUMNS.add_columns(
        cases.c.reasons,
        draft.c.fingerprint,
        draft.c.text.label("draft_text"),
        draft.c.origin,
        draft.c.by.label("draft_by"),
        draft.c.playbook,
    )
    .join(draft, (draft.c.case_id == cases.c.id) & (draft.c.number == cases.c.draft_number))
    .where(cases.c.id == bindparam("case"))
)


class Casework:
    """Reading cases and moving them by triage, drafts and decisions."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def due(self, stage: Stage, now: datetime, limit: int = 200) -> list[Case]:
        """Return up to `limit` cases the machine may work on, the most urgent first, whole."""
        values = {"stage": str(stage), "limit": limit} | at_time(now)
        with self._store.read() as connection:
            rows = connection.execute(_DUE, values).mappings()
            return whole(connection, [case_from(row) for row in rows])

    def get(self, number: int) -> Case:
        """Return case `number` with earlier posts and corrections, or raise NotFound."""
        with self._store.read() as connection:
            return whole(connection, [case_from(case_row(connection, number))])[0]

    def draft(self, case: Case, number: int | None = None) -> Draft | None:
        """Return the current draft of `case` (or its draft `number`), None when there is none.

        The current one answers the post that is to be answered now; one for an earlier post is none.
        """
        wanted = {"case": case.id, "draft": case.draft_number if number is None else number}
        with self._store.read() as connection:
            row = connection.execute(_DRAFT, wanted).mappings().one_or_none()
        if row is None or (number is None and row["target_id"] != case.target.id):
            return None
        return draft_from(row)

    def triaged(self, verdicts: Sequence[tuple[Case, Triage, Running]], now: datetime) -> int:
        """Store what triage says (with the clocks that begin to run); return how many cases moved.

        A case that moved meanwhile is left as it is: it comes round again. What others wrote and belonged to
        a case that is no complaint any more speaks for itself.
        """
        with self._store.write() as connection:
            content = [case.id for case, triage, _ in verdicts if not triage.complaint]
            numbers = [case.id for case, _, _ in verdicts]
            standings = lock(connection, {*numbers, *joined(connection, content)})
            moves = [
                _triage_move(standings[case.id], triage, clocks)
                for case, triage, clocks in verdicts
                if _still(standings, case)
            ]
            aside = [one.standing.id for one in moves if one.to is Stage.SET_ASIDE]
            others = list(parted(connection, aside, standings, now, only_others=True))
            move(connection, [*moves, *others], now)
        return len(moves)

    def drafted(self, drafts: Sequence[tuple[Case, Draft]], now: datetime) -> int:
        """Store the machine's drafts; their cases wait for a person. Return how many moved."""
        with self._store.write() as connection:
            standings = lock(connection, [case.id for case, _ in drafts])
            kept = [(case, one) for case, one in drafts if _still(standings, case)]
            kept = _with_their_code(connection, kept, now)
            if kept:
                connection.execute(insert(draft), [draft_values(one) for _, one in kept])
            moves = [
                Move(
                    standing=standings[case.id],
                    to=Stage.WAITING,
                    action="drafted",
                    values={"draft_number": one.number, "stumbles": 0} | _answer(case),
                )
                for case, one in kept
            ]
            move(connection, moves, now)
        return len(kept)

    def not_drafted(self, cases_: Sequence[Case], now: datetime) -> int:
        """Put cases that the network lets nobody answer before a person without a draft; return how many."""
        with self._store.write() as connection:
            standings = lock(connection, [case.id for case in cases_])
            moves = [
                Move(
                    standing=standings[case.id],
                    to=Stage.WAITING,
                    action="not drafted",
                    detail={"why": storable(case.answer_detail)},
                    values={"stumbles": 0} | _answer(case),
                )
                for case in cases_
                if _still(standings, case)
            ]
            move(connection, moves, now)
        return len(moves)

    def step_aside(self, case: Case, problem: str, now: datetime) -> None:
        """Leave a case that makes a step fail alone for a while, so that the others go on."""
        with self._store.write() as connection:
            stumbles = connection.scalar(select(cases.c.stumbles).where(cases.c.id == case.id)) or 0
            later = now + min(STEP_ASIDE * 2 ** min(stumbles, 10), LONGEST)
            changed = {"not_before": later, "stumbles": stumbles + 1}
            connection.execute(update(cases).where(cases.c.id == case.id).values(changed))
            record(
                connection, [(case.id, case.account, "stepped aside", "", {"problem": problem[:500]})], now
            )

    def approve(
        self, case: Case, one: Draft, said: Decision, route: Route, *, not_before: datetime | None = None
    ) -> bool:
        """Bind a person's approval to exactly these words and plan their delivery, not sent before then.

        False when two people must say yes and this was the first: nothing is planned, and the case waits for
        another. Raises Conflict when the case, the draft or the complaint is no longer what the person saw,
        NotAllowed when they said the first yes to it themselves.
        """
        with self._store.write() as connection:
            standing = expect(connection, case, _FROM[Verdict.APPROVE], said.at)
            row = connection.execute(_WITH_DRAFT, {"case": case.id}).mappings().one()
            target = mention_from(row, "to_")
            seen = fingerprint(target, one.audience, row["draft_text"])
            if not one.fingerprint == said.fingerprint == row["fingerprint"] == seen:
                raise Conflict(f"{case.name} is not what was approved: its words or the complaint changed")
            said = replace(said, seen=thread_as_seen(connection, standing))
            eyes = eyes_on(connection, self._store.roster, _matter(row, one), said)
            if eyes.enough:
                number = decided(connection, replace(said, two=bool(eyes.why)))
                when = said.at, not_before or said.at
                plan(connection, case_from(row), one, decision_id=number, route=route, when=when)
            else:
                self._first(connection, case, said, eyes)
            detail = {"draft": str(one.number), "fingerprint": one.fingerprint, "text": row["draft_text"]}
            detail |= {"reason": said.reason} if said.reason else {}
            detail |= {} if eyes.enough else {"why": eyes.why}
            detail |= {"first": eyes.others[0]} if eyes.others else {}
            action, to = ("approved", Stage.APPROVED) if eyes.enough else ("approved once", None)
            move(connection, [Move(standing=standing, to=to, action=action, by=said.by,
                                   detail=detail, values={})], said.at)  # fmt: skip
        return eyes.enough

    def _first(self, connection: Connection, case: Case, said: Decision, eyes: Eyes) -> None:
        """Write down the first yes of two."""
        if eyes.again:
            others = self._store.roster.another(Right.APPROVE, said.by)
            raise NotAllowed(f"{said.by} said yes to {case.name} already; the second yes is for {others}")
        in_flight(connection, case)
        decided(connection, replace(said, verdict=Verdict.ENDORSE, two=True))

    def edit(self, case: Case, one: Draft) -> None:
        """Store a person's new words as the next draft; an approval of the words before is void."""
        self.follow(case, one, "edited by hand", one.by)

    def follow(self, case: Case, one: Draft, action: str, by: str = "") -> None:
        """Store the next draft under the journal's word for how it came; an approval of the last is void.

        Words that are put back (see `_FOLLOWS`) may also be those of a case that needs a reply again.
        """
        with self._store.write() as connection:
            standing = expect(connection, case, _FOLLOWS.get(action, _WITH_WORDS), one.created_at)
            in_flight(connection, case)
            void_planned(connection, [case.id], "the words were edited", one.created_at)
            connection.execute(insert(draft), [draft_values(one)])
            changed = {"draft_number": one.number, "stumbles": 0}
            detail = {"draft": str(one.number)}
            move(connection, [Move(standing=standing, to=Stage.WAITING, action=action, by=by,
                                   detail=detail, values=changed)], one.created_at)  # fmt: skip

    def decide(self, case: Case, said: Decision, news: Facts | None = None) -> None:
        """Carry out a redo, dismiss, withdraw or reopen; raises Conflict when it is too late for it.

        `news` is what the person told along; it is laid over what was known.
        """
        to, action = _VERDICTS[said.verdict]
        with self._store.write() as connection:
            standing = expect(connection, case, _FROM[said.verdict], said.at)
            if said.verdict is Verdict.WITHDRAW and standing.stage is Stage.WAITING:
                expect_first_yes(connection, case)
            # an answered post that was edited comes back: it can be put aside, though not answered twice
            in_flight(connection, case, answered=False)
            void_planned(connection, [case.id], action, said.at)
            decided(connection, said)
            values: dict[str, Any] = {"not_before": said.at} if to is Stage.NEEDS_REPLY else {}
            detail = {"reason": said.reason} if said.reason else {}
            if news and (told := news.told()):
                values["facts"] = {
                    name: storable(fact) for name, fact in case.facts.with_news(news).told().items()
                }
                detail["told"] = ", ".join(sorted(told))
            move(connection, [Move(standing=standing, to=to, action=action, by=said.by, detail=detail,
                                   values=values)], said.at)  # fmt: skip

    def close_quiet(
        self, before: datetime, now: datetime, limit: int = 500, *, debrief_from: int = LEARN_FROM
    ) -> int:
        """Close answered cases that nothing happened to since `before`; return how many.

        One in which something is still to be followed up stays open. Those that were of tier `debrief_from`,
        or came again, are to be talked over.
        """
        owing = exists().where(follow_up.c.case_id == cases.c.id, DUE)
        with self._store.write() as connection:
            quiet_since = select(cases.c.id).where(ANSWERED, cases.c.moved_at < before, ~owing)
            oldest = quiet_since.order_by(cases.c.moved_at).limit(limit)
            standings = lock(connection, connection.scalars(oldest))
            quiet = [one for one in standings.values() if one.stage is Stage.ANSWERED]
            move(connection, [Move(standing=one, to=Stage.CLOSED, action="closed") for one in quiet], now)
            arise(connection, [one.id for one in quiet], debrief_from, now)
        return len(quiet)


def _triage_move(standing: Standing, triage: Triage, clocks: Running) -> Move:
    values = {
        "rank": triage.rank,
        "tier": triage.tier,
        "urgency": triage.urgency,
        "tone": triage.tone,
        "language": triage.language,
        "probability": triage.probability,
        "topic": triage.topic,
        "reasons": findings_values(triage.findings),
        "stumbles": 0,
    }
    if triage.complaint:
        values |= clocks.values()
        told = {"tier": str(triage.tier), "urgency": str(triage.urgency)}
        return Move(standing=standing, to=Stage.NEEDS_REPLY, action="triaged", detail=told, values=values)
    # nothing is owed; taken up again, its answer is due as it would have been
    values |= {"due_at": clocks.due_at, "first_by": clocks.first_by, "strikes_at": None}
    return Move(standing=standing, to=Stage.SET_ASIDE, action="set aside", values=values)


def _matter(row: RowMapping, one: Draft) -> tuple[Case, Draft, tuple[Finding, ...]]:
    """Return a case, its draft and the reasons of its triage, as they are kept."""
    written = replace(one, origin=Origin(row["origin"]), by=row["draft_by"], playbook=row["playbook"])
    return case_from(row), written, findings_from(row["reasons"])


def _with_their_code(
    connection: Connection, drafts: Sequence[tuple[Case, Draft]], now: datetime
) -> list[tuple[Case, Draft]]:
    """Keep the codes of cases; return the drafts that may name the code they were written with."""
    coded = [(case.id, case.reference) for case, _ in drafts if case.reference]
    theirs = keep_references(connection, coded, now) if coded else set()
    return [(case, one) for case, one in drafts if not case.reference or case.id in theirs]


def _answer(case: Case) -> dict[str, str]:
    """Return whether the network lets us answer a case, as columns."""
    return {"answerable": case.answerable, "answer_detail": storable(case.answer_detail)}


def _still(standings: dict[int, Standing], case: Case) -> bool:
    """Whether the case is as it was when it was read."""
    standing = standings.get(case.id)
    return standing is not None and (standing.stage, standing.version) == (case.stage, case.version)
