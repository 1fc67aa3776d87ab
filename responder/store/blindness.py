"""Blindness: which accounts hear nothing, since when and why; the gaps are kept, and told in the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from responder.model.blind import Blind, Cause, Filled, Gap
from responder.model.rhythm import MEMORY, Rhythm, hour_of
from responder.store.moves import insert_or, record
from responder.store.rows import storable
from responder.store.tables import account, hour_tally
from responder.store.watch_tables import gap

if TYPE_CHECKING:
    from responder.store.store import Store

#: What is counted as somebody speaking to us.
_SPOKEN = ("heard", "wrote again")
#: An account that should have been read so long ago is read by nobody.
UNREAD_AFTER = timedelta(hours=3)
_NOBODY = "nothing read it: was the daemon running?"
_OPEN = select(gap.c.id, gap.c.since, gap.c.missing).where(
    gap.c.account == bindparam("account"),
    gap.c.until.is_(None),
    (gap.c.cause == str(Cause.SILENCE)) == bindparam("spoken"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is known of an account's hearing."""

    #: The last poll that worked; the last that brought a post.
    heard_at: datetime | None
    spoke_at: datetime | None
    #: Since when polls fail (None: they work), how many did, why, and in words.
    ill_since: datetime | None
    failures: int
    cause: str
    problem: str
    #: Why it is on record as blind; None where it is not.
    blind: Cause | None


class Blindness:
    """Its gaps open by `note`; what is read closes them, in the same transaction."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def blind(self, now: datetime) -> list[Blind]:
        """Return every account that hears nothing, the longest first; one query, however many cases."""
        unread = account.c.next_poll_at < now - UNREAD_AFTER
        query = (
            select(account.c.name, account.c.heard_at, account.c.next_poll_at, gap.c.since, gap.c.cause)
            .add_columns(gap.c.says)
            .outerjoin(gap, (gap.c.account == account.c.name) & gap.c.until.is_(None))
            .where(or_(gap.c.id.is_not(None), unread))
        )  # fmt: skip
        with self._store.read() as connection:
            rows = connection.execute(query).all()
        found = [
            Blind(account=row.name, since=row.since, cause=Cause(row.cause), says=row.says)
            if row.since
            else Blind(
                account=row.name, since=row.heard_at or row.next_poll_at, cause=Cause.UNREAD, says=_NOBODY
            )
            for row in rows
        ]
        return sorted(found, key=lambda one: (one.since, one.account))

    def gaps(self, since: datetime, *, name: str | None = None, limit: int = 50) -> list[Gap]:
        """Return the latest gaps that were open after `since`, the newest first."""
        query = select(gap).where(or_(gap.c.until.is_(None), gap.c.until >= since))
        if name is not None:
            query = query.where(gap.c.account == name)
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(gap.c.id.desc()).limit(limit)).all()
        return [
            Gap(
                account=row.account,
                since=row.since,
                until=row.until,
                cause=Cause(row.cause),
                says=row.says,
                filled=Filled(row.filled) if row.filled else None,
                missing=row.missing,
            )
            for row in rows
        ]

    def sights(self) -> Mapping[str, Sight]:
        """Return what is known of the hearing of every account, by name."""
        query = select(
            account.c.name, account.c.heard_at, account.c.spoke_at, account.c.ill_since, account.c.failures,
            account.c.cause, account.c.problem, gap.c.cause.label("blind"),
        ).outerjoin(gap, (gap.c.account == account.c.name) & gap.c.until.is_(None))  # fmt: skip
        with self._store.read() as connection:
            return {
                row.name: Sight(
                    heard_at=row.heard_at,
                    spoke_at=row.spoke_at,
                    ill_since=row.ill_since,
                    failures=row.failures,
                    cause=row.cause,
                    problem=row.problem,
                    blind=Cause(row.blind) if row.blind else None,
                )
                for row in connection.execute(query)
            }

    def rhythm(self, name: str, until: datetime) -> Rhythm:
        """Return how often account `name` was spoken to, up to and with the hour of `until`."""
        last = hour_of(until)
        first = last - MEMORY
        said = (
            select(hour_tally.c.hour, func.sum(hour_tally.c.n))
            .where(
                hour_tally.c.hour.between(first, last),
                hour_tally.c.account == name,
                hour_tally.c.action.in_(_SPOKEN),
            )
            .group_by(hour_tally.c.hour)
        )
        missed = select(gap.c.since, gap.c.until).where(
            gap.c.account == name, gap.c.cause != str(Cause.SILENCE), gap.c.until.is_not(None)
        )
        with self._store.read() as connection:
            heard = {row[0]: int(row[1]) for row in connection.execute(said)}
            hours = [(hour_of(row.since), hour_of(row.until)) for row in connection.execute(missed)]
        blind = frozenset(hour for begin, end in hours for hour in range(max(first, begin), end))
        return Rhythm(heard=heard, until=last + 1, blind=blind)

    def note(self, one: Blind, now: datetime) -> bool:
        """Note that an account hears nothing; False where that was known, and for this cause."""
        with self._store.write() as connection:
            connection.execute(
                select(account.c.name).where(account.c.name == one.account).with_for_update(key_share=True)
            )
            still = gap.c.account == one.account, gap.c.until.is_(None)
            known = connection.execute(select(gap.c.cause, gap.c.since).where(*still)).one_or_none()
            if known and known.cause == str(one.cause):
                return False
            if known:
                changed = {"cause": str(one.cause), "says": storable(one.says)}
                connection.execute(update(gap).where(*still).values(changed))
            else:
                row = {"account": one.account, "since": one.since, "noted_at": now, "cause": str(one.cause)}
                made = insert_or(connection, gap).values(row | {"says": storable(one.says)})
                connection.execute(made)
            since = known.since if known else one.since
            detail = {"since": since.isoformat(), "cause": str(one.cause), "says": storable(one.says)}
            record(connection, [(None, one.account, "blind", "", detail)], now)
        return True


def told_missing(connection: Connection, name: str, why: str, now: datetime) -> None:
    """Keep that, by what its network tells, something said before now is missing."""
    record(connection, [(None, name, "gap", "", {"why": why})], now)
    still = gap.c.account == name, gap.c.until.is_(None), gap.c.cause != str(Cause.SILENCE)
    known = update(gap).where(*still).values(missing=storable(why))
    if connection.execute(known).rowcount == 0:
        row: dict[str, Any] = {
            "account": name,
            "since": connection.scalar(select(account.c.heard_at).where(account.c.name == name)) or now,
            "noted_at": now,
            "until": now,
            "cause": str(Cause.NETWORK),
            "says": storable(why),
            "filled": str(Filled.MISSING),
            "missing": storable(why),
        }
        connection.execute(insert(gap).values(row))


def sees_again(connection: Connection, name: str, now: datetime, *, spoken: bool) -> None:
    """Close the gap of an account that was read to its end, or (`spoken`) that somebody spoke to again."""
    row = connection.execute(_OPEN, {"account": name, "spoken": spoken}).one_or_none()
    if row is None:
        return
    filled = Filled.MISSING if row.missing else Filled.READ
    closed = update(gap).where(gap.c.id == row.id, gap.c.until.is_(None))
    if connection.execute(closed.values(until=now, filled=str(filled))).rowcount:
        detail = {"since": row.since.isoformat(), "filled": str(filled)}
        detail |= {"missing": row.missing} if row.missing else {}
        record(connection, [(None, name, "sees again", "", detail)], now)


def was_unread(connection: Connection, name: str, since: datetime, now: datetime) -> None:
    """Keep that nothing read an account for long; no gap is open, and it has been read since."""
    row = {
        "account": name,
        "since": since,
        "noted_at": now,
        "until": now,
        "cause": str(Cause.UNREAD),
        "says": _NOBODY,
        "filled": str(Filled.READ),
    }
    connection.execute(insert(gap).values(row))
    detail = {"since": since.isoformat(), "filled": str(Filled.READ)}
    record(connection, [(None, name, "sees again", "", detail)], now)
