"""Clocks beside the answer that is owed, when the next of them strikes, and what people are told at once."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_OWED = """
UPDATE cases SET owed_since = opened_at, strikes_at = due_at
WHERE due_at IS NOT NULL AND stage IN ('NEW', 'NEEDS_REPLY', 'WAITING', 'APPROVED')
"""


def upgrade() -> None:
    """Add the columns; what is open keeps its deadline, counts from its first post, and strikes when due."""
    for name in ("owed_since", "first_by", "settle_by", "rule_by", "strikes_at"):
        op.add_column("cases", sa.Column(name, sa.BigInteger()))
    op.execute("UPDATE cases SET first_by = due_at WHERE due_at IS NOT NULL")
    op.execute(_OWED)
    strikes = sa.text("strikes_at IS NOT NULL")
    op.create_index(
        "ix_cases_strikes_at", "cases", ["strikes_at"], sqlite_where=strikes, postgresql_where=strikes
    )
    _alerts()


def _alerts() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "alert",
        sa.Column("id", number, primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger()),
        sa.Column("seen_at", sa.BigInteger()),
        sa.Column("seen_by", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alert_case_id_cases"),
    )
    stands, unseen = sa.text("ended_at IS NULL"), sa.text("ended_at IS NULL AND seen_at IS NULL")
    for name, columns, unique, where in (
        ("uq_alert_open", ["kind", "subject"], True, stands),
        ("ix_alert_checked_at", ["checked_at"], False, stands),
        ("ix_alert_case_id", ["case_id"], False, stands),
        ("ix_alert_unseen", ["tier", "id"], False, unseen),
        ("ix_alert_latest", ["id"], False, unseen),
    ):
        op.create_index(name, "alert", columns, unique=unique, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "alert_round",
        sa.Column("recipient", sa.Text(), primary_key=True),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("over", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.BigInteger()),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
    )
    refused = sa.text("stage = 'REFUSED'")
    op.create_index("ix_delivery_refused", "delivery", ["id"], sqlite_where=refused, postgresql_where=refused)
