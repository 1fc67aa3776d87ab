"""References: codes are given to cases, and cases are found by them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, func, insert, select

from responder.model.case import Case, Stage
from responder.model.reference import drawn, heard, mark
from responder.store.errors import NotFound
from responder.store.moves import lock, record
from responder.store.reference_tables import reference
from responder.store.tables import cases, hour_tally

if TYPE_CHECKING:
    from responder.store.store import Store

_ROOT = cases.alias("root")
#: The case that speaks for the one with a code: by one look into an index of hashes, whatever was typed.
_FOUND = (
    select(_ROOT.c.id, _ROOT.c.account, _ROOT.c.stage, _ROOT.c.moved_at)
    .select_from(reference)
    .join(cases, cases.c.id == reference.c.case_id)
    .join(_ROOT, _ROOT.c.id == func.coalesce(cases.c.merged_into, cases.c.id))
    .where(reference.c.mark == bindparam("mark"))
)
_CODES = select(reference.c.case_id, reference.c.code).where(
    reference.c.case_id.in_(bindparam("numbers", expanding=True))
)
#: So much of a code's hash stands in the journal.
_SHOWN = 12
#: Where nothing more comes of a case by itself.
_OVER = frozenset({str(Stage.CLOSED), str(Stage.SET_ASIDE)})
_WRONG = "unknown code"


class References:
    """Giving codes out and finding cases by them; the journal holds their hashes alone."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def fresh(self) -> str:
        """Draw a code that is nobody's yet; it counts once it is kept with a draft, or given."""
        return drawn(self._store.chance)

    def give(self, case: Case, now: datetime) -> str:
        """Return the code of a case; one that has none yet gets one."""
        with self._store.write() as connection:
            if case.id not in lock(connection, [case.id]):
                raise NotFound(f"there is no case {case.name}")
            code = references_of(connection, [case.id]).get(case.id, "")
            while not code:
                new = self.fresh()
                code = new if keep_references(connection, [(case.id, new)], now) == {case.id} else ""
        return code

    def find(self, words: str, by: str, now: datetime, *, keep_for: timedelta) -> int | None:
        """Return the number of the case that a code finds, or of the one that speaks for it.

        None for one that is mistyped, wrong, or of a case that has been over for `keep_for`: whoever asks
        cannot tell which. Each look is written down.
        """
        code = heard(words)
        wanted = mark(code)
        with self._store.write() as connection:
            row = connection.execute(_FOUND, {"mark": wanted}).one_or_none()
            found = row if row and not (row.stage in _OVER and row.moved_at + keep_for < now) else None
            number, account = (found.id, found.account) if found else (None, "")
            action = "found by code" if found else _WRONG
            detail = {"code": wanted[:_SHOWN]} if code else {}
            record(connection, [(number, account, action, by, detail)], now)
        return number

    def wrong(self, since: datetime) -> int:
        """Return how many looks in vain there were from the hour of `since` on."""
        hour = int(since.timestamp()) // 3600
        query = select(func.coalesce(func.sum(hour_tally.c.n), 0)).where(
            hour_tally.c.action == _WRONG, hour_tally.c.hour >= hour
        )
        with self._store.read() as connection:
            return int(connection.scalar(query) or 0)


def references_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the codes of cases that have one."""
    rows = connection.execute(_CODES, {"numbers": numbers})
    return {number: code for number, code in rows}  # noqa: C416 (rows, no pairs)


def keep_references(connection: Connection, wanted: Sequence[tuple[int, str]], now: datetime) -> set[int]:
    """Keep codes of locked cases; return the cases whose code it is now.

    Not those that have another code already, nor those whose code is another case's: what was written with
    it comes round again.
    """
    known = references_of(connection, [number for number, _ in wanted])
    marks = {mark(code): number for number, code in wanted if number not in known}
    taken = set(connection.scalars(select(reference.c.mark).where(reference.c.mark.in_(marks))))
    new = [
        (number, code)
        for number, code in wanted
        if number not in known and mark(code) not in taken and marks[mark(code)] == number
    ]
    if new:
        rows = [{"case_id": n, "code": code, "mark": mark(code), "made_at": now} for n, code in new]
        connection.execute(insert(reference), rows)
    return {n for n, _ in new} | {n for n, code in wanted if known.get(n) == code}
