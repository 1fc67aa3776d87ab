"""Moment: how a time is kept, as the same, sortable number in every database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Return an aware time as it is kept; a naive one is a bug and raises TypeError."""
    return (at - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware UTC time, kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 (its signature)
        """Turn an aware datetime into microseconds; a naive one is a bug and raises TypeError."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (its signature)
        """Turn microseconds into an aware UTC datetime."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)
