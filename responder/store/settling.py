"""Settling: what became of an attempt or a look, written down together with what it does to the case."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, update

from responder.model.case import Stage
from responder.model.delivery import DELIVERY_MOVES, Delivery, DeliveryStage, Receipt
from responder.store.errors import Conflict
from responder.store.moves import LONGEST, Move, Standing, move, record
from responder.store.rows import storable
from responder.store.tables import account, cases, delivery

#: A sent reply is read back for the first time after this.
FIRST_WATCH = timedelta(minutes=2)
_COMPARE_AND_SET = (
    update(delivery)
    .where(delivery.c.id == bindparam("b_id"))
    .where(delivery.c.stage == bindparam("b_from"))
    .where(delivery.c.fence == bindparam("b_fence"))
)
#: Stages of a case in which its target still counts as unanswered.
_AWAITING = frozenset({Stage.WAITING, Stage.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt, or of one look."""

    stage: DeliveryStage
    problem: str = ""
    receipt: Receipt | None = None
    #: When the delivery may be touched again (PLANNED: sent; UNSURE: looked for).
    not_before: datetime | None = None
    #: The network does not accept our credentials, or the budget is gone: no more sending for now.
    stop_account: bool = False


#: A delivery and how its case stands, both read under the lock of the case.
Locked = tuple[Delivery, Standing]


def moved(connection: Connection, one: Delivery, changed: dict[str, Any]) -> bool:
    """Compare-and-set a delivery by its stage and fence."""
    stage = DeliveryStage(changed["stage"])
    if stage not in DELIVERY_MOVES[one.stage]:
        raise Conflict(f"a delivery that is {one.stage} cannot become {stage}")
    same = {"b_id": one.id, "b_from": str(one.stage), "b_fence": one.fence}
    return connection.execute(_COMPARE_AND_SET, changed | same).rowcount == 1


def conclude(
    connection: Connection, locked: Locked, outcome: Outcome, now: datetime, *, by: str = ""
) -> None:
    """Move a locked delivery to its outcome and its case along with it."""
    one, _ = locked
    changed: dict[str, Any] = {"stage": str(outcome.stage), "problem": storable(outcome.problem)}
    if outcome.receipt:
        receipt = outcome.receipt
        changed |= {"remote_id": storable(receipt.remote_id), "remote_url": storable(receipt.url)}
        changed |= {"remote_text": storable(receipt.text), "sent_at": now}
        changed["unread"] = True
        changed["watch_at"] = now + FIRST_WATCH  # for what the network makes of it, and for a second one
    if outcome.not_before:
        changed["not_before"] = soon(outcome.not_before, now)
    if outcome.stage is DeliveryStage.PLANNED:
        changed["tries"] = one.tries + 1
    if outcome.stage is DeliveryStage.UNSURE:
        changed["unsure_since"] = one.unsure_since or now  # an earlier attempt is looked for as long
    if not moved(connection, one, changed):
        raise Conflict
    _move_case(connection, locked, outcome, now, by=by)


def cautious(one: Delivery, outcome: Outcome) -> Outcome:
    """Return the outcome of sending again: what this attempt did not do, an earlier one may have done."""
    if one.unsure_since is None or outcome.stage is DeliveryStage.SENT:
        return outcome
    return replace(outcome, stage=DeliveryStage.UNSURE)


def soon(wanted: datetime | None, now: datetime) -> datetime:
    """Return when to go on; a longer wait than `is_time` knows, which settings may ask for, would be none."""
    return min(wanted or now, now + LONGEST)


def stop(connection: Connection, name: str, problem: str, now: datetime) -> None:
    """Let nothing more be sent on an account until a poll works again; before any case is locked."""
    going = account.c.name == name, ~account.c.stopped
    stopped = {"stopped": True, "problem": storable(problem)}
    if connection.execute(update(account).where(*going).values(stopped)).rowcount:
        record(connection, [(None, name, "sending stopped", "", {"problem": problem})], now)


def _move_case(connection: Connection, locked: Locked, outcome: Outcome, now: datetime, *, by: str) -> None:
    """Move the case with its delivery, unless the customer has said something new meanwhile."""
    one, standing = locked
    detail = {"problem": outcome.problem} if outcome.problem else {}
    if outcome.stage is DeliveryStage.SENT:
        detail |= _went_out(one, outcome.receipt)
        replied = {"replies": standing.replies + 1, "answered_at": now}
        if _is_about(locked) and standing.stage in _AWAITING:
            moved = Move(
                standing=standing, to=Stage.ANSWERED, action="answered", by=by, detail=detail, values=replied
            )
            move(connection, [moved], now)
            return
        connection.execute(update(cases).where(cases.c.id == one.case_id).values(replied))
    elif outcome.stage is DeliveryStage.REFUSED and back_to_person(
        connection, locked, "refused", detail, now, by=by
    ):
        return
    action = {"PLANNED": "not sent yet", "SENT": "answered", "UNSURE": "unsure", "VOID": "delivery void"}
    word = action.get(outcome.stage, outcome.stage.lower())
    record(connection, [(one.case_id, one.account, word, by, detail)], now)


def _went_out(one: Delivery, receipt: Receipt | None) -> dict[str, str]:
    """Return what the journal keeps of a reply that is public: our words, and what the network said."""
    told = {"id": receipt.remote_id, "url": receipt.url, "shown": receipt.text} if receipt else {}
    return {"text": one.message.text, "fingerprint": one.fingerprint} | {
        name: value for name, value in told.items() if value
    }


def _is_about(locked: Locked) -> bool:
    """Whether a case still is about the post that a delivery answers, and not about a newer one."""
    one, standing = locked
    return standing.target_id == one.target.id


def back_to_person(
    connection: Connection,
    locked: Locked,
    action: str,
    detail: dict[str, str],
    now: datetime,
    *,
    by: str = "",
) -> bool:
    """Let the case wait for a person again, if the approval of the delivery is what it stands on."""
    _, standing = locked
    if not _is_about(locked) or standing.stage is not Stage.APPROVED:
        return False
    moved = Move(standing=standing, to=Stage.WAITING, action=action, by=by, detail=detail)
    move(connection, [moved], now)
    return True
