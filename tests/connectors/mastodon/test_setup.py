"""Setting an account up, with a person played from a script."""

from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.mastodon import Mastodon
from connectors.mastodon.setup import setup
from responder.connector import ConnectorError, Malformed, Unauthorised, Unavailable
from responder.setup import Declined
from tests.connectors.guided import STATE, Guided
from tests.connectors.mastodon.failing import faulty
from tests.connectors.mastodon.stage import Imitated
from tests.connectors.stage import ACCOUNT, Safe
from tests.standins.mastodon.server import TOKEN
from tests.standins.proxy import Fault, says


def test_a_token_is_pasted(stage: Imitated) -> None:
    guide = Guided([stage.proxy.url, "token", TOKEN])
    keys = setup(guide, {})
    assert keys.options == {"server": stage.proxy.url}
    assert keys.secrets == {"access_token": TOKEN}
    assert guide.hidden == ["The access token"]
    assert any("write:statuses" in one for one in guide.told)
    assert Mastodon(ACCOUNT, keys.options, Safe(**keys.secrets)).whoami().handle == "brand@127.0.0.1"


def test_somebody_agrees_in_a_browser(stage: Imitated) -> None:
    guide = Guided([stage.proxy.url, ""], browser=stage.api.agree)
    keys = setup(guide, {})
    assert keys.secrets == {"access_token": TOKEN}
    (address,) = guide.visited
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{stage.proxy.url}/oauth/authorize?")
    assert (asked["state"], asked["redirect_uri"]) == ([STATE], [guide.redirect_uri])
    assert "write:statuses" in asked["scope"][0].split()
    assert asked["scope"][0].split() == stage.api.apps[asked["client_id"][0]]["scopes"].split()


def test_the_server_that_is_known_is_offered(stage: Imitated) -> None:
    assert (
        setup(Guided(["", "token", TOKEN]), {"server": stage.proxy.url}).options["server"] == stage.proxy.url
    )


def test_an_address_may_lack_its_beginning() -> None:
    assert setup(Guided(["social.example", "token", TOKEN]), {}).options == {
        "server": "https://social.example"
    }


def test_what_is_no_address_is_asked_for_again() -> None:
    guide = Guided(["https://social.example/@brand", "", "https://social.example", "token", TOKEN])
    with pytest.raises(Declined):
        setup(Guided(["me@social.example"]), {})
    assert setup(guide, {}).options == {"server": "https://social.example"}
    assert any("no address of a server" in one for one in guide.told)


@pytest.mark.parametrize(
    ("where", "status", "body", "error"),
    [
        ("/api/v1/apps", 404, "{}", Malformed),
        ("/api/v1/apps", 422, '{"error":"no"}', Malformed),
        ("/api/v1/apps", 200, "<html>", Malformed),
        ("/api/v1/apps", 200, "{}", Malformed),
        ("/api/v1/apps", 403, '{"error":"no"}', Unauthorised),
        ("/api/v1/apps", 500, "{}", Unavailable),
        ("/oauth/token", 400, '{"error":"invalid_grant"}', Unauthorised),
        ("/oauth/token", 401, '{"error":"invalid_client"}', Unauthorised),
        ("/oauth/token", 503, "{}", Unavailable),
        ("/oauth/token", 200, "{}", Malformed),
        ("/oauth/token", 200, '{"access_token":"x","scope":"read"}', Unauthorised),
    ],
)
def test_a_server_that_does_not_let_us_in_is_told(
    stage: Imitated, where: str, status: int, body: str, error: type[ConnectorError]
) -> None:
    guide = Guided([stage.proxy.url, "browser"], browser=stage.api.agree)
    with (
        faulty(stage.proxy, Fault(says(status, body), hits=lambda one: one.path == where)),
        pytest.raises(error),
    ):
        setup(guide, {})


def test_a_server_that_is_away_is_told(stage: Imitated) -> None:
    with stage.proxy.away(), pytest.raises(Unavailable):
        setup(Guided([stage.proxy.url, "browser"]), {})


def test_a_code_that_is_none_is_not_taken(stage: Imitated) -> None:
    with pytest.raises(Unauthorised, match="does not let us in"):
        setup(Guided([stage.proxy.url, "browser"], browser=lambda _: "junk"), {})
