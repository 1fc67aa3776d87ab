"""The way to a server: Mastodon.py, held to one write a call, and what its answers mean for us."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from connectors.once.answer import Answer
from connectors.once.passage import Bounds, now
from connectors.once.session import session
from connectors.once.write import write
from responder.connector import (
    ConnectorError,
    Malformed,
    Receipt,
    Refused,
    Unauthorised,
    Unavailable,
    Unsure,
)

#: The library keeps to what a server of this version can; it never asks which one there is.
VERSION = "4.4.0"
#: A thread that everybody takes part in is some megabytes.
_BOUNDS = Bounds(size=16 << 20)
#: In an answer of 422 to a token that belongs to nobody any more.
_NOBODY = "authenticated user"


class Missing(Malformed):
    """The server has nothing under this address."""


class _Heard(threading.local):
    """The last answer that this thread read."""

    answer: Answer | None = None


class Line:
    """A client of the library, and what its requests were answered; `way` is a session of connectors.once."""

    def __init__(self, server: str, token: str | None, way: Any) -> None:
        self._heard = _Heard()
        way.hooks["response"].append(self._note)
        self.client = library(server, token, way)

    @property
    def last(self) -> Answer | None:
        """The last answer."""
        return self._heard.answer

    def call(self, ask: Callable[[Any], object]) -> tuple[Answer | None, Exception | None]:
        """Return what came back, and what the library made of it."""
        self._heard.answer = None
        try:
            ask(self.client)
        except OSError as error:  # all that its transport raises becomes one of these
            return self.last, error
        except Exception as error:
            if self.last is None:  # a mistake of ours: nothing was asked
                raise
            return self.last, error
        return self.last, None

    def _note(self, response: Any, *_: object, **__: object) -> None:
        headers = {name.lower(): value for name, value in response.headers.items()}
        self._heard.answer = Answer(response.status_code, headers, response.content)


class Wire:
    """One account's way to its server; `token` gives its access token."""

    def __init__(self, server: str, host: str, token: Callable[[], str]) -> None:
        self._server, self._host, self._token = server, host, token
        self._lines: dict[str, Line] = {}
        self._me: Mapping[str, Any] = {}
        #: The time of the last answer to `ask`, as its server tells it; "" where it does not.
        self.date = ""
        #: How many requests the server still grants until a time of `now()`; None where it does not tell.
        self._granted: tuple[int, float] | None = None

    def ask(
        self, question: Callable[[Any], object], kind: type, *, leave: int = 0, filtered: bool = False
    ) -> Any:
        """Have the library ask something, and return the JSON of the answer: a `list` or a `dict`.

        `leave`: so many of the requests that the server still grants are not for this. `filtered`: also what
        the server keeps from notifications. Raises Missing where there is nothing, and
        the errors of the contract. The library casts what it does not expect to None, so the answer is read
        without it.
        """
        self._spare(leave)
        answer, failed = self._line("filtered" if filtered else "known").call(question)
        self._count(answer)
        if problem := problem_of(self._host, answer, failed):
            if isinstance(problem, Unauthorised):
                self._forget()
            raise problem
        told = json_of(answer)
        if not isinstance(told, kind):
            raise Malformed(f"{self._host} did not answer as a Mastodon server does.")
        return told

    def me(self) -> Mapping[str, Any]:
        """Return our own account, which is asked for once."""
        if not self._me:
            self._me = self.ask(lambda client: client.account_verify_credentials(), dict)
            if not isinstance(self._me.get("id"), str | int):
                raise Malformed(f"{self._host} does not say who we are.")
        return self._me

    def ask_unknown(self, question: Callable[[Any], object]) -> bool | None:
        """Ask as somebody who is not logged in: whether there is something; None where nobody can know."""
        answer, _ = self._line("unknown").call(question)
        if answer is None:
            return None
        return {200: True, 404: False, 410: False}.get(answer.status)

    def post(self, call: Callable[[Any], object], receipt: Callable[[Mapping[str, Any]], Receipt]) -> Receipt:
        """Have the library make the one write of this call; `receipt` reads what came back."""
        self._spare(0)
        line = self._line("known")

        def reply() -> Receipt:
            answer, failed = line.call(call)
            self._count(answer)
            told = json_of(answer)
            if answer is None or not 200 <= answer.status < 300 or not isinstance(told, dict):
                raise failed or Malformed(f"{self._host} did not answer as a Mastodon server does.")
            return receipt(told)  # whatever the library thinks of it

        try:
            return write(reply, reading=self._refusal)
        except Unauthorised:
            self._forget()
            raise

    def _line(self, kind: str) -> Line:
        if kind not in self._lines:
            way = session(_BOUNDS)
            if kind == "filtered":  # a parameter that the library does not know
                way.params = {"include_filtered": "true"}
            self._lines[kind] = Line(self._server, None if kind == "unknown" else self._token(), way)
        return self._lines[kind]

    def _forget(self) -> None:
        """Have the next call look for the token anew: somebody may put another in place."""
        self._lines.clear()
        self._me = {}

    def _count(self, answer: Answer | None) -> None:
        """Keep what the server tells of the requests it still grants."""
        if answer is None:
            return
        self.date = answer.headers.get("date", "")
        left, wait = answer.headers.get("x-ratelimit-remaining", ""), answer.retry_after
        known = left.isdecimal() and wait is not None
        self._granted = (int(left), now() + wait) if known and wait is not None else None

    def _spare(self, kept: int) -> None:
        """Raise Unavailable when only so many requests are left, rather than be refused."""
        if self._granted is None:
            return
        left, until = self._granted
        wait = until - now()
        if left <= kept and wait > 0:
            raise Unavailable(f"{self._host} grants few more requests for now.", retry_after=wait)

    def _refusal(self, answer: Answer) -> ConnectorError | None:
        """Tell more of a whole answer to a write than its number does."""
        said = _said(answer)
        if answer.status == 403 and said and "not allowed" not in said:
            return Unauthorised(f"{self._host} does not let this account post (403): {_blame(said)}.")
        if answer.status in {404, 410}:
            return Refused(f"{self._host} has no such post to answer any more ({answer.status}).")
        if answer.status == 422 and _NOBODY in said:
            return Unauthorised(f"{self._host} does not know our access token any more (422).")
        if answer.status == 422 and "duplicate" in said:
            return Unsure(f"{self._host} says that it has this already (422).")
        if answer.status in {400, 422} and "limit" in said:
            return Refused(f"{self._host} says that it is too long ({answer.status}). Shorten it.")
        return None


def library(server: str, token: str | None, way: Any) -> Any:
    """Return a client of a server that asks for what it is told to, once, and for nothing else.

    `way` is a session of connectors.once; without a token it is that of somebody who is not logged in.
    """
    from mastodon import Mastodon

    class Client(Mastodon):
        """Does not ask before each timeline whether there is one."""

        def timeline_is_available(self, *_: object, **__: object) -> bool:
            return True

    return Client(
        access_token=token,
        api_base_url=server,
        session=way,
        mastodon_version=VERSION,
        version_check_mode="created",  # or else it takes the server for the oldest there is
        ratelimit_method="throw",
        lang="en",
        user_agent="complaint-responder",
    )


def problem_of(host: str, answer: Answer | None, failed: Exception | None) -> ConnectorError | None:
    """Say what an answer to a read means, or None when it is fine."""
    if answer is None:
        return Unavailable(f"{host} could not be read ({type(failed).__name__}).")
    status, said = answer.status, _said(answer)
    if 200 <= status < 300:
        return None
    if status == 401 or (status == 422 and (not said or _NOBODY in said)):
        return Unauthorised(f"{host} does not accept our access token ({status}).")
    if status == 403 and said:
        return Unauthorised(f"{host} does not let us in (403): {_blame(said)}.")
    if status in {404, 410}:
        return Missing(f"{host} has nothing there ({status}).")
    if status == 429:
        return Unavailable(f"{host} asks us to wait.", retry_after=answer.retry_after)
    if status in {403, 408, 425} or status >= 500:  # without a word of the server's own: something before it
        return Unavailable(f"{host} answered {status}.")
    where = "; is `server` its own address?" if 300 <= status < 400 else ""
    return Malformed(f"{host} answered {status}{where}")


def json_of(answer: Answer | None) -> Any:
    """Return what an answer holds; None where that is no JSON that can be read."""
    try:
        return answer.json() if answer else None
    except RecursionError:  # brackets in brackets in brackets
        return None


def _said(answer: Answer) -> str:
    """Return the server's word on what is wrong, in small letters; "" where it gives none."""
    told = json_of(answer)
    return str(told.get("error") or "").lower() if isinstance(told, dict) else ""


def _blame(said: str) -> str:
    """Return what a 403 is about, in words of ours."""
    for sign, words in (
        ("scope", "the access token lacks a right it needs"),
        ("disabled", "the account is suspended or its login disabled"),
        ("confirm", "the account's e-mail address is not confirmed"),
        ("pending", "the account waits for approval"),
    ):
        if sign in said:
            return words
    return "it gives no reason that we know"
