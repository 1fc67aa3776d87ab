"""Mistakes of those who send: in the claim, before the call, after it, and in looking."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, text, update

from responder.model.caps import Caps
from responder.model.delivery import Delivery, DeliveryStage, Receipt
from responder.store.approval import DELIVERY_COLUMNS
from responder.store.control import paused
from responder.store.engine import Reading
from responder.store.errors import StoreError
from responder.store.moves import record
from responder.store.outbox import LEASE, Outbox
from responder.store.rows import delivery_from
from responder.store.settling import Outcome
from responder.store.tables import attempt, cases, delivery
from tests.lifecycle.laboratory.watched import WatchedStore


class SendsAtOnce(Outbox):
    """The claim was a moment ago: why ask again?"""

    def may_send(self, claimed: Delivery) -> bool:
        store = self._store
        assert isinstance(store, WatchedStore)
        if store.actor:  # without the check the time between claim and call is still there
            store.actor.moment("prepares the call")
        return True


class AsksTheSwitchAlone(Outbox):
    """The claim looked at the file a moment ago; only the switch is asked about once more."""

    def may_send(self, claimed: Delivery) -> bool:
        file, self._store.pause_file = self._store.pause_file, None
        may = super().may_send(claimed)
        self._store.pause_file = file
        return may


class ClaimsBlindly(Outbox):
    """A claim that reads and writes without comparing."""

    heeds_pause = True

    def claim(
        self,
        one: Delivery,
        now: datetime,
        caps: Caps | None = None,
        *,
        looked: Reading | None = None,
        again: bool = False,
    ) -> Delivery | None:
        with self._store.write() as connection:
            if self.heeds_pause and paused(connection):
                return None
            where = delivery.c.id == one.id
            fence = connection.scalar(select(delivery.c.fence).where(where)) or 0
            clock, seconds = self._clock(connection)
            values = {"stage": "SENDING", "fence": fence + 1, "lease_clock": clock}
            connection.execute(
                update(delivery).where(where).values(values | {"lease_until": seconds + LEASE})
            )
            row = {"delivery_id": one.id, "fence": fence + 1, "started_at": now}
            connection.execute(insert(attempt), row)
            record(connection, [(one.case_id, one.account, "sending", "", {"fence": str(fence + 1)})], now)
            return delivery_from(connection.execute(DELIVERY_COLUMNS.where(where)).mappings().one())


class ClaimsWithoutApproval(ClaimsBlindly):
    """A claim that compares nothing that an approval rests on."""


class IgnoresPause(ClaimsBlindly, SendsAtOnce):
    """A pause that only stops what is planned after it."""

    heeds_pause = False


class PostsThenWrites(SendsAtOnce):
    """The claim is written together with its outcome."""

    def claim(
        self,
        one: Delivery,
        now: datetime,
        caps: Caps | None = None,
        *,
        looked: Reading | None = None,
        again: bool = False,
    ) -> Delivery | None:
        return replace(one, stage=DeliveryStage.SENDING, fence=one.fence + 1)

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        before = replace(claimed, stage=DeliveryStage.PLANNED, fence=claimed.fence - 1)
        kept = super().claim(before, now)
        return kept is not None and super().settle(kept, outcome, now)


class ForgetsAttempts(Outbox):
    """The stage says enough."""

    def claim(
        self,
        one: Delivery,
        now: datetime,
        caps: Caps | None = None,
        *,
        looked: Reading | None = None,
        again: bool = False,
    ) -> Delivery | None:
        claimed = super().claim(one, now, caps, looked=looked, again=again)
        if claimed:
            with self._store.write() as connection:
                connection.execute(text("DELETE FROM attempt WHERE delivery_id = :id"), {"id": one.id})
        return claimed


class LooksLongBefore(Outbox):
    """A look is a look, however long ago."""

    def claim(
        self,
        one: Delivery,
        now: datetime,
        caps: Caps | None = None,
        *,
        looked: Reading | None = None,
        again: bool = False,
    ) -> Delivery | None:
        return super().claim(one, now, caps, again=again)


class SendsAnyway(SendsAtOnce):
    """A database that fails must not stop an approved reply."""

    def claim(
        self,
        one: Delivery,
        now: datetime,
        caps: Caps | None = None,
        *,
        looked: Reading | None = None,
        again: bool = False,
    ) -> Delivery | None:
        try:
            return super().claim(one, now, caps, looked=looked, again=again)
        except StoreError:
            return replace(one, stage=DeliveryStage.SENDING, fence=one.fence + 1)


class RetriesBlindly(Outbox):
    """What timed out is planned again."""

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        if outcome.stage is DeliveryStage.UNSURE:
            outcome = Outcome(stage=DeliveryStage.PLANNED, problem=outcome.problem, not_before=now)
        return super().settle(claimed, outcome, now)


class IgnoresFence(Outbox):
    """Whoever sent the delivery may say how it ended."""

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        with self._store.read() as connection:
            fence = connection.scalar(select(delivery.c.fence).where(delivery.c.id == claimed.id)) or 0
        return super().settle(replace(claimed, fence=fence), outcome, now)


class SettlesWhateverStands(Outbox):
    """The last word counts, also over success."""

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        with self._store.write() as connection:
            connection.execute(
                update(delivery).where(delivery.c.id == claimed.id).values(stage=str(outcome.stage))
            )
        return True


class DropsLateSuccess(Outbox):
    """Who was given up is not listened to."""

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        with self._store.read() as connection:
            stage = connection.scalar(select(delivery.c.stage).where(delivery.c.id == claimed.id))
        return stage == "SENDING" and super().settle(claimed, outcome, now)


class ForgetsSettling(Outbox):
    """An outcome that cannot be written is let go."""

    def settle(self, claimed: Delivery, outcome: Outcome, now: datetime) -> bool:
        with suppress(StoreError):
            return super().settle(claimed, outcome, now)
        return False


class LeaseToPlanned(Outbox):
    """What a dead process had in hand is simply sent again."""

    def expire(self, now: datetime, look_at: datetime) -> int:
        with self._store.write() as connection:
            clock, seconds = self._clock(connection)
            over = (delivery.c.lease_clock != clock) | (delivery.c.lease_until < seconds)
            stale = update(delivery).where(delivery.c.stage == "SENDING", over).values(stage="PLANNED")
            return connection.execute(stale).rowcount


class LeasesByTheWall(Outbox):
    """Everybody has a clock on the wall."""

    def _clock(self, connection: Connection, shown: float | None = None) -> tuple[str, float]:
        store = self._store
        assert isinstance(store, WatchedStore)
        if store.actor is None:
            return super()._clock(connection, shown)
        return "wall", store.actor.stage.clock.wall(store.actor.name).timestamp()


class AsksByTheWall(Outbox):
    """Ten minutes are ten minutes on the wall."""

    def waited(self, one: Delivery) -> timedelta:
        return timedelta.max


class AbsentOnceIsEnough(Outbox):
    """What is not found was not sent."""

    def looked(
        self, one: Delivery, outcome: Outcome, now: datetime, *, ask: bool = False, seen: bool = True
    ) -> bool:
        if outcome.stage is not DeliveryStage.UNSURE or not seen:
            return super().looked(one, outcome, now, ask=ask, seen=seen)
        self.by_person(one, _NOT_SENT, "", now)
        return True


class TriesAgainUnfound(Outbox):
    """What is not found for long is sent again, without asking."""

    def looked(
        self, one: Delivery, outcome: Outcome, now: datetime, *, ask: bool = False, seen: bool = True
    ) -> bool:
        if not ask:
            return super().looked(one, outcome, now, ask=ask, seen=seen)
        with self._store.write() as connection:
            connection.execute(update(delivery).where(delivery.c.id == one.id).values(stage="PLANNED"))
        return True


class NeverLooksAgain(Outbox):
    """Once a person was asked, the machine has done its part."""

    def unsure(self, now: datetime, accounts: Sequence[str], limit: int = 20) -> list[Delivery]:
        with self._store.read() as connection:
            asked = set(connection.scalars(select(cases.c.id).where(cases.c.stage == "WAITING")))
        return [one for one in super().unsure(now, accounts, limit) if one.case_id not in asked]


_NOT_SENT: Receipt | None = None
