"""What an approval rests on: planning its delivery, comparing every part of it, and ending it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from responder.model.caps import Caps
from responder.model.case import Case, Stage
from responder.model.decision import Decision, Verdict
from responder.model.delivery import Delivery, DeliveryStage, Route
from responder.model.draft import Draft, as_seen, delivery_key, fingerprint
from responder.model.mention import Audience
from responder.store.caps import forbidden
from responder.store.deciding import first_yeses, others_than, writer_of
from responder.store.errors import Conflict
from responder.store.moves import Standing, lock, record
from responder.store.planned_once import LIMIT, fixed
from responder.store.rows import delivery_from, mention_from, storable
from responder.store.settling import Locked
from responder.store.tables import LIVE, SAME, cases, decision, delivery, draft, mention

#: So many of the customer's posts an approval rests on.
_TAIL = 20
_TARGET = mention.alias("target")
_ITS_DRAFT = draft.alias("its_draft")
#: A delivery with its target, and the rulebook that judged its words.
DELIVERY_COLUMNS = (
    select(
        delivery,
        *(column.label(f"to_{column.name}") for column in _TARGET.c),
        _ITS_DRAFT.c.rulebook.label("rulebook"),
    )
    .join(_TARGET, _TARGET.c.id == delivery.c.target_id)
    .join(
        _ITS_DRAFT,
        (_ITS_DRAFT.c.case_id == delivery.c.case_id) & (_ITS_DRAFT.c.number == delivery.c.draft_number),
    )
)
#: ... and what its approval rests on.
_APPROVAL = (
    DELIVERY_COLUMNS.add_columns(
        cases.c.draft_number.label("current_draft"),
        decision.c.verdict,
        decision.c.fingerprint.label("decided"),
        decision.c.seen,
        decision.c.two,
        decision.c.by.label("decided_by"),
        decision.c.at.label("decided_at"),
        _ITS_DRAFT.c.origin,
        _ITS_DRAFT.c.by.label("written_by"),
    )
    .join(cases, cases.c.id == delivery.c.case_id)
    .join(decision, decision.c.id == delivery.c.decision_id)
    .where(delivery.c.id == bindparam("number"))
)
#: What the customer of a case wrote last in its thread.
_LATEST = (
    select(mention)
    .join(cases, SAME)
    .where(cases.c.id == bindparam("number"), mention.c.removed_at.is_(None))
    .order_by(mention.c.id.desc())
    .limit(LIMIT)
)
_IN_FLIGHT = select(delivery.c.stage, delivery.c.remote_url).where(
    LIVE,
    delivery.c.account == bindparam("account"),
    delivery.c.target_id == bindparam("target"),
    delivery.c.stage.in_(bindparam("stages", expanding=True)),
)
_PLANNED = insert(delivery)
_UNSENT = delivery.c.stage == fixed(DeliveryStage.PLANNED)
_VOIDED = (
    update(delivery)
    .where(delivery.c.case_id.in_(bindparam("numbers", expanding=True)), _UNSENT)
    .values(stage=str(DeliveryStage.VOID), problem=bindparam("why"))
    .returning(delivery.c.case_id, delivery.c.account)
)
_ONE_VOIDED = _VOIDED.where(delivery.c.id == bindparam("only"))


def plan(
    connection: Connection,
    case: Case,
    one: Draft,
    *,
    decision_id: int,
    route: Route,
    when: tuple[datetime, datetime],
) -> None:
    """Plan the delivery of an approved draft, `when` it was approved and may go out at the earliest.

    The database refuses a second live one for its target.
    """
    target, (now, not_before) = case.target, when
    row = {
        "case_id": case.id,
        "decision_id": decision_id,
        "draft_number": one.number,
        "account": case.account,
        "target_id": target.id,
        "fingerprint": one.fingerprint,
        "text": one.text,
        "audience": str(one.audience),
        "language": one.language,
        "key": delivery_key(case.account, target.external_id),
        "planned_at": now,
        "route": str(route),
        "stage": str(DeliveryStage.PLANNED),
        "not_before": not_before,
    }
    in_flight(connection, case)
    if why := forbidden(connection, target, Caps()):
        raise Conflict(f"{case.name} is not answered: {why}")
    connection.execute(_PLANNED, row)


def in_flight(connection: Connection, case: Case, *, answered: bool = True) -> None:
    """Raise Conflict when a reply to this very post may be public, or (where `answered` counts) is."""
    stages = ["SENDING", "UNSURE", "SENT"] if answered else ["SENDING", "UNSURE"]
    values = {"account": case.account, "target": case.target.id, "stages": stages}
    row = connection.execute(_IN_FLIGHT, values).first()
    if row is None:
        return
    if row.stage == "SENT":
        raise Conflict(
            f"{case.name} was answered already: {row.remote_url or 'see responder show ' + case.name}"
        )
    raise Conflict(
        f"a reply of {case.name} may already be public; look, then say so: responder settle {case.name}"
        if row.stage == "UNSURE"
        else f"the reply of {case.name} is being sent right now"
    )


def void_planned(
    connection: Connection, numbers: Iterable[int], why: str, now: datetime, *, only: int | None = None
) -> bool:
    """End the unsent deliveries of these cases; return whether there was one."""
    which: dict[str, Any] = {"numbers": list(numbers), "why": storable(why)}
    if only is not None:
        which["only"] = only
    rows = connection.execute(_VOIDED if only is None else _ONE_VOIDED, which).all()
    record(connection, [(row.case_id, row.account, "delivery void", "", {"why": why}) for row in rows], now)
    return bool(rows)


def thread_as_seen(connection: Connection, standing: Standing) -> str:
    """Return the mark of what the customer of a locked case says in its thread now."""
    latest = connection.execute(_LATEST, {"number": standing.id, "limit": _TAIL}).mappings()
    return as_seen([mention_from(row) for row in latest], standing.replies)


def approved(connection: Connection, one: Delivery) -> Locked | None:
    """Return `one` and how its case stands, if the approval behind it still holds in every part."""
    standing = lock(connection, [one.case_id])[one.case_id]
    row = connection.execute(_APPROVAL, {"number": one.id}).mappings().one()
    words = fingerprint(mention_from(row, "to_"), Audience(row["audience"]), row["text"])
    holds = (
        standing.stage is Stage.APPROVED
        and row["verdict"] == "approve"
        and row["decided"] == row["fingerprint"] == words
        and row["current_draft"] == row["draft_number"]
        and standing.target_id == row["target_id"]
        and row["to_removed_at"] is None
        and row["seen"] in {"", thread_as_seen(connection, standing)}  # "": by an older version
    )
    holds = holds and (not row["two"] or _two_said_yes(connection, row))
    return (delivery_from(row), standing) if holds else None


def _two_said_yes(connection: Connection, row: RowMapping) -> bool:
    """Whether somebody else than who approved them said yes to these words before, or wrote them."""
    said = Decision(
        case_id=row["case_id"],
        verdict=Verdict.APPROVE,
        by=row["decided_by"],
        at=row["decided_at"],
        draft_number=row["draft_number"],
        fingerprint=row["decided"],
        seen=row["seen"],
    )
    yeses = [one.by for one in first_yeses(connection, said, before=row["decision_id"])]
    return bool(others_than(said.by, [*yeses, *writer_of(row["origin"], row["written_by"])]))
