"""Incidents: what many complain about at once, and how often people complain about something usually."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def _number(name: str, *, to: str = "", key: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    link = [sa.ForeignKey(to)] if to else []
    return sa.Column(name, kind, *link, primary_key=key, nullable=False)


def upgrade() -> None:
    """Add the tables, and an index by which the complaints about one thing are counted."""
    op.create_index("ix_cases_topic", "cases", ["topic", "opened_at"])
    op.create_table(
        "incident",
        _number("id", key=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        *(
            sa.Column(name, sa.Text(), nullable=False, server_default="")
            for name in ("topic", "cause", "why", "by")
        ),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("every", sa.Integer()),
        sa.Column("due_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index("ix_incident_stage", "incident", ["stage", "id"])
    op.create_table(
        "incident_case",
        _number("incident_id", to="incident.id"),
        _number("case_id", to="cases.id"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("membership", "why", "by")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("draft", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "case_id", name="pk_incident_case"),
    )
    live = sa.text("live")
    op.create_index(
        "uq_incident_case_live",
        "incident_case",
        ["case_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("ix_incident_case_case", "incident_case", ["case_id"])
    op.create_table(
        "incident_text",
        _number("id", key=True),
        _number("incident_id", to="incident.id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("language", "text", "by")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident_text"),
    )
    op.create_index("ix_incident_text_incident_id", "incident_text", ["incident_id"])
