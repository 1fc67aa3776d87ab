"""What an approval rests on: planning its delivery, comparing every part of it, and ending it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from responder.model.case import Case, Stage
from responder.model.delivery import Delivery, DeliveryStage, Route
from responder.model.draft import Draft, delivery_key, fingerprint
from responder.model.mention import Audience
from responder.store.errors import Conflict
from responder.store.moves import lock, record
from responder.store.rows import mention_from, storable
from responder.store.tables import LIVE, cases, decision, delivery, mention

_TARGET = mention.alias("target")
DELIVERY_COLUMNS = select(delivery, *(column.label(f"to_{column.name}") for column in _TARGET.c)).join(
    _TARGET, _TARGET.c.id == delivery.c.target_id
)


def plan(
    connection: Connection, case: Case, one: Draft, *, decision_id: int, route: Route, now: datetime
) -> None:
    """Plan the delivery of an approved draft; the database refuses a second live one for its target."""
    target = case.target
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
        "not_before": now,
    }
    in_flight(connection, case)
    connection.execute(insert(delivery), row)


def in_flight(connection: Connection, case: Case, *, answered: bool = True) -> None:
    """Raise Conflict when a reply to this very post may be public, or (where `answered` counts) is."""
    query = select(delivery.c.stage, delivery.c.remote_url).where(
        LIVE,
        delivery.c.account == case.account,
        delivery.c.target_id == case.target.id,
        delivery.c.stage.in_(["SENDING", "UNSURE", "SENT"] if answered else ["SENDING", "UNSURE"]),
    )
    row = connection.execute(query).first()
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
    unsent = [delivery.c.case_id.in_(list(numbers)), delivery.c.stage == "PLANNED"]
    if only is not None:
        unsent.append(delivery.c.id == only)
    rows = connection.execute(
        update(delivery)
        .where(*unsent)
        .values(stage=str(DeliveryStage.VOID), problem=storable(why))
        .returning(delivery.c.case_id, delivery.c.account)
    ).all()
    record(connection, [(row.case_id, row.account, "delivery void", "", {"why": why}) for row in rows], now)
    return bool(rows)


def approved(connection: Connection, one: Delivery) -> bool:
    """Whether the approval behind `one` still holds in every part."""
    standing = lock(connection, [one.case_id]).get(one.case_id)
    row = (
        connection.execute(
            DELIVERY_COLUMNS.add_columns(
                cases.c.draft_number.label("current_draft"),
                cases.c.target_id.label("current_target"),
                decision.c.verdict,
                decision.c.fingerprint.label("decided"),
            )
            .join(cases, cases.c.id == delivery.c.case_id)
            .join(decision, decision.c.id == delivery.c.decision_id)
            .where(delivery.c.id == one.id)
        )
        .mappings()
        .one()
    )
    words = fingerprint(mention_from(row, "to_"), Audience(row["audience"]), row["text"])
    return (
        standing is not None
        and standing.stage is Stage.APPROVED
        and row["verdict"] == "approve"
        and row["decided"] == row["fingerprint"] == words
        and row["current_draft"] == row["draft_number"]
        and row["current_target"] == row["target_id"]
        and row["to_removed_at"] is None
    )
