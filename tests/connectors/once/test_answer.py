"""How long a network asks us to wait, however it tells it."""

import pytest

from connectors.once.answer import LONGEST_WAIT, Answer

DATE = {"date": "Mon, 02 Mar 2026 09:00:00 GMT"}
NINE = 1772442000

TOLD: dict[str, tuple[dict[str, str], float | None]] = {
    "nothing": ({}, None),
    "seconds": ({"retry-after": "90"}, 90),
    "a part of a second": ({"x-ratelimit-reset": "0.5"}, 0.5),
    "an HTTP date": ({**DATE, "retry-after": "Mon, 02 Mar 2026 09:01:30 GMT"}, 90),
    "an ISO time": ({**DATE, "x-ratelimit-reset": "2026-03-02T09:01:30.000Z"}, 90),
    "epoch seconds": ({**DATE, "x-rate-limit-reset": str(NINE + 90)}, 90),
    "epoch seconds by another name": ({**DATE, "ratelimit-reset": str(NINE + 90)}, 90),
    "the plain word first": ({**DATE, "retry-after": "7", "x-rate-limit-reset": str(NINE + 90)}, 7),
    "a moment that has passed": ({**DATE, "x-rate-limit-reset": str(NINE - 90)}, 0),
    "less than nothing": ({"retry-after": "-5"}, 0),
    "a time, and not what time it is": ({"x-rate-limit-reset": str(NINE + 90)}, None),
    "a time without a zone": ({**DATE, "retry-after": "2026-03-02T09:01:30"}, None),
    "for ever": ({"retry-after": "inf"}, None),
    "no number": ({"retry-after": "nan"}, None),
    "words": ({**DATE, "retry-after": "a while"}, None),
    "a year of twenty digits": ({"retry-after": "Mon, 02 Mar 99999999999999999999 09:01:30 GMT"}, None),
    "a month": ({"retry-after": "2678400"}, LONGEST_WAIT),
}


@pytest.mark.parametrize("told", TOLD)
def test_the_wait_is_read_from_whatever_header_tells_it(told: str) -> None:
    headers, wait = TOLD[told]
    assert Answer(429, headers, b"").retry_after == wait


def test_a_body_that_is_no_json_is_none() -> None:
    assert Answer(200, {}, b'{"id": "7"}').json() == {"id": "7"}
    assert Answer(200, {}, b"<html>").json() is None
    assert Answer(200, {}, b"\xff\xfe").json() is None
    assert Answer(200, {}, b"[" * 100_000).json() is None
