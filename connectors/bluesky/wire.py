"""Requests to Bluesky: in a session that holds, within the limits, told in the words of the contract."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from connectors.bluesky.pace import Kind, Pace
from connectors.bluesky.sessions import Session, Sessions
from connectors.form import host_of
from connectors.once.answer import Answer, moment
from connectors.once.passage import Bounds, Stopped
from connectors.once.write import write
from responder.connector import (
    ConnectorError,
    Malformed,
    Refused,
    Secret,
    Unauthorised,
    Unavailable,
    Unsure,
)
from responder.model.delivery import Receipt

if TYPE_CHECKING:
    from atproto import Request

    from connectors.once.transport import Transport

_LOGIN = "com.atproto.server.createSession"
_REFRESH = "com.atproto.server.refreshSession"
#: What an access token is called that holds no more. It comes with 400, where others say 401.
_STALE = frozenset({"ExpiredToken", "InvalidToken"})
#: A page of posts may be large: whoever writes to us decides how large his post is.
_BOUNDS = Bounds(size=32 << 20)


def request(bounds: Bounds = _BOUNDS, proxy: str | None = None) -> "Request":
    """Return the library's way to the network, which lets a write out only by connectors.once.write."""
    from atproto import Request

    return Request(transport=_transport(bounds, proxy))


@cache
def _transport(bounds: Bounds, proxy: str | None) -> "Transport":
    """Return what all accounts may share: it keeps no connection, and reading the certificates takes time."""
    from connectors.once.transport import Transport

    return Transport(bounds, [f"/xrpc/{name}" for name in (_LOGIN, _REFRESH)], proxy)


def put(way: "Request", url: str, access: str, body: Mapping[str, Any]) -> Any:
    """Put one record, and return what the network says; the library's own models would drop a null."""
    answer = way.post(
        f"{url}/xrpc/com.atproto.repo.putRecord",
        content=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {access}"},
    )
    return answer.content


class Declined(Exception):
    """The network answered a read or a login with 400 or 401, and a name for what is wrong."""

    def __init__(self, status: int, name: str, said: str) -> None:
        super().__init__(name)
        self.name = name or str(status)
        self.said = said
        #: Whether it is the session that is not accepted.
        self.stale = status == 401 or name in _STALE


class TooLarge(Malformed):
    """The network answered with more than anybody can want. Nothing of it is lost; it is read again."""


class Wire:
    """Asks the network of one account, at `service`, as `handle`."""

    def __init__(self, service: str, handle: str, secret: Secret, proxy: str | None = None) -> None:
        self.service = service
        #: When the network answered last, by its own clock; None while it did not say.
        self.date: datetime | None = None
        self._handle = handle
        self._secret = secret
        self._proxy = proxy
        self._pace = Pace()
        self._way: Request | None = None
        self.sessions = Sessions(secret, f"{handle} {service}", self._log_in, self._refreshed)

    def __repr__(self) -> str:
        return f"Wire({self.service}, {self._handle})"

    def ask(self, name: str, **params: object) -> Mapping[str, Any]:
        """Make one read and return what it gives; raises the contract's errors, and TooLarge."""
        return self.find(name, (), **params) or {}

    def find(self, name: str, absent: Collection[str], **params: object) -> Mapping[str, Any] | None:
        """Make one read like `ask`; None where the network declines it with a word in `absent`."""
        try:
            return self._in_session(name, params)
        except Declined as no:
            if any(one in {no.name, no.said.partition(":")[0]} for one in absent):
                return None
            raise Malformed(f"{self._host} would not answer {name} ({no.name}).") from None

    def _in_session(self, name: str, params: Mapping[str, object]) -> Mapping[str, Any]:
        """Make one read; with a token that expired, up to two logins besides."""
        session = self.sessions.current()
        for refresh in (True, False):
            try:
                return self._read(self.service, name, params, session.access)
            except Declined as no:
                if not no.stale:
                    raise
            session = self.sessions.after(session, refresh=refresh)
        try:
            return self._read(self.service, name, params, session.access)
        except Declined as no:
            if not no.stale:
                raise
            raise Unauthorised(f"{self._host} does not accept our session ({no.name}).") from None

    def ask_as_stranger(self, service: str, name: str, **params: object) -> Mapping[str, Any]:
        """Make one read of a service, as somebody who is not logged in."""
        try:
            return self._read(service, name, params, "")
        except Declined as no:
            host = host_of(service)
            raise Malformed(f"{host} would not answer {name} to a stranger ({no.name}).") from None

    def write(self, body: Mapping[str, Any], receipt: Callable[[Any], Receipt]) -> Receipt:
        """Put one record with one request, and return what `receipt` reads out of the answer."""
        session = self.sessions.current()
        self._pace.begin(Kind.WRITE)
        heard: list[Answer] = []

        def reading(answer: Answer) -> ConnectorError | None:
            heard.append(answer)
            return self._refusal(answer)

        def call() -> Receipt:
            return receipt(put(self._library, self.service, session.access, {"repo": session.did, **body}))

        try:
            return write(call, reading=reading)
        finally:
            for answer in heard:
                self._pace.heard(Kind.WRITE, answer)

    def _refusal(self, answer: Answer) -> ConnectorError | None:
        """Say what an answer to a write means, where its status alone does not tell."""
        told = answer.json() if answer.status in {400, 401} else None
        name = str(told.get("error", "")) if isinstance(told, dict) else ""
        if name == "InvalidSwap":
            return Unsure("There is a reply of ours under this key already, with other words.")
        if name in _STALE:  # the next read renews the session
            return Unavailable(f"{self._host} took our session for ended ({name}); nothing was sent.")
        if name and answer.status == 400:
            said = str(told.get("message", ""))[:200] if isinstance(told, dict) else ""
            return Refused(f"{self._host} refused it ({name}: {said}).")
        return None

    # --- how

    @property
    def _host(self) -> str:
        return host_of(self.service)

    @property
    def _library(self) -> "Request":
        if self._way is None:
            self._way = request(proxy=self._proxy)
        return self._way

    def _log_in(self) -> Session:
        body = {"identifier": self._handle, "password": self._secret("app_password")}
        try:
            told = self._enter(_LOGIN, json.dumps(body).encode(), "")
        except Declined as no:
            raise Unauthorised(
                f"{self._host} does not accept the app password ({no.name}).{_hint(no)}"
            ) from None
        if told.get("active") is False:
            raise Unauthorised(f"The account is {told.get('status') or 'not active'} at {self._host}.")
        return self._session(told)

    def _refreshed(self, old: Session) -> Session | None:
        try:
            return self._session(self._enter(_REFRESH, b"", old.refresh))
        except Declined:
            return None

    def _session(self, told: Mapping[str, Any]) -> Session:
        try:
            parts = {"did": told["did"], "access": told["accessJwt"], "refresh": told["refreshJwt"]}
        except KeyError as error:
            raise Malformed(f"{self._host} gave a session without {error}.") from None
        of = f"{self._handle} {self.service}"
        return Session(**{name: str(part) for name, part in parts.items()}, of=of)

    def _enter(self, name: str, body: bytes, token: str) -> Mapping[str, Any]:
        self._pace.begin(Kind.LOGIN)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body:
            headers["Content-Type"] = "application/json"
        url = f"{self.service}/xrpc/{name}"
        return self._answered(Kind.LOGIN, url, lambda: self._library.post(url, content=body, headers=headers))

    def _read(self, service: str, name: str, params: Mapping[str, object], token: str) -> Mapping[str, Any]:
        if service == self.service:
            self._pace.begin(Kind.READ)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{service}/xrpc/{name}"
        given = {key: value for key, value in params.items() if value is not None}
        return self._answered(Kind.READ, url, lambda: self._library.get(url, params=given, headers=headers))

    def _answered(self, kind: Kind, url: str, call: Callable[[], Any]) -> Mapping[str, Any]:
        """Make a request that is no write, and return the object that it gives."""
        from atproto.exceptions import RequestErrorBase

        host = host_of(url)
        try:
            response = call()
        except RequestErrorBase as error:
            response = error.response
            if response is None:
                raise Unavailable(f"{host} could not be reached ({type(error).__name__}).") from None
        except Stopped as error:
            if "large" in str(error):
                raise TooLarge from None
            raise Unavailable(f"{host} gave no whole answer ({error}).") from None
        except ValueError:
            raise Malformed(f"{host} answered with what is no JSON.") from None
        except Exception as error:  # noqa: BLE001 (what the library's own library raises; its words may hold secrets)
            raise Unavailable(f"{host} gave no whole answer ({type(error).__name__}).") from None
        answer = Answer(response.status_code, response.headers, b"")
        if url.startswith(f"{self.service}/"):
            self._pace.heard(kind, answer)
            self.date = moment(answer.headers.get("date", "")) or self.date
        return _told(host, answer, response.content)


def _told(host: str, answer: Answer, content: Any) -> Mapping[str, Any]:
    """Return the object that a whole answer holds; raises what its status means."""
    status = answer.status
    if 200 <= status < 300:
        if not isinstance(content, dict):
            raise Malformed(f"{host} answered {status} with something else than an object.")
        return content
    name, said = (str(getattr(content, part, "") or "") for part in ("error", "message"))
    if status == 429:
        raise Unavailable(f"{host} asks us to wait.", retry_after=answer.retry_after)
    if status == 401 or (status == 400 and name):
        raise Declined(status, name, said)
    if status == 403:
        raise Refused(f"{host} does not let us do this ({status} {name}).")
    if status in {408, 425} or status >= 500:
        raise Unavailable(f"{host} answered {status}.", retry_after=answer.retry_after)
    raise Malformed(f"{host} answered {status} {name}".strip() + ".")


def _hint(no: Declined) -> str:
    """Return what a person can do about a login that is not let in."""
    if no.name == "AuthFactorTokenRequired":
        return " That is the main password of the account; make an app password and use that."
    return ""
