"""The tables of the watch: when accounts were blind, and how each daemon and its rings are."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table, Text, text

from responder.store.moment import Moment
from responder.store.tables import metadata, own_id

OPEN_GAP = text("until IS NULL")

#: While an account was blind: what was said there then was read late, or not at all.
gap = Table(
    "gap",
    metadata,
    own_id(),
    Column("account", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("noted_at", Moment, nullable=False),
    Column("until", Moment),  # NULL: it is blind still
    Column("cause", Text, nullable=False),  # model.blind.Cause
    Column("says", Text, nullable=False),
    # model.blind.Filled, once it sees again; and why something may be missing
    Column("filled", Text, nullable=False, server_default=""),
    Column("missing", Text, nullable=False, server_default=""),
)
#: An account is blind once at a time, whichever daemon saw it.
Index("uq_gap_open", gap.c.account, unique=True, sqlite_where=OPEN_GAP, postgresql_where=OPEN_GAP)

#: Each daemon that ran lately.
daemon = Table(
    "daemon",
    metadata,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("stopped_at", Moment),
    Column("every", Double, nullable=False),  # seconds between two signs of life
    Column("posting", Text, nullable=False),
    Column("config", Text, nullable=False, server_default=""),
    Column("config_at", Moment),  # when the settings in force were read
    Column("config_problem", Text, nullable=False, server_default=""),
)

#: ... and how each of its rings is.
daemon_ring = Table(
    "daemon_ring",
    metadata,
    Column("daemon", Text, primary_key=True),
    Column("ring", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("next_at", Moment),
    Column("well_at", Moment),  # its last run without a problem
    Column("seconds", Double, nullable=False, server_default=text("0")),  # its last run took
    Column("problem", Text, nullable=False, server_default=""),
    Column("problem_since", Moment),
)
