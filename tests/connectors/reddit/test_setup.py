"""Setting Reddit up: only who has an approved app goes on, and the account that agreed is the one kept."""

import base64
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.reddit.setup import SCOPES
from connectors.reddit.setup import setup as reddit_setup
from responder.connector import ConnectorError, Unauthorised, Unavailable
from responder.setup import Declined, Setup
from tests.connectors.guided import STATE, Guided
from tests.connectors.login import Login, login

#: It keeps the contract; mypy says so.
setup: Setup = reddit_setup
TOKEN, ME = "/api/v1/access_token", "/api/v1/me"
GOOD = {
    "access_token": "canary-access-2",
    "refresh_token": "canary-refresh-2",
    "expires_in": 86400,
    "token_type": "bearer",
    "scope": "history identity privatemessages read submit",
}


def walk(given: Any = GOOD, me: Any = None, status: int = 200) -> tuple[Guided, Any, Login]:
    """Set an account up against a login that gives this, and says this about us."""
    guide = Guided(["yes", "app-1", "canary-secret"])
    with login({TOKEN: (status, given), ME: (200, me or {"name": "acme_care"})}) as desk:
        return guide, setup(guide, {"reddit_url": desk.url, "oauth_url": desk.url}), desk


def test_the_closing_of_the_api_is_told_first_and_without_an_app_it_ends() -> None:
    guide = Guided([""])
    with pytest.raises(Declined, match="nothing to set up"):
        setup(guide, {})
    assert "closing its public API" in guide.told[0]
    assert "March 2027" in guide.told[0]
    assert guide.hidden == []


def test_a_browser_agrees_to_what_lasts_and_the_code_is_traded_with_the_apps_secret() -> None:
    guide, keys, desk = walk()
    (visited,) = guide.visited
    assert visited.startswith(f"{desk.url}/api/v1/authorize?")
    assert dict(parse_qsl(urlsplit(visited).query)) == {
        "client_id": "app-1",
        "response_type": "code",
        "redirect_uri": guide.redirect_uri,
        "duration": "permanent",
        "scope": " ".join(SCOPES),
        "state": STATE,
    }
    token, me = desk.asked
    assert (token.method, token.path) == ("POST", TOKEN)
    assert token.form == {
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": guide.redirect_uri,
    }
    assert base64.b64decode(token.headers["authorization"].removeprefix("Basic ")) == b"app-1:canary-secret"
    assert (me.method, me.path, me.headers["authorization"]) == ("GET", ME, "bearer canary-access-2")
    assert token.headers["user-agent"] == me.headers["user-agent"] == "web:complaint-responder:setup"
    assert keys.options == {"client_id": "app-1", "username": "acme_care"}
    assert keys.secrets == {"client_secret": "canary-secret", "refresh_token": "canary-refresh-2"}
    assert guide.hidden == ["The app's secret"]
    assert "canary" not in repr(keys) + "".join(guide.told)


@pytest.mark.parametrize("scope", ["*", "identity read submit privatemessages history", ",".join(SCOPES)])
def test_all_that_was_asked_for_needs_no_word(scope: str) -> None:
    guide, _, _ = walk({**GOOD, "scope": scope})
    assert not any("did not grant" in words for words in guide.told)


def test_what_was_not_granted_is_named() -> None:
    guide, _, _ = walk({**GOOD, "scope": "identity read"})
    assert any("did not grant history, privatemessages, submit" in words for words in guide.told)


@pytest.mark.parametrize(
    ("status", "given", "me", "error", "says"),
    [
        (200, {"error": "invalid_grant"}, None, Unauthorised, "invalid_grant"),
        (401, {"message": "canary-secret"}, None, Unauthorised, r"\(401\)"),
        (200, {**GOOD, "refresh_token": None}, None, Unauthorised, "token that lasts"),
        (200, GOOD, {"id": "7"}, Unauthorised, "whose account"),
        (429, {"message": "slow down"}, None, Unavailable, "answered 429"),
        (200, "<html>canary-secret", None, Unavailable, "no answer that can be read"),
    ],
)
def test_what_reddit_says_instead_is_told_without_its_words(
    status: int, given: Any, me: Any, error: type[ConnectorError], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        walk(given, me, status)
    assert "canary" not in str(caught.value)
