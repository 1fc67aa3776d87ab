"""The tables of what is prepared for a customer: worksheets, and the remedies that were granted."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, Text, text

from responder.store.moment import Moment
from responder.store.tables import link, metadata, own_id

#: One for a case; `body` holds the answers that are filled in (see store/worksheets.py).
worksheet = Table(
    "worksheet",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", JSON, nullable=False),
    # the same answers in a line each: what the archive looks in
    Column("words", Text, nullable=False),
)

#: What was asked for and granted, in millionths of its currency; no money moves by it.
remedy_grant = Table(
    "remedy_grant",
    metadata,
    own_id(),
    link("case_id", "cases.id"),
    Column("account", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("micros", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("status", Text, nullable=False),
    # who asked for it and when; who said the yes that grants it, and when; both are one where one is enough
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("granted_by", Text, nullable=False, server_default=""),
    Column("granted_at", Moment),
    Index("ix_remedy_grant_case_id", "case_id"),
    Index("ix_remedy_grant_granted_at", "granted_at"),
)
ASKED = text("status = 'ASKED'")
#: What waits for a second yes.
Index("ix_remedy_grant_asked", remedy_grant.c.id, sqlite_where=ASKED, postgresql_where=ASKED)
