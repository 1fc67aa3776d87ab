"""What X's answers mean, in the words of the contract. X's own words go no further: they may hold ours."""

import re
from collections.abc import Mapping
from typing import Any

from connectors.once.answer import Answer
from connectors.x.limiter import QUARTER
from responder.connector import (
    ConnectorError,
    Exhausted,
    Malformed,
    Refused,
    Unauthorised,
    Unavailable,
    Unsure,
)

#: How X says that it is the app that is not set up as it should be, and no post.
_SETUP = re.compile(
    r"client-forbidden|client-not-enrolled|oauth1-permissions|oauth1 app permissions|app permissions"
    r"|unsupported-authentication|unsupported authentication|appropriate oauth"
)
_CAP = re.compile(r"usagecapexceeded|usage-capped|usage cap exceeded")
_STALE = re.compile(r"'since_id' must be a (?:tweet|post) id created after")
_LEAST = re.compile(r"larger than (\d{1,19})")
_LOST_PLACE = re.compile(r"(?:pagination|next)_token")
_WORDS = re.compile(r"(?:tweet|post)[._]fields|expansions|user[._]fields")
_BUDGET = "X's credits are used up: nothing is read or sent until there are more."


class StaleCursor(Refused):
    """X does not go back as far as the last post we read."""

    def __init__(self, least: int | None) -> None:
        super().__init__()
        #: The oldest id X would take, where it says so.
        self.least = least


class KeysRefused(Unauthorised):
    """X does not accept our keys (401). Check them, or connect the account anew."""


class LostPlace(Refused):
    """X does not know the page any more that we wanted to go on from."""


def said(answer: Answer) -> str:
    """Return what X says about a failure, in small letters: for telling apart, not for showing."""
    body = answer.json()
    if not isinstance(body, Mapping):
        return ""
    problems = [body, *(one for one in _list(body.get("errors")) if isinstance(one, Mapping))]
    names = ("title", "detail", "type", "reason", "message", "period", "scope")
    return " ".join(str(one.get(name, "")) for one in problems for name in names).lower()


def reading_trouble(answer: Answer, wait: float | None) -> ConnectorError | None:
    """Say why a read failed, or None when it did not; `wait`: until the limits end that are used up."""
    status, words = answer.status, said(answer)
    if 200 <= status < 300:
        return None
    if status == 400 and (stale := _STALE.search(words)):
        least = _LEAST.search(words, stale.end())
        return StaleCursor(int(least[1]) if least else None)
    if status == 400:
        return _not_understood(words)
    if status in {401, 403}:
        return Unauthorised(f"X does not let our keys read this ({status}). {_what_to_check(words)}")
    if status in {402, 429}:
        return _spent(answer, words, wait)
    if status == 408 or 300 <= status < 400 or status >= 500:
        return Unavailable(f"X answered {status}.")
    return Refused(f"X does not have what was asked for ({status}).")


def _not_understood(words: str) -> ConnectorError:
    if _LOST_PLACE.search(words):
        return LostPlace()
    if _WORDS.search(words):
        return Refused(
            "X does not know the words we ask in (400): try the option `vocabulary`, tweet or post."
        )
    return Refused("X does not understand what was asked (400).")


def _spent(answer: Answer, words: str, wait: float | None) -> ConnectorError:
    """Tell a budget that is used up from a limit that ends."""
    if answer.status == 402:
        return Exhausted(_BUDGET)
    if _CAP.search(words):
        return Exhausted(
            "X's cap for the month is used up: nothing is read or sent until it ends or is raised."
        )
    return Unavailable("X asks us to wait.", retry_after=QUARTER if wait is None else wait)


def _what_to_check(words: str) -> str:
    if _SETUP.search(words):
        return "Check the app's permissions and its project on X."
    return "Check the keys, and whether the account may see it."


#: What X says with a 403 to a reply -> what that is. `{by_hand}` is where a person could answer.
_FORBIDDEN: tuple[tuple[re.Pattern[str], type[ConnectorError], str], ...] = (
    (re.compile("duplicate content"), Unsure, "X says that we posted the same words before."),
    (
        re.compile("mentioned or otherwise engaged"),
        Refused,
        "X lets our app answer only who names or quotes us, which this post does not. By hand: {by_hand}",
    ),
    (
        re.compile("not permitted to reply|who can reply|reply to this conversation"),
        Refused,
        "Its author lets only some people reply, and not us. Use another channel, or dismiss it.",
    ),
    (re.compile("deleted or not visible"), Refused, "The post we answer is deleted, or hidden from us."),
    (_SETUP, Unauthorised, "X does not let our app post (403). Check the app's permissions and its project."),
)


def refusal(answer: Answer, by_hand: str, wait: float | None) -> ConnectorError | None:
    """Say why X did not take a reply, or None for the usual reading; `by_hand` is where a person could."""
    status, words = answer.status, said(answer)
    if status in {402, 429}:
        return _spent(answer, words, wait)
    if status == 401:
        return KeysRefused()
    if status == 400 and "reply tweet id" in words:
        return Refused("X does not know the post we answer: it was deleted, or its id is wrong.")
    if status == 403:
        for form, kind, says in _FORBIDDEN:
            if form.search(words):
                return kind(says.format(by_hand=by_hand))
    return None


def unknown(what: str) -> Malformed:
    """Return the error for an answer with 200 that is not what X promises."""
    return Malformed(f"X answered in a way we do not know: {what}.")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
