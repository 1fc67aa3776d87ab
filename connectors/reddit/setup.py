"""Setting an account on Reddit up: an approved app, and the consent of a browser that lasts."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from connectors.once.grant import granted, told
from connectors.reddit.options import LOGIN, OAUTH_URL, REDDIT_URL
from responder.connector import Unauthorised
from responder.setup import Declined, Guide, Keys

#: What is asked for; `history` lets us see our own comments.
SCOPES = ("identity", "read", "submit", "privatemessages", "history")
#: Reddit answers nobody who does not say who they are.
_HEADERS = {"User-Agent": "web:complaint-responder:setup"}

_CLOSING = """\
Reddit is closing its public API. New apps are not let in since 31 October 2026.
From 12 January 2027 apps that are not registered lose their access; in March 2027 all do.
Until then an app works that Reddit has approved and registered; a company needs an agreement with Reddit.
Ask the moderators before you answer in a community: many want no brands, and no programs.
"""
_APP = """\
At https://www.reddit.com/prefs/apps the app must be a web app, with exactly this as redirect uri:
{redirect_uri}
Sign in there, and in the browser, with the account that will answer: not with a person's own.
"""


def setup(guide: Guide, options: Mapping[str, Any]) -> Keys:
    """Say what is closing, then ask; see `responder.setup`."""
    guide.say(_CLOSING)
    if guide.choose("Do you have such an app?", {"no": "then this ends here", "yes": "go on"}) == "no":
        raise Declined("Without an app that Reddit approved there is nothing to set up.")
    guide.say(_APP.format(redirect_uri=guide.redirect_uri))
    client_id = guide.ask("The app's id (under its name)", options.get("client_id"))
    client_secret = guide.ask_secret("The app's secret")
    asks = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": guide.redirect_uri,
        "duration": "permanent",
        "scope": " ".join(SCOPES),
    }
    reddit = str(options.get("reddit_url", REDDIT_URL)).rstrip("/")
    code = guide.consent(lambda state: f"{reddit}/api/v1/authorize?{urlencode({**asks, 'state': state})}")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": guide.redirect_uri}
    given = granted(f"{reddit}{LOGIN}", form, who=(client_id, client_secret), headers=_HEADERS)
    access, refresh = given.get("access_token"), given.get("refresh_token")
    if not isinstance(access, str) or not isinstance(refresh, str):
        raise Unauthorised("Reddit gave no token that lasts: the app must be a web app.")
    missing = set(SCOPES) - set(str(given.get("scope", "")).replace(",", " ").split())
    if missing and given.get("scope") != "*":
        guide.say(
            f"Reddit did not grant {', '.join(sorted(missing))}: without it some of this will not work."
        )
    username = _who(str(options.get("oauth_url", OAUTH_URL)).rstrip("/"), access)
    return Keys(
        options={"client_id": client_id, "username": username},
        secrets={"client_secret": client_secret, "refresh_token": refresh},
    )


def _who(oauth: str, access: str) -> str:
    """Return the name of the account that agreed."""
    name = told(f"{oauth}/api/v1/me", {**_HEADERS, "Authorization": f"bearer {access}"}).get("name")
    if not isinstance(name, str) or not name:
        raise Unauthorised("Reddit does not say whose account this is.")
    return name
