"""The meter: what calls cost is written down whatever comes of them, and no call is made over the budget."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from responder.connector import Account, Exhausted, Unavailable
from responder.model.budget import UNIT
from responder.model.case import Stage
from responder.steps.approve import approve
from responder.steps.meter import Meter, OverBudget, budget_of, hurried, metered
from responder.steps.poll import poll
from responder.steps.post import Mode, post
from responder.store.errors import StoreFull
from responder.store.money import Cost
from responder.store.store import Store
from tests.desk import approved, seen, street
from tests.network import START, ScriptedNetwork, at, mention
from tests.paid import PaidNetwork, no_credits, paid_account
from tests.steps.sending import TERMS, delivery
from tests.store.reused import emptied

TODAY = START.date()


def heard(store: Store, posts: int = 3, budget: float = 0) -> tuple[PaidNetwork, Account]:
    """Return a network on which so many people wrote, and its account; nothing was read yet."""
    store.intake.introduce({"shop": "scripted"})
    net = PaidNetwork()
    net.say(*(mention(f"p{n}", author=f"a{n}", minutes=n) for n in range(posts)))
    return net, paid_account(net, budget)


def outgoing(store: Store, budget: float = 0) -> tuple[PaidNetwork, Account]:
    """Return the same with one reply approved."""
    net, account = heard(store, 1, budget)
    street(store, {"shop": account})
    approved(store)
    net.calls.clear()
    return net, account


def send(store: Store, account: Account, minutes: float = 3) -> tuple[str, ...]:
    return post(store, {"shop": account}, Mode.ON, at(minutes), terms=TERMS).problems


def spent(store: Store) -> dict[str, Cost]:
    return store.money.by_kind("shop", TODAY, TODAY)


def test_what_a_poll_cost_is_written_down_by_kind_and_day(any_store: Store) -> None:
    net, account = heard(any_store, 120)
    poll(any_store, account, at(1))
    net.say(mention("later"))
    poll(any_store, account, at(2))
    assert spent(any_store) == {"mention read": (121, 605_000)}
    assert any_store.money.ledger("shop", at(2)).days == {TODAY: 605_000}
    assert any_store.money.spenders() == {"shop"}


def test_every_call_of_a_reply_is_written_down(store: Store) -> None:
    _, account = outgoing(store)
    send(store, account)
    assert spent(store) == {"mention read": (1, 5_000), "post read": (1, 5_000), "reply": (1, 10_000)}
    send(store, account, 10)  # read back: looked for and shown
    assert spent(store)["post read"] == (3, 15_000)


def test_a_call_that_failed_is_paid_for_all_the_same(store: Store) -> None:
    net, account = outgoing(store)

    def lost() -> None:
        raise Unavailable("the answer was lost")

    net.meanwhile = lost
    send(store, account)
    assert net.calls == ["look"]
    assert spent(store)["post read"] == (1, 5_000)


def test_a_free_network_is_not_metered_and_an_idle_poll_of_it_writes_once(store: Store) -> None:
    store.intake.introduce({"shop": "scripted"})
    account = Account(name="shop", connector=ScriptedNetwork())
    poll(store, account, at(0))
    begun: list[bool] = []

    def began(connection: object) -> None:
        begun.append(bool(connection.get_execution_options().get("reading")))  # type: ignore[attr-defined]

    event.listen(store.engine, "begin", began)
    poll(store, account, at(1))
    event.remove(store.engine, "begin", began)
    assert metered(store, account, at(2)) is account
    assert begun == [True, False]  # the cursor is read, the poll noted; as before there was any meter


def test_whether_it_may_be_answered_is_asked_whatever_the_budget_says(store: Store) -> None:
    net, account = heard(store, 2, budget=0.01)
    street(store, {"shop": account})
    assert budget_of(store, account, at(1)).halt(reading=False)
    route = approve(store, account, seen(store), "sam", at(2))
    assert route == "api"
    assert net.calls == ["poll"]


def test_reading_stops_at_the_days_share_until_the_next_day(store: Store) -> None:
    net, account = heard(store, 30, budget=2.0)
    poll(store, account, at(0))  # 0.15 of a share of 0.12
    net.calls.clear()
    report = poll(store, account, at(2))
    assert report.problems == ("shop: today's share of the budget, USD 0.12, is used up",)
    assert net.calls == []
    (health,) = store.views.health()
    assert (health.problem, health.stopped) == ("today's share of the budget, USD 0.12, is used up", False)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert poll(store, account, midnight - timedelta(seconds=1)).problems
    assert poll(store, account, midnight).problems == ()
    assert net.calls == ["poll"]


def test_a_stopped_poll_is_due_again_within_the_hour_for_somebody_may_have_raised_the_budget(
    store: Store,
) -> None:
    _, account = heard(store, 30, budget=2.0)
    poll(store, account, at(0))
    poll(store, account, at(2))
    assert not store.intake.due(["shop"], at(61))
    assert store.intake.due(["shop"], at(62))
    late = datetime(2026, 3, 2, 23, 50, tzinfo=UTC)
    poll(store, account, late)
    assert store.intake.due(["shop"], late + timedelta(minutes=10))


def test_approved_replies_go_out_when_reading_has_stopped(store: Store) -> None:
    net, account = outgoing(store, budget=0.3)
    net.say(*(mention(f"q{n}", author=f"b{n}") for n in range(20)))
    poll(store, account, at(2))
    assert poll(store, account, at(2.5)).problems
    assert send(store, account) == ()
    assert [target for target, _ in net.public] == ["p0"]


def test_when_the_month_is_used_up_nothing_is_sent_and_nothing_is_lost(store: Store) -> None:
    net, account = outgoing(store, budget=0.01)
    store.money.note("shop", [("reply", 1, 10_000)], at(2))
    (problem,) = send(store, account)
    assert problem == "c-1: the month's budget of USD 0.01 is used up"
    assert net.calls == []
    assert (delivery(store).stage, store.views.health()[0].stopped) == ("PLANNED", False)
    april = (datetime(2026, 4, 1, tzinfo=UTC) - START) / timedelta(minutes=1)
    assert send(store, account, april) == ()
    assert store.views.page(Stage.ANSWERED)


def test_a_reply_of_which_nobody_is_sure_is_not_looked_for_over_the_budget(store: Store) -> None:
    net, account = outgoing(store, budget=0.3)

    def lost() -> None:
        raise TimeoutError

    net.after_effect = [lost]
    send(store, account)
    assert delivery(store).stage == "UNSURE"
    store.money.note("shop", [("reply", 1, UNIT)], at(4))
    net.calls.clear()
    (problem,) = send(store, account, 9)
    assert problem == "c-1: it could not be looked for: the month's budget of USD 0.30 is used up"
    assert net.calls == []


@pytest.mark.parametrize(
    ("error", "hours"), [(no_credits(), 6), (Exhausted("the cap is reached", retry_after=7_200), 2)]
)
def test_what_the_network_says_is_over_is_asked_for_by_no_call_before_its_time(
    store: Store, error: Exhausted, hours: int
) -> None:
    net, account = outgoing(store)
    net.says = error
    assert send(store, account) == (f"c-1: {error}",)
    assert net.calls == ["look"]
    (health,) = store.views.health()
    assert (health.problem, health.stopped) == (str(error), False)
    net.says = None
    for minutes in (10, 59 * hours, 60 * hours + 2):
        send(store, account, minutes)
        poll(store, account, at(minutes))
        assert net.calls == ["look"]
    send(store, account, 60 * hours + 80)
    assert net.calls == ["look", "look", "send"]
    assert store.views.figures(at(500), at(0)).happened["exhausted"] == 1


def test_a_poll_that_hears_that_nothing_is_left_stops_the_sending_too(store: Store) -> None:
    net, account = outgoing(store)
    net.says = no_credits()
    poll(store, account, at(2))
    assert not store.intake.due(["shop"], at(2 + 359))
    assert store.intake.due(["shop"], at(2 + 360))
    assert send(store, account) == ("c-1: the network says that there are no credits left",)
    assert net.calls == ["poll"]


def test_a_person_who_bought_more_need_not_wait(store: Store) -> None:
    net, account = outgoing(store)
    net.says = no_credits()
    poll(store, account, at(2))
    net.says = None
    assert store.money.refilled("shop", "sam", at(3))
    assert not store.money.refilled("shop", "sam", at(3))
    assert store.intake.due(["shop"], at(3))
    assert poll(store, account, at(3)).problems == ()
    assert store.views.health()[0].problem == ""


class Full(Store):
    """A store whose disk may be full: nothing is written to it then."""

    full = False

    def write(self, *, lasting=True):  # type: ignore[no-untyped-def]  # its type is a decorator's
        if self.full:
            raise StoreFull
        return super().write(lasting=lasting)


@pytest.fixture
def full(memory_engine: Engine) -> Full:
    store = Full("sqlite://")
    store.engine.dispose()
    store.engine = emptied(memory_engine).engine
    return store


def test_what_a_full_disk_did_not_take_is_written_down_later_and_nothing_is_bought_before(full: Full) -> None:
    net, account = heard(full, 3)
    net.meanwhile = lambda: setattr(full, "full", True)
    with pytest.raises(StoreFull):
        poll(full, account, at(1))
    assert (net.charged, net.calls) == (15_000, ["poll"])
    for _ in range(3):
        with pytest.raises(StoreFull):
            poll(full, account, at(2))
    assert net.calls == ["poll"]
    full.full, net.meanwhile = False, lambda: None
    poll(full, account, at(3))
    assert spent(full) == {"mention read": (6, 30_000)}


def test_a_full_disk_does_not_hide_that_a_reply_went_out(full: Full) -> None:
    net, account = outgoing(full)
    one = delivery(full)
    net.meanwhile = lambda: setattr(full, "full", True)
    assert metered(full, account, at(2)).connector.send(one.message, one.target).remote_id == "r1"
    full.full = False
    metered(full, account, at(3)).connector.find_sent(one.message, one.target)
    assert spent(full)["reply"] == (1, 10_000)


def test_the_interval_is_stretched_where_it_runs_short_and_not_while_something_is_urgent(
    store: Store,
) -> None:
    net, account = heard(store, 1, budget=4.0)
    store.money.note("shop", [("mention read", 40, 200_000)], at(0))
    poll(store, account, at(0))
    assert not store.intake.due(["shop"], at(2.1))
    assert store.intake.due(["shop"], at(30))
    assert not hurried(store, account, at(10))
    net.say(mention("fire", "A fire!", author="kim"))
    street(store, {"shop": account}, 5)
    assert max(store.views.figures(at(5), at(5)).open_by_tier) == 5
    assert not hurried(store, account, at(6.9))
    assert hurried(store, account, at(7))
    poll(store, account, at(7))
    assert store.intake.due(["shop"], at(9))


@settings(max_examples=30)
@given(
    budget=st.integers(1, 60),
    calls=st.lists(st.tuples(st.sampled_from(["poll", "look", "send"]), st.integers(1, 2_000)), max_size=30),
)
def test_never_more_is_spent_than_the_budget_and_one_call(
    memory_engine: Engine, budget: int, calls: list[tuple[str, int]]
) -> None:
    store = emptied(memory_engine)
    net, account = heard(store, 0, budget=budget / 100)
    one, now, costliest = mention("p"), START, 0
    net.say(one)
    by_day: dict[date, int] = {}
    for name, minutes in calls:
        now += timedelta(minutes=minutes)
        meter, before = Meter(store, account, now), net.charged
        limit = budget_of(store, account, now).day_limit
        spent_today = by_day.get(now.date(), 0)
        net.prices = dict.fromkeys(net.prices, 1_000 * minutes)
        try:
            if name == "poll":
                net.say(mention(f"{len(net.feed)}"))
                meter.poll(str(len(net.feed) - 1))
                assert spent_today < limit
            else:
                meter.look(one)
        except OverBudget:
            assert net.charged == before
        cost = net.charged - before
        costliest = max(costliest, cost)
        by_day[now.date()] = spent_today + cost
    for month in {day.replace(day=1) for day in by_day}:
        total = sum(micros for day, micros in by_day.items() if day.replace(day=1) == month)
        assert total <= budget * 10_000 + costliest
        last = max(by_day)
        kinds = store.money.by_kind("shop", month, last)
        days = store.money.ledger("shop", datetime.combine(last, datetime.min.time(), UTC)).days
        if month == last.replace(day=1):
            assert sum(cost.micros for cost in kinds.values()) == total
            assert sum(micros for day, micros in days.items() if day >= month) == total
