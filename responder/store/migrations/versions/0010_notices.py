"""Notices: each of our own people is told once; the digests made so far were those of the folder."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

#: A digest that was made stays made: its day is not told again.
_MOVE = """
INSERT INTO notice (kind, key, recipient, stage, fence, tries, made_at, not_before, sent_at)
SELECT 'digest', 'digest ' || day || ' folder', '', 'SENT', 1, 1, made_at, made_at, made_at FROM digest
"""


def upgrade() -> None:
    """Make the table, carry over what was told before it, and have topics found by time."""
    op.create_table(
        "notice",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_clock", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index("ix_notice_unsent", "notice", ["made_at"], sqlite_where=unsent, postgresql_where=unsent)
    topical = sa.text("topic <> '' AND stage <> 'SET_ASIDE'")
    op.create_index(
        "ix_cases_topical",
        "cases",
        ["opened_at", "topic", "stage"],
        sqlite_where=topical,
        postgresql_where=topical,
    )
    op.execute(_MOVE)
    op.drop_table("digest")
