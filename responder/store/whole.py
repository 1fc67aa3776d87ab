"""Whole cases: a row with the post a reply would answer, the posts before it, and what people corrected."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

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
_EARLIER = 20


def case_row(connection: Connection, columns: Select[Any], number: int) -> RowMapping:
    """Return the row of case `number`, or raise NotFound."""
    query = columns.where(cases.c.id == number)
    # a number that no column can hold is an error to the driver before it is a question
    row = connection.execute(query).mappings().one_or_none() if 0 < number < 2**63 else None
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
    query = select(correction).where(correction.c.case_id.in_(numbers)).order_by(correction.c.id)
    said: dict[int, list[Correction]] = {}
    for row in connection.execute(query).mappings():
        said.setdefault(row["case_id"], []).append(correction_from(row))
    return said


def _earlier(connection: Connection, found: list[Case]) -> dict[int, list[Mention]]:
    """Return the earlier posts of the cases that have more than one, oldest first."""
    longer = [one.id for one in found if one.posts > 1]
    posts: dict[int, list[Mention]] = {}
    if not longer:
        return posts
    place = func.row_number().over(
        partition_by=cases.c.id, order_by=(mention.c.created_at.desc(), mention.c.id.desc())
    )
    ranked = (
        select(mention.c.id, cases.c.id.label("case_id"), place.label("place"))
        .join(cases, SAME)
        .where(cases.c.id.in_(longer), mention.c.id != cases.c.target_id, mention.c.removed_at.is_(None))
        .subquery()
    )
    query = (
        select(mention, ranked.c.case_id)
        .join(ranked, ranked.c.id == mention.c.id)
        .where(ranked.c.place <= _EARLIER)
        .order_by(mention.c.created_at, mention.c.id)
    )
    for row in connection.execute(query).mappings():
        posts.setdefault(row["case_id"], []).append(mention_from(row))
    return posts
