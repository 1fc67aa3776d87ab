"""What Reddit says against a comment, in our words: by the code of the error, for its text is translated."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.once.answer import LONGEST_WAIT, Answer
from responder.connector import ConnectorError, Refused, Unauthorised, Unavailable, Unsure

#: Waited when Reddit tells no time.
_LONG = 600.0
#: What a person reads.
_WORDS = {
    "TOO_OLD": "the thread is archived",
    "THREAD_LOCKED": "the thread is locked",
    "COMMENT_LOCKED": "the comment is locked",
    "DELETED_COMMENT": "the comment was deleted",
    "DELETED_LINK": "the post was deleted",
    "DELETED_THING": "what we answer was deleted",
    "NO_THING_ID": "what we answer is not there",
    "TOO_LONG": "the reply is too long",
    "NO_TEXT": "the reply is empty",
    "SUBREDDIT_NOTALLOWED": "the community does not let us comment",
    "SUBREDDIT_NOEXIST": "there is no such community",
    "BANNED_FROM_SUBREDDIT": "we are banned from the community",
    "USER_BLOCKED": "its author and we have blocked each other",
    "PRIVATE": "the community is private",
    "QUARANTINED": "the community is quarantined",
    "USER_MUTED": "we are muted there",
    "DOMAIN_BANNED": "it holds a link that Reddit does not allow",
    "SUBREDDIT_LINKING_DISALLOWED": "the community allows no such link",
}
_WAITS = {"RATELIMIT", "SUBREDDIT_RATELIMIT", "QUOTA_FILLED"}
_STRANGERS = {"USER_REQUIRED", "NOT_USER", "VERIFIED_USER_REQUIRED", "WRONG_PASSWORD", "EXPIRED"}
#: Words in a code that tell of a failure of Reddit's, after which a comment may be there all the same.
_FAILURES = re.compile(r"SERVER|INTERNAL|TIMEOUT|UNAVAILABLE|BROKEN|UNKNOWN|CONFLICT")
_SPAN = re.compile(r"(\d+)\s*(millisecond|second|minute|hour|day)")
_SECONDS = {"millisecond": 0.001, "second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0}


def refusal(answer: Answer) -> ConnectorError | None:
    """Return what a whole answer to a comment says against it; None when it says nothing of the kind."""
    said = answer.json()
    if not isinstance(said, Mapping):
        return None
    if answer.status == 403 and not said.get("reason"):
        return Refused("Reddit does not let us comment there: it is closed to us, or locked (403).")
    body = said.get("json")
    items = list(_items(body if isinstance(body, Mapping) else {}))
    if not items and answer.status >= 400 and (code := _code(said.get("reason"))):
        items = [(code, str(said.get("explanation") or ""))]
    if items and _created(body):
        return Unsure("Reddit answered with errors, and with a comment.")
    meant = [_meant(code, text, body if isinstance(body, Mapping) else {}) for code, text in items]
    # what may be there weighs most, then what nobody can change by waiting
    for kind in (Unsure, Unauthorised, Refused, Unavailable):
        for error in meant:
            if isinstance(error, kind):
                return error
    return None


def _created(body: object) -> bool:
    data = body.get("data") if isinstance(body, Mapping) else None
    return isinstance(data, Mapping) and bool(data.get("things"))


def _items(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield code and text of each error in an answer."""
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else []:
        words = error if isinstance(error, list) else [error]
        text = words[1] if len(words) > 1 and isinstance(words[1], str) else ""
        yield (_code(words[0]) if words else "") or "UNKNOWN", text


def _code(value: object) -> str:
    """Return a code as Reddit writes them; "" for anything else, which nobody should read."""
    return value.upper() if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{2,60}", value) else ""


def _meant(code: str, text: str, body: Mapping[str, Any]) -> ConnectorError:
    if code in _WAITS:
        return Unavailable(f"Reddit asks us to wait ({code}).", retry_after=_wait(text, body))
    if code in _STRANGERS:
        return Unauthorised(f"Reddit does not know us ({code}).")
    if code not in _WORDS and _FAILURES.search(code):
        return Unsure(f"Reddit answered with a failure of its own ({code}).")
    words = _WORDS.get(code)
    return Refused(f"Reddit refused it: {words} ({code})." if words else f"Reddit refused it ({code}).")


def _wait(text: str, body: Mapping[str, Any]) -> float:
    """Return for how many seconds, a day at the most: as a number if there is one, else from the text."""
    told = body.get("ratelimit")
    if isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told <= LONGEST_WAIT:
        return float(told)
    spans = [int(number) * _SECONDS[unit] for number, unit in _SPAN.findall(text[:500].lower())]
    return min(sum(spans) + 1.0, LONGEST_WAIT) if spans else _LONG
