"""From a word on Reddit to a case, and from an approval to one comment: with the real store and steps."""

from collections.abc import Iterator
from contextlib import ExitStack
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from responder.connector import Account
from responder.model.case import Stage
from responder.steps.draft import draft
from responder.steps.poll import poll
from responder.steps.post import Mode, post
from responder.steps.triage import triage
from responder.store.store import Store
from responder.store.tables import event, mention
from tests.connectors.reddit.stages import reddit
from tests.connectors.stage import ACCOUNT
from tests.desk import approved, seen, stage
from tests.lifecycle.world import TARGETS
from tests.network import at
from tests.policies import PlainPolicy
from tests.standins.reddit import (
    BRAND,
    Fail,
    Server,
    Thing,
    World,
    afterwards,
    breaks_off,
    instead,
    to_comments,
    to_reads,
)
from tests.standins.reddit.failing import Asked


@pytest.fixture
def ours(store: Store, world: World) -> Thing:
    """A post of ours that people answer, and an account that is known."""
    store.intake.introduce({ACCOUNT: "reddit"})
    return world.post(BRAND, "How was it?")


def account(server: Server, **options: Any) -> dict[str, Account]:
    return {ACCOUNT: Account(name=ACCOUNT, connector=reddit(server, **options))}


def walk(store: Store, accounts: dict[str, Account], minutes: float) -> None:
    """Let the machine do all it can, once: read, weigh, draft."""
    poll(store, accounts[ACCOUNT], at(minutes))
    triage(store, PlainPolicy(), TARGETS, at(minutes))
    draft(store, PlainPolicy(), accounts, at(minutes))


def test_a_mention_is_a_case_that_waits_after_one_poll(
    store: Store, server: Server, world: World, ours: Thing
) -> None:
    accounts = account(server)
    walk(store, accounts, 1)
    said = world.comment("ana", f"u/{BRAND}, my parcel is late.", world.post("eva", "Parcels"))
    before = len(server.requests)
    walk(store, accounts, 2)
    assert stage(store) is Stage.WAITING
    assert store.casework.get(1).target.external_id == said.name
    assert [one.path for one in server.requests[before:]] == ["/message/inbox/", "/api/info/"]


def test_an_idle_poll_is_one_request(store: Store, server: Server, ours: Thing) -> None:
    accounts = account(server, subreddits=["acme"], searches=[{"query": "parcel"}])
    walk(store, accounts, 1)
    for minute in range(2, 10):
        before = len(server.requests)
        walk(store, accounts, minute)
        assert len(server.requests) == before + 1


def test_an_approved_reply_becomes_one_comment_and_is_read_back(
    store: Store, server: Server, world: World, ours: Thing
) -> None:
    accounts = account(server)
    said = world.comment("ana", "My parcel is late.", ours)
    walk(store, accounts, 1)
    approved(store)
    assert post(store, accounts, Mode.ON, at(3)).done == {"sent": 1}
    assert [one.text for one in world.answers(said)] == [seen(store)[1].text]
    assert stage(store) is Stage.ANSWERED
    assert post(store, accounts, Mode.ON, at(6)).done == {}  # read back: all is well
    assert len(server.writes) == 1


@pytest.mark.parametrize("fail", [afterwards(503, b"<html>busy</html>"), breaks_off(0.4)], ids=["503", "cut"])
def test_a_lost_answer_is_looked_for_and_never_sent_again(
    store: Store, server: Server, world: World, ours: Thing, fail: Fail
) -> None:
    accounts = account(server)
    said = world.comment("ana", "My parcel is late.", ours)
    walk(store, accounts, 1)
    approved(store)
    with server.failing(to_comments, fail):
        assert post(store, accounts, Mode.ON, at(3)).done == {"unsure": 1}
    assert post(store, accounts, Mode.ON, at(6)).done == {"found": 1}
    assert (stage(store), len(world.answers(said)), len(server.writes)) == (Stage.ANSWERED, 1, 1)


def test_a_reply_that_is_hidden_from_everybody_else_becomes_an_alarm(
    store: Store, server: Server, world: World, ours: Thing
) -> None:
    accounts = account(server)
    world.comment("ana", "My parcel is late.", ours)
    walk(store, accounts, 1)
    approved(store)
    world.hides_ours = True
    post(store, accounts, Mode.ON, at(3))
    told = [
        problem for minute in (6, 19, 21) for problem in post(store, accounts, Mode.ON, at(minute)).problems
    ]
    assert told == ["c-1: nobody but us can see it: the network hides it"]


def test_a_thread_that_is_locked_after_the_approval_gets_no_comment(
    store: Store, server: Server, world: World, ours: Thing
) -> None:
    accounts = account(server)
    world.comment("ana", "My parcel is late.", ours)
    walk(store, accounts, 1)
    approved(store)
    ours.locked = True
    (problem,) = post(store, accounts, Mode.ON, at(3)).problems
    assert "cannot be answered any more: the post is locked" in problem
    assert (server.writes, stage(store)) == ([], Stage.WAITING)


def test_elsewhere_than_where_we_may_a_person_is_given_the_address(
    store: Store, server: Server, world: World, ours: Thing
) -> None:
    accounts = account(server, answer_in=[])
    said = world.comment("ana", "My parcel is late.", ours)
    walk(store, accounts, 1)
    case = store.casework.get(1)
    assert (case.stage, case.answerable) == (Stage.WAITING, "by_hand")
    assert case.answer_detail == f"https://www.reddit.com/r/acme/comments/{ours.id}/_/{said.id}/"


#: What becomes of a request that fails; some of the pages after it were stored already.
_FAILURES = (
    instead(503, b"<html>busy</html>"),
    instead(429, b"<html>slow down</html>"),
    instead(401),
    instead(200, b"<html>welcome</html>"),
    breaks_off(0.0),
    breaks_off(0.6),
)


class Trouble:
    """Lets some requests fail, by chance."""

    def __init__(self, chance: Random, share: float) -> None:
        self._chance = chance
        self._share = share

    def __call__(self, asked: Asked) -> bool:
        return to_reads(asked) and self._chance.random() < self._share


def storm(store: Store, server: Server, options: dict[str, Any], total: int, seed: int) -> Iterator[int]:
    """Let people write, as much at a time as Reddit lists, while requests fail; yield how much was heard."""
    chance, accounts = Random(seed), account(server, backlog=1000, **options)  # noqa: S311 (a replay)
    world, said = server.world, 0
    top = world.post(BRAND, "How was it?")
    while said < total:
        burst = min(chance.randrange(1, 900), total - said)
        recent = [
            world.comment(f"ana{number}", "Late!", top) if number % 3 else world.post(f"ana{number}", "Late!")
            for number in range(said, said + burst)
        ]
        said += burst
        with ExitStack() as trouble:
            for fail in _FAILURES:
                trouble.enter_context(server.failing(Trouble(chance, 0.04), fail))
            for _ in range(4):
                yield poll(store, accounts[ACCOUNT], at(1)).done.get("heard", 0)
        clean = 0
        while clean < 6:  # in calm weather everything is read to its end
            report = poll(store, accounts[ACCOUNT], at(1))
            yield report.done.get("heard", 0)
            clean += not report.problems
        for gone in chance.sample(recent, min(len(recent), 20)):
            world.delete(gone)


@pytest.mark.parametrize(
    ("options", "total"),
    [
        ({"inbox": False, "subreddits": ["acme"]}, 2_000),
        pytest.param({"inbox": False, "subreddits": ["acme"]}, 10_000, marks=pytest.mark.slow),
        pytest.param(
            {"subreddits": ["acme"], "searches": [{"query": "late"}]}, 10_000, marks=pytest.mark.slow
        ),
    ],
    ids=["2,000", "10,000", "10,000 by three ways"],
)
def test_through_bursts_and_failures_nothing_is_lost_and_nothing_is_heard_twice(
    store: Store, server: Server, world: World, ours: Thing, options: dict[str, Any], total: int
) -> None:
    heard = sum(storm(store, server, options, total, seed=20261))
    with store.read() as connection:
        stored = set(connection.scalars(select(mention.c.external_id)))
        told = connection.scalars(select(event.c.detail).where(event.c.action == "gap")).all()
    said = {one.name for one in world.things.values() if one.author != BRAND}
    assert (len(said - stored), heard, len(stored)) == (0, total, total)
    assert len(server.reads) >= total / 100
    assert [gap for gap in told if "cannot be had any more" in str(gap)] == []
