"""Cases by thread: which belong to a page of posts, and what a change on the customer's side does to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from responder.model.case import Stage
from responder.store.approval import void_planned
from responder.store.moves import Move, lock, move, record
from responder.store.parting import joined, parted
from responder.store.tables import SAME, cases, mention

#: With so few threads in a page, a case is looked up by thread and author.
_FEW_THREADS = 8

CaseKey = tuple[str, str]  # (thread, author id) within an account


def back_to_new(connection: Connection, more_posts: dict[int, int], action: str, now: datetime) -> None:
    """Send cases back to NEW with the customer's latest word as target; what was approved is void.

    A case that slept is awake; one whose every post is gone is set aside instead, and what belonged to it
    speaks for itself.
    """
    locked = lock(connection, {*more_posts, *joined(connection, more_posts)})
    standings = {number: one for number, one in locked.items() if number in more_posts}
    targets = _latest(connection, list(standings))
    void_planned(connection, list(standings), f"the customer's side changed: {action}", now)
    read = select(cases.c.id, cases.c.posts, cases.c.snoozed_until).where(cases.c.id.in_(standings))
    rows = {row.id: row for row in connection.execute(read)}
    moves = []
    for number, standing in standings.items():
        if number in targets:
            values: dict[str, Any] = {
                "target_id": targets[number],
                "posts": rows[number].posts + more_posts[number],
                "not_before": now,
            }
            if rows[number].snoozed_until:  # they woke it: it can be put off again for as long
                values["woken_from"] = rows[number].snoozed_until
            moves.append(Move(standing=standing, to=Stage.NEW, action=action, values=values))
        elif standing.stage in {Stage.ANSWERED, Stage.CLOSED, Stage.SET_ASIDE}:
            record(connection, [(number, standing.account, action, "", {})], now)
        else:
            moves.append(Move(standing=standing, to=Stage.SET_ASIDE, action=action))
    aside = [one.standing.id for one in moves if one.to is Stage.SET_ASIDE]
    moves += [one for one in parted(connection, aside, locked, now) if one.standing.id not in more_posts]
    move(connection, moves, now)


def _latest(connection: Connection, numbers: list[int]) -> dict[int, int]:
    """Return the id of the newest mention that still stands, by case."""
    newest = (
        select(mention.c.id)
        .where(SAME, mention.c.removed_at.is_(None))
        .order_by(mention.c.created_at.desc(), mention.c.id.desc())
        .limit(1)
        .correlate(cases)
        .scalar_subquery()
    )
    rows = connection.execute(select(cases.c.id, newest.label("newest")).where(cases.c.id.in_(numbers)))
    return {row.id: row.newest for row in rows if row.newest is not None}


def cases_of(connection: Connection, name: str, keys: Collection[CaseKey]) -> dict[CaseKey, int]:
    """Return the ids of these cases of account `name`, of those that are.

    Pairs in an IN are compared one by one with every row (PostgreSQL), so the threads find the rows, and
    where these are few and may be crowded, the authors too.
    """
    threads = {thread for thread, _ in keys}
    query = select(cases.c.id, cases.c.thread, cases.c.author_id).where(
        cases.c.account == name, cases.c.thread.in_(threads)
    )
    if len(threads) <= _FEW_THREADS:
        query = query.where(cases.c.author_id.in_({author for _, author in keys}))
    found = {(row.thread, row.author_id): row.id for row in connection.execute(query)}
    return {key: found[key] for key in keys if key in found}
