"""Parts of everyday statements by which SQLite need not plan them anew each time they are carried out.

It plans again whenever a bound value changes that its plan may rest on: a word that the condition of a
partial index is compared with, and the plain value of a LIMIT. That takes ten times as long as the statement.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, Integer, bindparam, literal_column

#: The parameter `limit`, as a sum that no plan looks into.
LIMIT: ColumnElement[int] = bindparam("limit", type_=Integer) + literal_column("0", Integer)


def fixed(word: StrEnum) -> ColumnElement[str]:
    """Return one of our own words as it is written in the statement."""
    return literal_column(f"'{word}'")
