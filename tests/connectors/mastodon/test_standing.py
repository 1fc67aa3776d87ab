"""Who we are on a server, and whether our access token is enough."""

import pytest

from responder.connector import Introduces, Unauthorised, Unavailable
from tests.connectors.mastodon.failing import faulty
from tests.connectors.mastodon.stage import Imitated
from tests.standins.proxy import Fault, says

ALL = ["read", "write:statuses"]


def test_a_good_token_lacks_nothing(stage: Imitated) -> None:
    stage.api.rights = ALL
    connector = stage.connector()
    assert isinstance(connector, Introduces)
    standing = connector.whoami()
    assert standing.handle == "brand@127.0.0.1"
    assert "read mentions" in standing.may
    assert "post replies" in standing.may
    assert "search" not in standing.may
    assert standing.lacks == ()
    assert standing.notes == ("Replies are unlisted; a post holds 500 characters here.",)
    assert stage.proxy.writes == []


def test_what_a_token_lacks_is_told_with_what_to_do(stage: Imitated) -> None:
    stage.api.rights = ["read:notifications", "read:statuses", "profile"]
    standing = stage.connector(searches=["acme"]).whoami()
    assert standing.may == ("read mentions", "read posts and conversations")
    assert [one.partition(",")[0] for one in standing.lacks] == [
        "read:accounts",
        "read:follows",
        "read:search",
        "write:statuses",
    ]
    assert standing.lacks[-1] == "write:statuses, to post replies: make a new access token with it"


@pytest.mark.parametrize(
    "answer", [says(404, "{}"), says(401, "{}"), says(200, "{}"), says(200, '{"scopes":null}')]
)
def test_a_server_may_not_tell_what_a_token_may_do(stage: Imitated, answer: object) -> None:
    with faulty(stage.proxy, Fault(answer, hits=lambda one: "apps" in one.path)):  # type: ignore[arg-type]
        standing = stage.connector().whoami()
    assert (standing.may, standing.lacks) == ((), ())
    assert standing.notes[-1].startswith("The server does not tell")


def test_mentions_that_are_thrown_away_are_told(stage: Imitated) -> None:
    stage.api.rights = ALL
    stage.api.policy = {
        "for_not_following": "drop",
        "for_new_accounts": "filter",
        "for_private_mentions": "drop",
    }
    assert [one.partition(",")[0] for one in stage.connector().whoami().lacks] == [
        "mentions by people you do not follow",
        "mentions by people who write to you in private",
    ]


def test_what_is_thrown_away_may_not_be_ours_to_see(stage: Imitated) -> None:
    answer = says(403, '{"error":"This action is outside the authorized scopes"}')
    with faulty(stage.proxy, Fault(answer, hits=lambda one: one.path.endswith("/policy"))):
        assert stage.connector().whoami().lacks == ()


def test_an_account_may_tell_its_whole_handle(stage: Imitated) -> None:
    body = '{"id":"1","acct":"brand@social.example"}'
    with faulty(stage.proxy, Fault(says(200, body), hits=lambda one: "accounts" in one.path)):
        assert stage.connector().whoami().handle == "brand@social.example"


def test_who_we_are_cannot_be_told_with_a_token_that_ended(stage: Imitated) -> None:
    stage.api.tokens.clear()
    with pytest.raises(Unauthorised):
        stage.connector().whoami()


def test_who_we_are_cannot_be_told_by_a_server_that_is_away(stage: Imitated) -> None:
    with stage.proxy.away(), pytest.raises(Unavailable):
        stage.connector().whoami()
