"""The archive: full-text search over all that was said, promised and noted, on the databases' own indexes."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
    text,
)

from responder.model.archive import Hit, Kind, Phrase, Wanted
from responder.store.archive_tables import NOTES, PLACES, SHARE, WORDS, vector
from responder.store.debrief_tables import debrief
from responder.store.follow_up_tables import follow_up
from responder.store.promise_tables import promise
from responder.store.remedy_tables import worksheet
from responder.store.tables import SAME, cases, delivery, event, mention

if TYPE_CHECKING:
    from responder.store.store import Store


@dataclass(frozen=True, slots=True)
class _Source:
    """Where texts of a kind stand."""

    table: FromClause
    case_id: ColumnElement[int]
    at: ColumnElement[Any]
    by: ColumnElement[Any]
    words: ColumnElement[Any]
    key: ColumnElement[int]
    where: tuple[ColumnElement[bool], ...] = ()


#: SQLite's; it holds numbers and an index, and no text.
_ARCHIVE = Table("archive", MetaData(), Column("rowid", Integer))
_SOURCES = {
    Kind.SAID: _Source(
        mention.join(cases, SAME),
        cases.c.id,
        mention.c.created_at,
        mention.c.author_handle,
        mention.c.text,
        mention.c.id,
        (mention.c.removed_at.is_(None),),
    ),
    Kind.ANSWERED: _Source(
        delivery,
        delivery.c.case_id,
        func.coalesce(delivery.c.sent_at, delivery.c.planned_at),
        literal_column("''"),
        delivery.c.text,
        delivery.c.id,
        (delivery.c.stage == "SENT",),
    ),
    Kind.PROMISED: _Source(
        promise,
        promise.c.case_id,
        promise.c.made_at,
        promise.c.owner,
        promise.c.quote,
        promise.c.id,
    ),
    Kind.NOTED: _Source(
        event,
        event.c.case_id,
        event.c.at,
        event.c.by,
        event.c.detail["note"].as_string(),
        event.c.id,
        (text(NOTES), event.c.case_id.is_not(None)),  # type: ignore[arg-type]
    ),
    Kind.FOLLOWED: _Source(
        follow_up,
        follow_up.c.case_id,
        func.coalesce(follow_up.c.ended_at, follow_up.c.made_at),
        follow_up.c.ended_by,
        follow_up.c.said,
        follow_up.c.id,
    ),
    Kind.PREPARED: _Source(
        worksheet,
        worksheet.c.case_id,
        worksheet.c.at,
        worksheet.c.by,
        worksheet.c.words,
        worksheet.c.case_id,
    ),
    Kind.LEARNED: _Source(
        debrief,
        debrief.c.case_id,
        func.coalesce(debrief.c.written_at, debrief.c.made_at),
        debrief.c.written_by,
        debrief.c.words,
        debrief.c.case_id,
    ),
}


class Archive:
    """Read-only; the databases keep its indexes in the transaction of what is written."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def find(
        self, asked: Wanted, *, kinds: Collection[Kind] = (), case_id: int | None = None, limit: int = 20
    ) -> list[Hit]:
        """Return the latest texts that hold all that is wanted, of these kinds (of all without any).

        What an author removed, what was never sent and what was erased is not found.
        """
        found: list[Hit] = []
        with self._store.read() as connection:
            for kind in kinds or Kind:
                found += _hits(connection, kind, asked, case_id, limit)
        return nlargest(limit, found, key=lambda one: (one.at, one.kind, one.case_id))


def _hits(
    connection: Connection, kind: Kind, asked: Wanted, case_id: int | None, limit: int
) -> Iterator[Hit]:
    source = _SOURCES[kind]
    query = select(source.case_id, source.at, source.by, source.words).select_from(source.table)
    query = query.where(*source.where).order_by(source.at.desc(), source.key.desc()).limit(limit)
    if case_id is not None:
        query = query.where(source.case_id == case_id)
    indexed, value = _INDEXED[connection.dialect.name](query, kind, asked)
    for number, at, by, words in connection.execute(indexed, {"asked": value}):
        yield Hit(kind=kind, case_id=number, at=at, by=by, text=words)


def _by_fts5(query: Select[Any], kind: Kind, asked: Wanted) -> tuple[Select[Any], str]:
    """Return the query as SQLite's FTS5 answers it, and what it is asked."""
    place = PLACES[kind]
    found = literal_column("archive").op("MATCH", is_comparison=True)(bindparam("asked"))
    numbers = select(_ARCHIVE.c.rowid // SHARE).where(found, _ARCHIVE.c.rowid % SHARE == place)
    wants = " AND ".join(map(_fts5, asked.phrases))
    without = "".join(f" NOT {_fts5(one)}" for one in asked.without)
    return query.where(_SOURCES[kind].key.in_(numbers)), f"({wants}){without}"


def _fts5(phrase: Phrase) -> str:
    # words hold letters and digits alone: nothing in them means anything to FTS5
    return f'"{" ".join(phrase.words)}"{"*" if phrase.begun else ""}'


def _by_vector(query: Select[Any], kind: Kind, asked: Wanted) -> tuple[Select[Any], str]:
    """Return the query as PostgreSQL's text search answers it, and what it is asked."""
    source = _SOURCES[kind]
    held = literal_column(vector(WORDS[kind])).op("@@", is_comparison=True)
    wants = " & ".join(map(_vector, asked.phrases))
    without = "".join(f" & !({_vector(one)})" for one in asked.without)
    inside = select(source.key).where(held(func.to_tsquery("simple", bindparam("asked"))))
    if kind is Kind.NOTED:
        inside = inside.where(text(NOTES))
    return query.where(source.key.in_(inside)), f"({wants}){without}"


def _vector(phrase: Phrase) -> str:
    """Return a phrase in every case it may be written in: what a locale folds, nobody knows."""
    *whole, last = phrase.words
    parts = [_either(one, "") for one in whole] + [_either(last, ":*" if phrase.begun else "")]
    return f"({' <-> '.join(parts)})"


def _either(word: str, mark: str) -> str:
    forms: Iterable[str] = sorted({word, word.upper(), word.title()})
    return "(" + " | ".join(f"'{one}'{mark}" for one in forms) + ")"


_INDEXED = {"sqlite": _by_fts5, "postgresql": _by_vector}
