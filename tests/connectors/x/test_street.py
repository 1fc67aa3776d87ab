"""The X connector on the real store: a mention becomes a case, and of ten thousand none is lost."""

from collections import Counter
from random import Random

import pytest
from sqlalchemy import text

from responder.connector import Account
from responder.model.case import Stage
from responder.steps.draft import draft
from responder.steps.poll import poll
from responder.steps.triage import triage
from responder.store.store import Store
from tests.connectors.stage import ACCOUNT
from tests.connectors.x.stage import FAULTS, connector
from tests.lifecycle.world import TARGETS
from tests.policies import PlainPolicy
from tests.standins.x import Server


def account(x: Server) -> Account:
    """Return the brand's account on our X."""
    return Account(name=ACCOUNT, connector=connector(x), every=60)


def stored(store: Store) -> list[str]:
    """Return the ids of all that was stored, in order of arrival."""
    with store.read() as connection:
        return list(connection.scalars(text("SELECT external_id FROM mention ORDER BY id")))


def test_a_mention_is_before_a_person_after_one_poll(x: Server, store: Store) -> None:
    number = x.world.post("ana", "@acme My parcel is lost & nobody answers.")
    shop = account(x)
    store.intake.introduce({ACCOUNT: "x"})
    poll(store, shop, x.world.now)
    triage(store, PlainPolicy(), TARGETS, x.world.now)
    draft(store, PlainPolicy(), {ACCOUNT: shop}, x.world.now)
    case = store.casework.get(1)
    assert (case.stage, case.answerable) == (Stage.WAITING, "api")
    assert (case.target.external_id, case.target.text) == (
        number,
        "@acme My parcel is lost & nobody answers.",
    )
    assert [one.path for one in x.requests] == [f"/2/users/{x.world.users['acme'].id}/mentions"]


@pytest.mark.parametrize("page", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_of_the_mentions_on_a_hundred_pages_none_is_lost_and_none_comes_twice(
    x: Server, store: Store, page: int
) -> None:
    many = 100 * page
    x.habits.page, x.habits.ceiling, x.limits.quarter = page, many, many
    numbers = [x.world.post(f"ana{number % 997}", f"@acme complaint {number}") for number in range(many)]
    x.world.wait(minutes=2)
    chance = Random(page)  # noqa: S311 (the same every time)
    kinds = "408", "429", "503", "reset", "cut", "junk"
    ways = [one for name, one in FAULTS.items() if name.startswith(kinds) and name != "429, the month's cap"]
    x.failing = lambda _: chance.choice(ways) if chance.random() < 0.4 else None
    store.intake.introduce({ACCOUNT: "x"})
    heard = polls = 0
    while heard < many and polls < 300:
        report = poll(store, account(x), x.world.now)  # each time another process
        heard += report.done.get("heard", 0)
        polls += 1
        x.world.wait(minutes=1)
    x.failing = lambda _: None
    poll(store, account(x), x.world.now)
    assert polls > 30
    assert len(x.requests) > 130
    assert Counter(stored(store)) == Counter(numbers)
