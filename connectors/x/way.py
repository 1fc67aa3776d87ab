"""The way to X: tweepy over a session that lets one write out, to an address of our choice, within limits."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import tweepy

from connectors.once.answer import Answer
from connectors.once.passage import Bounds, hush
from connectors.once.session import session
from connectors.x.answers import reading_trouble, refusal, unknown
from connectors.x.limiter import Hour, Limiter, Ticking
from connectors.x.login import TOKEN_ROUTE, Login, OAuth1, OAuth2, Renewal
from connectors.x.options import Options
from responder.connector import ConnectorError, Secret, Unavailable

#: The largest answer that is taken: a hundred of the longest posts (25,000 characters, six bytes each when
#: they are escaped), and those they refer to.
_SIZE = 32 << 20

#: Given a status, headers and body that X answered a write with: what it means, or None for the usual.
Reading = Callable[[Answer], ConnectorError | None]


class Way(tweepy.Client):  # type: ignore[misc]
    """One account's requests."""

    def __init__(self, account: str, options: Options, secret: Secret, ticking: Ticking) -> None:
        super().__init__(return_type=dict, wait_on_rate_limit=False)
        hush("tweepy")
        base = urlsplit(options.url)
        time = options.timeout
        bounds = Bounds(connect=min(5.0, time), read=min(10.0, time), total=time, size=_SIZE)
        self.session = session(bounds, logins=(base.path + TOKEN_ROUTE,))
        self.host = base.hostname or ""
        self.hour = Hour(ticking)
        #: What X said last of the keys: "read", "read-write" ...; "" while it has said nothing.
        self.access = ""
        self._url = options.url
        self._limiter = Limiter(account, self.hour, ticking)
        self.login: Login = OAuth1(secret) if options.auth == "oauth1" else self._oauth2(options, secret)

    def __repr__(self) -> str:
        return f"Way({self.host})"

    def _oauth2(self, options: Options, secret: Secret) -> Login:
        client_secret = secret("client_secret").strip() if options.confidential else ""
        return OAuth2(secret, Renewal(options.client_id, client_secret, self._renew), self.hour)

    def ask(self, route: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        """Read something; a token that X does not accept is renewed once. Raises the contract's errors."""
        self.login.ready()
        answer = self._read(route, params)
        if answer.status == 401 and self.login.renewed():
            answer = self._read(route, params)
        if trouble := reading_trouble(answer, self._limiter.wait(answer.headers)):
            raise trouble
        body = answer.json()
        if not isinstance(body, dict):
            raise unknown("it is no JSON object")
        return body

    def ready(self, route: str) -> None:
        """Do what a write to `route` can do before it: a token renewed, a limit that is used up told."""
        self._limiter.ask("POST", route)
        self.login.ready()

    def reading(self, by_hand: str) -> Reading:
        """Return what tells how X's answer to a reply is meant."""
        return lambda answer: refusal(answer, by_hand, self._limiter.wait(answer.headers))

    def request(
        self,
        method: str,
        route: str,
        params: Any = None,
        json: Any = None,
        user_auth: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> Any:
        """Make one request, as tweepy's own methods ask for it; neither repeats nor waits."""
        answer = self._send(method, route, params, json)
        if not answer.ok:
            raise tweepy.HTTPException(answer)
        return answer

    def _read(self, route: str, params: Mapping[str, str]) -> Answer:
        try:
            answer = self._send("GET", route, params, None)
        except ConnectorError:
            raise
        except Exception as error:  # noqa: BLE001 (requests and urllib3 have many; their words may hold secrets)
            raise Unavailable(f"{self.host} could not be reached ({type(error).__name__}).") from None
        return _whole(answer)

    def _send(self, method: str, route: str, params: Any, json: Any) -> Any:
        self._limiter.ask(method, route)
        headers = {"User-Agent": self.user_agent}
        auth = self.login.dress(headers)
        answer = self.session.request(
            method, self._url + route, params=params, json=json, headers=headers, auth=auth
        )
        told = {name.lower(): value for name, value in answer.headers.items()}
        self.hour.heard(told)
        self._limiter.heard(method, route, told)
        self.access = told.get("x-access-level", self.access)
        return answer

    def _renew(self, form: dict[str, str], who: tuple[str, str] | None) -> Answer:
        """Make the request that renews a token."""
        try:
            answer = self.session.post(self._url + TOKEN_ROUTE, data=form, auth=who)
        except Exception as error:  # noqa: BLE001 (as above)
            raise Unavailable(f"{self.host} could not be reached ({type(error).__name__}).") from None
        self.hour.heard({name.lower(): value for name, value in answer.headers.items()})
        return _whole(answer)


def _whole(answer: Any) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status_code, headers, answer.content)
