"""What people told about a case, and which rulebook judged a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add one column to cases and one to drafts."""
    op.add_column("cases", sa.Column("facts", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("draft", sa.Column("rulebook", sa.Text(), server_default="", nullable=False))
