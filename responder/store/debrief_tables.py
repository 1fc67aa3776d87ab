"""The tables of what was learned: the form of a case, and what was to be changed because of it."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from responder.store.moment import Moment
from responder.store.tables import cases, metadata, own_id

debrief = Table(
    "debrief",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True),
    Column("account", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("written_at", Moment),
    Column("written_by", Text, nullable=False),
    Column("answers", JSON, nullable=False),
    # the answers and what is to change, in a line each: what the archive looks in
    Column("words", Text, nullable=False),
    Index("ix_debrief_made_at", "made_at"),
    Index("ix_debrief_topic", "topic"),
)
DUE = text("state = 'DUE'")
Index("ix_debrief_due", debrief.c.made_at, sqlite_where=DUE, postgresql_where=DUE)

debrief_action = Table(
    "debrief_action",
    metadata,
    own_id(),
    Column("case_id", BigInteger, ForeignKey("debrief.case_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("owner", Text, nullable=False),
    # a day, ISO; "" where none was told
    Column("due", Text, nullable=False),
    Column("done_at", Moment),
    Column("done_by", Text, nullable=False),
    UniqueConstraint("case_id", "number"),
)
NOT_DONE = text("done_at IS NULL")
Index("ix_debrief_action_open", debrief_action.c.case_id, sqlite_where=NOT_DONE, postgresql_where=NOT_DONE)
#: Whether the same customer complained before.
Index("ix_cases_author", cases.c.author_id, cases.c.account)
