"""The journal is one chain without gaps, whoever writes, and the database keeps it as it was written."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from responder.connector import Page
from responder.model.audit import Audit
from responder.model.chain import START, Head
from responder.model.delivery import DeliveryStage, Receipt
from responder.steps.approve import settle
from responder.steps.post import Mode, post
from responder.store.errors import StoreUnusable
from responder.store.journal import erase
from responder.store.moves import record
from responder.store.settling import Outcome
from responder.store.store import Store
from responder.store.tables import event
from tests.desk import approved, keep, waiting
from tests.network import at, mention


def detail_of(store: Store, action: str) -> dict[str, str]:
    """Return the detail of the latest event of this kind."""
    query = select(event.c.detail).where(event.c.action == action).order_by(event.c.seq.desc())
    with store.read() as connection:
        return dict(connection.scalars(query).first() or {})


def test_every_event_has_its_place_in_one_sound_chain(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2"))
    approved(any_store)
    found = any_store.audit.verify()
    assert (found.events, found.broken, found.erased) == (7, (), 0)
    assert [link.seq for link in any_store.audit.export()] == list(range(1, 8))


def test_an_empty_journal_is_sound(any_store: Store) -> None:
    assert any_store.audit.verify() == Audit(
        events=0, erased=0, broken=(), others=0, head=Head(seq=0, hash=START)
    )


def test_a_transaction_that_fails_leaves_no_gap(any_store: Store) -> None:
    keep(any_store, mention("1"))
    with suppress(ZeroDivisionError), any_store.write() as connection:
        record(connection, [(1, "shop", "closed", "", {})], at(1))
        raise ZeroDivisionError
    keep(any_store, mention("2"), before="1", cursor="2")
    assert (any_store.audit.verify().events, any_store.audit.verify().broken) == (2, ())


def test_words_that_no_database_keeps_are_hashed_as_they_are_kept(any_store: Store) -> None:
    with any_store.write() as connection:
        record(
            connection,
            [(None, "", "paused", "s\0\u00fcm", {"z": "a\0\ud83d \u2028 \U0001f600", "a": '"'})],
            at(1),
        )
    assert any_store.audit.verify().broken == ()


def test_the_words_approved_and_the_words_posted_are_in_it(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    said = approved(any_store)
    post(any_store, accounts, Mode.ON, at(3))
    words = net.public[0][1]
    assert detail_of(any_store, "approved") == {"draft": "1", "fingerprint": said.fingerprint, "text": words}
    sent = detail_of(any_store, "answered")
    assert (sent["text"], sent["fingerprint"]) == (words, said.fingerprint)
    assert sent["id"]
    assert {link.by for link in any_store.audit.export() if link.action == "approved"} == {"sam"}


def test_what_a_person_said_of_a_reply_is_in_it(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    claimed = any_store.outbox.claim(any_store.outbox.due(at(3), ["shop"])[0], at(3))
    assert claimed is not None
    any_store.outbox.settle(claimed, Outcome(stage=DeliveryStage.UNSURE, not_before=at(9)), at(4))
    settle(any_store, any_store.casework.get(1), "https://net.example/r1", "kim", at(5))
    assert detail_of(any_store, "answered")["url"] == "https://net.example/r1"
    assert [link.by for link in any_store.audit.export()][-1] == "kim"


def test_the_text_as_the_network_shows_it_is_in_it(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    claimed = any_store.outbox.claim(any_store.outbox.due(at(3), ["shop"])[0], at(3))
    assert claimed is not None
    receipt = Receipt(remote_id="r1", url="https://net.example/r1", text="cut sh")
    any_store.outbox.settle(claimed, Outcome(stage=DeliveryStage.SENT, receipt=receipt), at(4))
    assert detail_of(any_store, "answered")["shown"] == "cut sh"


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM event WHERE seq = 2", *(f"UPDATE event SET {one}" for one in (
        "\"by\" = 'eve'", "action = 'x'", "seq = seq + 9", "hash = ''", "at = 5", "salt = ''",
        "detail = '{\"a\":\"b\"}'", "case_id = NULL", "id = id + 9",
    ))],
)  # fmt: skip
def test_the_database_refuses_to_change_or_delete_an_event(any_store: Store, change: str) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    with pytest.raises(DBAPIError, match="append only"), any_store.engine.begin() as connection:
        connection.execute(text(change))
    assert any_store.audit.verify().broken == ()


def test_erased_words_are_gone_and_counted_and_the_rest_is_proven(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2"))
    approved(any_store)
    with any_store.write() as connection:
        assert erase(connection, [1], "ana", at(9)) == 4
    found = any_store.audit.verify()
    assert (found.erased, found.broken) == (4, ())
    assert detail_of(any_store, "approved") == {}
    *_, approval, erasure = any_store.audit.export(case_id=1)
    assert (approval.action, approval.by) == ("approved", "sam")
    assert (erasure.action, erasure.by, erasure.detail) == ("words erased", "ana", '{"events":"4"}')


def test_what_is_erased_again_was_told_and_stays_told(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    for left in (3, 0):
        with any_store.write() as connection:
            assert erase(connection, [1], "ana", at(9)) == left
    assert any_store.audit.verify().broken == ()


def test_words_that_somebody_erased_past_the_journal_are_found(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2"))
    with any_store.engine.begin() as connection:
        connection.execute(text("UPDATE event SET detail = '{}', salt = '' WHERE case_id = 2"))
    (words,) = any_store.audit.verify().broken
    assert words.startswith("the words of event 2 (heard, c-2, ")
    assert words.endswith(") were erased, and no later event tells of it")


def test_without_its_head_nothing_more_is_written(any_store: Store) -> None:
    keep(any_store, mention("1"))
    with any_store.engine.begin() as connection:
        connection.execute(text("DELETE FROM journal_head"))
    with pytest.raises(StoreUnusable, match="responder audit verify"):
        any_store.control.pause("sam", at(1))
    assert any_store.audit.verify().broken == ("the head of the journal is gone; the journal ends at 1",)


def chain_of_many(url: str) -> Store:
    """Let several write at once, each with a Store of its own; return one."""
    first = Store(url)
    first.prepare()

    def write(number: int) -> None:
        store = Store(url)
        name = f"shop{number}"
        store.intake.introduce({name: "scripted"})
        for at_page in range(10):
            store.control.pause(name, at(at_page))
            page = Page(mentions=(), cursor=str(at_page), gap="a gap")
            store.intake.keep(name, store.intake.cursor(name), page, at(at_page))
        store.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return first


def gapless(store: Store) -> None:
    found = store.audit.verify()
    assert (found.events, found.broken, found.head and found.head.seq) == (80, (), 80)
    assert store.views.verify() == []
    store.close()


def test_writers_at_once_make_one_gapless_chain_on_sqlite(tmp_path: Path) -> None:
    gapless(chain_of_many(f"sqlite:///{tmp_path / 'many.db'}"))


def test_writers_at_once_make_one_gapless_chain_on_postgresql(postgres_url: str) -> None:
    gapless(chain_of_many(postgres_url))


def test_a_walk_beside_writers_finds_nothing_broken(postgres_url: str) -> None:
    store, ended = Store(postgres_url), threading.Event()
    store.prepare()

    def write() -> None:
        mine = Store(postgres_url)
        while not ended.is_set():
            mine.control.pause("sam", at(1))
        mine.close()

    thread = threading.Thread(target=write)
    thread.start()
    found = [store.audit.verify().broken for _ in range(20)]
    ended.set()
    thread.join()
    store.close()
    assert set(found) == {()}


def test_the_same_salts_give_the_same_chain() -> None:
    def heads() -> Iterator[Head | None]:
        for _ in range(2):
            numbers: Iterator[int] = count()
            store = Store("sqlite://", salt=lambda numbers=numbers: f"salt{next(numbers)}")  # type: ignore[misc]
            store.prepare()
            waiting(store, mention("1"))
            yield store.audit.head()
            store.close()

    first, second = heads()
    assert first == second
