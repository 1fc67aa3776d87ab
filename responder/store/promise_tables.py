"""The table of the ledger: what we promised, and what became of it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from responder.store.moment import Moment
from responder.store.tables import metadata, own_id

promise = Table(
    "promise",
    metadata,
    own_id(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("account", Text, nullable=False),
    # the reply that holds it, and where in it: the same reply read twice promises once
    Column("delivery_id", BigInteger, ForeignKey("delivery.id")),
    Column("place", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("due_at", Moment),
    Column("owner", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    UniqueConstraint("delivery_id", "place"),
    Index("ix_promise_case_id", "case_id"),
    Index("ix_promise_made_at", "made_at"),
)
OWED = text("status IN ('OPEN', 'BROKEN')")
#: What is to be kept yet, by its time.
Index("ix_promise_owed", promise.c.status, promise.c.due_at, sqlite_where=OWED, postgresql_where=OWED)
