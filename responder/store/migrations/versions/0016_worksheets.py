"""Worksheets: what is known before contact, and the remedies that were granted."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add both, and what of a worksheet a reply goes by beside what people told."""
    op.add_column("cases", sa.Column("prepared", sa.JSON(none_as_null=True)))
    op.create_table(
        "worksheet",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_worksheet_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_worksheet"),
    )
    op.create_table(
        "remedy_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("granted_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_remedy_grant_case_id_cases"),
    )
    op.create_index("ix_remedy_grant_case_id", "remedy_grant", ["case_id"])
    op.create_index("ix_remedy_grant_granted_at", "remedy_grant", ["granted_at"])
    asked = sa.text("status = 'ASKED'")
    op.create_index(
        "ix_remedy_grant_asked", "remedy_grant", ["id"], sqlite_where=asked, postgresql_where=asked
    )
