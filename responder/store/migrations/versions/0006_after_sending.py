"""What an approval rests on, whether we may answer, and how a reply fares after it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add columns with their defaults, and the indexes by which replies are read back and counted."""
    for table, column in (
        ("account", "own_id"),
        ("cases", "answerable"),
        ("cases", "answer_detail"),
        ("decision", "seen"),
        ("delivery", "alarm"),
    ):
        op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("watches", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("delivery", sa.Column("watch_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_delivery_sent_at", "delivery", ["sent_at"])
    for name, column, which in (
        ("ix_delivery_watch_at", "watch_at", sa.text("watch_at IS NOT NULL")),
        ("ix_delivery_alarm", "id", sa.text("alarm <> ''")),
    ):
        op.create_index(name, "delivery", [column], sqlite_where=which, postgresql_where=which)
