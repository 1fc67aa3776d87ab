"""Recent: what the last days brought. Every question looks at a bounded number of rows."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from responder.model.mention import Audience
from responder.store.tables import TOPICAL, cases, delivery, hour_tally

if TYPE_CHECKING:
    from responder.store.store import Store

#: The latest cases of a while whose topics are counted, and the latest replies.
LATEST_TOPICS, LATEST_REPLIES = 200_000, 20_000
_HOUR = 3600


class Recent:
    """Read-only."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def happened(
        self, actions: Sequence[str], since: datetime, now: datetime
    ) -> Counter[tuple[datetime, str]]:
        """Return how often each of these happened, by the hour of UTC in which it did."""
        tally = hour_tally.c
        query = (
            select(tally.hour, tally.action, func.sum(tally.n))
            .where(tally.hour.between(int(since.timestamp()) // _HOUR, int(now.timestamp()) // _HOUR))
            .where(tally.action.in_(actions))
            .group_by(tally.hour, tally.action)
        )
        first = datetime(1970, 1, 1, tzinfo=UTC)
        with self._store.read() as connection:
            rows = connection.execute(query).all()
        return Counter({(first + timedelta(hours=hour), action): int(n) for hour, action, n in rows})

    def topics(self, since: datetime, until: datetime) -> Counter[str]:
        """Return what the complaints were about that came from `since` on, before `until`, by topic."""
        latest = (
            select(cases.c.topic)
            .where(TOPICAL, cases.c.opened_at >= since, cases.c.opened_at < until)
            .order_by(cases.c.opened_at.desc())
            .limit(LATEST_TOPICS)
            .subquery()
        )
        query = select(latest.c.topic, func.count()).group_by(latest.c.topic)
        with self._store.read() as connection:
            return Counter({row[0]: int(row[1]) for row in connection.execute(query)})

    def private(self, since: datetime, now: datetime) -> int:
        """Return how many of the latest replies went out in private."""
        latest = (
            select(delivery.c.audience)
            .where(delivery.c.sent_at.between(since, now))
            .order_by(delivery.c.sent_at.desc())
            .limit(LATEST_REPLIES)
            .subquery()
        )
        query = select(func.count()).where(latest.c.audience == str(Audience.PRIVATE))
        with self._store.read() as connection:
            return connection.scalar(query) or 0
