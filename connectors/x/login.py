"""Login: what makes X know us, by OAuth 1.0a or by OAuth 2 with a token that is renewed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.once.answer import Answer
from connectors.x.limiter import Hour
from responder.connector import Secret, Unauthorised, Unavailable
from responder.model.visible import one_line

#: Where tokens are renewed: a POST that only logs in.
TOKEN_ROUTE = "/2/oauth2/token"  # noqa: S105 (an address)
#: A token that ends within so many seconds is renewed before it is used.
_MARGIN = 60.0
_AGAIN = "Connect the account anew."


class Login(Protocol):
    """How we log in."""

    #: Our own id where the keys tell it, else "".
    own_id: str

    def dress(self, headers: dict[str, str]) -> Any:
        """Put what is needed on `headers`, or return what signs the request."""
        ...

    def ready(self) -> None:
        """Renew what has ended; raises Unauthorised or Unavailable."""
        ...

    def renewed(self) -> bool:
        """Renew what X did not accept; False when there is nothing else to try. Raises as `ready`."""
        ...


class OAuth1:
    """Four keys that do not end."""

    def __init__(self, secret: Secret) -> None:
        names = ("api_key", "api_secret", "access_token", "access_token_secret")
        self._keys = tuple(secret(name).strip() for name in names)
        owner = self._keys[2].partition("-")[0]
        self.own_id = owner if owner.isascii() and owner.isdigit() else ""

    def dress(self, _headers: dict[str, str]) -> Any:
        """Return what signs the request."""
        from tweepy import OAuth1UserHandler

        return OAuth1UserHandler(*self._keys).apply_auth()

    def ready(self) -> None:
        """Do nothing: the keys do not end."""

    def renewed(self) -> bool:
        """Say that there is nothing to renew."""
        return False


@dataclass(frozen=True)
class Renewal:
    """How a token is renewed."""

    client_id: str
    #: "" for a public client.
    client_secret: str
    #: Given what to send and who we are, make the one request.
    post: Callable[[dict[str, str], tuple[str, str] | None], Answer]

    def __repr__(self) -> str:
        return "Renewal()"


class OAuth2:
    """An access token for two hours, and one to renew it by, which X takes back when it is used.

    Where several processes use the account, one renews and the others find what it wrote down.
    """

    own_id = ""

    def __init__(self, secret: Secret, renewal: Renewal, hour: Hour) -> None:
        self._secret, self._renewal, self._hour = secret, renewal, hour
        self._kept = secret("oauth2")
        _tokens(self._kept)

    def dress(self, headers: dict[str, str]) -> Any:
        """Put the access token on `headers`."""
        headers["Authorization"] = f"Bearer {_tokens(self._kept)['access_token']}"

    def ready(self) -> None:
        """Renew the token when it ends soon, as far as X's clock is known."""
        ends, now = _tokens(self._kept).get("expires_at"), self._hour.now()
        if isinstance(ends, int | float) and ends and now is not None and now > ends - _MARGIN:
            self._renew(self._kept)

    def renewed(self) -> bool:
        """Renew the token, or take the one that another process renewed."""
        used = self._kept
        self._renew(used)
        return self._kept != used

    def _renew(self, used: str) -> None:
        """Put another in the place of a token; it is kept before it is used.

        Whoever comes second, in this process or in another, finds what the first one kept.
        """
        if not self._secret.keeps("oauth2"):
            raise Unauthorised(
                "X's token has ended and cannot be renewed where it lies: keep the secret `oauth2` as a file"
                " in the folder of secrets, and nowhere else."
            )
        try:
            self._kept = self._secret.renew("oauth2", used, self._next)
        except (Unauthorised, Unavailable):
            raise
        except Exception as error:  # noqa: BLE001 (where secrets are kept has errors of its own)
            says = one_line(str(error), 200)
            raise Unavailable(f"X's token could not be renewed where it is kept: {says}") from None

    def _next(self, used: str) -> str:
        """Ask X for the next token."""
        renewal, old = self._renewal, _tokens(used)
        form = {"grant_type": "refresh_token", "refresh_token": old["refresh_token"]}
        who = (renewal.client_id, renewal.client_secret) if renewal.client_secret else None
        if who is None:
            form["client_id"] = renewal.client_id
        answer = renewal.post(form, who)
        if answer.status in {400, 401, 403}:
            raise Unauthorised(f"X does not renew our token any more ({answer.status}). {_AGAIN}")
        told = answer.json()
        if (
            answer.status != 200
            or not isinstance(told, dict)
            or not isinstance(told.get("access_token"), str)
        ):
            raise Unavailable(f"X did not renew our token ({answer.status}).", retry_after=answer.retry_after)
        lasts, now = told.get("expires_in"), self._hour.now()
        new = {
            "access_token": told["access_token"],
            "refresh_token": told.get("refresh_token") or old["refresh_token"],
            "expires_at": int(now + lasts) if isinstance(lasts, int | float) and now else 0,
        }
        return json.dumps(new)


def _tokens(kept: str) -> dict[str, Any]:
    """Read what is kept; raises ValueError, without a word of it."""
    try:
        tokens = json.loads(kept)
    except ValueError:
        tokens = None
    if not isinstance(tokens, dict) or not all(
        isinstance(tokens.get(name), str) for name in ("access_token", "refresh_token")
    ):
        raise ValueError("the secret oauth2: must be JSON with access_token, refresh_token and expires_at")
    return tokens
