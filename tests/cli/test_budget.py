"""What calls cost is told by kind, with what the month will come to and what that does to reading."""

from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.scene import Scene
from tests.cli.test_json import documented, told

#: Half past ten of the 18th of a month of 31 days.
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)


def spending(scene: Scene, budget: str = "31.0", each: int = 700_000) -> Scene:
    """Let the account have a budget, and have read and answered every day of the last week."""
    scene.now = NOW
    words = scene.config.read_text(encoding="utf-8")
    keys = f'connector = "replay"\nbudget_month = {budget}\ncurrency = "EUR"'
    scene.config.write_text(words.replace('connector = "replay"', keys), encoding="utf-8")
    store = scene.store
    for back in range(7):
        day = NOW - timedelta(days=back)
        store.money.note("shop", [("mention read", 140, each), ("reply", 3, 30_000)], day)
        store.money.polled("shop", each, day, heard=True)
        store.money.polled("shop", 0, day, heard=False)
    store.close()
    return scene


def test_where_nothing_costs_anything_that_is_said(scene: Scene) -> None:
    said = scene.call("budget")
    assert (said.code, said.out) == (0, "")
    assert said.err == "No account costs anything: no network in the config asks for money.\n"
    assert scene.call("budget", "shop").err == "shop: no network here asks for money.\n"
    assert scene.call("budget", "--json").document["items"] == []


def test_a_budget_that_will_do_reads_as_it_did(scene: Scene, snapshot: SnapshotAssertion) -> None:
    said = spending(scene).call("budget", answers="", width=100)
    assert said.code == 0
    assert said.out == snapshot


def test_one_that_runs_short_reads_as_it_did(scene: Scene, snapshot: SnapshotAssertion) -> None:
    scene.call("dismiss", "c-3", "--reason", "put out by now")
    said = spending(scene, budget="14.0").call("budget", answers="", width=100)
    assert said.out == snapshot


def test_one_that_is_used_up_says_when_it_goes_on(scene: Scene) -> None:
    said = spending(scene, budget="5.0").call("budget", answers="", width=200).words
    assert "stopped the month's budget of EUR 5.00 is used up; goes on Wed 01 Apr 00:00 UTC" in said


def test_a_day_that_is_used_up_goes_on_tomorrow(scene: Scene) -> None:
    spending(scene).store.money.note("shop", [("mention read", 600, 3_000_000)], NOW)
    rows = scene.call("budget", "shop").rows
    why = "today's share of the budget, EUR 3.36, is used up"
    assert rows[-1] == ["shop", "stopped", why, "2026-03-19T00:00:00+00:00"]


def test_a_program_is_told_the_same_in_the_fields_that_are_documented(scene: Scene) -> None:
    document = spending(scene).call("budget", "--json").document
    assert document["schema"] == "responder.budget/1"
    assert told(document) == documented("responder.budget/1")
    (item,) = document["items"]
    assert (item["budget"], item["currency"], item["today"]["spent"]) == (31, "EUR", 0.73)
    by_day = item["month"]["spent"]
    assert (
        sum(kind["cost"] for kind in item["month"]["kinds"]) == pytest.approx(by_day) == pytest.approx(5.11)
    )
    assert item["next_poll"] == {"expected": 0.35, "heard": 0.7, "idle": 0.0}
    assert (item["every"], item["interval"], item["stopped"]) == (120, 120, None)


def test_into_a_pipe_every_fact_is_a_line(scene: Scene) -> None:
    rows = spending(scene).call("budget").rows
    assert ["shop", "budget", "31.0", "EUR"] in rows
    assert ["shop", "month", "mention read", "980", "4.9"] in rows
    assert [row[1] for row in rows if row[1] not in {"today", "month"}] == [
        *("budget", "forecast", "next poll", "interval")
    ]


def test_what_costs_without_a_budget_is_told_too(scene: Scene) -> None:
    said = spending(scene, budget="0").call("budget", answers="", width=200).words
    assert "shop: no budget is set today EUR 0.73: mention read 140 for EUR 0.70" in said
    assert "interval 2 min: no budget is set" in said


def test_an_account_that_is_not_there_is_told_with_those_that_are(scene: Scene) -> None:
    said = scene.call("budget", "shpo")
    assert said.code == 2
    assert "There are: shop" in said.err


def test_who_bought_more_says_so_by_account(scene: Scene) -> None:
    assert scene.call("budget", "--refilled").code == 2
    said = scene.call("budget", "shop", "--refilled")
    assert (said.code, said.err.splitlines()[0]) == (1, "shop does not wait for its network.")
    store = scene.store
    store.money.rest("shop", scene.now + timedelta(hours=6), "there are no credits left", scene.now)
    store.close()
    (row,) = scene.call("budget", "shop", "--refilled").rows
    assert row == ["", "refilled", "sam", "", "shop asks its network again."]
    assert scene.store.money.ledger("shop", scene.now).rests_until is None


def test_an_account_without_money_is_an_alarm_on_the_queue_and_on_each_card(scene: Scene) -> None:
    assert scene.call("queue").err == ""
    store = scene.store
    store.money.rest("shop", scene.now + timedelta(hours=6), "there are no credits left", scene.now)
    store.close()
    alarm = scene.call("queue").err.replace(f" --config {scene.config}", "")
    assert alarm == "shop: there are no credits left (responder doctor shop)\n"
    assert "! shop: there are no credits left" in scene.call("show", "c-1", answers="").out
    assert ["problem", "shop", "there are no credits left"] in scene.call("show", "c-1").rows
    card = scene.call("show", "c-1", "--json").document["items"][0]
    assert card["account_problem"] == "there are no credits left"
    assert "! shop is not well (heard Mon 10:00): there are no credits left" in scene.call("digest").out


def test_the_digest_tells_what_the_month_will_come_to(scene: Scene) -> None:
    said = spending(scene, budget="14.0").call("digest").out
    line = "MONEY shop: EUR 5.11 of EUR 14.00 this month, EUR 15.88 at its end at this pace: more than it may"
    assert line in " ".join(said.split())
