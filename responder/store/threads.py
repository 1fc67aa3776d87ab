"""Cases by thread: which belong to a page of posts, and what a change on the customer's side does to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from responder.model.case import Stage
from responder.store.approval import void_planned
from responder.store.moves import Move, lock, move, record
from responder.store.parting import joined, parted
from responder.store.tables import SAME, cases, mention

#: With so few threads in a page, a case is looked up by thread and author.
_FEW_THREADS = 8

CaseKey = tuple[str, str]  # (thread, author id) within an account

_NEWEST = (
    select(mention.c.id)
    .where(SAME, mention.c.removed_at.is_(None))
    .order_by(mention.c.created_at.desc(), mention.c.id.desc())
    .limit(1)
    .correlate(cases)
    .scalar_subquery()
)
#: Cases, with the newest mention of each that still stands.
_LATEST = select(cases.c.id, cases.c.posts, cases.c.snoozed_until, _NEWEST.label("newest")).where(
    cases.c.id.in_(bindparam("numbers", expanding=True))
)
_IN_THREADS = select(cases.c.id, cases.c.thread, cases.c.author_id).where(
    cases.c.account == bindparam("account"), cases.c.thread.in_(bindparam("threads", expanding=True))
)
_BY_AUTHORS = _IN_THREADS.where(cases.c.author_id.in_(bindparam("authors", expanding=True)))


def back_to_new(connection: Connection, more_posts: dict[int, int], action: str, now: datetime) -> None:
    """Send cases back to NEW with the customer's latest word as target; what was approved is void.

    A case that slept is awake; one whose every post is gone is set aside instead, and what belonged to it
    speaks for itself.
    """
    locked = lock(connection, {*more_posts, *joined(connection, more_posts)})
    standings = {number: one for number, one in locked.items() if number in more_posts}
    void_planned(connection, list(standings), f"the customer's side changed: {action}", now)
    rows = {row.id: row for row in connection.execute(_LATEST, {"numbers": list(standings)})}
    moves = []
    for number, standing in standings.items():
        row = rows[number]
        if row.newest is not None:
            values: dict[str, Any] = {
                "target_id": row.newest,
                "posts": row.posts + more_posts[number],
                "not_before": now,
            }
            if row.snoozed_until:  # they woke it: it can be put off again for as long
                values["woken_from"] = row.snoozed_until
            moves.append(Move(standing=standing, to=Stage.NEW, action=action, values=values))
        elif standing.stage in {Stage.ANSWERED, Stage.CLOSED, Stage.SET_ASIDE}:
            record(connection, [(number, standing.account, action, "", {})], now)
        else:
            moves.append(Move(standing=standing, to=Stage.SET_ASIDE, action=action))
    aside = [one.standing.id for one in moves if one.to is Stage.SET_ASIDE]
    moves += [one for one in parted(connection, aside, locked, now) if one.standing.id not in more_posts]
    move(connection, moves, now)


def cases_of(connection: Connection, name: str, keys: Collection[CaseKey]) -> dict[CaseKey, int]:
    """Return the ids of these cases of account `name`, of those that are.

    Pairs in an IN are compared one by one with every row (PostgreSQL), so the threads find the rows, and
    where these are few and may be crowded, the authors too.
    """
    threads = list({thread for thread, _ in keys})
    which: dict[str, Any] = {"account": name, "threads": threads}
    query = _IN_THREADS
    if len(threads) <= _FEW_THREADS:
        query = _BY_AUTHORS
        which["authors"] = list({author for _, author in keys})
    found = {(row.thread, row.author_id): row.id for row in connection.execute(query, which)}
    return {key: found[key] for key in keys if key in found}
