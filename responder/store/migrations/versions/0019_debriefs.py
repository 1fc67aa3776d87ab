"""Debriefs: what grave and repeated cases taught us, and what was to be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the tables, and find the other cases of a customer by an index."""
    op.create_table(
        "debrief",
        sa.Column("case_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.BigInteger()),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_debrief_case_id_cases"),
    )
    op.create_index("ix_debrief_made_at", "debrief", ["made_at"])
    op.create_index("ix_debrief_topic", "debrief", ["topic"])
    due = sa.text("state = 'DUE'")
    op.create_index("ix_debrief_due", "debrief", ["made_at"], sqlite_where=due, postgresql_where=due)
    op.create_table(
        "debrief_action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["debrief.case_id"], name="fk_debrief_action_case_id_debrief"),
        sa.UniqueConstraint("case_id", "number", name="uq_debrief_action_case_id_number"),
    )
    open_ = sa.text("done_at IS NULL")
    op.create_index(
        "ix_debrief_action_open", "debrief_action", ["case_id"], sqlite_where=open_, postgresql_where=open_
    )
    op.create_index("ix_cases_author", "cases", ["author_id", "account"])
