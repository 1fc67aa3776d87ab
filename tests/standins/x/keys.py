"""The keys to our X: signatures by OAuth 1.0a, tokens by OAuth 2, and how a token is renewed."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qsl, quote, unquote

from tests.standins.x.answering import UNAUTHORIZED, UNSUPPORTED, Answer, Request
from tests.standins.x.world import BRAND_ID, World

#: Made-up secrets; they may be seen nowhere.
API_KEY, API_SECRET = "canary-key-3f0a", "canary-secret-91bd"
ACCESS_TOKEN, ACCESS_SECRET = f"{BRAND_ID}-canary-access-77c1", "canary-private-5e2d"
CLIENT_ID, CLIENT_SECRET = "client-4a", "canary-client-20f6"
#: A token of the app alone, which may read.
APP_TOKEN = "canary-app-6b1c"
#: A token lasts so long, in seconds.
LASTS = 7200


@dataclass
class Keys:
    """Who may come in."""

    world: World
    #: Access tokens -> when they end, in seconds since 1970.
    access: dict[str, float] = field(default_factory=dict)
    #: The refresh token that is taken; each is taken once.
    refresh: str = ""
    #: Refresh tokens that were used already.
    used: list[str] = field(default_factory=list)
    #: How often a token was renewed.
    renewals: int = 0
    #: The client must prove who it is.
    confidential: bool = False

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def issue(self) -> dict[str, object]:
        """Give out a pair of tokens; the ones before end."""
        number = next(self._numbers)
        self.access = {f"canary-bearer-{number:04}": self.world.now.timestamp() + LASTS}
        self.refresh = f"canary-refresh-{number:04}"
        return {
            "token_type": "bearer",
            "expires_in": LASTS,
            "access_token": next(iter(self.access)),
            "refresh_token": self.refresh,
            "scope": "tweet.read tweet.write users.read offline.access",
        }

    def kept(self) -> str:
        """Give out a pair of tokens as a connector keeps it."""
        told = self.issue()
        ends = int(self.world.now.timestamp()) + LASTS
        pair = {name: told[name] for name in ("access_token", "refresh_token")}
        return json.dumps({**pair, "expires_at": ends})

    def secrets(self) -> tuple[str, ...]:
        """Return every secret there is or was."""
        pairs = [f"canary-{kind}-" for kind in ("bearer", "refresh")]
        return (API_KEY, API_SECRET, ACCESS_TOKEN, ACCESS_SECRET, CLIENT_SECRET, *pairs)

    def refused(self, request: Request) -> Answer | None:
        """Say why a request may not come in; None when it may."""
        told = request.headers.get("authorization", "")
        if told.startswith("OAuth "):
            return None if _signed(request, told) else UNAUTHORIZED
        token = told.removeprefix("Bearer ")
        if token == APP_TOKEN:
            return UNSUPPORTED if request.writes or request.path == "/2/users/me" else None
        return None if self.access.get(token, 0) > self.world.now.timestamp() else UNAUTHORIZED

    def renew(self, request: Request) -> Answer:
        """Take a refresh token back and give out the next pair."""
        form = dict(parse_qsl(request.body.decode()))
        who = request.headers.get("authorization", "")
        proof = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if self.confidential and who != f"Basic {proof}":
            return Answer(
                401, {"error": "unauthorized_client", "error_description": "Missing valid authorization"}
            )
        if not self.confidential and form.get("client_id") != CLIENT_ID:
            return Answer(400, {"error": "invalid_request", "error_description": "client_id is missing"})
        token = form.get("refresh_token", "")
        with self.world.lock:
            if form.get("grant_type") != "refresh_token" or not token or token != self.refresh:
                return Answer(
                    400, {"error": "invalid_request", "error_description": "Value passed is invalid"}
                )
            self.used.append(token)
            self.renewals += 1
            return Answer(200, self.issue())


def _signed(request: Request, told: str) -> bool:
    """Check a signature by OAuth 1.0a (RFC 5849, 3.4); a JSON body is no part of it."""
    given = dict(part.strip().split("=", 1) for part in told.removeprefix("OAuth ").split(","))
    oauth = {name: unquote(value.strip('"')) for name, value in given.items()}
    signature = oauth.pop("oauth_signature", "")
    if (oauth.get("oauth_consumer_key"), oauth.get("oauth_token")) != (API_KEY, ACCESS_TOKEN):
        return False
    words = "&".join(_escaped(one) for one in (request.method, request.base + request.path))
    everything = _escaped(_sorted({**request.query, **oauth}))
    key = f"{_escaped(API_SECRET)}&{_escaped(ACCESS_SECRET)}".encode()
    right = base64.b64encode(hmac.digest(key, f"{words}&{everything}".encode(), "sha1")).decode()
    return hmac.compare_digest(right, signature)


def _sorted(pairs: Mapping[str, str]) -> str:
    escaped = sorted((_escaped(name), _escaped(value)) for name, value in pairs.items())
    return "&".join(f"{name}={value}" for name, value in escaped)


def _escaped(word: str) -> str:
    return quote(word, safe="-._~")
