"""The migrations make what the tables say, indexes with their conditions too, also for two at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from responder.model.correction import What
from responder.steps.correct import Said, correct
from responder.store.errors import StoreUnusable
from responder.store.store import HEAD, MIGRATIONS, Store
from responder.store.tables import metadata
from tests.lifecycle.world import TARGETS
from tests.network import at
from tests.postgres import statement

#: The migration before the one that chained the journal.
BEFORE_THE_CHAIN = "0004"

_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def indexes(store: Store) -> dict[str, str]:
    """Return each index as the database tells it, alembic's own left out."""
    with store.read() as connection:
        rows = connection.execute(text(_INDEXES[store.engine.dialect.name]))
        return {row[0]: re.sub(r"\s+", " ", row[1]) for row in rows if "alembic" not in row[0]}


def made_at_once(url: str) -> Store:
    store = Store(url)
    with store.write() as connection:
        metadata.create_all(connection)
    return store


def test_every_index_has_the_condition_that_the_tables_say_on_sqlite() -> None:
    migrated, made = Store("sqlite://"), made_at_once("sqlite://")
    migrated.prepare()
    assert indexes(migrated) == indexes(made)
    migrated.close()
    made.close()


def test_every_index_has_the_condition_that_the_tables_say_on_postgresql(
    postgres_server: URL, postgres_url: str
) -> None:
    name = f"{make_url(postgres_url).database}_made"
    statement(postgres_server, f"CREATE DATABASE {name}")
    made = made_at_once(postgres_server.set(database=name).render_as_string(hide_password=False))
    migrated = Store(postgres_url)
    assert indexes(migrated) == indexes(made)
    migrated.close()
    made.close()
    statement(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def test_the_newest_migration_is_the_one_the_store_asks_for() -> None:
    numbers = sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py"))
    assert numbers[-1] == HEAD


def prepared_by_several(url: str) -> list[Store]:
    def prepare(_: int) -> Store:
        store = Store(url)
        store.prepare()
        return store

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(prepare, range(4)))


def test_several_processes_may_prepare_one_sqlite_at_once(tmp_path: Path) -> None:
    for store in prepared_by_several(f"sqlite:///{tmp_path / 'new.db'}"):
        assert store.views.health() == []
        store.close()


def test_several_processes_may_prepare_one_postgresql_at_once(
    postgres_server: URL, postgres_url: str
) -> None:
    name = f"{make_url(postgres_url).database}_new"
    statement(postgres_server, f"CREATE DATABASE {name}")
    for store in prepared_by_several(
        postgres_server.set(database=name).render_as_string(hide_password=False)
    ):
        assert store.views.health() == []
        store.close()
    statement(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


#: A case that waits, as the third migration's tables held it.
_OLD = """
INSERT INTO account (name, connector) VALUES ('shop', 'scripted');
INSERT INTO mention (id, account, external_id, thread, author_id, author_handle, author_name, author_bot,
  text, created_at, url, edit_mark, audience, seen_at)
  VALUES (1, 'shop', '1', '1', 'id-ana', 'ana', 'Ana', 0,
  'My parcel is lost.', 0, '', '', 'public', 0);
INSERT INTO cases (id, account, thread, author_id, target_id, posts, stage, opened_at, moved_at, tier,
  not_before, draft_number) VALUES (1, 'shop', '1', 'id-ana', 1, 1, 'WAITING', 0, 0, 1, 0, 1);
INSERT INTO draft (case_id, number, target_id, origin, by, text, language, playbook, audience,
  fingerprint, findings, created_at)
  VALUES (1, 1, 1, 'person', 'sam', 'Sorry.', 'en', 'first', 'public', 'f', '[]', 0);
INSERT INTO stage_tally VALUES ('shop', 'WAITING', 1, 1);
"""


def test_cases_of_an_older_version_are_worked_on_by_this_one(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'old.db'}")
    store.migrate("0003")
    with store.engine.begin() as connection:
        for line in filter(str.strip, _OLD.split(";")):
            connection.execute(text(line))
    store.prepare()
    case = store.casework.get(1)
    correct(store, TARGETS, case, Said(What.MORE_URGENT, "sam"), at(2))
    card = store.views.card(1)
    assert [one.what for one in card.corrections] == [What.MORE_URGENT]
    assert (card.case.answerable, card.draft and card.draft.text) == ("", "Sorry.")
    assert store.views.verify() == []
    store.close()


def test_foreign_keys_are_kept_again_after_a_migration() -> None:
    store = Store("sqlite://")
    store.prepare()
    with store.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear customer, " * 100)
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        Store(f"sqlite:///{file}").prepare()


def test_a_database_that_only_reads_is_told_in_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'here.db'}"
    first = Store(url)
    first.prepare()
    first.close()
    with pytest.raises(StoreUnusable, match="Check its address and rights"):
        Store(f"sqlite:///file:{tmp_path / 'here.db'}?mode=ro&uri=true").control.pause("sam", None)  # type: ignore[arg-type]


def before_the_chain(store: Store, events: int) -> None:
    """Make the database anew as it was before the chain, with so many events in it."""
    if store.engine.dialect.name == "postgresql":
        with store.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    store.migrate(BEFORE_THE_CHAIN)
    with store.engine.begin() as connection:
        row = text(
            "INSERT INTO event (id, account, at, action, \"by\", detail) VALUES (:id, 'shop', 5, '', '', :d)"
        )
        spaced = '{"b": "é\\u0001", "a": "1"}'
        connection.execute(row, [{"id": 3 * n, "d": "{}" if n % 2 else spaced} for n in range(1, events + 1)])


def test_events_from_before_the_chain_are_chained(any_url: str) -> None:
    store = Store(any_url)
    before_the_chain(store, 4_500)
    store.prepare()
    store.control.pause("sam", at(1))
    found = store.audit.verify()
    assert (found.events, found.broken, found.head and found.head.seq) == (4_501, (), 4_501)
    with pytest.raises(DBAPIError, match="append only"), store.engine.begin() as connection:
        connection.execute(text("DELETE FROM event"))
    store.close()
