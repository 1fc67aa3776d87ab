"""References: a code that a customer says, by which their case is found."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the codes; cases of before get theirs with the next draft."""
    op.create_table(
        "reference",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reference_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_reference"),
        sa.UniqueConstraint("mark", name="uq_reference_mark"),
    )
