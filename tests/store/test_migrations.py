"""The migrations make what the tables say, indexes with their conditions too, also for two at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from responder.model.correction import What
from responder.steps.correct import Said, correct
from responder.store.errors import StoreUnusable
from responder.store.store import HEAD, MIGRATIONS, Store
from responder.store.tables import metadata
from tests.desk import waiting
from tests.lifecycle.world import TARGETS
from tests.network import at, mention
from tests.policies import PlainPolicy
from tests.postgres import statement

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


def test_cases_from_before_there_were_corrections_can_be_corrected(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'old.db'}")
    store.prepare()
    waiting(store, mention("1"))
    with store.write() as connection:  # as the third migration left it
        connection.execute(text("DROP TABLE correction"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    store.prepare()
    case = store.casework.get(1)
    correct(store, PlainPolicy(), TARGETS, case, Said(What.MORE_URGENT, "sam"), at(2))
    assert [one.what for one in store.views.card(1).corrections] == [What.MORE_URGENT]
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
