"""What the Store promises on every database: together or not at all, once or not at all."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from responder.connector import Page
from responder.model.case import Stage
from responder.model.decision import Decision, Verdict
from responder.model.delivery import DeliveryStage, Receipt, Route
from responder.model.page import Unread
from responder.store.errors import Conflict, NotFound, StoreNewer, StoreUnusable
from responder.store.settling import Outcome
from responder.store.side_tables import control
from responder.store.store import Store
from responder.store.tables import cases, delivery, event, metadata
from responder.store.tables import mention as mentions
from tests.desk import approved, keep, seen, stage, waiting
from tests.network import at, mention


def count(store: Store, what: str) -> int:
    with store.read() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {what}")) or 0)


@pytest.mark.filterwarnings("ignore:autogenerate skipping")  # indexes of words
def test_the_migrations_make_exactly_the_tables(any_store: Store) -> None:
    with any_store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _not_of_words})
        assert compare_metadata(context, metadata) == []


def _not_of_words(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Say whether it is no index of words: what these hold, test_migrations.py and test_archive.py tell."""
    return not (kind == "index" and str(name).endswith("_words")) and not str(name).startswith("archive")


@pytest.mark.parametrize(("mask", "rights"), [(0o022, 0o640), (0o002, 0o660), (0o077, 0o600)])
def test_a_new_database_is_not_for_every_account_of_the_machine(
    tmp_path: Path, mask: int, rights: int
) -> None:
    before = os.umask(mask)
    try:
        store = Store(f"sqlite:///{tmp_path / 'r.db'}")
        store.prepare()
        found = {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}  # with the log beside it
        store.close()
    finally:
        os.umask(before)
    assert found == {rights}


def test_preparing_twice_changes_nothing(any_store: Store) -> None:
    keep(any_store, mention("1"))
    any_store.prepare()
    assert count(any_store, "mention") == 1


def test_a_database_of_a_newer_version_is_not_touched(any_store: Store) -> None:
    with any_store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreNewer, match="newer version of responder"):
        any_store.prepare()


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.db", "nonsense", "oracle://x"])
def test_an_address_that_cannot_be_opened_is_told_in_words(url: str) -> None:
    with pytest.raises(StoreUnusable):
        Store(url).prepare()


def test_mentions_case_and_cursor_land_together(any_store: Store) -> None:
    keep(any_store, mention("1"), mention("2", author="bo"))
    assert any_store.intake.cursor("shop") == "1"
    assert [case.target.external_id for case in any_store.views.page(Stage.NEW)] == ["1", "2"]


def test_a_page_that_cannot_be_stored_whole_leaves_the_cursor_where_it_was(any_store: Store) -> None:
    keep(any_store, mention("1"))
    impossible = replace(mention("2"), created_at=datetime(2026, 1, 1))  # noqa: DTZ001 (naive on purpose)
    with pytest.raises((TypeError, StatementError)):
        any_store.intake.keep("shop", "1", Page(mentions=(mention("3"), impossible), cursor="2"), at(2))
    assert any_store.intake.cursor("shop") == "1"
    assert count(any_store, "mention") == 1


def test_the_same_page_twice_changes_nothing(any_store: Store) -> None:
    keep(any_store, mention("1"))
    before = (count(any_store, "event"), any_store.casework.get(1))
    keep(any_store, mention("1"), before="1", cursor="1")
    assert (count(any_store, "event"), any_store.casework.get(1)) == before


def test_a_reader_whose_cursor_was_moved_by_another_stores_nothing(any_store: Store) -> None:
    keep(any_store, mention("1"))
    with pytest.raises(Conflict, match="another process"):
        keep(any_store, mention("2"), before=None, cursor="7")
    assert count(any_store, "mention") == 1
    assert any_store.intake.cursor("shop") == "1"


def test_posts_of_one_person_in_one_thread_are_one_case(any_store: Store) -> None:
    keep(any_store, mention("1"), mention("2", thread="1", minutes=3), mention("3", thread="1", author="bo"))
    first, second = any_store.views.page(Stage.NEW)
    assert (first.posts, first.target.external_id) == (2, "2")
    assert (second.posts, second.target.author.handle) == (1, "bo")
    assert [one.external_id for one in any_store.casework.get(first.id).earlier] == ["1"]


def test_a_new_post_sends_the_case_back_and_ends_an_approval(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    keep(any_store, mention("2", thread="1", minutes=9), before="1", cursor="2")
    assert stage(any_store) is Stage.NEW
    assert any_store.outbox.due(at(9), ["shop"]) == []
    assert [one.stage for one in any_store.views.card(1).deliveries] == [DeliveryStage.VOID]


def test_an_edit_keeps_the_words_before_in_the_journal(any_store: Store) -> None:
    keep(any_store, mention("1", "It broke."))
    keep(any_store, replace(mention("1", "It burnt."), edit_mark="e1"), before="1", cursor="2")
    card = any_store.views.card(1)
    assert [post.text for post in card.posts] == ["It burnt."]
    assert [one.detail["before"] for one in card.events if one.action == "edited"] == ["It broke."]


def test_a_case_whose_posts_are_all_gone_is_set_aside(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    any_store.intake.keep("shop", "1", Page(mentions=(), cursor="2", removed=("1", "never seen")), at(5))
    assert stage(any_store) is Stage.SET_ASIDE
    assert any_store.views.card(1).removed == {1}
    assert any_store.outbox.due(at(9), ["shop"]) == []


def test_what_could_not_be_read_is_kept_once(any_store: Store) -> None:
    unread = Unread(place="feed.csv:7", problem="no text", body="\0;;")
    any_store.intake.introduce({"shop": "scripted"})
    for before, cursor in ((None, "1"), ("1", "2")):
        any_store.intake.keep("shop", before, Page(mentions=(), cursor=cursor, malformed=(unread,)), at(1))
    assert [one["place"] for one in any_store.views.unread()] == ["feed.csv:7"]


@pytest.mark.parametrize("words", ["a\0b", "half \ud83d a pair", "\u202eevil\x1b[2J", "😀" * 500])
def test_any_text_is_stored_and_comes_back_without_what_no_database_keeps(
    any_store: Store, words: str
) -> None:
    keep(any_store, mention("1", words))
    kept = any_store.casework.get(1).target.text
    assert kept == words.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def test_approval_binds_to_the_words_the_person_saw(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case, shown = seen(any_store)
    other = replace(shown, fingerprint="0" * 64)
    with pytest.raises(Conflict, match="not what was approved"):
        any_store.casework.approve(
            case, other, replace(approved_as(case.id), fingerprint="0" * 64), Route.API
        )
    assert stage(any_store) is Stage.WAITING


def approved_as(number: int) -> Decision:
    return Decision(case_id=number, verdict=Verdict.APPROVE, by="sam", at=at(2), draft_number=1)


def test_words_changed_in_the_database_behind_the_approval_are_not_sent(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    with any_store.write() as connection:
        connection.execute(text("UPDATE delivery SET text = 'something else'"))
    (planned,) = any_store.outbox.due(at(3), ["shop"])
    with pytest.raises(Conflict, match="no longer holds"):
        any_store.outbox.claim(planned, at(3))


def test_the_database_itself_refuses_a_second_live_delivery(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    with any_store.read() as connection:
        row = dict(connection.execute(select(delivery)).mappings().one())

    def plan_again() -> None:
        with any_store.write() as connection:
            connection.execute(insert(delivery), {**row, "id": 99})

    with pytest.raises(Conflict):
        plan_again()


def test_two_daemons_cannot_claim_one_delivery(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    (planned,) = any_store.outbox.due(at(3), ["shop"])
    first, second = any_store.outbox.claim(planned, at(3)), any_store.outbox.claim(planned, at(3))
    assert first is not None
    assert second is None


def test_a_late_success_lifts_unsure(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    claimed = any_store.outbox.claim(any_store.outbox.due(at(3), ["shop"])[0], at(3))
    assert claimed is not None
    any_store.outbox.settle(claimed, Outcome(stage=DeliveryStage.UNSURE, not_before=at(5)), at(4))
    sent = Outcome(stage=DeliveryStage.SENT, receipt=Receipt(remote_id="r1", url="https://net.example/r1"))
    assert any_store.outbox.settle(claimed, sent, at(6))
    assert stage(any_store) is Stage.ANSWERED


def test_a_late_refusal_of_our_credentials_still_stops_the_account(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    claimed = any_store.outbox.claim(any_store.outbox.due(at(3), ["shop"])[0], at(3))
    assert claimed is not None
    any_store.outbox.settle(claimed, Outcome(stage=DeliveryStage.UNSURE, not_before=at(5)), at(4))
    late = Outcome(stage=DeliveryStage.PLANNED, problem="refused", not_before=at(5), stop_account=True)
    assert not any_store.outbox.settle(claimed, late, at(6))
    (health,) = any_store.views.health()
    assert (health.stopped, health.problem) == (True, "refused")


def test_pausing_survives_a_new_store(any_url: str) -> None:
    if any_url == "sqlite://":
        pytest.skip("a database in memory ends with its store")
    first = Store(any_url)
    first.prepare()
    first.control.pause("sam", at(1))
    first.close()
    second = Store(any_url)
    assert second.control.paused()
    second.close()


def test_a_case_that_fails_is_left_alone_for_longer_each_time(any_store: Store) -> None:
    keep(any_store, mention("1"))
    case = any_store.casework.get(1)
    any_store.casework.step_aside(case, "boom", at(1))
    assert any_store.casework.due(Stage.NEW, at(10)) == []
    assert len(any_store.casework.due(Stage.NEW, at(11))) == 1
    any_store.casework.step_aside(case, "boom", at(11))
    assert any_store.casework.due(Stage.NEW, at(30)) == []
    assert len(any_store.casework.due(Stage.NEW, at(31))) == 1


def test_pages_follow_each_other_without_a_gap_or_a_double(any_store: Store) -> None:
    keep(any_store, *(mention(str(number), author=f"a{number}", minutes=number % 7) for number in range(60)))
    with any_store.write() as connection:
        connection.execute(text("UPDATE cases SET rank = -(id % 5) * 1000, tier = id % 5"))
    whole = [case.id for case in any_store.views.page(Stage.NEW, limit=100)]
    paged: list[int] = []
    after = None
    while page := any_store.views.page(Stage.NEW, after=after, limit=7):
        paged += [case.id for case in page]
        after = page[-1].place
    assert paged == whole
    assert len(set(whole)) == 60


def test_an_unknown_case_is_told(any_store: Store) -> None:
    for asked in (any_store.casework.get, any_store.views.card):
        with pytest.raises(NotFound, match="there is no case c-77"):
            asked(77)


def test_an_error_never_shows_a_customers_words(any_store: Store) -> None:
    with pytest.raises(Exception) as told, any_store.write() as connection:  # noqa: PT011 (any of them)
        connection.execute(insert(mentions), {"account": "shop", "text": "my secret illness"})
    assert "secret illness" not in f"{told.value!r} {told.getrepr()}"


def test_read_modify_writes_of_many_lose_nothing(any_url: str) -> None:
    if any_url == "sqlite://":
        pytest.skip("a database in memory has one connection")
    setting_up = Store(any_url)
    setting_up.prepare()
    with setting_up.write() as connection:
        connection.execute(insert(control), {"name": "n", "value": "0", "by": "", "at": at(0)})
    setting_up.close()

    def grow(_: int) -> None:
        store = Store(any_url)
        for _ in range(25):
            with store.write() as connection:
                where = control.c.name == "n"
                old = connection.scalar(select(control.c.value).where(where).with_for_update())
                connection.execute(control.update().where(where).values(value=str(int(old or 0) + 1)))
        store.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(grow, range(4)))
    reader = Store(any_url)
    with reader.read() as connection:
        assert connection.scalar(select(control.c.value).where(control.c.name == "n")) == "100"
    reader.close()


def test_many_people_approving_the_same_cases_each_win_once(any_url: str) -> None:
    if any_url == "sqlite://":
        pytest.skip("a database in memory has one connection")
    store = Store(any_url)
    store.prepare()
    waiting(store, *(mention(str(number), author=f"a{number}") for number in range(12)))
    cards = [seen(store, case.id) for case in store.views.page(Stage.WAITING)]

    def approve_all(_: int) -> int:
        mine, wins = Store(any_url), 0
        for case, shown in cards:
            said = replace(approved_as(case.id), fingerprint=shown.fingerprint)
            try:
                mine.casework.approve(case, shown, said, Route.API)
                wins += 1
            except Conflict:
                pass
        mine.close()
        return wins

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(approve_all, range(4))) == 12
    assert count(store, "delivery") == 12
    assert store.views.verify() == []
    store.close()


def test_every_move_writes_its_event(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    with any_store.read() as connection:
        moves = connection.scalar(select(cases.c.version))
        events = list(connection.scalars(select(event.c.action).order_by(event.c.id)))
    assert events == ["heard", "triaged", "drafted", "approved"]
    assert moves == len(events)
