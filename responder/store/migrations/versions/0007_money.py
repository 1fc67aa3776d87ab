"""What calls cost, by day and kind; and until when a network gives no more."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the two tables, and add the columns with their defaults."""
    op.create_table(
        "spending",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "account", "kind", name="pk_spending"),
    )
    op.create_table(
        "paid_poll",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("polls", sa.BigInteger(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "account", "heard", name="pk_paid_poll"),
    )
    op.add_column("account", sa.Column("rests_until", sa.BigInteger(), nullable=True))
    op.add_column("account", sa.Column("rests_why", sa.Text(), server_default="", nullable=False))
