"""Whole cases: a row with the post a reply would answer, the posts before it, and what people corrected."""

from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, Select, bindparam, func, select

from responder.model.case import Case
from responder.model.correction import Correction
from responder.model.mention import Mention
from responder.store.caps import silent
from responder.store.errors import NotFound
from responder.store.references import references_of
from responder.store.rows import correction_from, mention_from
from responder.store.side_tables import correction
from responder.store.tables import SAME, cases, mention

#: The mention that a reply to a case would answer, where it is joined.
TARGET = mention.alias("target")
#: A case with the mention a reply would answer; the reasons are many and only a card shows them.
CASE_COLUMNS = select(
    *(column for column in cases.c if column is not cases.c.reasons),
    *(column.label(f"to_{column.name}") for column in TARGET.c),
).join(TARGET, TARGET.c.id == cases.c.target_id)
#: The most earlier posts of a thread that a step looks at.
_MOST = 20
#: Statements of every day are made once: making one costs more than carrying it out.
ONE_CASE = CASE_COLUMNS.where(cases.c.id == bindparam("case"))
_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_CORRECTIONS = select(correction).where(correction.c.case_id.in_(_NUMBERS)).order_by(correction.c.id)
_RANKED = (
    select(
        mention.c.id,
        cases.c.id.label("case_id"),
        func.row_number()
        .over(partition_by=cases.c.id, order_by=(mention.c.created_at.desc(), mention.c.id.desc()))
        .label("place"),
    )
    .join(cases, SAME)
    .where(cases.c.id.in_(_NUMBERS), mention.c.id != cases.c.target_id, mention.c.removed_at.is_(None))
    .subquery()
)
_EARLIER = (
    select(mention, _RANKED.c.case_id)
    .join(_RANKED, _RANKED.c.id == mention.c.id)
    .where(_RANKED.c.place <= _MOST)
    .order_by(mention.c.created_at, mention.c.id)
)


def case_row(connection: Connection, number: int, query: Select[Any] = ONE_CASE) -> RowMapping:
    """Return the row of case `number`, or raise NotFound."""
    # a number that no column can hold is an error to the driver before it is a question
    known = 0 < number < 2**63
    row = connection.execute(query, {"case": number}).mappings().one_or_none() if known else None
    if row is None:
        raise NotFound(f"there is no case c-{number}")
    return row


def whole(connection: Connection, found: list[Case]) -> list[Case]:
    """Fill `earlier`, `corrections`, `opted_out` and `reference` of these cases."""
    numbers = [one.id for one in found]
    posts, said = _earlier(connection, found), corrections_of(connection, numbers)
    asked, codes = silent(connection, numbers), references_of(connection, numbers)
    return [
        replace(
            one,
            earlier=tuple(posts.get(one.id, ())),
            corrections=tuple(said.get(one.id, ())),
            opted_out=one.id in asked,
            reference=codes.get(one.id, ""),
        )
        for one in found
    ]


def corrections_of(connection: Connection, numbers: list[int]) -> dict[int, list[Correction]]:
    """Return what people corrected, by case, oldest first."""
    said: dict[int, list[Correction]] = {}
    for row in connection.execute(_CORRECTIONS, {"numbers": numbers}).mappings():
        said.setdefault(row["case_id"], []).append(correction_from(row))
    return said


def _earlier(connection: Connection, found: list[Case]) -> dict[int, list[Mention]]:
    """Return the earlier posts of the cases that have more than one, oldest first."""
    longer = [one.id for one in found if one.posts > 1]
    posts: dict[int, list[Mention]] = {}
    if not longer:
        return posts
    for row in connection.execute(_EARLIER, {"numbers": longer}).mappings():
        posts.setdefault(row["case_id"], []).append(mention_from(row))
    return posts
