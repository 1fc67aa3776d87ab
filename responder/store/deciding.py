"""Deciding: a person's word written down, and whether it needs that of a second person.

A first yes is bound to a draft's number, its fingerprint and the thread as it was seen, and ends with
whatever else is decided about the case: an edit, a new post, other rules or a withdrawal ends it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from responder.model.case import Case
from responder.model.decision import Decision, Verdict
from responder.model.draft import Draft, Origin
from responder.model.people import Right, Roster, folded
from responder.model.triage import Finding
from responder.store.alerts import see_decided
from responder.store.errors import Conflict
from responder.store.rows import storable
from responder.store.tables import decision
from responder.store.whole import corrections_of

_DECIDED = insert(decision).returning(decision.c.id)
_LATEST_FIRST = select(decision).where(decision.c.case_id == bindparam("case")).order_by(decision.c.id.desc())
_ENDED = decision.alias("ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """Who looked at the words of an approval beside the person who says yes."""

    #: Why two people must say yes; "" where one is enough.
    why: str
    #: Others who said yes to exactly this, or wrote it.
    others: tuple[str, ...]
    #: The person said yes to it before.
    again: bool

    @property
    def enough(self) -> bool:
        """Whether one more yes may let the words out."""
        return not self.why or bool(self.others)


def decided(connection: Connection, said: Decision) -> int:
    """Write a decision down and return its number."""
    row = {
        "seen": said.seen,
        "case_id": said.case_id,
        "draft_number": said.draft_number,
        "verdict": str(said.verdict),
        "fingerprint": said.fingerprint,
        "by": storable(said.by),
        "reason": storable(said.reason),
        "at": said.at,
        "seconds": said.seconds,
        "two": said.two,
    }
    see_decided(connection, said.case_id, said.by, said.at)
    return int(connection.execute(_DECIDED, row).scalar_one())


def first_yeses(connection: Connection, said: Decision, before: int | None = None) -> Iterator[Row[Any]]:
    """Give the first yeses to exactly what `said` is bound to that still hold, the latest first.

    `before` leaves out the decision of that number and what came after it.
    """
    bound = said.draft_number, said.fingerprint, said.seen
    for row in connection.execute(_LATEST_FIRST, {"case": said.case_id}):
        if before is not None and row.id >= before:
            continue
        if row.verdict != Verdict.ENDORSE:
            return
        if (row.draft_number, row.fingerprint, row.seen) == bound:
            yield row


def expect_first_yes(connection: Connection, case: Case) -> None:
    """Raise Conflict unless the last word about the current draft is a first yes of two."""
    last = connection.execute(_LATEST_FIRST, {"case": case.id}).first()
    if last is None or (last.verdict, last.draft_number) != (Verdict.ENDORSE, case.draft_number):
        raise Conflict(f"{case.name} waits for a person: there is no approval to take back")


def writer_of(origin: str, by: str) -> tuple[str, ...]:
    """Return the person who wrote a draft; nobody where we did, or a model."""
    return (by,) if origin == Origin.PERSON else ()


def others_than(by: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return who of these is somebody else, each once."""
    known = {folded(name): name for name in names}
    known.pop(folded(by), None)
    return tuple(known.values())


def eyes_on(
    connection: Connection,
    roster: Roster,
    matter: tuple[Case, Draft, tuple[Finding, ...]],
    said: Decision,
) -> Eyes:
    """Return who looked at a draft beside the person of `said`, for a case and the reasons of its triage."""
    case, one, reasons = matter
    why = why_two(connection, roster, (case, one, reasons), said.by)
    if not why:
        return Eyes(why="", others=(), again=False)
    yeses = [row.by for row in first_yeses(connection, said)]
    counting = [name for name in yeses if roster.may(name, Right.APPROVE)]
    return Eyes(
        why=why,
        others=others_than(said.by, [*counting, *writer_of(one.origin, one.by)]),
        again=folded(said.by) in map(folded, yeses),
    )


def why_two(
    connection: Connection, roster: Roster, matter: tuple[Case, Draft, tuple[Finding, ...]], by: str
) -> str:
    """Return why two people must say yes where `by` says it; "" where one is enough."""
    rule, (case, one, reasons) = roster.four_eyes, matter
    if not rule.asked:
        return ""
    tier = case.tier
    if rule.from_tier > tier:  # nobody gets around it by calling a case less urgent, and approving it then
        said = corrections_of(connection, [case.id]).get(case.id, ())
        tier = max([tier, *(was.tier for was in said if folded(was.by) == folded(by))])
    if why := rule.about(case, reasons, one, tier):
        return why
    new = rule.first and rule.new(approvals_of(connection, by, rule.first))
    return f"{by} is new here" if new else ""


def approvals_of(connection: Connection, name: str, most: int | None = None) -> int:
    """Return how many approvals a person had a part in that held, counted up to `most`."""
    held = (
        select(_ENDED.c.id)
        .where(
            _ENDED.c.case_id == decision.c.case_id,
            _ENDED.c.draft_number == decision.c.draft_number,
            _ENDED.c.verdict == str(Verdict.APPROVE),
        )
        .exists()
    )
    theirs = select(decision.c.id).where(
        decision.c.by == name,
        (decision.c.verdict == str(Verdict.APPROVE)) | ((decision.c.verdict == str(Verdict.ENDORSE)) & held),
    )
    counted = (theirs if most is None else theirs.limit(most)).subquery()
    return connection.scalar(select(func.count()).select_from(counted)) or 0
