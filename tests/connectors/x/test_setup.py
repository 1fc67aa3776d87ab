"""Setting X up: four keys unseen, or a code for a token that can be renewed, proven by a verifier."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.x.setup import SCOPES, challenge
from connectors.x.setup import setup as x_setup
from responder.connector import ConnectorError, Unauthorised, Unavailable
from responder.setup import Declined, Setup
from tests.connectors.guided import NOW, STATE, Guided
from tests.connectors.login import Login, login

#: It keeps the contract; mypy says so.
setup: Setup = x_setup
TOKEN = "/2/oauth2/token"
GOOD = {
    "token_type": "bearer",
    "expires_in": 7200,
    "access_token": "canary-access-1",
    "refresh_token": "canary-refresh-1",
    "scope": " ".join(SCOPES),
}


def walk(*answers: str, status: int = 200, body: Any = GOOD, **options: object) -> tuple[Guided, Any, Login]:
    """Set an account up in a browser, against a login that answers so."""
    guide = Guided(answers)
    with login({TOKEN: (status, body)}) as desk:
        return guide, setup(guide, {"url": desk.url, **options}), desk


def test_four_keys_are_taken_unseen(capfd: pytest.CaptureFixture[str]) -> None:
    guide = Guided(["@acme_care", "keys", "canary-k", "canary-s", "canary-t", "canary-ts"])
    keys = setup(guide, {})
    assert keys.options == {"handle": "acme_care", "auth": "oauth1"}
    assert keys.secrets == {
        "api_key": "canary-k",
        "api_secret": "canary-s",
        "access_token": "canary-t",
        "access_token_secret": "canary-ts",
    }
    assert len(guide.hidden) == 4
    assert "canary" not in repr(keys) + "".join(guide.told) + "".join(capfd.readouterr())


def test_a_browser_is_sent_with_a_challenge_and_the_code_is_traded_with_its_verifier() -> None:
    guide, keys, desk = walk("acme", "browser", "client-1", "")
    (visited,) = guide.visited
    assert visited.startswith("https://x.com/i/oauth2/authorize?")
    asks = dict(parse_qsl(urlsplit(visited).query))
    (asked,) = desk.asked
    assert asks == {
        "response_type": "code",
        "client_id": "client-1",
        "redirect_uri": guide.redirect_uri,
        "scope": "tweet.read tweet.write users.read offline.access",
        "state": STATE,
        "code_challenge": challenge(asked.form["code_verifier"]),
        "code_challenge_method": "S256",
    }
    assert (asked.method, asked.path) == ("POST", TOKEN)
    assert asked.form == {
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": guide.redirect_uri,
        "client_id": "client-1",
        "code_verifier": asked.form["code_verifier"],
    }
    assert 43 <= len(asked.form["code_verifier"]) <= 128
    assert "authorization" not in asked.headers
    assert keys.options == {"handle": "acme", "auth": "oauth2", "client_id": "client-1"}
    assert json.loads(keys.secrets["oauth2"]) == {
        "access_token": "canary-access-1",
        "refresh_token": "canary-refresh-1",
        "expires_at": int(NOW.timestamp()) + 7200,
    }


def test_a_client_with_a_secret_says_it_in_the_header_and_keeps_it() -> None:
    _, keys, desk = walk("acme", "browser", "client-1", "canary-secret")
    (asked,) = desk.asked
    assert (
        base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")) == b"client-1:canary-secret"
    )
    assert "client_id" not in asked.form
    assert keys.options["confidential"] is True
    assert keys.secrets["client_secret"] == "canary-secret"


def test_a_client_that_has_no_secret_any_more_says_so() -> None:
    _, keys, _ = walk("acme", "browser", "client-1", "", confidential=True)
    assert keys.options["confidential"] is False


def test_the_verifier_is_another_one_each_time() -> None:
    verifiers = {walk("acme", "browser", "c", "")[2].asked[0].form["code_verifier"] for _ in range(3)}
    assert len(verifiers) == 3


def test_the_challenge_is_that_of_the_standard() -> None:
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


@pytest.mark.parametrize(
    ("status", "body", "error", "says"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "canary-access-1"},
            Unauthorised,
            "invalid_grant",
        ),
        (401, {"error": "invalid_client"}, Unauthorised, "invalid_client"),
        (400, {"error": "<b>canary-access-1</b>"}, Unauthorised, r"\(400\)"),
        (200, {"error": "invalid_scope"}, Unauthorised, "invalid_scope"),
        (200, {**GOOD, "refresh_token": None}, Unauthorised, "offline.access"),
        (200, {}, Unauthorised, "offline.access"),
        (200, "<html>canary-access-1", Unavailable, "no answer that can be read"),
        (200, ["canary-access-1"], Unavailable, "answered 200"),
        (503, {"title": "canary-access-1"}, Unavailable, "answered 503"),
        (307, {}, Unavailable, "answered 307"),
    ],
)
def test_what_x_says_instead_of_a_token_is_told_without_its_words(
    status: int, body: Any, error: type[ConnectorError], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        walk("acme", "browser", "client-1", "", status=status, body=body)
    assert "canary" not in str(caught.value)


def test_an_x_that_cannot_be_reached_is_told() -> None:
    with login({}) as desk:
        gone = desk.url
    with pytest.raises(Unavailable, match="gave no answer that can be read"):
        setup(Guided(["acme", "browser", "client-1", ""]), {"url": gone})


def test_a_scope_that_was_not_granted_is_named() -> None:
    guide, _, _ = walk(
        "acme", "browser", "client-1", "", body={**GOOD, "scope": "tweet.read users.read offline.access"}
    )
    assert any("X did not grant tweet.write" in words for words in guide.told)


def test_what_the_account_has_already_is_offered() -> None:
    keys = setup(Guided(["", "", "k", "s", "t", "ts"]), {"handle": "acme"})
    assert keys.options["handle"] == "acme"


def test_who_goes_away_is_let_go() -> None:
    with pytest.raises(Declined):
        setup(Guided(["acme", "keys", "canary-k"]), {})
