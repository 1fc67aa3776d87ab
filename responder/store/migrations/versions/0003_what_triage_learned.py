"""What triage learned of a case: its language, and how likely a complaint it is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add two columns to cases, and sort the queue anew by tier: the tone was of another scale."""
    op.add_column("cases", sa.Column("language", sa.Text(), server_default="", nullable=False))
    op.add_column("cases", sa.Column("probability", sa.Double(), server_default=sa.text("0"), nullable=False))
    op.execute("UPDATE cases SET tone = 0, rank = -(tier * 10000)")
