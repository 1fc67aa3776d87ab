"""Follow-ups: what is due after an answer until it is fixed, and after that."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the tables; what was answered before is not followed up: its times are over."""
    op.create_table(
        "follow_up",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("promise_id", sa.BigInteger()),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_follow_up_case_id_cases"),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name="fk_follow_up_promise_id_promise"),
        sa.UniqueConstraint("case_id", "mark", name="uq_follow_up_case_id_mark"),
    )
    due = sa.text("state = 'DUE'")
    op.create_index("ix_follow_up_due", "follow_up", ["due_at"], sqlite_where=due, postgresql_where=due)
    op.create_table(
        "follow_plan",
        sa.Column("case_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("fixed_at", sa.BigInteger()),
        sa.Column("fixed_by", sa.Text(), nullable=False),
        sa.Column("fixed_turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_follow_plan_case_id_cases"),
    )
    under_way = sa.text("NOT over")
    op.create_index(
        "ix_follow_plan_under_way",
        "follow_plan",
        ["case_id"],
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.execute(
        "INSERT INTO follow_plan (case_id, version, over, fixed_by, fixed_turn)"
        " SELECT id, version, true, '', 0 FROM cases WHERE stage = 'ANSWERED'"
    )
