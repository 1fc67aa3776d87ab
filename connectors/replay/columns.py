"""The columns a feed may have, and how a time in one is read."""

import re
from datetime import UTC, datetime

#: Every column that is read, with the longest value it may hold, in characters. Ids are kept short because
#: databases index them.
COLUMNS = {
    "id": 255,
    "text": 100_000,
    "author": 255,
    "author_id": 255,
    "name": 2_000,
    "followers": 2_000,
    "bot": 2_000,
    "thread": 255,
    "created_at": 2_000,
    "url": 2_000,
    "language": 2_000,
    "in_reply_to": 255,
    "edited": 255,
    "audience": 2_000,
    "removed": 2_000,
    "own": 2_000,
}
_EPOCH_SECONDS = re.compile(r"[0-9]{9,}(\.[0-9]+)?")
_TWITTER_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9:]{8}) ([+-][0-9]{4}) ([0-9]{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(value: object) -> datetime:
    """Read a time in ISO 8601 (UTC where it has no offset), in epoch seconds or as Twitter wrote it.

    Raises ValueError, also for a time before 1990 or after 2100: no post is from then.
    """
    try:
        when = _moment(value)
    except (OverflowError, OSError) as error:
        raise ValueError("not a time") from error
    if not 1990 <= when.year <= 2100:
        raise ValueError("not the time of a post")
    return when


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):  # TOML has times of its own
        when = value
    elif isinstance(value, str) and not _EPOCH_SECONDS.fullmatch(value.strip()):
        text = value.strip()
        if match := _TWITTER_TIME.fullmatch(text):
            month, day, clock, offset, year = match.groups()
            text = f"{year}-{_MONTHS.index(month) + 1:02}-{day}T{clock}{offset}"
        when = datetime.fromisoformat(text)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        when = datetime.fromtimestamp(float(value), UTC)
    else:
        raise ValueError("not a time")
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
