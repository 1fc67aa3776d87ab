"""Corrections: what a person says triage got wrong, kept for good, and what that does to the case at once."""

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, insert, select

from responder.model.case import Case, Stage
from responder.model.clocks import Running
from responder.model.correction import Correction, What
from responder.model.triage import Finding
from responder.store.approval import in_flight, void_planned
from responder.store.expecting import expect
from responder.store.moves import Move, move
from responder.store.rows import correction_values, findings_values
from responder.store.side_tables import correction
from responder.store.tables import cases

if TYPE_CHECKING:
    from responder.store.store import Store

_WEIGHED = frozenset(Stage) - {Stage.NEW}
#: Where a case may stand for each.
_FROM = {
    What.NOT_A_COMPLAINT: _WEIGHED,
    What.COMPLAINT: _WEIGHED,
    What.MORE_URGENT: _WEIGHED - {Stage.SET_ASIDE},
    What.LESS_URGENT: _WEIGHED - {Stage.SET_ASIDE},
    What.LANGUAGE: frozenset(Stage),
}
#: Where a case goes, from which stages; elsewhere it stays, and the correction is kept for the next time.
#: An answered case is not weighed anew by it: its post has its reply.
_TO: dict[What, tuple[Stage, frozenset[Stage]]] = {
    What.NOT_A_COMPLAINT: (
        Stage.SET_ASIDE, frozenset({Stage.NEEDS_REPLY, Stage.WAITING, Stage.APPROVED}),
    ),
    What.COMPLAINT: (Stage.NEEDS_REPLY, frozenset({Stage.SET_ASIDE})),
    What.LANGUAGE: (Stage.NEW, frozenset(Stage) - {Stage.ANSWERED, Stage.CLOSED}),
}  # fmt: skip


class Weight(NamedTuple):
    """How urgent a case is by a correction of its urgency."""

    tier: int
    rank: int
    #: As they run by it.
    clocks: Running


class Corrections:
    """The corrections of this database: append only."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def correct(self, case: Case, said: Correction, finding: Finding, weight: Weight | None = None) -> Stage:
        """Keep what a person said about `case` as they saw it, and return where the case stands by it.

        `finding` joins the reasons of the case; `weight` is its new one, where the urgency is corrected. An
        approval ends where the case moves: its words were for what triage had said. Raises Conflict when the
        case is not as it was seen, or when this cannot be said of it now.
        """
        with self._store.write() as connection:
            standing = expect(connection, case, _FROM[said.what], said.at)
            to, stages = _TO.get(said.what, (None, frozenset[Stage]()))
            to = to if standing.stage in stages else None
            if to:
                in_flight(connection, case, answered=False)
                void_planned(connection, [case.id], said.what.action, said.at)
            connection.execute(insert(correction), correction_values(said))
            values: dict[str, Any] = {"reasons": _reasons(connection, case) + findings_values((finding,))}
            if to in {Stage.NEW, Stage.NEEDS_REPLY}:
                values |= {"not_before": said.at, "stumbles": 0}
            if weight:
                values |= {"tier": weight.tier, "rank": weight.rank} | weight.clocks.values()
            detail = {"language": said.language} if said.language else {}
            detail |= {"reason": said.reason} if said.reason else {}
            move(connection, [Move(standing=standing, to=to, action=said.what.action, by=said.by,
                                   detail=detail, values=values)], said.at)  # fmt: skip
        return to or standing.stage


def _reasons(connection: Connection, case: Case) -> list[Any]:
    """Return the reasons of a case as they are kept."""
    return list(connection.scalar(select(cases.c.reasons).where(cases.c.id == case.id)) or ())
