"""The tables of incidents: what many complain about at once, who belongs to it, and what is told to all."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from responder.store.moment import Moment
from responder.store.tables import metadata, own_id

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

incident = Table(
    "incident",
    metadata,
    own_id(),
    Column("stage", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("topic", Text, nullable=False, server_default=""),
    Column("cause", Text, nullable=False, server_default=""),
    Column("why", Text, nullable=False, server_default=""),
    Column("by", Text, nullable=False, server_default=""),
    Column("proposed_at", Moment, nullable=False),
    Column("opened_at", Moment),
    Column("closed_at", Moment),
    Column("every", Integer),  # seconds
    Column("due_at", Moment),
    Index("ix_incident_stage", "stage", "id"),
)

incident_case = Table(
    "incident_case",
    metadata,
    Column("incident_id", _NUMBER, ForeignKey("incident.id"), primary_key=True),
    Column("case_id", _NUMBER, ForeignKey("cases.id"), primary_key=True),
    Column("membership", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("told", Integer, nullable=False, server_default=text("0")),
    Column("draft", Integer, nullable=False, server_default=text("0")),
    # in, or proposed, and the incident goes on
    Column("live", Boolean, nullable=False),
)
LIVE_MEMBER = text("live")
#: A case belongs to one incident at a time: the database itself refuses a second one.
Index(
    "uq_incident_case_live",
    incident_case.c.case_id,
    unique=True,
    sqlite_where=LIVE_MEMBER,
    postgresql_where=LIVE_MEMBER,
)
#: What a case was ever a member of.
Index("ix_incident_case_case", incident_case.c.case_id)

incident_text = Table(
    "incident_text",
    metadata,
    own_id(),
    Column("incident_id", _NUMBER, ForeignKey("incident.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_incident_text_incident_id", "incident_id"),
)
