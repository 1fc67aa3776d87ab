"""The archive: an index of words over what was said, answered, promised, noted and written down."""

from alembic import op

revision = "0020"
down_revision = "0019"

#: Table, its key, the column of its words, which rows; by the place of its kind among `archive`'s numbers.
_SOURCES = (
    ("mention", "id", "text", ""),
    ("delivery", "id", "text", ""),
    ("promise", "id", "quote", ""),
    ("event", "id", "detail", "{row}.action IN ('noted', 'escalated')"),
    ("follow_up", "id", "said", ""),
    ("worksheet", "case_id", "words", ""),
    ("debrief", "case_id", "words", ""),
)


def upgrade() -> None:
    """Make the indexes, and take in all that is there."""
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    # no copy of the texts, only the index: what is erased from its table is nowhere else
    op.execute(
        "CREATE VIRTUAL TABLE archive USING fts5(words, content='', tokenize='unicode61 remove_diacritics 2')"
    )
    for place, (table, key, column, which) in enumerate(_SOURCES):
        own, new, old = (_words(table, column, row) for row in (table, "NEW", "OLD"))
        some, is_new, was = (
            " AND ".join(filter(None, (which.format(row=row), f"{told} IS NOT NULL")))
            for row, told in ((table, own), ("NEW", new), ("OLD", old))
        )
        add = f"INSERT INTO archive (rowid, words) SELECT NEW.{key} * 16 + {place}, {new} WHERE {is_new};"
        drop = (
            "INSERT INTO archive (archive, rowid, words)"
            f" SELECT 'delete', OLD.{key} * 16 + {place}, {old} WHERE {was};"
        )
        op.execute(f"CREATE TRIGGER {table}_archived AFTER INSERT ON {table} BEGIN {add} END")
        op.execute(
            f"CREATE TRIGGER {table}_archived_anew AFTER UPDATE OF {column} ON {table}"
            f" WHEN {old} IS NOT {new} BEGIN {drop} {add} END"
        )
        op.execute(f"CREATE TRIGGER {table}_unarchived AFTER DELETE ON {table} BEGIN {drop} END")
        op.execute(
            f"INSERT INTO archive (rowid, words) SELECT {key} * 16 + {place}, {own}"  # noqa: S608 (our own names)
            f" FROM {table} WHERE {some}"
        )


def _words(table: str, column: str, row: str) -> str:
    said = f"json_extract({row}.{column}, '$.note')" if table == "event" else f"{row}.{column}"
    return f"replace({said}, 'ß', 'ss')"


def _postgresql() -> None:
    for table, _, words_in, which in _SOURCES:
        column = "(detail ->> 'note')" if table == "event" else words_in
        some = f" WHERE {which.replace('{row}.', '')}" if which else ""
        bare = f"regexp_replace(normalize({column}, NFD), U&'[\\0300-\\036F]', '', 'g')"
        words = f"regexp_replace(replace({bare}, 'ß', 'ss'), '[!-/:-@[-`{{-~]', ' ', 'g')"
        op.execute(
            f"CREATE INDEX ix_{table}_words ON {table} USING gin (to_tsvector('simple', {words})){some}"
        )
