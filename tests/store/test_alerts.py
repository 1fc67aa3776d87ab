"""Alerts as they are kept: raised once, ended when they are over, and seen by who opens or decides."""

from datetime import timedelta
from pathlib import Path

import pytest

from responder.connector import Account, Refused, Unsure
from responder.model.alert import Kind
from responder.model.blind import Cause
from responder.model.clocks import Clocks, Rule, Targets
from responder.steps.alert import alert
from responder.steps.keep import keep, said_elsewhere
from responder.steps.listen import Listener
from responder.steps.post import Mode, post
from responder.steps.triage import triage
from responder.store.store import Store
from tests.desk import approved, waiting
from tests.desk import keep as hear
from tests.network import ScriptedNetwork, at, mention
from tests.policies import PlainPolicy

CLOCKS = Clocks(
    targets=Targets(first=dict.fromkeys(range(6), timedelta(hours=4)), settle={1: timedelta(days=3)}),
    rule=Rule(id="ten", says="an end", days=10),
)
DAY = 24 * 60


def kinds(store: Store) -> list[Kind]:
    return sorted(one.found.kind for one in store.alerts.standing())


def found(store: Store, minutes: float) -> list[Kind]:
    alert(store, CLOCKS, at(minutes))
    return kinds(store)


def journal(store: Store, number: int = 1) -> list[tuple[str, str]]:
    told = [one for one in store.views.card(number).events if one.action.startswith("alert")]
    return [(one.action, one.detail["what"]) for one in told]


def test_each_clock_is_alerted_once_before_its_end_and_once_after(any_store: Store) -> None:
    hear(any_store, mention("1"))
    triage(any_store, PlainPolicy(), CLOCKS, at(0))
    for minute in (*range(0, 300, 60), *range(DAY // 2, 12 * DAY, DAY // 4)):
        found(any_store, minute)
    raised = [what for action, what in journal(any_store) if action == "alerted"]
    both = ("near", "late", "settle near", "settle late", "rule near", "rule late")
    assert sorted(raised) == sorted(both)
    assert kinds(any_store) == [Kind.LATE, Kind.RULE_LATE, Kind.SETTLE_LATE]


def test_an_answer_ends_what_stands_of_it_and_no_regulators_deadline(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    with any_store.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET strikes_at = due_at")
    assert found(any_store, 300) == [Kind.LATE]
    approved(any_store, 1, 301)
    post(any_store, accounts, Mode.ON, at(302))
    assert found(any_store, 304) == []


def test_the_pause_is_alerted_with_who_pressed_it_until_it_is_over(any_store: Store) -> None:
    any_store.control.pause("sam", at(0))
    assert found(any_store, 1) == [Kind.PAUSED]
    assert any_store.alerts.standing()[0].found.detail == "sam"
    assert found(any_store, 2) == [Kind.PAUSED]
    any_store.control.pause("sam", at(3), on=False)
    assert found(any_store, 4) == []


def test_what_was_looked_at_by_a_clock_a_year_ahead_ends_and_comes_again(any_store: Store) -> None:
    any_store.control.pause("sam", at(0))
    assert found(any_store, 365 * DAY) == [Kind.PAUSED]
    any_store.alerts.see("sam", at(365 * DAY))
    any_store.control.pause("sam", at(3), on=False)
    assert found(any_store, 4) == []
    any_store.control.pause("bo", at(5))
    found(any_store, 6)
    assert [(one.found.detail, one.seen_by) for one in any_store.alerts.standing()] == [("bo", "")]


@pytest.mark.parametrize(
    ("error", "kind"), [(Refused("too long"), Kind.REFUSED), (Unsure("timed out"), Kind.UNSURE)]
)
def test_a_reply_that_did_not_go_as_approved_is_alerted(
    any_store: Store, error: Exception, kind: Kind
) -> None:
    network, accounts = waiting(any_store, mention("1"))

    def fail() -> None:
        raise error

    network.before_effect.append(fail)
    approved(any_store)
    post(any_store, accounts, Mode.ON, at(3))
    assert found(any_store, 4) == [kind]


def test_an_account_that_stumbles_is_nobodys_alarm_and_one_that_lies_down_is(any_store: Store) -> None:
    any_store.intake.introduce({"shop": "scripted"})
    any_store.intake.polled("shop", at(2), at(0))
    any_store.intake.polled("shop", at(3), at(1), problem="the line is down")
    assert found(any_store, 2) == []
    assert found(any_store, 40) == [Kind.ILL]
    any_store.intake.polled("shop", at(42), at(41))
    assert found(any_store, 42) == []
    any_store.intake.polled("shop", at(50), at(49), problem="who are you", cause=Cause.CREDENTIAL)
    assert found(any_store, 50) == [Kind.ILL], "nothing is sent there: nobody waits for that"


def test_who_opens_a_case_or_decides_on_it_has_seen_what_stands(any_store: Store) -> None:
    waiting(any_store, mention("1", "A fire!"), mention("2", "A fire!", author="bo"))
    assert found(any_store, 2) == [Kind.GRAVE, Kind.GRAVE]
    any_store.looking.hold(1, "ana", at(3))
    approved(any_store, 2, 4)
    seen = {one.found.subject: one.seen_by for one in any_store.alerts.standing()}
    assert seen == {"c-1": "ana", "c-2": "sam"}
    assert journal(any_store) == [("alerted", "grave"), ("alert seen", "grave")]


def test_what_was_seen_stands_until_it_is_over_and_a_second_time_is_news(any_store: Store) -> None:
    any_store.control.pause("sam", at(0))
    found(any_store, 1)
    assert any_store.alerts.see("ana", at(2)) == 1
    assert any_store.alerts.see("ana", at(2)) == 0
    assert found(any_store, 5) == [Kind.PAUSED]
    any_store.control.pause("sam", at(6), on=False)
    found(any_store, 7)
    any_store.control.pause("bo", at(8))
    found(any_store, 9)
    (again,) = any_store.alerts.standing()
    assert (again.seen_at, again.found.detail) == (None, "bo")


def test_a_round_is_begun_by_one_of_two(any_store: Store) -> None:
    told = any_store.alerts.told("ana")
    assert [any_store.alerts.begin("ana", told) for _ in range(2)] == [True, False]
    now = any_store.alerts.told("ana")
    assert (now.begun, now.over) == (1, 0)
    assert not any_store.alerts.begin("ana", now), "one at a time"


def test_a_promise_that_is_due_soon_and_one_that_was_not_kept_are_told(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case = any_store.casework.get(1)
    one = said_elsewhere(any_store, PlainPolicy(), case, ("A new kettle", at(120)), "ana", at(5))
    assert Kind.PROMISE_NEAR not in found(any_store, 80)
    assert Kind.PROMISE_NEAR in found(any_store, 95)
    any_store.promises.lapse(at(121))
    assert Kind.PROMISE_LATE in found(any_store, 122)
    keep(any_store, any_store.promises.get(one.id), "", "ana", at(130))
    assert not {Kind.PROMISE_NEAR, Kind.PROMISE_LATE} & set(found(any_store, 140))


def test_a_blind_account_is_told_once_by_that_and_not_as_ill_too(any_store: Store) -> None:
    any_store.intake.introduce({"shop": "scripted"})
    any_store.intake.polled("shop", at(3), at(1), problem="the key was refused", cause=Cause.CREDENTIAL)
    listener = Listener()
    listener.listen(any_store, [Account(name="shop", connector=ScriptedNetwork(), every=60)], at(40))
    assert found(any_store, 41) == [Kind.BLIND]


def test_a_file_that_stops_all_sending_is_told_until_it_is_gone(any_store: Store, tmp_path: Path) -> None:
    any_store.pause_file = tmp_path / "responder.pause"
    assert found(any_store, 2) == []
    any_store.pause_file.touch()
    assert found(any_store, 4) == [Kind.PAUSED]
    any_store.pause_file.unlink()
    assert found(any_store, 8) == []
