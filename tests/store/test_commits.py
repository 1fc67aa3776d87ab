"""An error at COMMIT is not "not done": whoever tries again changes nothing that is stored already."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event, text

from responder.connector import Page
from responder.model.case import Stage
from responder.model.delivery import DeliveryStage, Receipt
from responder.steps.approve import approve, settle
from responder.steps.draft import draft
from responder.steps.post import Mode, post
from responder.steps.triage import triage
from responder.store.errors import Conflict, StoreLost
from responder.store.settling import Outcome
from responder.store.store import Store
from tests.desk import approved, keep, seen, stage, waiting
from tests.lifecycle.laboratory.careless_senders import IgnoresFence
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy


def rows(store: Store, table: str) -> int:
    with store.read() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@contextmanager
def unheard_commit(store: Store) -> Iterator[None]:
    """Let the next writing transaction be committed, and the answer to that be lost."""
    dialect = store.engine.dialect
    commit, reading = dialect.do_commit, [False]

    def begins(connection: Connection) -> None:
        reading[0] = connection.get_execution_options().get("reading", False)

    def commits(connection: object) -> None:
        commit(connection)  # type: ignore[arg-type]
        if not reading[0]:
            dialect.do_commit = commit  # type: ignore[method-assign]
            raise dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

    event.listen(store.engine, "begin", begins)
    dialect.do_commit = commits  # type: ignore[method-assign,assignment]
    try:
        with pytest.raises(StoreLost):
            yield
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]
        event.remove(store.engine, "begin", begins)


def test_a_page_that_may_be_stored_is_read_again_and_changes_nothing(any_store: Store) -> None:
    any_store.intake.introduce({"shop": "scripted"})
    page = Page(mentions=(mention("1"),), cursor="1")
    with unheard_commit(any_store):
        any_store.intake.keep("shop", None, page, at(1))
    with pytest.raises(Conflict, match="another process is reading shop"):
        any_store.intake.keep("shop", None, page, at(1))
    assert rows(any_store, "mention") == rows(any_store, "event") == 1
    assert any_store.views.verify() == []


def test_verdicts_that_may_be_stored_are_not_stored_twice(any_store: Store) -> None:
    keep(any_store, mention("1"))
    with unheard_commit(any_store):
        triage(any_store, PlainPolicy(), TARGETS, at(2))
    assert triage(any_store, PlainPolicy(), TARGETS, at(3)).done == {}
    accounts = {"shop": account(ScriptedNetwork())}
    with unheard_commit(any_store):
        draft(any_store, PlainPolicy(), accounts, at(4))
    assert draft(any_store, PlainPolicy(), accounts, at(5)).done == {}
    assert (stage(any_store), rows(any_store, "draft")) == (Stage.WAITING, 1)
    assert any_store.views.verify() == []


def test_an_approval_that_may_be_stored_is_told_when_it_is_given_again(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    card = seen(any_store)
    with unheard_commit(any_store):
        approve(any_store, accounts["shop"], card, "sam", at(2))
    with pytest.raises(Conflict, match="it is APPROVED now"):
        approve(any_store, accounts["shop"], card, "sam", at(2))
    assert post(any_store, accounts, Mode.ON, at(3)).done == {"sent": 1}
    assert len(net.public) == rows(any_store, "delivery") == rows(any_store, "decision") == 1


def test_a_claim_that_may_be_stored_is_not_sent_on(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approved(any_store)
    seconds = [0.0]
    any_store.lease_clock = lambda: ("boot", seconds[0])
    (planned,) = any_store.outbox.due(at(3), ["shop"])
    with unheard_commit(any_store):
        any_store.outbox.claim(planned, at(3))
    assert post(any_store, accounts, Mode.ON, at(3)).done == {}
    seconds[0] += 91
    assert post(any_store, accounts, Mode.ON, at(4)).done == {"unsure": 1}
    assert net.public == []


def test_an_outcome_that_may_be_stored_is_stored_once(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    claimed = any_store.outbox.claim(any_store.outbox.due(at(3), ["shop"])[0], at(3))
    assert claimed is not None
    sent = Outcome(stage=DeliveryStage.SENT, receipt=Receipt(remote_id="r1", url=""))
    with unheard_commit(any_store):
        any_store.outbox.settle(claimed, sent, at(4))
    assert not any_store.outbox.settle(claimed, sent, at(4))
    assert any_store.casework.get(1).replies == 1
    assert any_store.views.verify() == []


def test_a_persons_word_that_may_be_stored_is_told_when_it_is_said_again(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    claimed = any_store.outbox.claim(any_store.outbox.due(at(3), ["shop"])[0], at(3))
    assert claimed is not None
    any_store.outbox.settle(claimed, Outcome(stage=DeliveryStage.UNSURE, not_before=at(9)), at(4))
    case = any_store.casework.get(1)
    with unheard_commit(any_store):
        settle(any_store, case, "https://net.example/r1", "sam", at(5))
    with pytest.raises(Conflict, match="no reply of c-1 is unsure"):
        settle(any_store, case, "https://net.example/r1", "sam", at(5))
    assert any_store.casework.get(1).replies == 1


def told_twice_that_nothing_was_sent(store: Store) -> DeliveryStage:
    """Write an outcome down again, for its commit looked lost, when somebody else is sending by now."""
    waiting(store, mention("1"))
    approved(store)
    first = store.outbox.claim(store.outbox.due(at(3), ["shop"])[0], at(3))
    assert first is not None
    unsent = Outcome(stage=DeliveryStage.PLANNED, problem="no route", not_before=at(4))
    store.outbox.settle(first, unsent, at(3))
    assert store.outbox.claim(store.outbox.due(at(4), ["shop"])[0], at(4))
    store.outbox.settle(first, unsent, at(5))
    return store.views.card(1).deliveries[-1].stage


def test_an_outcome_written_again_does_not_touch_a_later_claim(any_store: Store) -> None:
    assert told_twice_that_nothing_was_sent(any_store) is DeliveryStage.SENDING


def test_without_a_fence_it_would(store: Store) -> None:
    store.outbox = IgnoresFence(store)
    assert told_twice_that_nothing_was_sent(store) is DeliveryStage.PLANNED
