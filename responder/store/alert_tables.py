"""The tables of what somebody must know now, and of who was told how much of it."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from responder.store.moment import Moment
from responder.store.tables import metadata, own_id

alert = Table(
    "alert",
    metadata,
    own_id(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("case_id", BigInteger, ForeignKey("cases.id")),
    Column("account", Text, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("seen_at", Moment),
    Column("seen_by", Text, nullable=False, server_default=""),
    Column("ended_at", Moment),
)
OPEN_ALERT = text("ended_at IS NULL")
#: What stands is alerted once.
Index(
    "uq_alert_open",
    alert.c.kind,
    alert.c.subject,
    unique=True,
    sqlite_where=OPEN_ALERT,
    postgresql_where=OPEN_ALERT,
)
Index("ix_alert_checked_at", alert.c.checked_at, sqlite_where=OPEN_ALERT, postgresql_where=OPEN_ALERT)
Index("ix_alert_case_id", alert.c.case_id, sqlite_where=OPEN_ALERT, postgresql_where=OPEN_ALERT)
#: What stands and nobody has seen, the gravest first, and the latest.
UNSEEN = text("ended_at IS NULL AND seen_at IS NULL")
Index("ix_alert_unseen", alert.c.tier, alert.c.id, sqlite_where=UNSEEN, postgresql_where=UNSEEN)
Index("ix_alert_latest", alert.c.id, sqlite_where=UNSEEN, postgresql_where=UNSEEN)

#: How far each recipient was told.
alert_round = Table(
    "alert_round",
    metadata,
    Column("recipient", Text, primary_key=True),
    Column("begun", Integer, nullable=False),
    Column("over", Integer, nullable=False),
    Column("told_at", Moment),
    Column("upto", BigInteger, nullable=False),
    Column("repeats", Integer, nullable=False),
)
