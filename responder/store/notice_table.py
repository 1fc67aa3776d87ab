"""The table of what our own people were told."""

from sqlalchemy import Column, Double, Index, Integer, Table, Text, text

from responder.store.moment import Moment
from responder.store.tables import metadata

#: One letter to one of them by one way: SENDING -> SENT | LATER | REFUSED; LATER -> SENDING.
notice = Table(
    "notice",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("lease_clock", Text, nullable=False, server_default=""),
    Column("lease_until", Double, nullable=False, server_default=text("0")),
    Column("tries", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("problem", Text, nullable=False, server_default=""),
)
#: Those that did not go out, however many did.
UNSENT = text("sent_at IS NULL")
Index("ix_notice_unsent", notice.c.made_at, sqlite_where=UNSENT, postgresql_where=UNSENT)
