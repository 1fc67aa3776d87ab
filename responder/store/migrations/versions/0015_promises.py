"""The ledger: what we promised, by when, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the ledger; replies that went out before are not read for promises: their times are over."""
    op.add_column(
        "delivery", sa.Column("unread", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    unread = sa.text("unread")
    op.create_index("ix_delivery_unread", "delivery", ["id"], sqlite_where=unread, postgresql_where=unread)
    op.create_table(
        "promise",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger()),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_promise_case_id_cases"),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_promise_delivery_id_delivery"),
        sa.UniqueConstraint("delivery_id", "place", name="uq_promise_delivery_id_place"),
    )
    op.create_index("ix_promise_case_id", "promise", ["case_id"])
    op.create_index("ix_promise_made_at", "promise", ["made_at"])
    owed = sa.text("status IN ('OPEN', 'BROKEN')")
    op.create_index(
        "ix_promise_owed", "promise", ["status", "due_at"], sqlite_where=owed, postgresql_where=owed
    )
