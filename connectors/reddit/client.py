"""PRAW as it has to be built: no settings from elsewhere, no second try, no sleep, no look for updates.

Importing this imports PRAW, which takes a while: import it where a client is built.
"""

import time
from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import praw
import prawcore
from praw.config import Config
from prawcore.rate_limit import RateLimiter
from prawcore.sessions import FiniteRetryStrategy

from connectors.once.answer import Answer
from connectors.once.passage import Bounds, hush
from connectors.once.session import session
from connectors.reddit.limiter import Limiter
from connectors.reddit.options import LOGIN
from responder.connector import ConnectorError, Unauthorised, Unavailable

#: An access token is renewed so many seconds before it ends; PRAW itself would use it for ten seconds longer.
_EARLY = 60 + 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What an app at Reddit is known by, and where Reddit is."""

    client_id: str
    client_secret: str = field(repr=False)
    #: "" to come as the app alone, logged out.
    refresh_token: str = field(repr=False)
    user_agent: str
    oauth_url: str
    reddit_url: str
    #: The permissions that the refresh token has to have; without one of them nothing is asked.
    scopes: frozenset[str] = frozenset()


def client(keys: Keys, limiter: Limiter, bounds: Bounds) -> praw.Reddit:
    """Return a PRAW that makes each request once, through connectors.once, and keeps its last answer.

    A login that fails raises Unavailable or Unauthorised; the rest raises what PRAW raises.
    """
    hush("praw", "prawcore")
    with Config.LOCK:
        if Config.CONFIG is None:  # else PRAW looks for a praw.ini where we run and in the home folder
            Config.CONFIG = _packaged()
    reddit = praw.Reddit(
        site_name="DEFAULT",
        requestor_class=Keeping,
        requestor_kwargs={"session": session(bounds, logins=(LOGIN,))},
        **_settings(keys),
    )
    core = _core(reddit)
    core._retry_strategy_class = Never  # noqa: SLF001 (nothing would be sent twice, but tried in vain)
    core._rate_limiter = Limited(limiter)  # noqa: SLF001 (PRAW's own sleeps, up to ten minutes)
    kind = Ours if keys.refresh_token else Stranger
    core._authorizer = kind(core.authorizer.authenticator, keys)  # noqa: SLF001
    return reddit


def keeper(reddit: praw.Reddit) -> "Keeping":
    """Return what keeps the last answer of a client built here."""
    kept: Keeping = _core(reddit).requestor
    return kept


def _core(reddit: praw.Reddit) -> Any:
    return reddit._core  # noqa: SLF001 (PRAW has no other door to it)


def _packaged() -> ConfigParser:
    """Return the settings that PRAW itself brings along."""
    packaged = ConfigParser(interpolation=None)
    packaged.read_string(files("praw").joinpath("praw.ini").read_text(encoding="utf-8"))
    return packaged


def _settings(keys: Keys) -> dict[str, Any]:
    """Return every setting there is, so that none is taken from a praw.ini or from praw_* variables."""
    return {
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "refresh_token": keys.refresh_token or None,
        "username": None,
        "password": None,
        "redirect_uri": None,
        "user_agent": keys.user_agent,
        "oauth_url": keys.oauth_url,
        "reddit_url": keys.reddit_url,
        "short_url": "https://redd.it",
        "check_for_updates": False,
        "check_for_async": False,
        "ratelimit_seconds": 0,
        "timeout": 16,  # PRAW does not keep to it; connectors.once keeps the time
        "window_size": 600,
        "comment_kind": "t1",
        "redditor_kind": "t2",
        "submission_kind": "t3",
        "message_kind": "t4",
        "subreddit_kind": "t5",
        "trophy_kind": "t6",
    }


class Keeping(prawcore.Requestor):
    """Keeps the last answer: PRAW's errors do not all hold it."""

    #: None when the last request brought none.
    last: Answer | None = None

    def forget(self) -> None:
        """Forget the last answer, before something else is asked."""
        self.last = None

    def request(self, *args: Any, **options: Any) -> Any:
        """Make one request."""
        self.forget()
        response = super().request(*args, **options)
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.last = Answer(response.status_code, headers, response.content)
        return response


class Never(FiniteRetryStrategy):
    """Neither tries again nor, as `FiniteRetryStrategy(retries=0)` does, sleeps before the first time."""

    def should_retry_on_failure(self) -> bool:
        """Say no."""
        return False


class Limited(RateLimiter):
    """Asks the limiter, and never sleeps."""

    def __init__(self, limiter: Limiter) -> None:
        super().__init__(window_size=600)
        self._limiter = limiter

    def call(self, *, method: str, **rest: Any) -> Any:
        """Make one request, if the limiter lets it out."""
        self._limiter.ask(writing=method.upper() != "GET")
        return super().call(method=method, **rest)

    def delay(self) -> None:
        """Do not sleep."""

    def update(self, *, response_headers: Mapping[str, str]) -> None:
        """Hand on what an answer tells; PRAW would break on a number that is not whole."""
        self._limiter.note(response_headers)


class _Early(prawcore.Authorizer):
    """Logs in early enough, and says in our words why it cannot."""

    _keys: Keys

    def is_valid(self) -> bool:
        """Whether the access token is good for some time to come."""
        left = self._expiration_timestamp_ns - time.monotonic_ns() if self.access_token else 0
        return left > _EARLY * 1_000_000_000

    def _request_token(self, **words: Any) -> None:
        try:
            super()._request_token(**words)
        except Exception as error:  # noqa: BLE001 (its words may hold secrets)
            raise _no_access(self._authenticator.requestor, error) from None
        granted = self.scopes or set()
        if "*" not in granted and (lacking := self._keys.scopes - granted):
            self.access_token = None
            raise Unauthorised(
                f"The refresh token lacks the permission {', '.join(sorted(lacking))}; make a new one."
            )


class Ours(_Early):
    """Logs in as our account."""

    def __init__(self, authenticator: Any, keys: Keys) -> None:
        super().__init__(authenticator=authenticator, refresh_token=keys.refresh_token)
        self._keys = keys


class Stranger(_Early, prawcore.ReadOnlyAuthorizer):
    """Comes as the app alone, and sees what strangers see."""

    def __init__(self, authenticator: Any, keys: Keys) -> None:
        prawcore.ReadOnlyAuthorizer.__init__(self, authenticator=authenticator)
        self._keys = keys


def _no_access(requestor: Any, error: Exception) -> ConnectorError:
    """Say why no access token came."""
    answer: Answer | None = requestor.last
    if answer is None:
        cause = type(getattr(error, "original_exception", error)).__name__
        return Unavailable(f"Reddit could not be reached ({cause}); nothing was sent.")
    if answer.status in {400, 401} or isinstance(error, prawcore.OAuthException):
        return Unauthorised("Reddit does not accept our client_id, client_secret or refresh_token.")
    if answer.status == 429:
        return Unavailable("Reddit asks us to wait.", retry_after=answer.retry_after)
    return Unavailable(f"Reddit gave us no access ({answer.status}); nothing was sent.")
