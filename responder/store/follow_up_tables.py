"""The tables of what is due after an answer: tasks, and what state of its case each plan is of."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
    update,
)

from responder.store.moment import Moment
from responder.store.tables import metadata, own_id

follow_up = Table(
    "follow_up",
    metadata,
    own_id(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False),
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # what it is for: whoever plans it a second time finds it there
    Column("mark", Text, nullable=False),
    Column("promise_id", BigInteger, ForeignKey("promise.id")),
    Column("due_at", Moment, nullable=False),
    Column("owner", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Text, nullable=False),
    Column("said", Text, nullable=False),
    UniqueConstraint("case_id", "mark"),
)
#: What is still to be done, by its time.
DUE = text("state = 'DUE'")
Index("ix_follow_up_due", follow_up.c.due_at, sqlite_where=DUE, postgresql_where=DUE)

follow_plan = Table(
    "follow_plan",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True),
    # of the case it was made for; -1: what it rests on beside the case changed since
    Column("version", Integer, nullable=False),
    # nothing is left to follow up until the case moves to an answer again
    Column("over", Boolean, nullable=False),
    # since when it is fixed, who said so, and how often we had answered by then
    Column("fixed_at", Moment),
    Column("fixed_by", Text, nullable=False),
    Column("fixed_turn", Integer, nullable=False),
)
UNDER_WAY = text("NOT over")
Index("ix_follow_plan_under_way", follow_plan.c.case_id, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)


def replan(connection: Connection, number: int) -> None:
    """Let the plan of a case be made anew: what it rests on changed. One without a plan is planned anyhow."""
    again = update(follow_plan).where(follow_plan.c.case_id == number)
    connection.execute(again.values(version=-1, over=False))
