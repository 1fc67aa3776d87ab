"""Reports: what came in, was decided and was told in some days is found by its time."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_cases_opened", "cases", ["opened_at"])
    op.create_index("ix_decision_at", "decision", ["at"])
    reported = sa.text(
        "action IN ('wrote again', 'removed by its author', 'set aside', 'answered by hand',"
        " 'edited by hand', 'dismissed', 'reopened', 'closed', 'delivery void', 'corrected: complaint',"
        " 'corrected: not a complaint', 'corrected: more urgent', 'corrected: less urgent',"
        " 'corrected: language')"
    )
    op.create_index(
        "ix_event_reported",
        "event",
        ["at", "action", "case_id"],
        sqlite_where=reported,
        postgresql_where=reported,
    )
