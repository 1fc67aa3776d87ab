"""What the archive is found by: on each database the index that it has for words.

SQLite: one table `archive` of FTS5 that holds no text, kept by triggers; a text has the number of its row
times `SHARE` and its place in `PLACES`. PostgreSQL: an index over an expression for each source.
"""

from sqlalchemy import Index, text

from responder.model.archive import Kind
from responder.store.debrief_tables import debrief
from responder.store.follow_up_tables import follow_up
from responder.store.promise_tables import promise
from responder.store.remedy_tables import worksheet
from responder.store.tables import delivery, event, mention

#: Numbers that a row's has room for, one for each kind of text.
SHARE = 16
PLACES = {one: place for place, one in enumerate(Kind)}
#: Of which events the journal holds what a colleague wrote.
NOTES = "action IN ('noted', 'escalated')"


def vector(words: str) -> str:
    """Return the expression by which PostgreSQL indexes a text: without marks on letters and between words.

    Its parser would else take "LR-40817" for a word and a negative number, and addresses for one word.
    """
    bare = f"regexp_replace(normalize({words}, NFD), U&'[\\0300-\\036F]', '', 'g')"
    return f"to_tsvector('simple', regexp_replace(replace({bare}, 'ß', 'ss'), '[!-/:-@[-`{{-~]', ' ', 'g'))"


#: What is indexed of each source's row.
WORDS = {
    Kind.SAID: "text",
    Kind.ANSWERED: "text",
    Kind.PROMISED: "quote",
    Kind.NOTED: "(detail ->> 'note')",
    Kind.FOLLOWED: "said",
    Kind.PREPARED: "words",
    Kind.LEARNED: "words",
}
_SOURCES = {
    Kind.SAID: mention,
    Kind.ANSWERED: delivery,
    Kind.PROMISED: promise,
    Kind.NOTED: event,
    Kind.FOLLOWED: follow_up,
    Kind.PREPARED: worksheet,
    Kind.LEARNED: debrief,
}
for _kind, _table in _SOURCES.items():
    Index(
        f"ix_{_table.name}_words",
        text(vector(WORDS[_kind])),
        postgresql_using="gin",
        postgresql_where=text(NOTES) if _kind is Kind.NOTED else None,
        _table=_table,
    ).ddl_if(dialect="postgresql")
