"""Tending: what people do with a case beside deciding: give it to somebody, put it off, write a note."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from responder.model.case import OPEN, Case, Stage
from responder.model.decision import Decision
from responder.model.event import Event
from responder.store.approval import in_flight
from responder.store.deciding import decided
from responder.store.errors import NotFound
from responder.store.expecting import expect, last_move
from responder.store.moves import Move, lock, move, record
from responder.store.rows import storable
from responder.store.tables import SLEEPY, cases

if TYPE_CHECKING:
    from responder.store.store import Store

#: What can be put off: what is on its way to a person, and what was set aside, which then comes back.
_PUT_OFF = frozenset({Stage.NEW, Stage.NEEDS_REPLY, Stage.WAITING, Stage.SET_ASIDE})


class Tending:
    """A person's moves that leave a case where it stands; each compares and sets, and tells the journal."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def assign(self, case: Case, to: str, by: str, now: datetime) -> None:
        """Give an open case to a person or a team, or ("") to nobody; an approval of it stays."""
        self._change(case, ("assigned", by), now, {"owner": storable(to)}, {"to": to})

    def escalate(self, case: Case, to: str, note: str, by: str, now: datetime) -> None:
        """Give an open case to a person or a team, with what is asked of them; an approval of it stays."""
        self._change(case, ("escalated", by), now, {"owner": storable(to)}, {"to": to, "note": note})

    def snooze(self, case: Case, until: datetime, by: str, now: datetime, *, wakes: str = "") -> None:
        """Let nobody be shown a case before `until`; `wakes` says what else ends it, for the journal.

        What was set aside needs a reply by that: it is drafted, and waits until then.
        """
        with self._store.write() as connection:
            standing = expect(connection, case, _PUT_OFF, now)
            values: dict[str, Any] = {"snoozed_until": until, "woken_from": None}
            to = Stage.NEEDS_REPLY if standing.stage is Stage.SET_ASIDE else None
            if to:
                values["not_before"] = now
            detail = {"until": until.isoformat()} | ({"wakes": wakes} if wakes else {})
            put_off = Move(standing=standing, to=to, action="snoozed", by=by, detail=detail, values=values)
            move(connection, [put_off], now)

    def wake(self, case: Case, by: str, now: datetime) -> None:
        """Show a case again before its time."""
        values = {"snoozed_until": None, "woken_from": None}
        self._change(case, ("woken", by), now, values, {})

    def wake_lost(self, latest: datetime, now: datetime, limit: int = 500) -> int:
        """Show cases again that sleep beyond `latest`, put off by a clock that was ahead; return how many."""
        asleep = select(cases.c.id).where(SLEEPY, cases.c.snoozed_until > latest)
        awake: dict[str, Any] = {"snoozed_until": None, "woken_from": None}
        with self._store.write() as connection:
            found = connection.scalars(asleep.order_by(cases.c.snoozed_until).limit(limit)).all()
            lock(connection, found)
            # under the lock: somebody may have put one off anew
            lost = connection.scalars(asleep.where(cases.c.id.in_(found))).all()
            standings = lock(connection, lost)
            moves = [Move(standing=standings[one], to=None, action="woken", values=awake) for one in lost]
            move(connection, moves, now)
        return len(moves)

    def note(self, number: int, said: str, by: str, now: datetime) -> None:
        """Write down a note about a case in whatever stage; it moves nothing. NotFound: there is no case."""
        with self._store.write() as connection:
            standing = lock(connection, [number]).get(number)
            if standing is None:
                raise NotFound(f"there is no case c-{number}")
            record(connection, [(number, standing.account, "noted", by, {"note": said})], now)

    def answered(self, case: Case, url: str, said: Decision) -> None:
        """Take a person's word that they answered on the network itself, at `url`; the clocks stop there."""
        with self._store.write() as connection:
            standing = expect(connection, case, {Stage.WAITING}, said.at)
            in_flight(connection, case, answered=False)
            decided(connection, said)
            values = {"replies": standing.replies + 1, "answered_at": said.at}
            detail = {"url": url} | ({"reason": said.reason} if said.reason else {})
            there = Move(standing=standing, to=Stage.ANSWERED, action="answered by hand", by=said.by,
                         detail=detail, values=values)  # fmt: skip
            move(connection, [there], said.at)

    def last_move(self, case: Case) -> Event | None:
        """Return what moved `case` last, None where the journal does not say."""
        with self._store.read() as connection:
            return last_move(connection, case.id)

    def _change(
        self, case: Case, deed: tuple[str, str], now: datetime, values: dict[str, Any], detail: dict[str, str]
    ) -> None:
        with self._store.write() as connection:
            standing = expect(connection, case, OPEN, now)
            action, by = deed
            change = Move(standing=standing, to=None, action=action, by=by, detail=detail, values=values)
            move(connection, [change], now)
