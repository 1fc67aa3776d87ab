"""Matching: what a search asks for beside stage and account, as conditions on a case and its target."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, exists, false, func, not_, or_

from responder.model.case import OPEN, Stage
from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.search import Search
from responder.model.term import LATE, TODAY, WORDS, Term
from responder.model.triage import UNKNOWN, Level, ranks
from responder.store.folding import held
from responder.store.rows import storable
from responder.store.tables import SAME, cases, draft, mention
from responder.store.whole import TARGET

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"=": eq, ">": gt, ">=": ge, "<": lt, "<=": le}
#: ... from the other side: what is older began earlier.
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
#: Told elsewhere, as ranges of an index.
_RANGES = {"stage", "network", "account"}
#: What stands in findings as `rows.findings_values` writes them; quotation marks in their words are escaped.
_FOUND = {
    "blocked": f'"level":"{Level.BLOCK}"',
    "warning": f'"level":"{Level.WARN}"',
    "by-hand": '"rule":"by-hand"',
}


#: Each clock, and the stages in which it runs; a regulator's runs on while we wait for the customer.
_CLOCKS: dict[str, tuple[ColumnElement[Any], tuple[Stage, ...]]] = {
    "due": (cases.c.due_at, OPEN),
    "settle": (cases.c.settle_by, OPEN),
    "rule": (cases.c.rule_by, (*OPEN, Stage.ANSWERED)),
}


@dataclass(frozen=True, slots=True)
class Matching:
    """Turns terms into conditions."""

    now: datetime
    dialect: str

    def conditions(self, search: Search) -> Iterator[ColumnElement[bool]]:
        """Give what every case of a search must fulfil."""
        for key in dict.fromkeys(one.key for one in search.terms):
            if key in _RANGES:
                continue
            terms = search.of(key)
            yield from (not_(self._sure(one)) for one in terms if one.negated)
            wanted = [one for one in terms if not one.negated]
            if key == WORDS:  # words alone must all be there
                yield from map(self._sure, wanted)
            elif wanted:
                yield from self._one_of(wanted)
        if (tiers := _tiers(search)) is not None:
            yield cases.c.rank.between(*ranks(*tiers))

    def _one_of(self, terms: list[Term]) -> Iterator[ColumnElement[bool]]:
        """Give the condition that one of these is so; comparisons draw one range together."""
        equal = [self._sure(one) for one in terms if one.op == "="]
        compared = [self._sure(one) for one in terms if one.op != "="]
        yield or_(*equal, and_(*compared)) if compared else or_(*equal)

    def _sure(self, term: Term) -> ColumnElement[bool]:
        """Return a condition that is true or false, never unknown: what is not known is not so."""
        return func.coalesce(self._condition(term), false())

    def _condition(self, term: Term) -> ColumnElement[bool]:
        value: Any = term.value
        match term.key:
            case "tier" | "urgency" | "owner" | "topic" | "id":
                return _compared(cases.c[term.key], term.op, value)
            case "age":
                return _compared(cases.c.opened_at, _TURNED[term.op], self.now - value)
            case "due" | "settle" | "rule":
                return self._due(term)
            case "lang":
                return _spoken(value)
            case "mark":
                return _marked(value)
            case "author":
                return self._author(value)
            case _:
                return self._said(value)

    def _due(self, term: Term) -> ColumnElement[bool]:
        value: Any = term.value
        end, stages = _CLOCKS[term.key]
        when: ColumnElement[bool]
        if value == LATE:
            when = end < self.now
        elif value == TODAY:
            when = end < midnight(self.now)
        else:
            when = _compared(end, term.op, self.now + value)
        return and_(cases.c.stage.in_(stages), when)

    def _author(self, name: str) -> ColumnElement[bool]:
        """Return who is meant: with an @, exactly this handle."""
        if name.startswith("@") and name != "@":
            return held(TARGET.c.author_handle, storable(name[1:]), self.dialect, whole=True)
        either = (TARGET.c.author_handle, TARGET.c.author_name)
        return or_(*(held(column, storable(name), self.dialect) for column in either))

    def _said(self, words: str) -> ColumnElement[bool]:
        """Return whether a post of the customer in the thread holds words; most cases have one post."""
        needle = storable(words)
        earlier = exists().where(SAME, held(mention.c.text, needle, self.dialect)).correlate(cases)
        return or_(held(TARGET.c.text, needle, self.dialect), and_(cases.c.posts > 1, earlier))


def _compared(column: ColumnElement[Any], op: str, value: Any) -> ColumnElement[bool]:
    known = storable(value) if isinstance(value, str) else value
    compared: ColumnElement[bool] = _OPERATORS[op](column, known)
    return compared


def midnight(now: datetime) -> datetime:
    """Return when the day ends in the time zone of `now`."""
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def due_before(search: Search, now: datetime) -> datetime | None:
    """Return the time before which a first answer must be due for `search`; None where it may be any."""
    terms = [one for one in search.of("due") if not one.negated]
    bounds = [_bound(one, now) for one in terms]
    known = [one for one in bounds if one is not None]
    return max(known) if known and len(known) == len(bounds) else None


def _bound(term: Term, now: datetime) -> datetime | None:
    value: Any = term.value
    if isinstance(value, timedelta):
        return now + value if term.op in {"<", "<="} else None
    return now if value == LATE else midnight(now)


def _tiers(search: Search) -> tuple[int, int] | None:
    """Return the lowest and the highest tier that may be meant; None where it is not asked for.

    The queue goes by tier first, so this is a range of its index.
    """
    terms = search.of("tier")
    if not terms:
        return None
    equal = {one.value for one in terms if not one.negated and one.op == "="}
    compared = [one for one in terms if not one.negated and one.op != "="]
    tiers = [
        tier
        for tier in range(6)
        if tier in equal
        or (compared and all(_OPERATORS[one.op](tier, one.value) for one in compared))
        or not (equal or compared)
    ]
    return (min(tiers), max(tiers)) if tiers else (0, -1)


def _spoken(language: str) -> ColumnElement[bool]:
    """Return what `Case.spoken` says, as a condition."""
    told = TARGET.c.language.is_(None) if language == UNKNOWN else TARGET.c.language == language
    return or_(cases.c.language == language, and_(cases.c.language == "", told))


def _marked(mark: str) -> ColumnElement[bool]:
    """Return what `words.marks` says of the current draft and of the post, as a condition."""
    if mark == "private":
        return TARGET.c.audience == str(Audience.PRIVATE)
    found = (
        draft.c.origin == str(Origin.PERSON)
        if mark == "edited"
        else cast(draft.c.findings, Text).contains(_FOUND[mark], autoescape=True)
    )
    current = and_(
        draft.c.case_id == cases.c.id,
        draft.c.number == cases.c.draft_number,
        draft.c.target_id == cases.c.target_id,
    )
    return exists().where(current, found).correlate(cases)
