"""The table of references: by which code a customer finds their case."""

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from responder.store.moment import Moment
from responder.store.tables import metadata

reference = Table(
    "reference",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),  # said again in the next reply
    Column("mark", Text, nullable=False, unique=True),  # its hash, by which alone it is looked up
    Column("made_at", Moment, nullable=False),
)
