"""Approved words on their way out: the intention is on disk before the deed, and nothing is sent twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, RowMapping, and_, bindparam, insert, or_, select, update

from responder.model.caps import Caps
from responder.model.case import Stage
from responder.model.delivery import Delivery, DeliveryStage, Receipt, Route
from responder.store.approval import DELIVERY_COLUMNS, approved, void_planned
from responder.store.caps import last_questions, never_answered, wait_until
from responder.store.control import PAUSED
from responder.store.engine import Reading, server_clock
from responder.store.errors import ApprovalEnded, Conflict, Held
from responder.store.moves import Move, at_time, is_time, lock, move, record
from responder.store.pausing import file_pauses
from responder.store.planned_once import LIMIT, fixed
from responder.store.rows import delivery_from, storable
from responder.store.settling import (
    Locked,
    Outcome,
    back_to_person,
    cautious,
    conclude,
    moved,
    soon,
    stop,
)
from responder.store.tables import PENDING, account, attempt, delivery

if TYPE_CHECKING:
    from responder.store.store import Store

#: Seconds a claim holds; longer than any connector's total deadline for one call.
LEASE = 90.0
#: No reply is held back for longer before it is first sent.
HELD = timedelta(minutes=10)
#: From this tier on nobody waits for the hours of sending.
_GRAVE = 4

_OURS = delivery.c.account.in_(bindparam("accounts", expanding=True))
_OLDEST = delivery.c.not_before, delivery.c.id
_SENDING = delivery.c.stage == fixed(DeliveryStage.SENDING)
_DUE = (
    DELIVERY_COLUMNS.add_columns(server_clock().label("clock"))
    .where(
        PENDING,
        ~PAUSED,
        delivery.c.stage == fixed(DeliveryStage.PLANNED),
        delivery.c.route == str(Route.API),
        or_(
            is_time(delivery.c.not_before),
            # one that no call was made for yet is held back for a moment only: longer is a clock set back
            and_(delivery.c.tries == 0, delivery.c.not_before > bindparam("held")),
        ),
        _OURS,
        delivery.c.account.not_in(select(delivery.c.account).where(_SENDING)),
        delivery.c.account.not_in(select(account.c.name).where(account.c.stopped)),
    )
    .order_by(*_OLDEST)
    .limit(LIMIT)
)
_UNSURE = (
    DELIVERY_COLUMNS.where(
        PENDING, delivery.c.stage == fixed(DeliveryStage.UNSURE), is_time(delivery.c.not_before), _OURS
    )
    .order_by(*_OLDEST)
    .limit(LIMIT)
)
_ONE = DELIVERY_COLUMNS.where(delivery.c.id == bindparam("number"))
_LEASE = select(
    delivery.c.stage,
    delivery.c.fence,
    delivery.c.lease_clock,
    delivery.c.lease_until,
    PAUSED.label("paused"),
    server_clock().label("clock"),
).where(delivery.c.id == bindparam("number"))
_OVER = (
    PENDING,
    _SENDING,
    # longer than a lease is: a clock without a name began anew with the machine
    (delivery.c.lease_clock != bindparam("clock"))
    | (delivery.c.lease_until < bindparam("seconds"))
    | (delivery.c.lease_until > bindparam("latest")),
)
_CASES_OVER = select(delivery.c.case_id).where(*_OVER)
_DELIVERIES_OVER = DELIVERY_COLUMNS.where(*_OVER)
_ATTEMPTED = insert(attempt)
_ENDED = (
    update(attempt)
    .where(attempt.c.delivery_id == bindparam("b_delivery"))
    .where(attempt.c.fence == bindparam("b_fence"))
)


class Outbox:
    """Planning, claiming, settling and looking for deliveries."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def due(self, now: datetime, accounts: Sequence[str], limit: int = 1) -> list[Delivery]:
        """Return the oldest deliveries that may be sent now; none while sending is paused."""
        with self._store.read() as connection:
            return [delivery_from(row) for row in self._due(connection, now, accounts, limit)]

    def next(self, now: datetime, accounts: Sequence[str]) -> tuple[Delivery, Reading] | None:
        """Return the oldest delivery that may be sent now, with the reading before it is looked at."""
        with self._store.read() as connection:
            due = self._due(connection, now, accounts, 1)
            return (delivery_from(due[0]), self._clock(connection, due[0]["clock"])) if due else None

    def _due(
        self, connection: Connection, now: datetime, accounts: Sequence[str], limit: int
    ) -> Sequence[RowMapping]:
        if file_pauses(self._store.pause_file):
            return []
        values = {"accounts": list(accounts), "limit": limit, "held": now + HELD} | at_time(now)
        return connection.execute(_DUE, values).mappings().all()

    def claim(
        self,
        one: Delivery,
        now: datetime,
        caps: Caps | None = None,
        *,
        looked: Reading | None = None,
        again: bool = False,
    ) -> Delivery | None:
        """Write down that `one` is about to be sent; None while paused or when somebody else did.

        The lease counts from `looked`, the `reading` before its target was looked at (from now without
        one): a process that slept since then gets None, for what it saw is old.

        Everything an approval rests on is compared again under the lock: the case's stage and current
        draft, the decision's fingerprint, the words, the complaint and its thread as they are stored.
        ApprovalEnded is raised when any of it no longer holds, Held when a cap lets it out later.

        `again` claims one that is UNSURE. Only where the network keeps one record under its key: elsewhere
        sending again could make a second reply. Without it only what is PLANNED is claimed.
        """
        caps = caps or Caps()
        if one.stage is not (DeliveryStage.UNSURE if again else DeliveryStage.PLANNED):
            raise Conflict(f"the reply of c-{one.case_id} is {one.stage}; it is not sent again")
        with self._store.write() as connection:
            locked = approved(connection, one)
            asked = last_questions(connection, one)
            if asked.paused or file_pauses(self._store.pause_file):
                return None
            if locked is None:
                raise ApprovalEnded
            _keep_to_caps(connection, locked, caps, asked, now)
            clock, seconds = self._clock(connection, asked.clock)
            since = looked or (clock, seconds)
            if since[0] != clock or seconds > since[1] + LEASE:
                return None
            changed = {
                "stage": str(DeliveryStage.SENDING),
                "fence": one.fence + 1,
                "lease_clock": clock,
                "lease_until": since[1] + LEASE,
            }
            if not moved(connection, one, changed):
                return None
            row = {"delivery_id": one.id, "fence": one.fence + 1, "started_at": now}
            connection.execute(_ATTEMPTED, row)
            record(
                connection, [(one.case_id, one.account, "sending", "", {"fence": str(one.fence + 1)})], now
            )
        return replace(locked[0], stage=DeliveryStage.SENDING, fence=one.fence + 1)

    def may_send(self, claimed: Delivery) -> bool:
        """Say, just before the call, whether the claim still holds and nothing stops all sending."""
        with self._store.read() as connection:
            row = connection.execute(_LEASE, {"number": claimed.id}).one()
            clock, seconds = self._clock(connection, row.clock)
            held = (row.stage, row.fence) == ("SENDING", claimed.fence)
            holds = held and row.lease_clock == clock and seconds < row.lease_until
            if not holds or row.paused:
                return False
        return not file_pauses(self._store.pause_file)  # as late as can be

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        """Write down how the attempt ended; False when a later claim or a look settled it already.

        A late success also lifts UNSURE: that the reply is public is never forgotten. The account is
        stopped in any case: it is locked before the case is.
        """
        # lost in a power cut, the claim is left, and is looked for when its lease is over
        with self._store.write(lasting=False) as connection:
            if outcome.stop_account:
                stop(connection, claimed.account, outcome.problem, now)
            current, standing = _locked(connection, claimed)
            late = current.stage is DeliveryStage.UNSURE and outcome.stage is DeliveryStage.SENT
            if current.fence != claimed.fence or not (current.stage is DeliveryStage.SENDING or late):
                return False
            ended = {
                "b_delivery": claimed.id,
                "b_fence": claimed.fence,
                "ended_at": now,
                "outcome": storable(f"{outcome.stage} {outcome.problem}".strip()),
            }
            connection.execute(_ENDED, ended)
            conclude(connection, (current, standing), cautious(current, outcome), now)
        return True

    def expire(self, now: datetime, look_at: datetime) -> int:
        """Turn claims whose lease is over into UNSURE, to be looked for from `look_at`; return how many."""
        with self._store.write() as connection:
            clock, seconds = self._clock(connection)
            times = {"clock": clock, "seconds": seconds, "latest": seconds + LEASE}
            standings = lock(connection, connection.scalars(_CASES_OVER, times))
            if not standings:
                return 0
            # read again under the lock: a sender that was only slow may have settled meanwhile
            rows = connection.execute(_DELIVERIES_OVER, times).mappings()
            stale = [delivery_from(row) for row in rows]
            problem = "the sender stopped before it could say"
            outcome = Outcome(stage=DeliveryStage.UNSURE, problem=problem, not_before=look_at)
            for one in stale:
                conclude(connection, (one, standings[one.case_id]), outcome, now)
        return len(stale)

    def unsure(self, now: datetime, accounts: Sequence[str], limit: int = 20) -> list[Delivery]:
        """Return deliveries that may be public and are due to be looked for."""
        values = {"accounts": list(accounts), "limit": limit} | at_time(now)
        with self._store.read() as connection:
            return [delivery_from(row) for row in connection.execute(_UNSURE, values).mappings()]

    def waited(self, one: Delivery) -> timedelta:
        """Return how long ago `one` was claimed, on the clock that nobody sets.

        From before a restart of the machine it counts from the restart: it was claimed no later.
        """
        with self._store.read() as connection:
            return self._waited(connection, one)

    def _waited(self, connection: Connection, one: Delivery) -> timedelta:
        row = connection.execute(_LEASE, {"number": one.id}).one()
        clock, seconds = self._clock(connection, row.clock)
        older = row.lease_clock != clock or row.lease_until > seconds + LEASE
        return timedelta(seconds=seconds if older else seconds - row.lease_until + LEASE)

    def looked(
        self, one: Delivery, outcome: Outcome, now: datetime, *, ask: bool = False, seen: bool = True
    ) -> bool:
        """Write down what a look for an UNSURE delivery found; `ask` hands its case to a person.

        `seen` is False when the network could not be asked: that is no look.
        """
        with self._store.write() as connection:
            current, standing = _locked(connection, one)
            if (current.stage, current.looks) != (DeliveryStage.UNSURE, one.looks):
                return False
            if outcome.stage is not DeliveryStage.UNSURE:
                conclude(connection, (current, standing), outcome, now)
                return True
            changed = {
                "looks": one.looks + seen,
                "not_before": soon(outcome.not_before, now),
                "problem": storable(outcome.problem),
                # since a time to come (the clock was ahead) no person would ever be asked
                "unsure_since": min(current.unsure_since or now, now),
            }
            connection.execute(update(delivery).where(delivery.c.id == one.id).values(changed))
            if ask:
                back_to_person(connection, (current, standing), "unsure", {"problem": outcome.problem}, now)
        return True

    def void(self, one: Delivery, why: str, now: datetime) -> bool:
        """End an approval that was not sent (the target changed, say): its case waits for a person again."""
        with self._store.write() as connection:
            standing = lock(connection, [one.case_id])[one.case_id]
            if not void_planned(connection, [one.case_id], why, now, only=one.id):
                return False
            if standing.stage is Stage.APPROVED:  # by this delivery: it was the only one planned
                void = Move(standing=standing, to=Stage.WAITING, action="approval void", detail={"why": why})
                move(connection, [void], now)
        return True

    def postpone(
        self, one: Delivery, until: datetime, problem: str, *, stopped_at: datetime | None = None
    ) -> None:
        """Leave a planned delivery that could not even be looked at for later; it was surely not sent.

        `stopped_at` also stops its account, at that moment.
        """
        where = delivery.c.id == one.id, delivery.c.stage == "PLANNED", delivery.c.fence == one.fence
        changed = {"not_before": until, "problem": storable(problem), "tries": delivery.c.tries + 1}
        with self._store.write() as connection:
            if stopped_at:
                stop(connection, one.account, problem, stopped_at)
            connection.execute(update(delivery).where(*where).values(changed))

    def by_person(
        self,
        one: Delivery,
        receipt: Receipt | None,
        by: str,
        now: datetime,
        *,
        patience: timedelta = timedelta(0),
    ) -> None:
        """Settle a delivery by what a person saw: public (a receipt) or surely not (None).

        Possible while it is UNSURE, or PLANNED by hand; raises Conflict otherwise, and when somebody says
        that it is not public before `patience` is over since it was claimed: it may yet appear.
        """
        with self._store.write() as connection:
            current, standing = _locked(connection, one)
            left = patience - self._waited(connection, one)
            if receipt is None and current.stage is DeliveryStage.UNSURE and left > timedelta(0):
                minutes = ceil(left / timedelta(minutes=1))
                raise Conflict(
                    f"the reply of c-{one.case_id} was on its way only just now and may still appear;"
                    f" look again in {minutes} minute{'s' if minutes > 1 else ''}"
                )
            by_hand = current.stage is DeliveryStage.PLANNED and current.route is Route.BY_HAND
            if current.stage is not DeliveryStage.UNSURE and not by_hand:
                raise Conflict(f"the reply of c-{one.case_id} is {current.stage}; there is nothing to settle")
            stage = DeliveryStage.SENT if receipt else DeliveryStage.VOID
            locked = current, standing
            conclude(connection, locked, Outcome(stage=stage, receipt=receipt), now, by=by)
            if receipt is None:
                back_to_person(connection, locked, "not sent", {}, now, by=by)

    def _clock(self, connection: Connection, shown: float | None = None) -> Reading:
        return self._store.clock_of(connection, shown)


def _locked(connection: Connection, one: Delivery) -> Locked:
    """Lock the case of a delivery; return the delivery as it is, and how the case stands."""
    standing = lock(connection, [one.case_id])[one.case_id]
    return delivery_from(connection.execute(_ONE, {"number": one.id}).mappings().one()), standing


def _keep_to_caps(connection: Connection, locked: Locked, caps: Caps, asked: Row[Any], now: datetime) -> None:
    """Raise ApprovalEnded for what never goes out, and Held for what does later."""
    one, standing = locked
    if why := never_answered(one.target, caps, ours=asked.ours, asked=asked.asked):
        raise ApprovalEnded(why)
    if caps.per_thread and asked.replies >= caps.per_thread:
        raise ApprovalEnded(
            f"we answered {asked.replies} times in this thread already; more belongs in private"
        )
    if caps.closed_until and standing.tier < _GRAVE:
        raise Held("outside the hours of sending", caps.closed_until)
    if until := wait_until(connection, one, caps, now):
        raise Held("a cap on replies is reached", until)
