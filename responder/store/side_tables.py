"""The tables beside the street: money, what could not be read, courtesies between people, switches."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from responder.store.moment import Moment
from responder.store.tables import link, metadata, own_id

#: What calls cost, in millionths of the account's currency: only accounts whose networks ask for money.
spending = Table(
    "spending",
    metadata,
    Column("day", Text, primary_key=True),  # of UTC, ISO
    Column("account", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("units", BigInteger, nullable=False),
    Column("micros", BigInteger, nullable=False),
)

#: ... and what polls cost that brought something, and that did not.
paid_poll = Table(
    "paid_poll",
    metadata,
    Column("day", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("heard", Boolean, primary_key=True),
    Column("polls", BigInteger, nullable=False),
    Column("micros", BigInteger, nullable=False),
)

malformed = Table(
    "malformed",
    metadata,
    own_id(),
    Column("account", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("mark", Text, nullable=False),  # of the body: a replaced file has other words at the same place
    Column("problem", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    UniqueConstraint("account", "place", "mark"),
)

#: Who has a card open, for a while: a courtesy to others, never a lock.
looking = Table(
    "looking",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("by", Text, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)

#: Cards with the words of another reply on them, and whether people noticed.
planted = Table(
    "planted",
    metadata,
    own_id(),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("noticed", Boolean, nullable=False),
)

#: Who asked us not to answer them, by network.
opted_out = Table(
    "opted_out",
    metadata,
    Column("connector", Text, primary_key=True),
    Column("author_id", Text, primary_key=True),
    Column("handle", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

#: Switches that survive a restart; `pause` is one.
control = Table(
    "control",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

#: What people said triage got wrong, with what it had said; the words stay in `mention`.
correction = Table(
    "correction",
    metadata,
    own_id(),
    link("case_id", "cases.id"),
    link("mention_id", "mention.id"),
    Column("seen", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("probability", Double, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("found", Text, nullable=False),
    Index("ix_correction_case_id", "case_id"),
)
