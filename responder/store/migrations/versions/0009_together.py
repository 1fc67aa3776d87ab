"""Working together: several look at one case, two say yes to one reply, and what sleeps is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column and the indexes; who looks at a case just now is nothing to keep over an upgrade."""
    op.create_index(
        "ix_cases_awake",
        "cases",
        ["rank", "opened_at", "id"],
        sqlite_where=sa.text("stage || '' = 'WAITING' AND snoozed_until IS NULL"),
        postgresql_where=sa.text("stage IN ('WAITING', '') AND snoozed_until IS NULL"),
    )
    sleepy = sa.text("snoozed_until IS NOT NULL")
    op.create_index(
        "ix_cases_sleepy",
        "cases",
        ["snoozed_until", "id"],
        sqlite_where=sleepy,
        postgresql_where=sleepy,
    )
    op.add_column("decision", sa.Column("two", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("ix_decision_by", "decision", ["by"])
    op.drop_table("looking")
    op.create_table(
        "looking",
        sa.Column("case_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("by", sa.Text(), primary_key=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_looking_case_id_cases"),
    )
    op.create_table(
        "planted",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
        ),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("noticed", sa.Boolean(), nullable=False),
    )
