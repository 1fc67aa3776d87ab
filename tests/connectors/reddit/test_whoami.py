"""Who we are on Reddit, and where we may answer."""

import pytest

from responder.connector import Introduces, Unauthorised
from tests.connectors.reddit.stages import reddit
from tests.standins.reddit import Server
from tests.standins.reddit.world import BRAND


def test_reddit_says_who_we_are_and_nothing_is_written(server: Server) -> None:
    asking = reddit(server, answer_in=["acme", "AcmeHelp"])
    assert isinstance(asking, Introduces)
    said = asking.whoami()
    assert (said.handle, said.lacks) == (BRAND, ())
    assert said.may == ("read what speaks to us", "comment in r/acme, r/acmehelp")
    assert "closes the rest in March" in said.notes[0]
    assert [one.path for one in server.reads] == ["/api/v1/me"]


def test_where_no_community_is_named_it_says_that_we_comment_nowhere(server: Server) -> None:
    assert "comment nowhere" in reddit(server, answer_in=[]).whoami().may[1]


def test_somebody_elses_token_is_no_good(server: Server) -> None:
    with pytest.raises(Unauthorised, match="another account than acme_shop"):
        reddit(server, username="acme_shop").whoami()
