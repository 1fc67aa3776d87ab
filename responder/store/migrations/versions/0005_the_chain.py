"""The journal is one chain, also what stood in it before, and the database lets nobody change it.

Whoever rebuilds the table `event` in a later migration (SQLite: batch) has to make its triggers again.
"""

from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from alembic import op

from responder.model.chain import START, canonical, chained, mark_of

revision = "0005"
down_revision = "0004"

_BATCH = 2_000
#: What an event keeps for ever; its detail and salt may be erased, both at once.
_KEPT = ("id", "case_id", "account", '"at"', "action", '"by"', "seq", "mark", "hash")
_SAYS = "the journal is append only"


def upgrade() -> None:
    """Add the columns and the head, chain the events there are, then shut the door."""
    op.add_column("event", sa.Column("seq", sa.BigInteger(), nullable=True))
    for name in ("salt", "mark", "hash"):
        op.add_column("event", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal_head"),
    )
    connection = op.get_bind()
    seq, last = _chain(connection)
    head = sa.text("INSERT INTO journal_head (id, seq, hash) VALUES (1, :seq, :hash)")
    connection.execute(head, {"seq": seq, "hash": last})
    op.create_index("uq_event_seq", "event", ["seq"], unique=True)
    for statement in _postgresql() if connection.dialect.name == "postgresql" else _sqlite():
        connection.exec_driver_sql(statement)


def _chain(connection: sa.Connection) -> tuple[int, str]:
    """Give each event its place, in the order of ids; return the last place and hash."""
    names: list[sa.ColumnClause[Any]] = [
        sa.column(name) for name in ("id", "case_id", "account", "at", "action", "by")
    ]
    old = sa.select(*names, sa.column("detail", sa.JSON())).select_from(sa.table("event"))
    place = sa.text("UPDATE event SET seq = :seq, salt = :salt, mark = :mark, hash = :hash WHERE id = :id")
    seq, last, done = 0, START, 0
    while True:
        some = old.where(names[0] > done).order_by(names[0]).limit(_BATCH)
        chained_rows = []
        for row in connection.execute(some).all():
            seq, salt, done = seq + 1, token_hex(8), row.id
            mark = mark_of(salt, canonical(row.detail))
            last = chained(last, (seq, row.case_id, row.account, row.at, row.action, row.by), mark)
            chained_rows.append({"id": row.id, "seq": seq, "salt": salt, "mark": mark, "hash": last})
        if not chained_rows:
            return seq, last
        connection.execute(place, chained_rows)


def _sqlite() -> list[str]:
    kept = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT)
    words = "NEW.detail IS OLD.detail AND NEW.salt IS OLD.salt OR NEW.detail = '{}' AND NEW.salt = ''"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    return [
        f"CREATE TRIGGER event_is_kept BEFORE UPDATE ON event WHEN NOT ({kept} AND ({words})) {refuse}",
        f"CREATE TRIGGER event_stays BEFORE DELETE ON event {refuse}",
    ]


def _postgresql() -> list[str]:
    kept = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _KEPT)
    words = (
        "NEW.detail::text = OLD.detail::text AND NEW.salt = OLD.salt"
        " OR NEW.detail::text = '{}' AND NEW.salt = ''"
    )
    same = f"({kept} AND ({words}))"
    refuse = f"BEGIN RAISE EXCEPTION '{_SAYS}'; END"
    each, call = "FOR EACH ROW", "EXECUTE FUNCTION refuse_event()"
    return [
        f"CREATE FUNCTION refuse_event() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$",
        f"CREATE TRIGGER event_is_kept BEFORE UPDATE ON event {each} WHEN (NOT {same}) {call}",
        f"CREATE TRIGGER event_stays BEFORE DELETE ON event {each} {call}",
    ]
