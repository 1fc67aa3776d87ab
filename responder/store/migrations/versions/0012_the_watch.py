"""The watch: when accounts were blind and why, and how each daemon and its rings are."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add what a poll leaves behind, and create the three tables."""
    op.add_column("account", sa.Column("cause", sa.Text(), server_default="", nullable=False))
    op.add_column("account", sa.Column("ill_since", sa.BigInteger(), nullable=True))
    op.add_column("account", sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("account", sa.Column("spoke_at", sa.BigInteger(), nullable=True))
    _gap()
    _daemon()


def _gap() -> None:
    op.create_table(
        "gap",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("filled", sa.Text(), server_default="", nullable=False),
        sa.Column("missing", sa.Text(), server_default="", nullable=False),
    )
    still = sa.text("until IS NULL")
    op.create_index(
        "uq_gap_open", "gap", ["account"], unique=True, sqlite_where=still, postgresql_where=still
    )


def _daemon() -> None:
    op.create_table(
        "daemon",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("every", sa.Double(), nullable=False),
        sa.Column("posting", sa.Text(), nullable=False),
        sa.Column("config", sa.Text(), server_default="", nullable=False),
        sa.Column("config_at", sa.BigInteger(), nullable=True),
        sa.Column("config_problem", sa.Text(), server_default="", nullable=False),
    )
    op.create_table(
        "daemon_ring",
        sa.Column("daemon", sa.Text(), nullable=False),
        sa.Column("ring", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("well_at", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("problem_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("daemon", "ring", name="pk_daemon_ring"),
    )
