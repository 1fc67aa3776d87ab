"""The desk: who has a case, what sleeps, who looks at it, who asked for silence, and cases of one matter."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns with their defaults, and create the two tables."""
    op.add_column("cases", sa.Column("owner", sa.Text(), server_default="", nullable=False))
    op.add_column("cases", sa.Column("snoozed_until", sa.BigInteger(), nullable=True))
    op.add_column("cases", sa.Column("woken_from", sa.BigInteger(), nullable=True))
    op.add_column("cases", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    owned = sa.text("owner <> ''")
    op.create_index(
        "ix_cases_owner",
        "cases",
        ["owner", "stage", "rank", "opened_at", "id"],
        sqlite_where=owned,
        postgresql_where=owned,
    )
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index(
        "ix_cases_merged_into", "cases", ["merged_into"], sqlite_where=merged, postgresql_where=merged
    )
    op.add_column("decision", sa.Column("seconds", sa.Double(), nullable=True))
    op.create_table(
        "looking",
        sa.Column("case_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_looking_case_id_cases"),
    )
    op.create_table(
        "opted_out",
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("connector", "author_id", name="pk_opted_out"),
    )
