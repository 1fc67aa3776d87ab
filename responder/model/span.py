"""Span: a length of time in the few words people say it in."""

from datetime import timedelta


def span(length: timedelta, *, up: bool = False) -> str:
    """Return a length of time as people say it: 45 s, 18 min, 5 h, 3 days; rounded down, or (`up`) up."""
    seconds = int(abs(length).total_seconds())
    for unit, name, most in ((1, "s", 90), (60, "min", 90), (3600, "h", 48)):
        if seconds < most * unit:
            return f"{(seconds + (unit - 1) * up) // unit} {name}"
    return f"{(seconds + 86_399 * up) // 86_400} days"
