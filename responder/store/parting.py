"""Parting: where who spoke for a matter is set aside by nobody's word on it, the others speak for themselves.

A merged case waits for nobody: what its customer said is answered with the case it belongs to. When that one
needs no answer any more for a reason of its own (its author took the post away, is content, or asked for
silence), the others would be in nobody's queue.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from responder.model.case import Stage
from responder.store.caps import silent
from responder.store.moves import Move, Standing, lock, portions
from responder.store.tables import account, cases, mention

_SPEAKS, _ITS_ACCOUNT = cases.alias("speaks"), account.alias("its_account")
_SAME_AUTHOR = (cases.c.author_id == _SPEAKS.c.author_id) & (account.c.connector == _ITS_ACCOUNT.c.connector)
_JOINED = select(cases.c.id).where(cases.c.merged_into.in_(bindparam("roots", expanding=True)))
#: Those that belong to these and have something left to answer; with who wrote both.
_LEFT = (
    select(
        cases.c.id,
        cases.c.merged_into,
        _SAME_AUTHOR.label("same"),
    )
    .join(_SPEAKS, _SPEAKS.c.id == cases.c.merged_into)
    .join(mention, mention.c.id == cases.c.target_id)
    .join(account, account.c.name == cases.c.account)
    .join(_ITS_ACCOUNT, _ITS_ACCOUNT.c.name == _SPEAKS.c.account)
    .where(
        cases.c.merged_into.in_(bindparam("roots", expanding=True)),
        cases.c.stage == str(Stage.SET_ASIDE),
        mention.c.removed_at.is_(None),
    )
    .order_by(cases.c.id)
)


def joined(connection: Connection, roots: Iterable[int]) -> list[int]:
    """Return the cases that belong to these, to be locked together with them."""
    known = sorted(set(roots))
    return [one for some in portions(known) for one in connection.scalars(_JOINED, {"roots": some})]


def parted(
    connection: Connection,
    roots: Collection[int],
    standings: dict[int, Standing],
    now: datetime,
    *,
    by: str = "",
    only_others: bool = False,
) -> Iterator[Move]:
    """Give the moves by which what belongs to these cases, and is locked, needs a reply of its own.

    `only_others` leaves those where they are that the same author wrote: what was said of the one holds for
    them too. So do those whose author asked for silence.
    """
    known = sorted(set(roots))
    rows = [row for some in portions(known) for row in connection.execute(_LEFT, {"roots": some})]
    asked = silent(connection, [row.id for row in rows]) if rows else set()
    rows = [row for row in rows if row.id not in asked and not (only_others and row.same)]
    # one that joined since they were locked: nobody joins a case while that is locked
    late = lock(connection, [row.id for row in rows if row.id not in standings])
    for row in rows:
        yield Move(
            standing=late.get(row.id) or standings[row.id],
            to=Stage.NEEDS_REPLY,
            action="split",
            by=by,
            detail={"from": f"c-{row.merged_into}"},
            values={"merged_into": None, "not_before": now},
        )
