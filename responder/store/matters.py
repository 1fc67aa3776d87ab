"""Matters: two cases of one matter, of which one speaks for both; and taking them apart again."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from responder.model.case import OPEN, Case, Stage
from responder.store.approval import in_flight, void_planned
from responder.store.errors import Conflict
from responder.store.expecting import expect
from responder.store.moves import Move, Standing, lock, move
from responder.store.tables import cases

if TYPE_CHECKING:
    from responder.store.store import Store

_JOINED = select(cases.c.id).where(cases.c.merged_into == bindparam("number"))
_ANYWHERE = frozenset(Stage)


class Matters:
    """Joining cases and taking them apart; both journals tell it, and both cases compare and set."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def merge(self, into: Case, one: Case, by: str, now: datetime) -> None:
        """Let `into` speak for `one` too: `one` is set aside, and what was approved of it is void.

        A case speaks for itself or belongs to one that does: what joined `one` belongs to the same from now
        on, and is heard all the same where its customer wrote again since, which nobody saw here. Raises
        Conflict for a case and itself, for what belongs together already, while a reply of either may be
        public, where the matter would be in nobody's queue any more, and where it would wait, and be
        approved, as less urgent than it is.
        """
        root = into.merged_into or into.id
        if root == one.id:
            raise Conflict(f"{into.name} is {one.name} or belongs to it")
        with self._store.write() as connection:
            joined = list(connection.scalars(_JOINED, {"number": one.id}))
            standings = lock(connection, {into.id, one.id, root, *joined})  # all at once, in their order
            expect(connection, into, _ANYWHERE, now)
            expect(connection, one, _ANYWHERE, now)
            speaks = standings[root]
            _refuse(one, speaks)
            in_flight(connection, one, answered=False)
            in_flight(connection, into, answered=False)
            void_planned(connection, [one.id], "merged", now)
            moves = [_joins(standings[one.id], root, by, aside=one.stage in OPEN)]
            moves += [_joins(standings[number], root, by, aside=False) for number in joined]
            told = {"with": one.name, "into": f"c-{root}"}
            moves.append(Move(standing=speaks, to=None, action="merged", by=by, detail=told))
            move(connection, moves, now)

    def split(self, one: Case, by: str, now: datetime) -> None:
        """Let `one` speak for itself again; where it was set aside it needs a reply. Conflict: it does."""
        root = one.merged_into
        if root is None:
            raise Conflict(f"{one.name} belongs to no other case")
        with self._store.write() as connection:
            standings = lock(connection, {one.id, root})
            standing = expect(connection, one, _ANYWHERE, now)
            back = standing.stage is Stage.SET_ASIDE
            values: dict[str, Any] = {"merged_into": None} | ({"not_before": now} if back else {})
            alone = Move(
                standing=standing,
                to=Stage.NEEDS_REPLY if back else None,
                action="split",
                by=by,
                detail={"from": f"c-{root}"},
                values=values,
            )
            other = Move(standing=standings[root], to=None, action="split", by=by, detail={"from": one.name})
            move(connection, [alone, other], now)


def _refuse(one: Case, speaks: Standing) -> None:
    """Raise Conflict where a merge would change nothing, or lose the matter."""
    if one.merged_into == speaks.id and one.stage not in OPEN:
        raise Conflict(f"{one.name} belongs to c-{speaks.id} already")
    if speaks.stage is Stage.SET_ASIDE and one.stage in OPEN:
        raise Conflict(
            f"c-{speaks.id} was set aside, and {one.name} still waits: nobody would answer either;"
            f" first: responder reopen c-{speaks.id}"
        )
    if one.stage in OPEN and speaks.stage in OPEN and one.tier > speaks.tier:
        raise Conflict(
            f"{one.name} is of tier {one.tier}, and c-{speaks.id} of tier {speaks.tier}: the more urgent one"
            f" speaks for both; the other way round: responder merge {one.name} c-{speaks.id}"
        )


def _joins(standing: Standing, root: int, by: str, *, aside: bool) -> Move:
    """Return the move of a case that belongs to case `root` from now on; set aside, it waits for nobody."""
    told = {"with": f"c-{root}", "into": f"c-{root}"}
    to = Stage.SET_ASIDE if aside else None
    values: dict[str, Any] = {"merged_into": root}
    return Move(standing=standing, to=to, action="merged", by=by, detail=told, values=values)
