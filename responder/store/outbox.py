"""Approved words on their way out: the intention is on disk before the deed, and nothing is sent twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, or_, select, update

from responder.model.caps import Caps
from responder.model.case import Stage
from responder.model.delivery import DELIVERY_MOVES, Delivery, DeliveryStage, Receipt, Route
from responder.store.approval import DELIVERY_COLUMNS, approved, void_planned
from responder.store.caps import forbidden, replies_in_thread, wait_until
from responder.store.control import paused
from responder.store.engine import lease_clock
from responder.store.errors import ApprovalEnded, Conflict, Held
from responder.store.moves import LONGEST, Move, Standing, is_time, lock, move, record
from responder.store.rows import delivery_from, storable
from responder.store.tables import PENDING, account, attempt, cases, delivery

if TYPE_CHECKING:
    from responder.store.store import Store

#: What the clock of leases shows: its name and its seconds.
Reading = tuple[str, float]
#: Seconds a claim holds; longer than any connector's total deadline for one call.
LEASE = 90.0

#: A sent reply is read back for the first time after this.
FIRST_WATCH = timedelta(minutes=2)
#: From this tier on nobody waits for the hours of sending.
_GRAVE = 4
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


class Outbox:
    """Planning, claiming, settling and looking for deliveries."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def due(self, now: datetime, accounts: Sequence[str], limit: int = 1) -> list[Delivery]:
        """Return the oldest deliveries that may be sent now; none while sending is paused."""
        busy = select(delivery.c.account).where(delivery.c.stage == "SENDING")
        stopped = select(account.c.name).where(account.c.stopped)
        query = DELIVERY_COLUMNS.where(
            PENDING,
            delivery.c.stage == str(DeliveryStage.PLANNED),
            delivery.c.route == str(Route.API),
            or_(delivery.c.tries == 0, is_time(delivery.c.not_before, now)),
            delivery.c.account.in_(accounts),
            delivery.c.account.not_in(busy),
            delivery.c.account.not_in(stopped),
        )
        with self._store.read() as connection:
            if paused(connection):
                return []
            oldest = query.order_by(delivery.c.not_before, delivery.c.id).limit(limit)
            return [delivery_from(row) for row in connection.execute(oldest).mappings()]

    def reading(self) -> Reading:
        """Return the name and the seconds of the clock that leases run on."""
        with self._store.read() as connection:
            return self._clock(connection)

    def claim(
        self, one: Delivery, now: datetime, caps: Caps | None = None, *, looked: Reading | None = None
    ) -> Delivery | None:
        """Write down that `one` is about to be sent; None while paused or when somebody else did.

        The lease counts from `looked`, the `reading` before its target was looked at (from now without
        one): a process that slept since then gets None, for what it saw is old.

        Everything an approval rests on is compared again under the lock: the case's stage and current
        draft, the decision's fingerprint, the words, the complaint and its thread as they are stored.
        ApprovalEnded is raised when any of it no longer holds, Held when a cap lets it out later.
        """
        if one.stage is not DeliveryStage.PLANNED:
            raise Conflict(f"the reply of c-{one.case_id} is {one.stage}; it is not sent again")
        return self._claim(one, now, caps or Caps(), looked)

    def claim_again(
        self, one: Delivery, now: datetime, caps: Caps | None = None, *, looked: Reading | None = None
    ) -> Delivery | None:
        """Do the same for one that is UNSURE, where the network keeps one record under its key.

        Nowhere else: elsewhere sending again could make a second reply.
        """
        if one.stage is not DeliveryStage.UNSURE:
            raise Conflict(f"the reply of c-{one.case_id} is {one.stage}; nothing about it is unsure")
        return self._claim(one, now, caps or Caps(), looked)

    def _claim(self, one: Delivery, now: datetime, caps: Caps, looked: Reading | None) -> Delivery | None:
        with self._store.write() as connection:
            if paused(connection):
                return None
            if not approved(connection, one):
                raise ApprovalEnded
            _keep_to_caps(connection, one, caps, now)
            clock, seconds = self._clock(connection)
            since = looked or (clock, seconds)
            if since[0] != clock or seconds > since[1] + LEASE:
                return None
            changed = {
                "stage": str(DeliveryStage.SENDING),
                "fence": one.fence + 1,
                "lease_clock": clock,
                "lease_until": since[1] + LEASE,
            }
            if not _moved(connection, one, changed):
                return None
            row = {"delivery_id": one.id, "fence": one.fence + 1, "started_at": now}
            connection.execute(insert(attempt), row)
            record(
                connection, [(one.case_id, one.account, "sending", "", {"fence": str(one.fence + 1)})], now
            )
            claimed = connection.execute(DELIVERY_COLUMNS.where(delivery.c.id == one.id)).mappings().one()
            return delivery_from(claimed)

    def may_send(self, claimed: Delivery) -> bool:
        """Say, just before the call, whether the claim still holds and nobody pressed pause."""
        query = select(delivery.c.lease_clock, delivery.c.lease_until).where(
            delivery.c.id == claimed.id, delivery.c.fence == claimed.fence, delivery.c.stage == "SENDING"
        )
        with self._store.read() as connection:
            row = connection.execute(query).one_or_none()
            if row is None or paused(connection):
                return False
            clock, seconds = self._clock(connection)
        return bool(row.lease_clock == clock and seconds < row.lease_until)

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        """Write down how the attempt ended; False when a later claim or a look settled it already.

        A late success also lifts UNSURE: that the reply is public is never forgotten. The account is
        stopped in any case: it is locked before the case is.
        """
        with self._store.write() as connection:
            if outcome.stop_account:
                _stop(connection, claimed.account, outcome.problem)
            lock(connection, [claimed.case_id])
            row = connection.execute(DELIVERY_COLUMNS.where(delivery.c.id == claimed.id)).mappings().one()
            current = delivery_from(row)
            late = current.stage is DeliveryStage.UNSURE and outcome.stage is DeliveryStage.SENT
            if current.fence != claimed.fence or not (current.stage is DeliveryStage.SENDING or late):
                return False
            ended = attempt.c.delivery_id == claimed.id, attempt.c.fence == claimed.fence
            connection.execute(
                update(attempt)
                .where(*ended)
                .values(ended_at=now, outcome=storable(f"{outcome.stage} {outcome.problem}".strip()))
            )
            _conclude(connection, current, _cautious(current, outcome), now)
        return True

    def expire(self, now: datetime, look_at: datetime) -> int:
        """Turn claims whose lease is over into UNSURE, to be looked for from `look_at`; return how many."""
        with self._store.write() as connection:
            clock, seconds = self._clock(connection)
            over = (
                PENDING,
                delivery.c.stage == "SENDING",
                # longer than a lease is: a clock without a name began anew with the machine
                (delivery.c.lease_clock != clock)
                | (delivery.c.lease_until < seconds)
                | (delivery.c.lease_until > seconds + LEASE),
            )
            # read again under the lock: a sender that was only slow may have settled meanwhile
            lock(connection, connection.scalars(select(delivery.c.case_id).where(*over)))
            rows = connection.execute(DELIVERY_COLUMNS.where(*over)).mappings()
            stale = [delivery_from(row) for row in rows]
            problem = "the sender stopped before it could say"
            outcome = Outcome(stage=DeliveryStage.UNSURE, problem=problem, not_before=look_at)
            for one in stale:
                _conclude(connection, one, outcome, now)
        return len(stale)

    def unsure(self, now: datetime, accounts: Sequence[str], limit: int = 20) -> list[Delivery]:
        """Return deliveries that may be public and are due to be looked for."""
        query = DELIVERY_COLUMNS.where(
            PENDING,
            delivery.c.stage == str(DeliveryStage.UNSURE),
            is_time(delivery.c.not_before, now),
            delivery.c.account.in_(accounts),
        )
        with self._store.read() as connection:
            oldest = query.order_by(delivery.c.not_before, delivery.c.id).limit(limit)
            return [delivery_from(row) for row in connection.execute(oldest).mappings()]

    def waited(self, one: Delivery) -> timedelta:
        """Return how long ago `one` was claimed, on the clock that nobody sets.

        From before a restart of the machine it counts from the restart: it was claimed no later.
        """
        query = select(delivery.c.lease_clock, delivery.c.lease_until).where(delivery.c.id == one.id)
        with self._store.read() as connection:
            row = connection.execute(query).one()
            clock, seconds = self._clock(connection)
        older = row.lease_clock != clock or row.lease_until > seconds + LEASE
        return timedelta(seconds=seconds if older else seconds - row.lease_until + LEASE)

    def looked(
        self, one: Delivery, outcome: Outcome, now: datetime, *, ask: bool = False, seen: bool = True
    ) -> bool:
        """Write down what a look for an UNSURE delivery found; `ask` hands its case to a person.

        `seen` is False when the network could not be asked: that is no look.
        """
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            row = connection.execute(DELIVERY_COLUMNS.where(delivery.c.id == one.id)).mappings().one()
            current = delivery_from(row)
            if (current.stage, current.looks) != (DeliveryStage.UNSURE, one.looks):
                return False
            if outcome.stage is not DeliveryStage.UNSURE:
                _conclude(connection, current, outcome, now)
                return True
            changed = {
                "looks": one.looks + seen,
                "not_before": _soon(outcome.not_before, now),
                "problem": storable(outcome.problem),
                # since a time to come (the clock was ahead) no person would ever be asked
                "unsure_since": min(current.unsure_since or now, now),
            }
            connection.execute(update(delivery).where(delivery.c.id == one.id).values(changed))
            if ask:
                _back_to_person(connection, one, "unsure", {"problem": outcome.problem}, now)
        return True

    def void(self, one: Delivery, why: str, now: datetime) -> bool:
        """End an approval that was not sent (the target changed, say): its case waits for a person again."""
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            if not void_planned(connection, [one.case_id], why, now, only=one.id):
                return False
            _back_to_person(connection, one, "approval void", {"why": why}, now)
        return True

    def postpone(self, one: Delivery, until: datetime, problem: str, *, stop_account: bool = False) -> None:
        """Leave a planned delivery that could not even be looked at for later; it was surely not sent."""
        where = delivery.c.id == one.id, delivery.c.stage == "PLANNED", delivery.c.fence == one.fence
        changed = {"not_before": until, "problem": storable(problem), "tries": delivery.c.tries + 1}
        with self._store.write() as connection:
            if stop_account:
                _stop(connection, one.account, problem)
            connection.execute(update(delivery).where(*where).values(changed))

    def by_person(self, one: Delivery, receipt: Receipt | None, by: str, now: datetime) -> None:
        """Settle a delivery by what a person saw: public (a receipt) or surely not (None).

        Possible while it is UNSURE, or PLANNED by hand; raises Conflict otherwise.
        """
        with self._store.write() as connection:
            lock(connection, [one.case_id])
            row = connection.execute(DELIVERY_COLUMNS.where(delivery.c.id == one.id)).mappings().one()
            current = delivery_from(row)
            by_hand = current.stage is DeliveryStage.PLANNED and current.route is Route.BY_HAND
            if current.stage is not DeliveryStage.UNSURE and not by_hand:
                raise Conflict(f"the reply of c-{one.case_id} is {current.stage}; there is nothing to settle")
            stage = DeliveryStage.SENT if receipt else DeliveryStage.VOID
            _conclude(connection, current, Outcome(stage=stage, receipt=receipt), now, by=by)
            if receipt is None:
                _back_to_person(connection, one, "not sent", {}, now, by=by)

    def _clock(self, connection: Connection) -> Reading:
        return self._store.lease_clock() if self._store.lease_clock else lease_clock(connection)


def _keep_to_caps(connection: Connection, one: Delivery, caps: Caps, now: datetime) -> None:
    """Raise ApprovalEnded for what never goes out, and Held for what does later."""
    if why := forbidden(connection, one.target, caps):
        raise ApprovalEnded(why)
    replies = replies_in_thread(connection, one)
    if caps.per_thread and replies >= caps.per_thread:
        raise ApprovalEnded(f"we answered {replies} times in this thread already; more belongs in private")
    tier = connection.scalar(select(cases.c.tier).where(cases.c.id == one.case_id)) or 0
    if caps.closed_until and tier < _GRAVE:
        raise Held("outside the hours of sending", caps.closed_until)
    if until := wait_until(connection, one, caps, now):
        raise Held("a cap on replies is reached", until)


def _moved(connection: Connection, one: Delivery, changed: dict[str, Any]) -> bool:
    """Compare-and-set a delivery by its stage and fence."""
    stage = DeliveryStage(changed["stage"])
    if stage not in DELIVERY_MOVES[one.stage]:
        raise Conflict(f"a delivery that is {one.stage} cannot become {stage}")
    same = delivery.c.id == one.id, delivery.c.stage == str(one.stage), delivery.c.fence == one.fence
    return connection.execute(update(delivery).where(*same).values(changed)).rowcount == 1


def _conclude(
    connection: Connection, one: Delivery, outcome: Outcome, now: datetime, *, by: str = ""
) -> None:
    """Move a locked delivery to its outcome and its case along with it."""
    changed: dict[str, Any] = {"stage": str(outcome.stage), "problem": storable(outcome.problem)}
    if outcome.receipt:
        receipt = outcome.receipt
        changed |= {"remote_id": storable(receipt.remote_id), "remote_url": storable(receipt.url)}
        changed |= {"remote_text": storable(receipt.text), "sent_at": now}
        changed["watch_at"] = now + FIRST_WATCH  # for what the network makes of it, and for a second one
    if outcome.not_before:
        changed["not_before"] = _soon(outcome.not_before, now)
    if outcome.stage is DeliveryStage.PLANNED:
        changed["tries"] = one.tries + 1
    if outcome.stage is DeliveryStage.UNSURE:
        changed["unsure_since"] = now
    if not _moved(connection, one, changed):
        raise Conflict
    _move_case(connection, one, outcome, now, by=by)


def _cautious(one: Delivery, outcome: Outcome) -> Outcome:
    """Return the outcome of sending again: what this attempt did not do, an earlier one may have done."""
    if one.unsure_since is None or outcome.stage is DeliveryStage.SENT:
        return outcome
    return replace(outcome, stage=DeliveryStage.UNSURE)


def _soon(wanted: datetime | None, now: datetime) -> datetime:
    """Return when to go on; a longer wait than `is_time` knows, which settings may ask for, would be none."""
    return min(wanted or now, now + LONGEST)


def _stop(connection: Connection, name: str, problem: str) -> None:
    """Let nothing more be sent on an account until a poll works again; before any case is locked."""
    stopped = {"stopped": True, "problem": storable(problem)}
    connection.execute(update(account).where(account.c.name == name).values(stopped))


def _move_case(connection: Connection, one: Delivery, outcome: Outcome, now: datetime, *, by: str) -> None:
    """Move the case with its delivery, unless the customer has said something new meanwhile."""
    detail = {"problem": outcome.problem} if outcome.problem else {}
    if outcome.stage is DeliveryStage.SENT:
        detail |= _went_out(one, outcome.receipt)
        replied: dict[str, Any] = {"replies": cases.c.replies + 1, "answered_at": now}
        connection.execute(update(cases).where(cases.c.id == one.case_id).values(replied))
        standing = _standing(connection, one)
        if standing and standing.stage in _AWAITING:
            moved = Move(standing=standing, to=Stage.ANSWERED, action="answered", by=by, detail=detail)
            move(connection, [moved], now)
            return
    elif outcome.stage is DeliveryStage.REFUSED and _back_to_person(
        connection, one, "refused", detail, now, by=by
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


def _standing(connection: Connection, one: Delivery) -> Standing | None:
    """Return how the case of `one` stands, locked; None when it is about a newer post by now."""
    standing = lock(connection, [one.case_id])[one.case_id]
    target = connection.scalar(select(cases.c.target_id).where(cases.c.id == one.case_id))
    return standing if target == one.target.id else None


def _back_to_person(
    connection: Connection, one: Delivery, action: str, detail: dict[str, str], now: datetime, *, by: str = ""
) -> bool:
    """Let the case wait for a person again, if the approval of `one` is what it stands on."""
    standing = _standing(connection, one)
    if standing is None or standing.stage is not Stage.APPROVED:
        return False
    moved = Move(standing=standing, to=Stage.WAITING, action=action, by=by, detail=detail)
    move(connection, [moved], now)
    return True
