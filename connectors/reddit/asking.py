"""One question to Reddit, and what its answer means for whoever asked; never a write."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connectors.once.answer import Answer
from connectors.reddit.limiter import Limiter
from responder.connector import ConnectorError, Malformed, Refused, Unauthorised, Unavailable

if TYPE_CHECKING:  # PRAW takes a while to import
    from praw import Reddit

    from connectors.reddit.client import Keeping

#: The permission that a path asks for; without one of these beginnings it is `read`.
_SCOPES = {"message": "privatemessages", "user": "history", "api/v1/me": "identity", "api/comment": "submit"}
#: What Reddit says with 403 and 404, in our words.
_REASONS = {
    "private": "it is private",
    "quarantined": "it is quarantined",
    "gated": "it is behind a warning",
    "gold_only": "it is for paying members only",
    "banned": "Reddit has closed it",
}


class Barred(Exception):
    """This is not shown to us; other things may be."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(f"Reddit does not show it to us: {why}.")
        self.status = status
        #: In a few words.
        self.why = why


class Asker:
    """Reads over one PRAW client; `keeping` has its last answer."""

    def __init__(self, reddit: "Reddit", keeping: "Keeping", limiter: Limiter) -> None:
        self._reddit = reddit
        self._keeping = keeping
        self._limiter = limiter

    def must(self, path: str, **params: str | int) -> Any:
        """Return what `get` does; what is not shown to us is Refused."""
        try:
            return self.get(path, **params)
        except Barred as error:
            raise Refused(str(error)) from None

    def get(self, path: str, **params: str | int) -> Any:
        """Return the JSON that Reddit answers with.

        Raises Unavailable, Unauthorised, Malformed, and Barred where only this is not shown to us. An access
        token that ended early is renewed, once: asking again changes nothing.
        """
        said = self._asked(path, params, again=True)
        if not isinstance(said, dict | list):
            raise Malformed("Reddit answered with nothing where something was asked for.")
        return said

    def _asked(self, path: str, params: Mapping[str, str | int], *, again: bool) -> Any:
        self._keeping.forget()
        try:
            return self._reddit.request(method="GET", path=path, params=dict(params))
        except ConnectorError:  # the limiter's, or that of a login
            raise
        except Exception as error:  # noqa: BLE001 (its words hold the request, and with it our token)
            answer = self._keeping.last
            if not (again and answer and answer.status == 401):
                raise self._problem(path, error) from None
        return self._asked(path, params, again=False)

    def _problem(self, path: str, error: Exception) -> Exception:
        """Say what a failed question means; what PRAW makes of it hardly counts."""
        answer = self._keeping.last
        if answer is None:
            cause = getattr(error, "original_exception", error)
            return Unavailable(f"Reddit could not be reached ({type(cause).__name__}).")
        if answer.status == 429 and answer.retry_after is not None:
            self._limiter.rest(answer.retry_after)
        return _meant(answer, path, type(error).__name__)


def lacking_scope(answer: Answer, path: str) -> ConnectorError | None:
    """Return the error for an answer by which Reddit says that a permission lacks, None for others."""
    if answer.status == 403 and "insufficient_scope" in answer.headers.get("www-authenticate", ""):
        first = next((scope for start, scope in _SCOPES.items() if path.startswith(start)), "read")
        return Unauthorised(f"Our refresh token lacks the permission {first}; make a new one.")
    return None


def _meant(answer: Answer, path: str, failed: str) -> Exception:
    """Say what an answer that is no good means."""
    status, said = answer.status, answer.json()
    if status == 401:
        return Unauthorised("Reddit does not accept our credentials (401).")
    if status in {408, 425, 429} or status >= 500:
        return Unavailable(f"Reddit cannot answer now ({status}).", retry_after=answer.retry_after)
    if 300 <= status < 400 and "/subreddits/search" in answer.headers.get("location", ""):
        return Barred(404, "there is no such community")
    if status in {400, 403, 404, 410, 451} and isinstance(said, Mapping):
        reason = str(said.get("reason") or "")
        told = {400: "it does not understand the question", 403: "it is forbidden", 404: "it is not there"}
        why = _REASONS.get(reason, told.get(status, f"{status}"))
        return lacking_scope(answer, path) or Barred(status, why)
    if status == 403:  # a page of HTML: a wall before Reddit, not Reddit's own word
        return Unavailable("Reddit keeps us out for now (403).")
    return Malformed(f"Reddit answered {status} in a way that is not known ({failed}).")
