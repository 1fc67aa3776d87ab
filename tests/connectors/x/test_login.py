"""Keys: signatures that hold, tokens that are renewed once, kept before they are used, and lost by nobody."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.x import X
from responder.connector import ConnectorError, Unauthorised, Unavailable
from responder.settings.secret import AccountSecrets, Secrets
from tests.connectors.loopback import resets
from tests.connectors.stage import ACCOUNT, Safe, heard, message
from tests.connectors.x.stage import FAULTS, connector, keys, options
from tests.standins.x import BRAND_ID, Fault, Request, Server, answering
from tests.standins.x.keys import CLIENT_ID, CLIENT_SECRET
from tests.standins.x.server import TOKEN_PATH


def renewing(request: Request) -> bool:
    """Whether a request asks for new tokens."""
    return request.path == TOKEN_PATH


def token(secret: Safe) -> str:
    """Return the access token that is kept."""
    return str(json.loads(secret("oauth2"))["access_token"])


@pytest.fixture
def secret(x: Server) -> Safe:
    """Tokens that X gave out."""
    return keys(x, "oauth2")


# --- OAuth 1.0a


def test_a_signature_covers_the_address_and_every_parameter(x: Server) -> None:
    x.world.post("ana", "@acme Größe “XL”, 100 % & mehr?")
    x.world.wait(minutes=1)
    polling = connector(x, queries=['"größe xl" (a & b) -is:retweet ~!*()'])
    assert polling.poll(None).mentions
    polling.poll(polling.poll(None).cursor)
    assert {one.answer.status for one in x.exchanges} == {200}


@pytest.mark.parametrize("name", ["api_key", "api_secret", "access_token", "access_token_secret"])
def test_one_wrong_key_is_not_accepted_and_is_kept(x: Server, name: str) -> None:
    wrong = keys(x)
    wrong.secrets[name] += "x"
    before = dict(wrong.secrets)
    with pytest.raises(Unauthorised):
        connector(x, wrong).poll(None)
    assert wrong.secrets == before


def test_our_own_id_is_read_from_the_key(x: Server) -> None:
    page = connector(x).poll(None)
    assert page.own_id == BRAND_ID
    assert len(x.requests) == 1


# --- OAuth 2


def test_our_own_id_is_asked_for_once_and_then_known_by_the_cursor(x: Server, secret: Safe) -> None:
    x.world.post("ana", "@acme My parcel is late.")
    first = connector(x, secret, auth="oauth2").poll(None)
    assert (first.own_id, first.more, first.mentions) == (BRAND_ID, True, ())
    assert len(x.requests) == 1
    assert len(connector(x, secret, auth="oauth2").poll(first.cursor).mentions) == 1
    assert [one.path for one in x.requests][1:] == [f"/2/users/{BRAND_ID}/mentions"]


def test_an_option_tells_our_own_id_too(x: Server, secret: Safe) -> None:
    x.world.post("ana", "@acme My parcel is late.")
    polling = connector(x, secret, auth="oauth2", user_id=BRAND_ID)
    assert len(polling.poll(None).mentions) == 1
    assert len(x.requests) == 1


def test_keys_of_another_account_are_told(x: Server, secret: Safe) -> None:
    with pytest.raises(Unauthorised, match="@other"):
        connector(x, secret, auth="oauth2", handle="other").poll(None)


def test_a_token_that_ended_is_renewed_and_kept_before_it_is_used(x: Server, secret: Safe) -> None:
    polling = connector(x, secret, auth="oauth2", user_id=BRAND_ID)
    polling.poll(None)
    old = token(secret)
    x.world.wait(hours=1, minutes=59, seconds=30)
    x.requests.clear()
    polling.poll(None)
    assert [one.path for one in x.requests] == [TOKEN_PATH, f"/2/users/{BRAND_ID}/mentions"]
    assert token(secret) != old
    assert x.requests[1].headers["authorization"] == f"Bearer {token(secret)}"
    assert json.loads(secret("oauth2"))["expires_at"] == int(x.world.now.timestamp()) + 7200


def test_a_token_that_x_does_not_accept_is_renewed_once(x: Server, secret: Safe) -> None:
    polling = connector(x, secret, auth="oauth2", user_id=BRAND_ID)
    x.keys.access.clear()
    polling.poll(None)
    assert [one.path for one in x.requests][1] == TOKEN_PATH
    with x.broken(FAULTS["401"], lambda request: not renewing(request)), pytest.raises(Unauthorised):
        polling.poll(None)
    assert x.keys.renewals == 2
    polling.poll(None)  # what is kept is good


def test_a_token_that_ends_just_before_a_reply_costs_no_reply(x: Server, secret: Safe) -> None:
    sending = connector(x, secret, auth="oauth2", user_id=BRAND_ID)
    x.world.post("ana", "@acme My parcel is late.")
    (mention,) = heard(sending)
    x.keys.access.clear()
    with pytest.raises(Unavailable, match="nothing was sent"):
        sending.send(message(mention), mention)
    assert len(x.writes) == 1
    assert sending.send(message(mention), mention).remote_id
    assert len(x.world.by("acme")) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(answering.problem(400, "invalid_request", "no")), Unauthorised),
        (Fault(answering.UNAUTHORIZED), Unauthorised),
        (FAULTS["503 as a page"], Unavailable),
        (FAULTS["429"], Unavailable),
        (FAULTS["junk"], Unavailable),
        (Fault(does=resets), Unavailable),
    ],
    ids=["400", "401", "503", "429", "junk", "reset"],
)
@pytest.mark.parametrize("call", ["poll", "send"])
def test_a_renewal_that_fails_leaves_what_is_kept(
    x: Server, secret: Safe, fault: Fault, error: type[ConnectorError], call: str
) -> None:
    calling = connector(x, secret, auth="oauth2", user_id=BRAND_ID)
    x.world.post("ana", "@acme My parcel is late.")
    (mention,) = heard(calling)
    kept = secret("oauth2")
    x.world.wait(hours=3)
    with x.broken(fault, renewing), pytest.raises(ConnectorError) as caught:
        calling.send(message(mention), mention) if call == "send" else calling.poll(None)
    assert type(caught.value) is error
    assert secret("oauth2") == kept
    assert x.writes == []
    calling.poll(None)  # the same refresh token is taken when X is well again
    assert secret("oauth2") != kept


def test_a_client_with_a_secret_proves_who_it_is(x: Server, secret: Safe) -> None:
    x.keys.confidential = True
    secret.secrets["client_secret"] = CLIENT_SECRET
    x.keys.access.clear()
    polling = connector(x, secret, auth="oauth2", user_id=BRAND_ID, confidential=True)
    assert polling.poll(None).own_id == BRAND_ID
    assert x.keys.renewals == 1


class Fixed(Safe):
    """Secrets in a place where nothing can be renewed."""

    def keeps(self, name: str) -> bool:
        return False


class Full(Safe):
    """Secrets on a full disk."""

    def renew(self, name: str, old: str, by: Callable[[str], str]) -> str:
        raise OSError(28, "No space left on device")


def test_a_token_that_cannot_be_kept_is_not_renewed(x: Server, secret: Safe) -> None:
    x.keys.access.clear()
    for place, error in ((Fixed(**secret.secrets), Unauthorised), (Full(**secret.secrets), Unavailable)):
        with pytest.raises(error, match=r"kept|lies"):
            connector(x, place, auth="oauth2", user_id=BRAND_ID).poll(None)
    assert x.keys.renewals == 0


@pytest.mark.parametrize("kept", ["", "no JSON", "[]", '{"access_token": "canary"}'])
def test_tokens_that_cannot_be_read_are_a_mistake_in_the_settings(x: Server, kept: str) -> None:
    with pytest.raises(ValueError, match="oauth2: must be JSON") as caught:
        connector(x, Safe(oauth2=kept), auth="oauth2")
    assert "canary" not in str(caught.value)


# --- several at once


def folder_of(x: Server, folder: Path) -> AccountSecrets:
    """Return the brand's secrets as files, as they are kept in earnest."""
    folder.mkdir(mode=0o700)
    file = folder / f"{ACCOUNT}_oauth2"
    file.touch(mode=0o600)
    file.write_text(x.keys.kept())
    return Secrets(folder).of(ACCOUNT)


def test_two_connectors_that_renew_at_once_lose_no_token(x: Server, tmp_path: Path) -> None:
    secret = folder_of(x, tmp_path / "secrets")
    chosen = options(x, auth="oauth2", client_id=CLIENT_ID, user_id=BRAND_ID)
    both = [X(ACCOUNT, chosen, secret, x.world.ticks) for _ in range(2)]
    for one in both:
        one.poll(None)
    for _ in range(3):
        x.world.wait(hours=3)
        together, failed = threading.Barrier(2), list[Exception]()

        def poll(one: X, together: threading.Barrier = together, failed: list[Exception] = failed) -> None:
            together.wait()
            try:
                one.poll(None)
            except Exception as error:  # noqa: BLE001 (told below)
                failed.append(error)

        threads = [threading.Thread(target=poll, args=(one,)) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failed == []
    assert x.keys.renewals == 3  # one each time: the other took what it found
    assert json.loads(secret("oauth2"))["refresh_token"] == x.keys.refresh
    connector_anew = X(ACCOUNT, chosen, secret, x.world.ticks)
    x.keys.access.clear()
    connector_anew.poll(None)
    assert x.keys.renewals == 4


def test_a_refresh_token_is_never_sent_twice(x: Server, secret: Safe) -> None:
    polling = connector(x, secret, auth="oauth2", user_id=BRAND_ID)
    for _ in range(4):
        x.world.wait(hours=3)
        polling.poll(None)
    assert len(x.keys.used) == len(set(x.keys.used)) == 4
