"""Silence: who asked us not to answer them, kept by network and author; it holds wherever we hear them."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, delete, exists, select

from responder.model.case import OPEN, Case, Stage
from responder.store.approval import void_planned
from responder.store.caps import asked
from responder.store.errors import Conflict, NotFound
from responder.store.follow_up_tables import replan
from responder.store.moves import Move, Standing, insert_or, lock, move, record
from responder.store.parting import joined, parted
from responder.store.rows import storable
from responder.store.side_tables import opted_out
from responder.store.tables import account, delivery

if TYPE_CHECKING:
    from responder.store.store import Store

#: From this tier on a case stays before a person, whoever asked for what: somebody may need help.
_GRAVE = 4
_IN_FLIGHT = exists().where(
    delivery.c.case_id == bindparam("case"), delivery.c.stage.in_(["SENDING", "UNSURE"])
)


class Silence:
    """Writing down that an author asked not to be answered, and that they may be again."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def ask(self, case: Case, by: str, now: datetime) -> Stage:
        """Keep that the author of `case` asked not to be answered; return where the case stands by it.

        What is approved and not sent is void, and an open case is set aside; what others wrote and belonged
        to it speaks for itself. One that tells of grave harm waits for a person all the same. A reply
        that is on its way just now is not called back. Raises Conflict when it is known already, or nobody
        knows who wrote.
        """
        author = case.target.author
        with self._store.write() as connection:
            standing = _standing(connection, case, *joined(connection, [case.id]))
            if not author.id:
                raise Conflict(f"nobody knows who wrote {case.name}")
            if asked(connection, case.target):
                raise Conflict(f"the author of {case.name} asked not to be answered before")
            connector = connection.scalar(select(account.c.connector).where(account.c.name == case.account))
            row = {"connector": connector, "author_id": storable(author.id), "by": storable(by), "at": now}
            connection.execute(
                insert_or(connection, opted_out)
                .values(row | {"handle": storable(author.handle)})
                .on_conflict_do_nothing()
            )
            replan(connection, case.id)
            detail = {"author": author.id}
            to = _goes_to(connection, standing)
            if to is None:
                record(connection, [(case.id, case.account, "opted out", by, detail)], now)
                return standing.stage
            void_planned(connection, [case.id], "its author asked us not to answer", now)
            silenced = Move(standing=standing, to=to, action="opted out", by=by, detail=detail)
            aside = [case.id] if to is Stage.SET_ASIDE else []
            others = parted(connection, aside, lock(connection, aside), now, by=by, only_others=True)
            move(connection, [silenced, *others], now)
        return to

    def undo(self, case: Case, by: str, now: datetime) -> None:
        """Keep that the author may be answered again; Conflict when they never asked for silence."""
        with self._store.write() as connection:
            _standing(connection, case)
            connector = select(account.c.connector).where(account.c.name == case.account).scalar_subquery()
            gone = connection.execute(
                delete(opted_out).where(
                    opted_out.c.connector == connector, opted_out.c.author_id == case.target.author.id
                )
            )
            if not gone.rowcount:
                raise Conflict(f"the author of {case.name} did not ask for silence")
            replan(connection, case.id)
            detail = {"author": case.target.author.id}
            record(connection, [(case.id, case.account, "opt-out undone", by, detail)], now)


def _standing(connection: Connection, case: Case, *others: int) -> Standing:
    standing = lock(connection, [case.id, *others]).get(case.id)
    if standing is None:
        raise NotFound(f"there is no case {case.name}")
    return standing


def _goes_to(connection: Connection, standing: Standing) -> Stage | None:
    """Return where an opt-out moves a case; None where it stays as it is."""
    on_its_way = connection.scalar(select(_IN_FLIGHT), {"case": standing.id})
    if standing.stage not in OPEN or on_its_way:
        return None
    if standing.tier < _GRAVE and standing.stage is not Stage.NEW:
        return Stage.SET_ASIDE
    return Stage.WAITING if standing.stage is Stage.APPROVED else None
