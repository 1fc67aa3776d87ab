"""Setting an account on X up: four keys typed in, or the consent of a browser (OAuth 2 with PKCE)."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from connectors.once.grant import granted
from connectors.x.login import TOKEN_ROUTE
from connectors.x.options import URL
from responder.connector import Unauthorised
from responder.setup import Guide, Keys

#: Where a person agrees.
_AGREE = "https://x.com/i/oauth2/authorize"
#: What is asked for: `offline.access` lets a token be renewed.
SCOPES = ("tweet.read", "tweet.write", "users.read", "offline.access")

_BEFORE = """\
You need an app in X's developer console, on an account with credit: X asks money for most calls.
X lets such an app answer posts that mention or quote you; others you answer by hand, with a link.
X also wants an account that a program helps to say so: by the label Automated, and in its profile.
"""
_FOUR_KEYS = """\
In the console, give the app the permission Read and write first, and make the keys then:
an access token that was made before may not write.
"""
_BROWSER = """\
In the console, under User authentication settings, choose the permission Read and write.
The callback address there must be exactly this:
{redirect_uri}
"""


def setup(guide: Guide, options: Mapping[str, Any]) -> Keys:
    """Ask which way and for what it needs; see `responder.setup`."""
    guide.say(_BEFORE)
    handle = guide.ask("Your name on X, without @", options.get("handle")).removeprefix("@")
    way = guide.choose(
        "How does the app sign in?",
        {"keys": "with four keys from the console (OAuth 1.0a)", "browser": "in a browser (OAuth 2)"},
    )
    return _keys(guide, handle) if way == "keys" else _browser(guide, handle, options)


def _keys(guide: Guide, handle: str) -> Keys:
    """Take the four keys, which do not end."""
    guide.say(_FOUR_KEYS)
    secrets = {
        "api_key": guide.ask_secret("API key"),
        "api_secret": guide.ask_secret("API key secret"),
        "access_token": guide.ask_secret("Access token"),
        "access_token_secret": guide.ask_secret("Access token secret"),
    }
    return Keys(options={"handle": handle, "auth": "oauth1"}, secrets=secrets)


def _browser(guide: Guide, handle: str, options: Mapping[str, Any]) -> Keys:
    """Have a browser bring a code, and trade it for a token and one to renew it by."""
    guide.say(_BROWSER.format(redirect_uri=guide.redirect_uri))
    client_id = guide.ask("Client ID", options.get("client_id"))
    client_secret = guide.ask_secret("Client secret; nothing for a native or single-page app", "")
    verifier = token_urlsafe(48)
    asks = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": guide.redirect_uri,
        "scope": " ".join(SCOPES),
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    code = guide.consent(lambda state: f"{_AGREE}?{urlencode({**asks, 'state': state})}")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": guide.redirect_uri,
        "code_verifier": verifier,
        **({} if client_secret else {"client_id": client_id}),
    }
    who = (client_id, client_secret) if client_secret else None
    api = str(options.get("url", URL)).rstrip("/")
    tokens = _tokens(granted(f"{api}{TOKEN_ROUTE}", form, who=who), guide)
    secrets = {"oauth2": tokens} | ({"client_secret": client_secret} if client_secret else {})
    chosen: dict[str, Any] = {"handle": handle, "auth": "oauth2", "client_id": client_id}
    if client_secret or options.get("confidential"):  # told where it is, or was, otherwise than by default
        chosen["confidential"] = bool(client_secret)
    return Keys(options=chosen, secrets=secrets)


def challenge(verifier: str) -> str:
    """Return what is shown of a verifier before it is (RFC 7636, S256)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _tokens(given: Mapping[str, Any], guide: Guide) -> str:
    """Return the tokens as the connector keeps them; Unauthorised where one of the two is missing."""
    access, refresh, lasts = (given.get(name) for name in ("access_token", "refresh_token", "expires_in"))
    if not isinstance(access, str) or not isinstance(refresh, str):
        raise Unauthorised("X gave no token that can be renewed: it must grant offline.access.")
    missing = set(SCOPES) - set(str(given.get("scope", " ".join(SCOPES))).split())
    if missing:
        guide.say(f"X did not grant {', '.join(sorted(missing))}: without it some of this will not work.")
    ends = int(guide.now().timestamp() + lasts) if isinstance(lasts, int | float) else 0
    return json.dumps({"access_token": access, "refresh_token": refresh, "expires_at": ends})
