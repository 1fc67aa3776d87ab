"""Finding: the cases that a search describes, in the queue's order, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, literal, or_, select, tuple_

from responder.model.case import OPEN, Case, Stage
from responder.model.search import Search
from responder.model.term import WORDS
from responder.store.matching import Matching, due_before
from responder.store.rows import case_from
from responder.store.tables import AWAKE, OWNED, SLEEPY, account, cases
from responder.store.whole import CASE_COLUMNS, TARGET

if TYPE_CHECKING:
    from responder.store.store import Store

#: Where a page goes on: `Case.place`.
Place = tuple[int, datetime, int]
_PLACE = tuple_(cases.c.rank, cases.c.opened_at, cases.c.id)
#: So few cases of a kind are found by that kind's index; of more, the queue's shows the first soon enough.
_FEW = 2_000
#: So many parts of the queue are read one by one; more accounts than that are told apart row by row.
_PARTS = 64
_COUNTED = select(literal(1)).select_from(cases).join(TARGET, TARGET.c.id == cases.c.target_id)


class Sleep(Enum):
    """Which cases of a stage, by what was put off."""

    ANY = auto()
    ASLEEP = auto()
    AWAKE = auto()
    NEVER = auto()  # awake, and was never put off since it moved
    WOKEN = auto()  # awake, and was put off until then


@dataclass(frozen=True, slots=True)
class _Part:
    """One range of an index of the queue."""

    stage: Stage
    sleep: Sleep
    account: str | None = None
    owner: str | None = None


class Finder:
    """Read-only. What a search says of stage, account, network, owner and tier is a range of an index."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def page(
        self, search: Search, now: datetime, *, after: Place | None = None, limit: int = 50
    ) -> list[Case]:
        """Return cases that `search` describes by urgency, following the place `after` (a case's `place`).

        A search that names no stage looks in all. Days are counted in the time zone of `now`.
        """
        with self._store.read() as connection:
            found: list[Case] = []
            last: Place | None = None
            for query in self._queries(connection, search, now, CASE_COLUMNS):
                # what stands behind a full page is of no interest
                beyond = [after < _PLACE] if after is not None else []
                beyond += [last > _PLACE] if last is not None else []
                rows = connection.execute(query.where(*beyond).order_by(*_PLACE).limit(limit)).mappings()
                more = [case_from(row) for row in rows]
                found = list(islice(merge(found, more, key=_place), limit))
                last = found[-1].place if len(found) == limit else None
            return found

    def beginning(self, digits: str, limit: int) -> list[Case]:
        """Return cases whose numbers begin with `digits`, the shortest numbers first, of those the latest."""
        found: list[Case] = []
        first, size = int(digits), 1
        with self._store.read() as connection:
            last = connection.scalar(select(func.max(cases.c.id))) or 0
            while first * size <= last and len(found) < limit:
                inside = cases.c.id.between(first * size, (first + 1) * size - 1)
                query = CASE_COLUMNS.where(inside).order_by(cases.c.id.desc()).limit(limit - len(found))
                found += [case_from(row) for row in connection.execute(query).mappings()]
                size *= 10
        return found

    def count(self, search: Search, now: datetime, *, cap: int = 1000) -> int:
        """Return how many cases `search` describes, `cap` where there are as many or more."""
        counted = 0
        with self._store.read() as connection:
            for query in self._queries(connection, search, now, _COUNTED):
                some = query.limit(cap - counted).subquery()
                counted += connection.scalar(select(func.count()).select_from(some)) or 0
                if counted >= cap:
                    break
        return counted

    def accounts(self, search: Search) -> set[str] | None:
        """Return the accounts that `search` means by name and by network; None: it says no word of them."""
        with self._store.read() as connection:
            return accounts_named(connection, search)

    def _queries(self, connection: Connection, search: Search, now: datetime, columns: Any) -> Iterator[Any]:
        """Give a query for each range of an index, with all else that the search asks for."""
        named = accounts_named(connection, search)
        matching = Matching(now, connection.dialect.name)
        asked = tuple(matching.conditions(search))
        for part in _parts(search, named):
            query = columns.where(*_within(part, now, connection.dialect.name), *asked)
            if named is not None and part.account is None:
                query = query.where(cases.c.account.in_(sorted(named)))
            few = _few(connection, part, search, matching)
            yield query if few is None else query.where(cases.c.id.in_(few))


def asks_posts(search: Search) -> bool:
    """Whether what a search asks for can be told only from the post itself, or who wrote it."""
    return any(search.of(key) for key in (WORDS, "text", "author", "lang", "mark"))


def conditions(connection: Connection, search: Search, now: datetime) -> list[ColumnElement[bool]]:
    """Return all that a search asks for, of a case joined with its target, whatever finds the case."""
    dialect = connection.dialect.name
    asked = list(Matching(now, dialect).conditions(search))
    if (named := accounts_named(connection, search)) is not None:
        asked.append(cases.c.account.in_(sorted(named)))
    if search.of("stage"):
        asked.append(or_(false(), *(and_(*_within(one, now, dialect)) for one in _stages(search))))
    return asked


def _place(case: Case) -> Place:
    return case.place


def accounts_named(connection: Connection, search: Search) -> set[str] | None:
    """Return the accounts that are meant by name and by network; None where no word is said of them."""
    if not search.of("account") and not search.of("network"):
        return None
    known = {
        row.name: row.connector for row in connection.execute(select(account.c.name, account.c.connector))
    }
    found = set(known)
    for key in ("account", "network"):
        terms = search.of(key)
        wanted = {one.value for one in terms if not one.negated}
        unwanted = {one.value for one in terms if one.negated}
        said = {name: (name if key == "account" else network).lower() for name, network in known.items()}
        found = {
            name for name in found if (not wanted or said[name] in wanted) and said[name] not in unwanted
        }
    return found


def _parts(search: Search, named: set[str] | None) -> list[_Part]:
    """Return the ranges that hold everything a search may describe, none of them twice."""
    owners = {str(one.value) for one in search.of("owner") if not one.negated}
    stages = _stages(search)
    if owners and "" not in owners:
        return [replace(one, owner=owner) for one in stages for owner in sorted(owners)]
    if named is not None and len(named) * len(stages) <= _PARTS:
        return [replace(one, account=name) for one in stages for name in sorted(named)]
    # of all that wait, those that sleep would be in the way
    return [part for one in stages for part in _apart(one)]


def _apart(part: _Part) -> list[_Part]:
    if (part.stage, part.sleep) != (Stage.WAITING, Sleep.AWAKE):
        return [part]
    return [replace(part, sleep=Sleep.NEVER), replace(part, sleep=Sleep.WOKEN)]


def _stages(search: Search) -> list[_Part]:
    """Return the stages that are meant; what is put off is meant only by "snoozed" and "all"."""
    terms = search.of("stage")
    meant = {place for one in terms if not one.negated for place in _meant(str(one.value))}
    if all(one.negated for one in terms):
        meant = _meant("all")
    for one in terms:
        if one.negated:
            name = str(one.value)
            # what is put off in a stage goes with the stage
            meant -= _meant(name) | (
                {(stage, True) for stage, _ in _meant(name)} if name != "snoozed" else set()
            )
    parts = []
    for stage in Stage:
        asleep = {sleeps for known, sleeps in meant if known is stage}
        if asleep:
            sleep = Sleep.ASLEEP if asleep == {True} else Sleep.AWAKE if asleep == {False} else Sleep.ANY
            parts.append(_Part(stage, sleep))
    return parts


def _meant(name: str) -> set[tuple[Stage, bool]]:
    """Return which stages a word means, and whether what is put off there."""
    if name == "all":
        return {(stage, asleep) for stage in Stage for asleep in (False, True)}
    if name == "snoozed":
        return {(stage, True) for stage in OPEN}
    stages = OPEN if name == "open" else (Stage(name.upper().replace("-", "_")),)
    # nothing that needs no answer is put off, whatever its column still says
    return {(stage, asleep) for stage in stages for asleep in ((False,) if stage in OPEN else (False, True))}


def _within(part: _Part, now: datetime, dialect: str) -> Iterator[ColumnElement[bool]]:
    until = cases.c.snoozed_until
    match part.sleep:
        case Sleep.NEVER:
            yield AWAKE[dialect]  # type: ignore[misc]  # words alone are a condition as well
            return
        case Sleep.WOKEN:
            # in words by which only the index of those that slept seems to serve (SQLite)
            yield and_(SLEEPY, until <= now, cases.c.stage.concat("") == str(part.stage))
            return
        case Sleep.ASLEEP:
            yield and_(SLEEPY, until > now)
        case Sleep.AWAKE:
            yield or_(until.is_(None), until <= now)
        case Sleep.ANY:
            pass
    yield cases.c.stage == str(part.stage)
    if part.account is not None:
        yield cases.c.account == part.account
    if part.owner is not None:
        yield and_(OWNED, cases.c.owner == part.owner)


def _few(connection: Connection, part: _Part, search: Search, matching: Matching) -> Sequence[int] | None:
    """Return the cases that may be meant where an index of their own says that they are few; else None."""
    numbers = [int(str(one.value)) for one in search.of("id") if not one.negated]
    if numbers:
        return numbers
    query = None
    if part.sleep is Sleep.ASLEEP:
        query = select(cases.c.id).where(SLEEPY, cases.c.snoozed_until > matching.now)
    elif (before := due_before(search, matching.now)) is not None:
        late = cases.c.stage == str(part.stage), cases.c.due_at <= before
        query = select(cases.c.id).where(*late).order_by(cases.c.due_at)
    if query is None:
        return None
    found = connection.scalars(query.limit(_FEW + 1)).all()
    return found if len(found) <= _FEW else None
