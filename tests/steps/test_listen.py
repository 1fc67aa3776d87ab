"""Who hears nothing is named, soon and with its cause; and what lay between is told when it hears again."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from responder.connector import (
    Account,
    ConnectorError,
    Exhausted,
    Malformed,
    Page,
    Unauthorised,
    Unavailable,
)
from responder.model.blind import Cause, Filled
from responder.steps.digest import digest
from responder.steps.listen import Listener
from responder.steps.poll import poll
from responder.store.store import Store
from tests.network import START, ScriptedNetwork, at, mention

EVERY = 60.0


@dataclass
class Told(ScriptedNetwork):
    """Tells of its next page that something is missing before it."""

    gap: str = ""

    def poll(self, cursor: str | None) -> Page:
        page = super().poll(cursor)
        told, self.gap = self.gap, ""
        return replace(page, gap=told)


@dataclass
class Watched:
    """An account that is polled when it is due, and listened to each half minute."""

    store: Store
    net: ScriptedNetwork = field(default_factory=ScriptedNetwork)
    listener: Listener = field(default_factory=Listener)
    minute: float = 0

    def __post_init__(self) -> None:
        self.store.intake.introduce({"shop": "scripted"})
        self.account = Account(name="shop", connector=self.net, every=EVERY)

    @property
    def now(self) -> datetime:
        return at(self.minute)

    def live(self, minutes: float, step: float = 0.5) -> None:
        """Let so much time pass."""
        end = self.minute + minutes
        while self.minute < end:
            self.minute += step
            self.tick()

    def tick(self) -> None:
        if self.store.intake.due(["shop"], self.now):
            poll(self.store, self.account, self.now)
        self.listener.listen(self.store, [self.account], self.now)

    def named(self, within: float) -> Cause:
        """Live until it is named blind, at most so many minutes; return the cause."""
        end = self.minute + within
        while self.minute < end:
            self.live(0.5)
            if found := self.store.blindness.blind(self.now):
                return found[0].cause
        raise AssertionError("it was not named")


@pytest.fixture
def shop(any_store: Store) -> Watched:
    watched = Watched(any_store)
    watched.live(3)
    return watched


@pytest.mark.parametrize(
    ("error", "cause", "within"),
    [
        (Unauthorised(), Cause.CREDENTIAL, 1.5),
        (Exhausted(), Cause.BUDGET, 1.5),
        (Unavailable("no route"), Cause.NETWORK, 3),
        (Malformed(), Cause.FORMAT, 3),
        (ConnectorError("odd"), Cause.NETWORK, 3),
        (KeyError("a slip"), Cause.BUG, 3),
    ],
)
def test_who_cannot_be_read_is_named_within_three_intervals(
    shop: Watched, error: Exception, cause: Cause, within: float
) -> None:
    assert shop.store.blindness.blind(shop.now) == []
    shop.net.unreachable = error
    assert shop.named(within) is cause
    (found,) = shop.store.blindness.blind(shop.now)
    assert found.since <= at(3)  # the last time that it was read
    made = digest(shop.store, START, shop.now)
    assert made.blind == (found,)
    shop.live(30)
    assert shop.store.views.figures(shop.now, START).happened["blind"] == 1  # told once


def test_one_poll_that_fails_is_no_blindness(shop: Watched) -> None:
    shop.net.unreachable = Unavailable("no route")
    shop.live(1)
    shop.net.unreachable = None
    shop.live(10)
    assert shop.store.blindness.gaps(START) == []


def test_what_was_said_meanwhile_is_read_and_told_so(shop: Watched) -> None:
    shop.net.unreachable = Unavailable("no route")
    shop.live(10)
    shop.net.say(mention("1"))
    shop.net.unreachable = None
    shop.live(20)
    assert shop.store.blindness.blind(shop.now) == []
    (gap,) = shop.store.blindness.gaps(START)
    assert (gap.filled, gap.cause, gap.missing) == (Filled.READ, Cause.NETWORK, "")
    assert gap.until is not None
    assert gap.since < gap.until
    assert shop.store.views.figures(shop.now, START).by_stage["NEW"] == 1


def test_what_may_be_missing_is_told_so(any_store: Store) -> None:
    net = Told()
    shop = Watched(any_store, net)
    shop.live(3)
    net.unreachable = Unavailable("no route")
    shop.live(10)
    net.unreachable, net.gap = None, "the list was cut"
    net.say(mention("1"))
    shop.live(20)
    (gap,) = any_store.blindness.gaps(START)
    assert (gap.filled, gap.missing) == (Filled.MISSING, "the list was cut")


def test_a_gap_that_nobody_noticed_before_is_kept_as_well(any_store: Store) -> None:
    net = Told(gap="the list was cut")
    net.say(mention("1"))
    shop = Watched(any_store, net)
    shop.live(3)
    (gap,) = any_store.blindness.gaps(START)
    assert (gap.filled, gap.missing, gap.until) == (Filled.MISSING, "the list was cut", gap.since)


def test_another_cause_takes_the_place_of_the_first(shop: Watched) -> None:
    shop.net.unreachable = Unavailable("no route")
    shop.live(5)
    shop.net.unreachable = Unauthorised("who are you?")
    shop.live(20)
    (found,) = shop.store.blindness.blind(shop.now)
    assert (found.cause, found.says) == (Cause.CREDENTIAL, "who are you?")
    assert found.since <= at(3)


@pytest.mark.slow
def test_an_unusual_silence_is_named_and_ends_with_the_next_post(any_store: Store) -> None:
    shop = Watched(any_store)
    for n in range(24 * 15):  # one post an hour, for two weeks and a day
        shop.minute += 60
        shop.net.say(mention(str(n), minutes=shop.minute))
        poll(any_store, shop.account, shop.now)
    last = shop.now
    shop.live(150, step=10)
    assert any_store.blindness.blind(shop.now) == []
    shop.live(50, step=10)
    (found,) = any_store.blindness.blind(shop.now)
    assert (found.since, found.cause) == (last, Cause.SILENCE)
    shop.net.say(mention("back", minutes=shop.minute))
    shop.live(10, step=10)
    assert any_store.blindness.blind(shop.now) == []
    (gap,) = any_store.blindness.gaps(START)
    assert gap.filled is Filled.READ


def test_what_nothing_reads_is_blind_and_kept_as_a_gap_when_it_is_read_again(shop: Watched) -> None:
    shop.minute += 60 * 5
    (found,) = shop.store.blindness.blind(shop.now)
    assert found.cause is Cause.UNREAD
    shop.live(2)
    assert shop.store.blindness.blind(shop.now) == []
    (gap,) = shop.store.blindness.gaps(START)
    assert gap.cause is Cause.UNREAD
    assert gap.until is not None
    assert gap.until - gap.since > timedelta(hours=5)


def test_two_daemons_note_one_gap(shop: Watched) -> None:
    shop.net.unreachable = Unauthorised()
    shop.live(2)
    Listener().listen(shop.store, [shop.account], shop.now)
    assert len(shop.store.blindness.gaps(START)) == 1
