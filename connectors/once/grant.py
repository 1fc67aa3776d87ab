"""Grant: what a network's login gives for a code or for keys, asked for once while an account is set up."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.once.passage import Bounds
from connectors.once.session import session
from responder.connector import ConnectorError, Unauthorised, Unavailable

#: Answers that say no to what was sent, not to us at this moment.
_NO = frozenset({400, 401, 403})


def granted(
    url: str,
    form: Mapping[str, str],
    *,
    who: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Post a form to a login and return the JSON object it answers with.

    `who` is our name and password there. Raises Unauthorised when it says no, with its own one word for why
    where that is harmless, and Unavailable when it cannot be reached or answers with something else.
    """
    return _asked("POST", url, data=form, auth=who, headers=headers)


def told(url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Read a JSON object, with the token in `headers`; raises as `granted`."""
    return _asked("GET", url, headers=headers)


def _asked(method: str, url: str, **more: Any) -> dict[str, Any]:
    where = urlsplit(url)
    host = where.hostname or ""
    with session(Bounds(), logins=(where.path,)) as way:
        try:
            answer = way.request(method, url, **more)
            body = answer.json()
        except Exception as error:  # noqa: BLE001 (what it raises may hold what was sent)
            raise Unavailable(f"{host} gave no answer that can be read ({type(error).__name__}).") from None
    if answer.status_code == 200 and isinstance(body, dict) and "error" not in body:
        return body
    raise _refusal(host, answer.status_code, body)


def _refusal(host: str, status: int, body: object) -> ConnectorError:
    """Read why a login gave nothing; of its words only OAuth's own are shown (RFC 6749, 5.2)."""
    why = body.get("error") if isinstance(body, dict) else None
    word = f": {why}" if isinstance(why, str) and why.replace("_", "").isalpha() and len(why) < 40 else ""
    if status in _NO or (status == 200 and word):
        return Unauthorised(f"{host} does not accept it ({status}{word}).")
    return Unavailable(f"{host} answered {status}; try again later.")
