"""Meter: what a call costs is written down, and no call is made that the budget does not hold.

Every step has its account's calls made through here. Between a call and its note lies nothing but the
note: only the end of the process loses it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from responder.connector import (
    Account,
    Charge,
    Connector,
    Eligibility,
    Exhausted,
    Look,
    Mention,
    Message,
    Page,
    Priced,
    Receipt,
    Shown,
)
from responder.model.budget import Budget
from responder.model.visible import one_line
from responder.steps.wait import wait
from responder.store.errors import StoreError
from responder.store.store import Store

#: A network that gives no more and does not say until when is left in peace for so long.
_REST = timedelta(hours=6)
#: A budget is looked at again this often: somebody may have raised it. No call is made for that.
_LOOK_AGAIN = timedelta(hours=1)

Answer = TypeVar("Answer")


class OverBudget(Exhausted):
    """The budget does not hold a call, and none was made; or the network gave no more, which was noted."""


def metered(store: Store, account: Account, now: datetime) -> Account:
    """Return `account` with its calls metered; the same, where its network asks for no money."""
    if not isinstance(account.connector, Priced):
        return account
    return replace(account, connector=Meter(store, account, now))


def all_metered(store: Store, accounts: Mapping[str, Account], now: datetime) -> dict[str, Account]:
    """Return these accounts, each metered."""
    return {name: metered(store, account, now) for name, account in accounts.items()}


def budget_of(store: Store, account: Account, now: datetime) -> Budget:
    """Return how the money of an account stands."""
    return Budget(allowance=account.allowance, ledger=store.money.ledger(account.name, now), now=now)


def hurried(store: Store, account: Account, now: datetime) -> bool:
    """Whether an account whose polls were spread out to save money is due all the same: it is urgent."""
    if not (account.allowance.month and isinstance(account.connector, Priced)):
        return False
    return store.money.hurried(account.name, now - timedelta(seconds=account.every))


def until_next(store: Store, account: Account, now: datetime, *, heard: bool) -> timedelta:
    """Return how long to wait after a poll that worked; of a metered one its cost is noted."""
    if not isinstance(account.connector, Meter):
        return timedelta(seconds=account.every)
    store.money.polled(account.name, account.connector.cost, now, heard=heard)
    return timedelta(seconds=budget_of(store, account, now).interval(account.every).seconds)


class Meter:
    """A connector between a step and the priced one of `account`, for as long as a step works."""

    def __init__(self, store: Store, account: Account, now: datetime) -> None:
        self.network = account.connector.network
        self.limits = account.connector.limits
        #: What the calls made through this cost.
        self.cost = 0
        self._store, self._account, self._now = store, account, now
        self._connector: Connector = account.connector

    def poll(self, cursor: str | None) -> Page:
        """Poll, unless today's share or the month's budget is used up."""
        return self._paid(lambda: self._connector.poll(cursor), reading=True)

    def eligibility(self, mention: Mention) -> Eligibility:
        """Ask it whatever the budget says: it costs nothing, by the contract."""
        try:
            return self._connector.eligibility(mention)
        finally:
            self._note()

    def look(self, mention: Mention) -> Look:
        """Look, unless the month's budget is used up; so for the calls below."""
        return self._paid(lambda: self._connector.look(mention))

    def send(self, message: Message, to: Mention) -> Receipt:
        """Send."""
        return self._paid(lambda: self._connector.send(message, to))

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        """Find what was sent."""
        return self._paid(lambda: self._connector.find_sent(message, to))

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        """Read back."""
        return self._paid(lambda: self._connector.shown(receipt, to))

    def _paid(self, call: Callable[[], Answer], *, reading: bool = False) -> Answer:
        """Make a call; raises OverBudget when it may not be made, or the network gives no more."""
        self._hold(reading=reading)
        try:
            return call()
        except Exhausted as error:
            rest = _REST if error.retry_after is None else wait(error.retry_after)
            says = one_line(str(error), 300)
            with suppress(StoreError):  # that it did not go out weighs more
                self._store.money.rest(self._account.name, self._now + rest, says, self._now)
            raise OverBudget(says, retry_after=rest.total_seconds()) from error
        finally:
            self._note()

    def _hold(self, *, reading: bool) -> None:
        """Raise OverBudget where the budget does not hold; what was spent before must be on disk first."""
        self._write()
        halt = budget_of(self._store, self._account, self._now).halt(reading=reading)
        if halt:
            seconds = min(halt.until - self._now, _LOOK_AGAIN).total_seconds()
            raise OverBudget(halt.why, retry_after=seconds)

    def _note(self) -> None:
        """Write down what the call cost. A failing database must not hide what became of the call."""
        with suppress(StoreError):
            self._write()

    def _write(self) -> None:
        """Write down all that is owed; what the database does not take is kept for the next time."""
        connector, owed = self._connector, self._account.owed
        charges = connector.spent() if isinstance(connector, Priced) else ()
        self.cost += sum(one.micros for one in charges)
        owed.extend(charges)
        taken: list[Charge] = []
        with suppress(IndexError):
            while True:
                taken.append(owed.popleft())  # one by one: other threads pay on this account too
        if not taken:
            return
        try:
            self._store.money.note(
                self._account.name, [(one.kind, one.units, one.micros) for one in taken], self._now
            )
        except StoreError:
            owed.extendleft(reversed(taken))
            raise
